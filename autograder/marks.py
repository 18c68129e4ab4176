"""Points and comments that a person gives for free-text answers: one CSV file a question, in `marks/` beside the grades.

Columns: `student,assignment,question,points,comment`. Points that are left empty are still to be given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder import assignments, notebook
from autograder.course import Course
from autograder.errors import InstructorError
from autograder.files import write_together
from autograder.platforms import table
from autograder.platforms.people import comparable
from autograder.settings import did_you_mean

COLUMNS = ("student", "assignment", "question", "points", "comment")
FOLDER = "marks"


@dataclass(frozen=True)
class Mark:
    """What a person gives for one free-text answer.

    Attributes
    ----------
    student, assignment, question : str
    points : float or None
        None where they are still to be given.
    comment : str
    place : str
        Where it stands, for messages.
    """

    student: str
    assignment: str
    question: str
    points: float | None
    comment: str = ""
    place: str = field(default="", compare=False)

    @property
    def is_empty(self) -> bool:
        return self.points is None and not self.comment

    def __str__(self) -> str:
        return "no points" if self.points is None else f"{self.points:g} points"


@dataclass(frozen=True)
class Marks:
    """The marks of a class.

    Attributes
    ----------
    course : Course
        Tells which ids are the same student's.
    by_answer : dict
        (normalised student, assignment, question) -> mark.
    """

    course: Course
    by_answer: dict[tuple[str, str, str], Mark] = field(default_factory=dict)

    def add(self, found: Iterable[Mark], *, replace: bool = False) -> None:
        """Add marks.

        Raises
        ------
        InstructorError
            If an answer has two marks that differ, unless the later one shall replace the earlier.
        """
        clashes = []
        for mark in found:
            before = self.by_answer.get(self._key(mark))
            if before and not before.is_empty and not replace and _content(before) != _content(mark):
                if mark.is_empty:
                    continue
                clashes.append(
                    f"{mark.student}, {mark.question}: {before} ({before.place}), and {mark} ({mark.place})"
                    + (", with other comments" if before.points == mark.points else "")
                )
                continue
            self.by_answer[self._key(mark)] = mark
        if clashes:
            raise InstructorError("\n  ".join(["Answers have two different marks. Keep one of each:", *clashes]))

    def of(self, student: str, assignment: str) -> dict[str, Mark]:
        """Return a student's marks in an assignment: question -> mark."""
        known = notebook.points_of(assignment).by_hand
        found = {name: self.by_answer.get((self.student(student), assignment, name)) for name in known}
        return {name: mark for name, mark in found.items() if mark}

    def in_question(self, question: str) -> list[Mark]:
        """Return the marks of a question that say something, by student."""
        found = [mark for (_, _, name), mark in self.by_answer.items() if name == question and not mark.is_empty]
        return sorted(found, key=lambda mark: mark.student)

    def student(self, name: str) -> str:
        """Return the form of an id that counts."""
        return comparable(name, self.course.for_students(overrides=False))

    def _key(self, mark: Mark) -> tuple[str, str, str]:
        return self.student(mark.student), mark.assignment, mark.question


def _content(mark: Mark) -> tuple[float | None, str]:
    return mark.points, mark.comment


def read_all(grades: Path, course: Course) -> Marks:
    """Read all marks beside the grades.

    Raises
    ------
    InstructorError
        If a file is no table of marks, holds points that cannot be, or if two files differ about an answer.
    """
    found = Marks(course)
    for path in sorted((grades / FOLDER).glob("*.csv")):
        found.add(read(path))
    return found


def file_of(grades: Path, question: str) -> Path:
    """Return where the marks of a question are written."""
    return grades / FOLDER / f"{question}.csv"


def read(path: Path, students: Mapping[str, str] | None = None) -> list[Mark]:
    """Read a table of marks.

    Parameters
    ----------
    path : Path
    students : mapping, optional
        Code that stands for a student on a page without names -> the student's id.

    Raises
    ------
    InstructorError
        If it is no table of marks, or a row is none; all such rows are named.
    """
    sheet = table.read(path)
    columns = {title: sheet.column(title) for title in COLUMNS}
    if missing := [title for title, place in columns.items() if place is None and title != "comment"]:
        there = ", ".join(repr(title) for title in sheet.columns[:8])
        raise InstructorError(
            f"{path} is no table of marks: it lacks {', '.join(missing)}. Expected {','.join(COLUMNS)}; there are {there}."
        )
    found, problems = [], []
    for row in sheet.filled():
        cells = {title: table.armed(sheet.cell(row, place)).strip() for title, place in columns.items()}
        place = f"{path}, row {row + 1}"
        student = (students or {}).get(cells["student"], cells["student"])
        try:
            points = checked(cells["points"], cells["assignment"], cells["question"])
            if not student:
                raise ValueError("there is no student")
        except ValueError as problem:
            problems.append(f"row {row + 1}: {problem}")
            continue
        found.append(Mark(student, cells["assignment"], cells["question"], points, cells["comment"], place))
    if problems:
        raise InstructorError("\n  ".join([f"{path} cannot be used:", *problems]))
    return found


def checked(points: str, assignment: str, question: str) -> float | None:
    """Return the points of a cell of a table; None if it is empty.

    Raises
    ------
    ValueError
        If there is no such question, or if it cannot have so many points.
    """
    if assignment not in assignments.NAMES:
        raise ValueError(f"{assignment!r} is no assignment.{did_you_mean(assignment, assignments.NAMES)}")
    known = notebook.points_of(assignment).by_hand
    if question not in known:
        there = ", ".join(known) or "none"
        raise ValueError(
            f"{assignment} has no text {question!r} that is graded by hand.{did_you_mean(question, known)} There are: {there}"
        )
    if not points:
        return None
    try:
        number = float(points.replace(",", "."))
    except ValueError:
        number = math.nan
    most = known[question]
    if not 0 <= number <= most or round(number, notebook.POINT_DECIMALS) != number:
        raise ValueError(f"the points of {question} must be a number from 0 to {most:g}, but {points!r} stands there")
    return number


def write(grades: Path, marks: Marks, question: str) -> Path:
    """Write the marks of a question to its file, and return that."""
    rows = [
        (mark.student, mark.assignment, mark.question, "" if mark.points is None else f"{mark.points:g}", mark.comment)
        for mark in marks.in_question(question)
    ]
    path = file_of(grades, question)
    write_together({path: as_table([COLUMNS, *rows])})
    return path


def as_table(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as a file of which no spreadsheet runs a cell."""
    made = table.new(Path(), [list(row) for row in rows])
    made.disarmed()
    return made.to_bytes()

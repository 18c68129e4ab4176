"""From grades to a platform's own file, with our column filled and everything else as it came."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder import assignments
from autograder.batch import by_other_rules, results_in
from autograder.course import Course
from autograder.errors import InstructorError
from autograder.formatting import format_points
from autograder.platforms import canvas, gradescope, moodle, table, tree
from autograder.platforms.people import Person, Roster, Sender, comparable
from autograder.platforms.table import CsvTable
from autograder.result import Result
from autograder.totals import ClassTotals, to_be_marked
from neurodynex import variant

PLATFORMS: dict[str, Any] = {"canvas": canvas, "moodle": moodle, "gradescope": gradescope}
CSV = "csv"
#: What a platform writes where no score belongs.
KEPT = ("ex", "n/a", "excused")
TITLES = (
    "student",
    "name",
    "email",
    "section",
    "assignment",
    "automatic",
    "by hand",
    "bonus",
    "late",
    "total",
    "maximum",
    "still to be graded by hand",
    "not attempted",
)


@dataclass
class Exported:
    """What came of an export.

    Attributes
    ----------
    content : bytes
        The file.
    filled : int
        How many cells hold a score of ours.
    notes : list of str
        What to look at: students the platform does not know, scores that are left out.
    """

    content: bytes
    filled: int
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Grades:
    """The final scores of a class in one assignment.

    Attributes
    ----------
    assignment : str
    results : dict
        Normalised id -> result, for everybody of a group.
    course : Course
    beside : ClassTotals
        What beside the results decides the points.
    """

    assignment: str
    results: dict[str, Result]
    course: Course
    totals: ClassTotals

    def of(self, names: Iterable[str]) -> Result | None:
        """Return the result of the first id that has one."""
        keys = (self.key(name) for name in names if name)
        return next((self.results[key] for key in keys if key in self.results), None)

    def key(self, student: str) -> str:
        """Return the form of an id that counts."""
        return comparable(student, self.students)

    @cached_property
    def students(self) -> variant.Course:
        return self.course.for_students(overrides=False)

    @cached_property
    def own(self) -> list[Result]:
        """Return the results, each of a group's once."""
        return list({id(result): result for result in self.results.values()}.values())

    @property
    def maximum(self) -> float:
        """Return what the scores count to: with the texts as soon as one of them is graded."""
        found = [self.totals.of(result) for result in self.own]
        nothing_by_hand = all(len(totals.to_mark) == len(self.own[0].by_hand) for totals in found)
        return self.own[0].max_score if nothing_by_hand else found[0].maximum

    @classmethod
    def read(cls, folder: Path, submitted: Path, course: Course, assignment: str | None) -> Grades:
        """Read the grades of one assignment.

        Raises
        ------
        InstructorError
            If there are none, or of several assignments and none is given.
        """
        results = results_in(folder)
        names = sorted({result.assignment for result in results})
        if assignment is None and len(names) > 1:
            raise InstructorError(f"{folder} holds grades of {', '.join(names)}. Choose one with --assignment.")
        name = assignment or (names[0] if names else "")
        totals = ClassTotals.read(folder, course, submitted=[submitted])
        found = cls(name, {result.student: result for result in results if result.assignment == name}, course, totals)
        if not found.results:
            raise InstructorError(
                f"There are no grades {'of ' + name if name else ''} in {folder}. Run `grade` first.".replace("  ", " ")
            )
        for root in (submitted, folder / "submitted"):
            for members, owner in tree.groups(root, name):
                if result := found.results.get(found.key(owner)):
                    for member in members:
                        found.results.setdefault(found.key(member), result)
        return found

    def notes(self) -> list[str]:
        """Return what is not final about them."""
        own = self.own
        notes = [
            f"{result.student}: not judged, through a fault of the grader; left out."
            for result in own
            if result.not_judged
        ]
        if outdated := by_other_rules(own, self.course):
            notes.append(
                f"{len(outdated)} grades are by other code, points or settings than today's. Run `grade` again first."
            )
        if self.assignment in self.course.late.due:
            unknown = sorted(result.student for result in own if self.totals.handed_in(result) is None)
            if unknown:
                notes.append(
                    f"When they were handed in is not known, so that nothing is taken off: {', '.join(unknown)}."
                )
        notes += to_be_marked(self.totals.still_to_mark(own), [self.assignment], "Points are not final. ")
        graded = {result.student for result in own}
        for name in own[0].by_hand:
            others = [
                mark.student for mark in self.totals.marks.in_question(name) if self.key(mark.student) not in graded
            ]
            if others:
                notes.append(f"Marks of {name} for students without a grade here: {', '.join(others)}.")
        return notes


def to_csv(grades: Grades, roster: Roster | None) -> Exported:
    """Return the grades as a table of our own."""
    rows, notes, class_totals = [list(TITLES)], grades.notes(), replace(grades.totals, roster=roster)
    for student, result in sorted(grades.results.items()):
        if result.not_judged:
            continue
        person = (roster.by_id(student) if roster else None) or Person(student)
        totals = class_totals.of(result, student)
        numbers = (
            totals.automatic,
            totals.by_hand,
            totals.bonus,
            -totals.late if totals.late else 0,
            totals.total,
            totals.maximum,
            sum(totals.to_mark.values()),
        )
        identity = (student, person.name, person.email, person.section, grades.assignment)
        not_tried = [question.id for question in result.questions if not question.attempted]
        rows.append([*identity, *map(format_points, numbers), ", ".join(not_tried)])
    made = table.new(Path("grades.csv"), rows)
    notes += _disarmed(made)
    return Exported(made.to_bytes(), len(rows) - 1, notes)


def to_platform(platform: str, path: Path, grades: Grades, roster: Roster | None, column: str | None) -> Exported:
    """Return a platform's own file with the scores in it.

    Parameters
    ----------
    platform : str
        "canvas", "moodle" or "gradescope".
    path : Path
        The file that the platform handed out.
    grades : Grades
    roster : Roster, optional
        Tells whose id on the platform is whose; without it, the file's own logins and addresses do.
    column : str, optional
        The title of the column to fill; by default the assignment's.

    Raises
    ------
    InstructorError
        If the file is not that platform's, or has no such column.
    """
    sheet, module = table.read(path), PLATFORMS[platform]
    if not module.takes_grades(sheet):
        there = ", ".join(repr(title) for title in sheet.columns[:8])
        raise InstructorError(
            f"{path} is no {module.GRADES} by its columns: {there}. Export it from {platform.title()} again."
        )
    number = _column(platform, sheet, grades.assignment, column)
    result, class_totals = Exported(b"", 0, grades.notes()), replace(grades.totals, roster=roster)
    # Also makes sure that no two of its rows are the same student, who would both get one score.
    people = Roster(module.people(sheet), grades.students).people
    comma = _decimal_comma(sheet)
    seen = set[str]()
    for person in people:
        sender = Sender(platform, getattr(person, platform), person.name, person.email, person.sid)
        in_roster = roster.find(sender) if roster else None
        names = [in_roster.id] if in_roster else [person.id, person.email, person.sid]
        found = grades.of([*names, f"{platform}-{sender.key}" if sender.key else ""])
        if found is None:
            continue
        seen.update(key for key, graded in grades.results.items() if graded is found and key in map(grades.key, names))
        seen.add(found.student)
        if not found.not_judged:
            _fill(sheet, person, number, class_totals.of(found, names[0]).total, comma, result)
    if unknown := sorted(grades.results.keys() - seen):
        result.notes.append(f"Not in {path.name}, so that their scores are not exported: {', '.join(unknown)}.")
    result.notes += _maximum(platform, sheet, number, grades)
    result.notes += _disarmed(sheet)
    result.content = sheet.to_bytes()
    return result


def _fill(sheet: CsvTable, person: Person, number: int, points: float, comma: bool, result: Exported) -> None:
    row = person.row - 1
    before, score = sheet.cell(row, number).strip(), format_points(points)
    written = score.replace(".", ",") if comma else score
    if before.casefold() in KEPT:
        result.notes.append(f"{person}: {before} stands there and stays; the score would be {written}.")
        return
    if before and _number(before) not in (None, points):
        result.notes.append(f"{person}: {before} stood there, {written} is written.")
    sheet.set(row, number, written)
    result.filled += 1


def _column(platform: str, sheet: CsvTable, assignment: str, wanted: str | None) -> int:
    """Return the column that is to be filled."""
    titles = sheet.columns
    if wanted is None and platform == "moodle":
        found = moodle.grade_column(sheet)
        if found is None:
            raise InstructorError(
                f"{sheet.path} is in a language whose column of grades is not clear. Name it with --column; there are: {', '.join(titles)}."
            )
        return found
    names = (
        {_bare_title(wanted)} if wanted else {_bare_title(assignment), _bare_title(assignments.load(assignment).title)}
    )
    places = [
        number
        for number, title in enumerate(titles)
        if _bare_title(title) in names or (platform == "canvas" and _bare_title(_without_id(title)) in names)
    ]
    allowed = [number for number in places if platform != "canvas" or _without_id(titles[number]) != titles[number]]
    if len(allowed) == 1:
        return allowed[0]
    if platform == "gradescope" and not places:
        return sheet.add_column(wanted or assignments.load(assignment).title)
    choices = [title for title in titles if platform != "canvas" or _without_id(title) != title]
    what = "several columns are" if allowed else "no column is"
    raise InstructorError(
        f"{sheet.path}: {what} called {wanted or assignments.load(assignment).title!r}. Choose with --column; there are: {', '.join(choices) or 'none'}."
    )


def _without_id(title: str) -> str:
    return re.sub(r"\s*\(\d+\)$", "", title)


def _bare_title(title: str) -> str:
    return re.sub(r"[\W_]+", " ", title).strip().casefold()


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _decimal_comma(sheet: CsvTable) -> bool:
    """Tell whether the file writes 14,00: by its own numbers, else by its separator."""
    cells = [sheet.cell(row, column).strip() for row in sheet.filled() for column in range(len(sheet.columns))]
    commas, points = (sum(bool(re.fullmatch(rf"\d+\{sign}\d{{1,2}}", cell)) for cell in cells) for sign in ",.")
    return commas > points if commas or points else sheet.separator == ";"


def _maximum(platform: str, sheet: CsvTable, number: int, grades: Grades) -> list[str]:
    """Say where the platform counts to another number of points, since scores are written as they are."""
    maxima = [_number(cell) for cell in PLATFORMS[platform].maxima(sheet, number)]
    ours = grades.maximum
    theirs = {value for value in maxima if value is not None} - {ours}
    return [
        f"The platform counts to {format_points(value)} points and ours to {format_points(ours)}: scores are written as they are. "
        "Set the platform's maximum to ours if that is not meant."
        for value in sorted(theirs)
    ]


def _disarmed(sheet: CsvTable) -> list[str]:
    found = sheet.disarmed()
    return [f"{len(found)} cells that a spreadsheet would run have an apostrophe before them now."] if found else []

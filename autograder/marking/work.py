"""What `python -m autograder mark` does: serve the page, list what is to be graded, take marks in and give them on."""

from __future__ import annotations

import contextlib
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder import batch, marks
from autograder.course import Course
from autograder.errors import InstructorError
from autograder.formatting import format_points
from autograder.marking import gradebook
from autograder.marking import page as pages
from autograder.marking.server import MarkServer
from autograder.marking.texts import Attachments, attachments
from autograder.marks import Mark
from autograder.result import Result, write_atomically
from autograder.titles import titles
from autograder.totals import ClassTotals

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


def grade_by_hand(
    question: str,
    assignment: str | None,
    grades: Path,
    course: Course,
    page: Path | None,
    browser: bool,
    submitted: Path = Path("submitted"),
) -> None:
    """Write the page of a question, or serve it until the person who grades ends that.

    Parameters
    ----------
    question : str
    assignment : str, optional
    grades : Path
        The folder that `grade` has filled.
    course : Course
    page : Path, optional
        Where to write the page; else it is served.
    browser : bool
        Whether to open it in a browser.
    submitted : Path
        The tree that was graded, from which pictures come.

    Raises
    ------
    InstructorError
        If there is no such question, or no grade of its assignment.
    """
    name = pages.assignment_of_text(question, assignment)
    results = [result for result in batch.results_in(grades) if result.assignment == name]
    if not results:
        raise InstructorError(f"There are no grades of {name} in {grades}. Run `grade` first.")
    _only_in_its_file(grades, question)
    pictures = attachments(results, question, ClassTotals.read(grades, course, submitted=[submitted]))
    if page:
        write_atomically(page, pages.render(results, question, name, marks.read_all(grades, course), course, pictures))
        console.print(f"The page is {page}. It holds the mark scheme, and no names.", markup=False)
    else:
        console.print(f"Marks are written to {marks.file_of(grades, question)} as they are given.", markup=False)
        _serve(server(results, question, name, grades, course, pictures), browser)
        show_list(grades, course, name)


def server(
    results: Sequence[Result],
    question: str,
    assignment: str,
    grades: Path,
    course: Course,
    pictures: Mapping[str, Attachments],
) -> MarkServer:
    """Return the server of a question's page, which writes what is given there.

    Raises
    ------
    InstructorError
        If marks that lie there already cannot be.
    """
    students = pages.codes(results, question, course)

    def show() -> str:
        return pages.render(results, question, assignment, marks.read_all(grades, course), course, pictures)

    def save(rows: list[dict[str, str]]) -> None:
        given = []
        for row in rows:
            points = marks.checked(row["points"].strip(), assignment, question)
            if row["code"] not in students:
                raise ValueError("an answer is not known any more; load the page again")
            given.append(Mark(students[row["code"]], assignment, question, points, row["comment"].strip()))
        try:
            found = marks.read_all(grades, course)
            found.add(given, replace=True)
        except InstructorError as problem:
            raise ValueError(str(problem)) from None
        marks.write(grades, found, question)

    show()  # what is wrong with the files is said here, not in the browser
    return MarkServer(show, save)


def _serve(server: MarkServer, browser: bool) -> None:
    with server:
        console.print(f"The page is {server.address}. End with Ctrl+C.", markup=False)
        if browser:
            webbrowser.open(server.address)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


def show_list(grades: Path, course: Course, assignment: str | None) -> None:
    """Print what is graded by hand, and of how many."""
    found = marks.read_all(grades, course)
    results = [result for result in batch.results_in(grades) if assignment in (None, result.assignment)]
    grid = Table("text", "points", "graded", "still to be graded", "", box=None, pad_edge=False, header_style="bold")
    for name, ids in pages.texts(dict.fromkeys(result.assignment for result in results)).items():
        for text in ids:
            whose = [result for result in results if result.assignment == name and text in result.by_hand]
            given = [found.of(result.student, name).get(text) for result in whose]
            graded = sum(mark is not None and mark.points is not None for mark in given)
            worth = format_points(whose[0].by_hand[text]) if whose else ""
            grid.add_row(text, worth, str(graded), str(len(whose) - graded), titles(name)[text])
    if grid.row_count:
        console.print(grid)
    else:
        console.print(f"Nothing in {grades} is graded by hand.", markup=False)


def take(files: Sequence[Path], grades: Path, course: Course, *, replace: bool) -> None:
    """Take in marks from CSV files and gradebooks: all, or none where two of them differ and none shall replace the other."""
    found = marks.read_all(grades, course)
    results = batch.results_in(grades)
    students = {
        code: student
        for result in results
        for question in result.by_hand
        for code, student in pages.codes([result], question, course).items()
    }
    taken: list[Mark] = []
    for path in files:
        if path.suffix == ".db":
            given, notes = gradebook.read_marks(path)
            for note in notes:
                errors.print(f"Note: {note}")
        else:
            given = marks.read(path, students)
        if strangers := [mark.place for mark in given if pages.is_code(mark.student)]:
            raise InstructorError(
                f"{strangers[0]}: this answer is in no grade in {grades}. Was the page made from another folder, or before "
                "hidden_inputs was changed?"
            )
        taken += given
    found.add(taken, replace=replace)
    for question in dict.fromkeys(mark.question for mark in taken):
        console.print(f"{len(found.in_question(question))} marks: {marks.write(grades, found, question)}", markup=False)
    if not taken:
        console.print("There are no marks in there.")


def give(path: Path, grades: Path, course: Course) -> None:
    """Put all marks into nbgrader's gradebook."""
    given, notes = gradebook.write_marks(path, marks.read_all(grades, course))
    for note in notes:
        errors.print(f"Note: {note}")
    console.print(f"{given} marks are in {path}.", markup=False)


def _only_in_its_file(grades: Path, question: str) -> None:
    """Make sure that no other file has marks of the question, which would differ as soon as one is changed on the page."""
    for path in sorted((grades / marks.FOLDER).glob("*.csv")):
        if path != marks.file_of(grades, question) and any(mark.question == question for mark in marks.read(path)):
            raise InstructorError(
                f"{path} holds marks of {question}, which belong into {marks.file_of(grades, question).name}. Move it elsewhere, and take it in: "
                f"`python -m autograder mark --take {path.name}`."
            )

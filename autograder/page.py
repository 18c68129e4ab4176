"""A class's results as one web page, in which nothing of the students' is markup."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder import __version__, assignments, batch, report
from autograder.course import Course
from autograder.errors import InstructorError
from autograder.result import QuestionResult, Result, remove_parts, write_atomically
from autograder.submitted import name_of

MARKS = {
    "passed": "✓",
    "partly passed": "◐",
    "not passed": "✗",
    "not reached": "–",
    "not attempted": "–",
    "not judged": "!",
}

OUTDATED = (
    "graded by other code, points or settings than today's. Grade the whole class again; what is current is kept."
)


def write(out: Path, course: Course) -> Path:
    """Write the page of all results in a folder of grades, whichever run wrote them; return its place.

    Raises
    ------
    InstructorError
        If it cannot be written.
    """
    place = out / "index.html"
    try:
        remove_parts(place)
        everybody = batch.results_in(out)
        outdated = batch.by_other_rules(everybody, course)
        write_atomically(place, page(everybody, f"Grades in {name_of(out.resolve())}", outdated))
    except OSError as problem:
        raise InstructorError(
            f"The grades are written, but not the page {place} ({problem.strerror}). Mend that and run the command again."
        ) from None
    return place


def page(results: Sequence[Result], title: str, outdated: Sequence[Result] = ()) -> str:
    """Return the page: a table for each assignment, and each submission's feedback below it.

    Parameters
    ----------
    results : sequence of Result
    title : str
    outdated : sequence of Result
        Those of them that were graded by other rules than today's, which the page marks.
    """
    templates = Environment(loader=PackageLoader("autograder"), undefined=StrictUndefined, autoescape=True)
    groups = []
    for name in dict.fromkeys(result.assignment for result in results):
        definition = assignments.load(name)
        mine = [result for result in results if result.assignment == name]
        groups.append((name, definition.title, [question.id for question in definition.questions], mine))
    return templates.get_template("report.html").render(
        title=title,
        outdated=[(result.student, result.assignment) for result in outdated],
        outdated_note=OUTDATED,
        question_of=_question_of,
        groups=groups,
        marks=MARKS,
        points=report.points,
        score=report.score,
        score_in_words=report.score_in_words,
        breakable=report.breakable,
        status=report.status,
        feedback=report.as_html,
        version=__version__,
    )


def _question_of(result: Result, question_id: str) -> QuestionResult | None:
    return next((question for question in result.questions if question.id == question_id), None)

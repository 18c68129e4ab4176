"""The page on which a person grades all texts to one question: without names, with the mark scheme, by keyboard."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder import __version__, assignments, notebook, report
from autograder.course import Course
from autograder.errors import InstructorError
from autograder.formatting import format_points
from autograder.marking.texts import Attachments, PictureBudget, markdown_as_html
from autograder.marks import COLUMNS, Marks
from autograder.result import Result
from autograder.settings import did_you_mean
from autograder.titles import FreeText, free_text, titles

#: What stands in a text cell that a student has not touched, without signs of emphasis.
_UNTOUCHED = ("", "your answer here")

CODE = "answer-"


@dataclass(frozen=True)
class AnonymousText:
    """A student's text, without the student's name.

    Attributes
    ----------
    code : str
        Stands for the student.
    text : Markup
        What the student wrote, as HTML that does nothing.
    problem : str
        Why there is no text; empty if there is one.
    automatic : tuple of (title, points, status, message)
        The student's automatic results.
    score : str
        Their sum, in words.
    points, comment : str
        As they were given before.
    """

    code: str
    text: Markup
    problem: str
    automatic: tuple[tuple[str, str, str, str], ...]
    score: str
    points: str
    comment: str


def assignment_of_text(question: str, assignment: str | None = None) -> str:
    """Return the assignment that has a text of that id.

    Raises
    ------
    InstructorError
        If there is none; those that there are, are named.
    """
    known = texts([assignment] if assignment else assignments.NAMES)
    for name, ids in known.items():
        if question in ids:
            return name
    there = ", ".join(text for ids in known.values() for text in ids) or "none"
    hint = did_you_mean(question, [text for ids in known.values() for text in ids])
    raise InstructorError(f"No text {question!r} is graded by hand.{hint} There are: {there}.")


def texts(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the texts of assignments that are graded by hand: assignment -> ids."""
    return {name: list(notebook.points_of(name).by_hand) for name in names}


def code_of(student: str, question: str, course: Course) -> str:
    """Return what stands for a student on the page of a question: the same each time, and nobody's guess."""
    message = "\0".join(("mark", course.course.id, question, student)).encode()
    return CODE + hmac.new(course.grading.hidden_inputs.encode(), message, hashlib.sha256).hexdigest()[:12]


def is_code(student: str) -> bool:
    """Tell whether this stands for a student on a page."""
    return re.fullmatch(rf"{CODE}[0-9a-f]{{12}}", student) is not None


def anonymous_texts(
    results: Iterable[Result], question: str, marks: Marks, course: Course, pictures: Mapping[str, Attachments]
) -> list[AnonymousText]:
    """Return all answers to a question, those without a text last, else in an order that tells nothing."""
    budget = PictureBudget()
    found = [
        _answer(result, question, marks, course, pictures.get(result.student), budget)
        for result in results
        if question in result.by_hand
    ]
    return sorted(found, key=lambda answer: (bool(answer.problem), answer.code))


def _answer(
    result: Result, question: str, marks: Marks, course: Course, pictures: Attachments, budget: PictureBudget
) -> AnonymousText:
    mark = marks.of(result.student, result.assignment).get(question)
    text = (result.texts or {}).get(question, "")
    named = titles(result.assignment)
    automatic = tuple(
        (
            named.get(each.id, each.id),
            f"{format_points(each.score)}/{format_points(sum(part.max_score for part in each.parts) or each.max_score)}",
            report.status(each),
            each.message,
        )
        for each in result.questions
    )
    return AnonymousText(
        code_of(result.student, question, course),
        markdown_as_html(text, pictures, budget),
        _problem(result, question, text),
        automatic,
        report.score_in_words(result),
        "" if mark is None or mark.points is None else format_points(mark.points),
        mark.comment if mark else "",
    )


def _problem(result: Result, question: str, text: str) -> str:
    if result.texts is None:
        return "This grade was made before texts were kept. Run `grade` again, or look into the notebook."
    if not result.readable:
        return "The notebook could not be read."
    if question not in result.texts:
        return "The cell is not in the notebook any more."
    return "Nothing was written." if re.sub(r"[*_#\s]+", " ", text).strip().lower() in _UNTOUCHED else ""


def _filled_in(about: FreeText, assignment: str, found: list[AnonymousText]) -> str:
    """Return the page."""
    templates = Environment(loader=PackageLoader("autograder"), undefined=StrictUndefined, autoescape=True)
    state = {"assignment": assignment, "question": about.id, "columns": COLUMNS}
    return templates.get_template("mark.html").render(
        nonce=secrets.token_urlsafe(),
        about=about,
        asks=markdown_as_html(about.asks),
        scheme=markdown_as_html(about.scheme),
        assignment=assignments.load(assignment).title,
        answers=found,
        state=state,
        points=format_points,
        version=__version__,
    )


def render(
    results: Iterable[Result],
    question: str,
    assignment: str,
    marks: Marks,
    course: Course,
    pictures: Mapping[str, Attachments],
) -> str:
    """Return the page of a question for these results, with the attachments of each student's text."""
    return _filled_in(
        free_text(assignment, question), assignment, anonymous_texts(results, question, marks, course, pictures)
    )


def codes(results: Iterable[Result], question: str, course: Course) -> dict[str, str]:
    """Return who is behind each code: code -> student."""
    return {code_of(result.student, question, course): result.student for result in results}

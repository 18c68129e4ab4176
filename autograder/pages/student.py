"""A page for one student, to hand back: answers, verdicts, points, earlier scores, and how to ask for a regrade.

It holds nothing of other students, nor an expected value or a variant, unless the key is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from textwrap import indent
from typing import Any

import numpy as np
from markupsafe import Markup

from autograder import assignments, report
from autograder.course import Context
from autograder.facts import format_value
from autograder.formatting import format_count, format_points
from autograder.pages.gather import Answers, Entry
from autograder.question import Got, Question
from autograder.result import Earlier, QuestionResult, Result
from autograder.titles import titles
from neurodynex.answer_data.reading import describe, shorten, show_quantity, unwrap_single
from neurodynex.answer_data.values import Calls, Error, Missing, Object, Quantity, TooLarge

#: Numbers of a list that are shown.
_FEW = 8


@dataclass(frozen=True)
class QuestionView:
    """A question as its student sees it."""

    id: str
    title: str
    state: str
    score: float
    worth: float
    bonus: bool
    answers: list[tuple[str, str]]
    verdicts: list[tuple[str, str, str]]
    figures: Sequence[Markup] = ()
    key: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def points_in_words(self) -> str:
        """Return the points: "2 of 3 points"."""
        if self.bonus:
            return format_count(self.score, "bonus point")
        return f"{format_points(self.score)} of {format_count(self.worth, 'point')}"


@dataclass(frozen=True)
class TextView:
    """A free-text answer with what a person gave for it."""

    id: str
    title: str
    worth: float
    score: float | None
    comment: str
    text: str


@dataclass(frozen=True)
class Request:
    """A text with which to ask for a regrade of a question."""

    id: str
    title: str
    text: str

    @property
    def rows(self) -> int:
        return min(self.text.count("\n") + 3 + len(self.text) // 90, 24)


@dataclass(frozen=True)
class Page:
    """All that stands on a student's page."""

    title: str
    student: str
    name: str
    totals: Any
    errors: tuple[str, ...]
    questions: list[QuestionView]
    texts: list[TextView]
    sha256: str
    package: str
    handed_in: str
    history: list[dict[str, Any]]
    requests: list[Request]
    not_judged: list[str]
    is_outdated: bool
    with_key: bool


def student_page(
    entry: Entry,
    result: Result,
    context: Context,
    given: Answers,
    *,
    handed_in: datetime | None = None,
    is_outdated: bool = False,
    with_key: bool = False,
    figures: Mapping[str, Sequence[Markup]] | None = None,
) -> Page:
    """Return what stands on a student's page.

    Parameters
    ----------
    entry : Entry
    result : Result
        With its answers.
    context : Context
    given : mapping
        Question id -> answers as the judge reads them.
    handed_in : datetime, optional
    is_outdated : bool
        Whether the grade is by other rules than today's.
    with_key : bool
        Whether expected values stand there, too.
    figures : mapping, optional
        Question id -> drawings of the student's own figures.
    """
    named = titles(result.assignment)
    definition = assignments.load(result.assignment)
    known = {question.id: question for question in definition.questions}
    questions = [
        replace(
            _question(found, given[found.id], known.get(found.id), named, context if with_key else None),
            figures=(figures or {}).get(found.id, ()),
        )
        for found in result.questions
    ]
    texts = _texts(entry, result, named)
    below = [view for view in texts if view.score is not None and view.score < view.worth]
    return Page(
        title=definition.title,
        student=result.student,
        name=entry.name,
        totals=entry.totals,
        errors=result.errors,
        questions=questions,
        texts=texts,
        sha256=result.notebook_sha256,
        package=result.package,
        handed_in=handed_in.strftime("%Y-%m-%d %H:%M %Z").strip() if handed_in else "",
        history=[_earlier(*pair, named) for pair in zip(result.history, _scores_after(result), strict=True)],
        requests=[
            *(_request(view, result, definition.title) for view in questions if view.state != "passed"),
            *(_text_request(view, result, definition.title) for view in below),
        ],
        not_judged=[named.get(found.id, found.id) for found in result.not_judged],
        is_outdated=is_outdated,
        with_key=with_key,
    )


def _question(
    found: QuestionResult, got: Got, question: Question | None, named: Mapping[str, str], key_for: Context | None
) -> QuestionView:
    key = []
    if key_for is not None and question is not None:
        for answer in question.answers:
            facts = answer.facts(key_for)
            key.append((answer.name, facts.expected, facts.accepted))
    return QuestionView(
        id=found.id,
        title=named.get(found.id, found.id),
        state=report.status(found),
        score=found.score,
        worth=sum(part.max_score for part in found.parts) or found.max_score,
        bonus=found.bonus,
        answers=answers_as_text(got, question),
        verdicts=[(part.status, report.MARKS[part.status], message) for part, message in report.verdict_lines(found)],
        key=key,
    )


def answers_as_text(got: Got, question: Question | None) -> list[tuple[str, str]]:
    """Return a student's answers to a question: name -> how it reads. What a function returned at hidden inputs is not shown."""
    units = _units(question) if question is not None else {}
    given = []
    for key, value in got.items():
        kind, _, name = key.partition(":")
        if kind == "variable":
            given.append((name, format_answer(value, units.get(name, ""))))
        elif kind == "call":
            calls = isinstance(value, Calls)
            given.append(
                (name, "a function, called at inputs of the grader's choice" if calls else format_answer(value, ""))
            )
    return given


def format_answer(value: Any, unit: str = "") -> str:
    """Return an answer as a person would write it, cut to a line."""
    value = unwrap_single(value)
    if isinstance(value, Missing):
        return "not defined"
    if isinstance(value, Object) and value.type == "ellipsis":
        return "..."
    if isinstance(value, Error):
        return "not reached" if value.type == "NotReached" else shorten(f"{value.type}: {value.message}", 200)
    if isinstance(value, TooLarge):
        return "too large for an answer"
    if isinstance(value, Quantity):
        return show_quantity(value, unit) if np.ndim(value.value) == 0 else describe(value)
    if isinstance(value, np.ndarray):
        few = ", ".join(format_value(item) for item in value.reshape(-1)[:_FEW].tolist())
        return f"{few}, … ({value.size} values)" if value.size > _FEW else few
    if isinstance(value, bool | str | list | tuple | dict | set | frozenset) or value is None:
        return shorten(_shown(value), 300)
    if isinstance(value, int | float | complex):
        return f"{format_value(value)} {unit}".strip()
    return describe(value)


def _shown(value: Any) -> str:
    try:
        return format_value(value)
    except (TypeError, ValueError, OverflowError):
        return describe(value)


def _units(question: Question) -> dict[str, str]:
    found: dict[str, str] = {}
    for answer in question.answers:
        form = answer.form()
        found |= {form[axis][0]: form[axis][1] for axis in ("x", "y", "divide_by") if axis in form}
        if "unit" in form and "name" in form:
            found[form["name"]] = form["unit"]
    return found


def _texts(entry: Entry, result: Result, named: Mapping[str, str]) -> list[TextView]:
    views = []
    for name, worth in result.by_hand.items():
        mark = entry.totals.marks.get(name)
        text = (result.texts or {}).get(name, "")
        views.append(
            TextView(
                name, named.get(name, name), worth, mark.points if mark else None, mark.comment if mark else "", text
            )
        )
    return views


def _scores_after(result: Result) -> list[dict[str, float]]:
    """Return for each earlier grade the scores of the one that replaced it."""
    return [*(earlier.questions for earlier in result.history[1:]), *([result.scores] if result.history else [])]


def _earlier(earlier: Earlier, after: Mapping[str, float], named: Mapping[str, str]) -> dict[str, Any]:
    changed = [
        f"{named.get(name, name)}: {before:g} → {after.get(name, 0):g}"
        for name, before in earlier.questions.items()
        if before != after.get(name, 0)
    ]
    until = earlier.replaced.replace("T", " ").replace("+00:00", " UTC")
    return {"score": earlier.score, "until": until, "reason": earlier.reason, "questions": changed}


def _request(view: QuestionView, result: Result, title: str) -> Request:
    answer = "\n".join(f"  {name}: {text}" for name, text in view.answers) or "  (none)"
    reason = "\n".join(f'  {mark} "{message}"' for _, mark, message in view.verdicts)
    return _asked(view, result, title, answer, f"{view.state}, {view.points_in_words}", reason)


def _text_request(view: TextView, result: Result, title: str) -> Request:
    answer = indent(view.text, "  ") or "  (none)"
    reason = indent(f'"{view.comment}"', "  ") if view.comment else "  (none)"
    points = f"{format_points(view.score or 0)} of {format_count(view.worth, 'point')}"
    return _asked(view, result, title, answer, f"graded by hand, {points}", reason)


def _asked(
    view: QuestionView | TextView, result: Result, title: str, answer: str, verdict: str, reason: str
) -> Request:
    text = (
        f"Regrade of {view.title!r} ({view.id}), {title}\n\n"
        f"Student: {result.student}\n"
        f"Notebook: SHA-256 {result.notebook_sha256}, package {result.package}\n\n"
        f"My answer:\n{answer}\n\n"
        f"Verdict: {verdict}\n"
        f"Reason given:\n{reason}\n\n"
        "Why I think that this should be graded otherwise:\n"
    )
    return Request(view.id, view.title, text)

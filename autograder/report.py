"""One message, three forms: plain text, Markdown and HTML, none of them dependent on colour; and the tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from autograder.result import QuestionResult, Result

MARKS = {"passed": "✓", "failed": "✗", "not reached": "–"}
WORDS = {"passed": "passed", "failed": "not passed", "not reached": "not reached"}
# Characters that Markdown or the HTML in it would take for markup.
MARKUP = re.compile(r"([\\`*_\[\]#|<>&~$])")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def points(score: float) -> str:
    """Return a number of points without needless decimals."""
    return f"{score:.4f}".rstrip("0").rstrip(".")


def counted(score: float, what: str) -> str:
    """Return a number with its noun: "1 point", "2.5 points"."""
    return f"{points(score)} {what}{'' if score == 1 else 's'}"


def status(question: QuestionResult) -> str:
    """Return "passed", "partly", "failed" or "not reached" for a whole question."""
    if question.passed:
        return "passed"
    if question.score > 0:
        return "partly passed"
    return "not reached" if all(part.status == "not reached" for part in question.parts) else "not passed"


def text(question: QuestionResult) -> str:
    """Return a question's feedback as plain text."""
    head = f"{question.id}: {_points(question)} ({status(question)})"
    return "\n".join([head, *(f"  {MARKS[part.status]} {_clean(line)}" for part, line in _lines(question))])


def markdown(question: QuestionResult) -> str:
    """Return a question's feedback as Markdown, in which nothing of the student's is markup."""
    head = f"**{escaped(question.id)}**: {_points(question)} ({status(question)})"
    return "\n".join(
        [head, "", *(f"- {MARKS[part.status]} {escaped(_clean(line))}" for part, line in _lines(question))]
    )


def as_html(question: QuestionResult) -> str:
    """Return a question's feedback as HTML, in which nothing of the student's is markup."""
    head = f"<strong>{html.escape(question.id)}</strong>: {_points(question)} ({status(question)})"
    items = (
        f'<li><span aria-label="{WORDS[part.status]}">{MARKS[part.status]}</span> {_code(html.escape(_clean(line)))}</li>'
        for part, line in _lines(question)
    )
    return f'<div class="feedback"><p>{head}</p><ul style="list-style: none">{"".join(items)}</ul></div>'


def table(results: Iterable[Result]) -> Table:
    """Return a class's scores as a table for the terminal."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("student", "assignment", "score", "passed", "not passed", "not reached", "notes"):
        narrow = title in ("assignment", "score")
        grid.add_column(title, justify="right" if title == "score" else "left", overflow="fold", no_wrap=narrow)
    for result in results:
        states = [(question, status(question)) for question in result.questions]
        notes = [question.mistake for question in result.questions if question.mistake not in (None, "form")]
        grid.add_row(
            Text(_clean(result.student)),
            result.assignment,
            f"{points(result.score)}/{points(result.max_score)}",
            str(sum(state == "passed" for _, state in states)),
            str(sum(state in ("partly passed", "not passed") for _, state in states)),
            str(sum(state == "not reached" for _, state in states)),
            Text(", ".join(map(str, notes)) or _clean("; ".join(result.errors))[:80]),
        )
    return grid


def whole(result: Result) -> str:
    """Return a submission's feedback as plain text."""
    head = f"{result.student}, {result.assignment}: {points(result.score)} of {points(result.max_score)} points"
    variant = ", ".join(f"{key} is type {value}" for key, value in result.variant.items())
    notes = [f"Note: {_clean(error)}" for error in result.errors]
    by_hand = [f"{name}: graded by hand ({points(worth)} points)" for name, worth in result.by_hand.items()]
    questions = [text(question) for question in result.questions]
    return "\n".join([head, *notes, "", *questions, *by_hand, *([variant] if variant else [])])


def _lines(question: QuestionResult) -> Sequence[tuple]:
    told = [(part, part.message) for part in question.parts]
    # What the grader adds about earlier cells stands in the question's message only.
    extra = [line for line in question.message.splitlines() if all(line not in message for _, message in told)]
    if told and extra:
        part, message = told[-1]
        told[-1] = (part, " ".join([message, *extra]))
    unique: dict[str, tuple] = {message: (part, message) for part, message in reversed(told)}
    return list(reversed(unique.values()))


def _points(question: QuestionResult) -> str:
    if question.bonus:
        return f"{points(question.score)} bonus points"
    return f"{points(question.score)} of {points(question.max_score)} points"


def _clean(line: str) -> str:
    return CONTROL.sub("", line.replace("\n", " "))


def escaped(line: str) -> str:
    """Return a line as Markdown that shows it as it is; code spans stay code."""
    pieces = line.split("`")
    if len(pieces) % 2 == 0:
        return MARKUP.sub(r"\\\1", line)
    return "".join(f"`{p}`" if i % 2 else MARKUP.sub(r"\\\1", p) for i, p in enumerate(pieces))


def _code(escaped: str) -> str:
    pieces = escaped.split("`")
    if len(pieces) % 2 == 0:
        return escaped
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(pieces))

"""One message, three forms: plain text, Markdown and HTML, none of them dependent on colour; and the tables."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from autograder.result import QuestionResult, Result

if TYPE_CHECKING:
    from autograder.regrade import ScoreChange
    from autograder.totals import Totals

MARKS = {"passed": "✓", "failed": "✗", "not reached": "–", "error": "!"}
WORDS = {"passed": "passed", "failed": "not passed", "not reached": "not reached", "error": "not judged"}
# Of a class's table in the terminal.
COLUMNS = {
    "✓": "passed",
    "✗": "not or partly passed",
    "○": "not attempted",
    "–": "not reached",
    "!": "not judged",
}
# Characters that Markdown or the HTML in it would take for markup.
MARKUP = re.compile(r"([\\`*_\[\]#|<>&~$])")
NOTE = 48  # characters of a note in the table
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def format_points(score: float) -> str:
    """Return a number of points without needless decimals."""
    return f"{score:.4f}".rstrip("0").rstrip(".")


def format_count(score: float, what: str) -> str:
    """Return a number with its noun: "1 point", "2.5 points"."""
    return f"{format_points(score)} {what}{'' if score == 1 else 's'}"


def short_score(result: Result) -> str:
    """Return a submission's score as short as it can be: "12/13", or "12/13 +2" with two points beyond the maximum."""
    regular, bonus = _shares(result)
    return f"{format_points(regular)}/{format_points(result.max_score)}{f' +{format_points(bonus)}' if bonus else ''}"


def score_in_words(result: Result) -> str:
    """Return a submission's score as "12 of 13 points", with "and 2 bonus points" where there are such."""
    regular, bonus = _shares(result)
    extra = f", and {format_count(bonus, 'bonus point')}" if bonus else ""
    return f"{format_points(regular)} of {format_count(result.max_score, 'point')}{extra}"


def _shares(result: Result) -> tuple[float, float]:
    bonus = sum(question.score for question in result.questions if question.bonus)
    return result.score - bonus, bonus


def breakable(name: str) -> str:
    """Return a question's id as HTML that may go on in another line after each underscore."""
    return html.escape(name).replace("_", "_<wbr>")


def status(question: QuestionResult) -> str:
    """Return "passed", "partly passed", "not passed", "not attempted", "not reached" or "not judged" for a whole question."""
    if question.faults:
        return "not judged"
    if question.passed:
        return "passed"
    if question.score > 0:
        return "partly passed"
    if not question.attempted:
        return "not attempted"
    return "not reached" if all(part.status == "not reached" for part in question.parts) else "not passed"


def feedback_text(question: QuestionResult) -> str:
    """Return a question's feedback as plain text."""
    head = f"{question.id}: {_points(question)} ({status(question)})"
    return "\n".join([head, *(f"  {MARKS[part.status]} {_clean(line)}" for part, line in verdict_lines(question))])


def feedback_markdown(question: QuestionResult, title: str | None = None) -> str:
    """Return a question's feedback as Markdown, under a title or its id, in which nothing of the student's is markup."""
    head = f"**{escaped(title or question.id)}**: {_points(question)} ({status(question)})"
    return "\n".join(
        [head, "", *(f"- {MARKS[part.status]} {escaped(_clean(line))}" for part, line in verdict_lines(question))]
    )


def feedback_html(question: QuestionResult) -> str:
    """Return a question's feedback as HTML, in which nothing of the student's is markup."""
    head = f"<strong>{html.escape(question.id)}</strong>: {_points(question)} ({status(question)})"
    items = (
        f'<li><span aria-label="{WORDS[part.status]}">{MARKS[part.status]}</span> {_code(html.escape(_clean(line)))}</li>'
        for part, line in verdict_lines(question)
    )
    return f'<div class="feedback"><p>{head}</p><ul style="list-style: none">{"".join(items)}</ul></div>'


def class_table(results: Sequence[Result], totals: Callable[[Result], Totals] | None = None) -> Table:
    """Return a class's scores as a table for the terminal, of at most 80 columns if the students' ids allow it.

    Parameters
    ----------
    results : sequence of Result
    totals : callable, optional
        Returns what a student gets by hand and loses for being late. Each has a column where there is any.
    """
    found = [totals(result) for result in results] if totals else []
    by_hand, late = any(each.maximum_by_hand for each in found), any(each.late for each in found)
    caption = ", ".join(f"{mark} {word}" for mark, word in COLUMNS.items())
    grid = Table(
        box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", caption=caption, caption_justify="left"
    )
    grid.add_column("student", overflow="fold", max_width=24)
    grid.add_column("assignment", no_wrap=True)
    grid.add_column("score", no_wrap=True)
    for title, there in (("by hand", by_hand), ("late", late), ("total", by_hand or late)):
        if there:
            grid.add_column(title, no_wrap=True)
    for mark in COLUMNS:
        grid.add_column(mark, no_wrap=True, justify="right")
    grid.add_column("notes", overflow="fold", min_width=20)  # the longest error name
    for number, result in enumerate(results):
        states = [status(question) for question in result.questions]
        more = _more(found[number], by_hand, late) if found else []
        grid.add_row(
            Text(_clean(result.student)),
            result.assignment,
            short_score(result),
            *more,
            str(states.count("passed")),
            str(states.count("partly passed") + states.count("not passed")),
            str(states.count("not attempted")),
            str(states.count("not reached")),
            str(states.count("not judged")),
            Text(_note(result)),
        )
    return grid


def _more(totals: Totals, by_hand: bool, late: bool) -> list[str]:
    """Return the cells of what comes by hand and is lost; a total that is not final has a question mark."""
    marked = totals.maximum_by_hand > sum(totals.to_mark.values())
    given = (
        f"{format_points(totals.by_hand) if marked else '?'}/{format_points(totals.maximum_by_hand)}"
        if totals.maximum_by_hand
        else ""
    )
    cells = [given] if by_hand else []
    cells += [f"-{format_points(totals.late)}" if totals.late else ""] if late else []
    total = f"{format_points(totals.total)}/{format_points(totals.maximum)}{'' if totals.is_final else '?'}"
    return [*cells, *([total] if by_hand or late else [])]


def score_changes_table(found: Iterable[ScoreChange]) -> Table:
    """Return whose score changed, from what to what, and by which questions, as a table for the terminal."""
    grid = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    grid.add_column("student", overflow="fold", max_width=24)
    grid.add_column("assignment", no_wrap=True)
    for title in ("before", "now"):
        grid.add_column(title, no_wrap=True, justify="right")
    grid.add_column("by", overflow="fold", min_width=20)
    for change in found:
        by = ", ".join(f"{question} {before:g} → {now:g}" for question, (before, now) in change.questions.items())
        scores = (f"{change.before:g}", f"{change.after:g}")
        grid.add_row(Text(_clean(change.student)), change.assignment, *scores, Text(by))
    return grid


def _note(result: Result) -> str:
    """Return the slips of a submission, each once, or what went wrong with it, in a few whole words."""
    slips = dict.fromkeys(question.mistake for question in result.questions if question.mistake not in (None, "form"))
    faults = [f"not judged: {question.id}" for question in result.not_judged]
    said = ", ".join([*faults, *map(str, slips)]) or "; ".join(map(_clean, result.errors))
    return shorten(said, NOTE, placeholder=" …")


def submission_text(result: Result, totals: Totals | None = None) -> str:
    """Return a submission's feedback as plain text."""
    head = f"{result.student}, {result.assignment}: {score_in_words(result)}"
    variant = ", ".join(f"{key} is type {value}" for key, value in result.variant.items())
    notes = [f"Note: {_clean(error)}" for error in result.errors]
    if result.not_judged:
        notes.append(f"Note: {not_judged(result)}")
    by_hand = [_by_hand(name, worth, totals) for name, worth in result.by_hand.items()]
    questions = [feedback_text(question) for question in result.questions]
    summed = [f"Total: {totals.in_words()}."] if totals and (result.by_hand or totals.late) else []
    return "\n".join(
        [head, *notes, "", *questions, *by_hand, *([variant] if variant else []), *summed, *receipt(result)]
    )


def receipt(result: Result) -> list[str]:
    """Return the line that says what was graded, by which a student knows the own file; none where there was no notebook."""
    if not result.notebook_sha256:
        return []
    files = f", with {_clean(', '.join(result.files))}" if result.files else ""
    return [
        f"Receipt: {result.assignment}; notebook without its outputs, SHA-256 {result.notebook_sha256}{files}; graded by "
        f"version {result.package}."
    ]


def _by_hand(name: str, worth: float, totals: Totals | None) -> str:
    mark = totals.marks.get(name) if totals else None
    comment = f": {_clean(mark.comment)}" if mark and mark.comment else ""
    if mark is None or mark.points is None:
        return f"{name}: to be graded by hand ({format_count(worth, 'point')}){comment}"
    return f"{name}: {format_points(mark.points)} of {format_count(worth, 'point')}, graded by hand{comment}"


def not_judged(result: Result) -> str:
    """Return the sentence that names the questions on which the judge itself failed."""
    names = ", ".join(question.id for question in result.not_judged)
    return f"not judged, through a fault of the grader: {names}. This is no final grade."


def verdict_lines(question: QuestionResult) -> Sequence[tuple]:
    """Return each verdict of a question, with what is said of it: none twice."""
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
        return format_count(question.score, "bonus point")
    return f"{format_points(question.score)} of {format_count(question.max_score, 'point')}"


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

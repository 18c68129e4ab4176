"""One message, three forms: plain text, Markdown and HTML, none of them dependent on colour."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from autograder.formatting import format_count, format_points, one_line
from autograder.result import QuestionResult, Result
from autograder.totals import Totals

if TYPE_CHECKING:
    from autograder.question import Question

MARKS = {"passed": "✓", "failed": "✗", "not reached": "–", "error": "!"}
WORDS = {"passed": "passed", "failed": "not passed", "not reached": "not reached", "error": "not judged"}
# Characters that Markdown or the HTML in it would take for markup.
MARKUP = re.compile(r"([\\`*_\[\]#|<>&~$])")
FORM = "Another form than asked."
# What a message begins with: the answer, and perhaps its value.
FOUND = re.compile(r"^`[^`]*`(?: = [^:]*)?: ")
SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z`0-9(])")


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
    return "\n".join([head, *(f"  {MARKS[part.status]} {one_line(line)}" for part, line in verdict_lines(question))])


def feedback_markdown(question: QuestionResult, *, is_headed: bool = True) -> str:
    """Return a question's feedback as Markdown, in which nothing of the student's is markup."""
    head = [f"**{escaped(question.id)}**: {_points(question)} ({status(question)})", ""] if is_headed else []
    return "\n".join(
        [*head, *(f"- {MARKS[part.status]} {escaped(one_line(line))}" for part, line in verdict_lines(question))]
    )


def feedback_html(question: QuestionResult) -> str:
    """Return a question's feedback as HTML, in which nothing of the student's is markup."""
    head = f"<strong>{html.escape(question.id)}</strong>: {_points(question)} ({status(question)})"
    items = (
        f'<li><span aria-label="{WORDS[part.status]}">{MARKS[part.status]}</span> {_code(html.escape(one_line(line)))}</li>'
        for part, line in verdict_lines(question)
    )
    return f'<div class="feedback"><p>{head}</p><ul style="list-style: none">{"".join(items)}</ul></div>'


class SlipMade(NamedTuple):
    """A slip that a student made: its name, what the student got wrong in words, and whether those are a slip's of today."""

    name: str
    words: str
    is_known: bool


def slips(found: QuestionResult, question: Question | None) -> list[SlipMade]:
    """Return the slips that were made in a question, each once: the first sentence of what the student reads of each.

    Parameters
    ----------
    found : QuestionResult
    question : Question or None
        As it is asked today; None if it is not asked any more.
    """
    today = [(answer.name, slip) for answer in (question.answers if question else ()) for slip in answer.slips]
    made = []
    for part in found.parts:
        if part.mistake == "form":
            made.append(SlipMade("form", FORM, is_known=True))
        elif part.mistake:
            named = [slip.message for name, slip in today if (name, slip.name) == (part.name, part.mistake)]
            known = next((text for text in named if text in part.message), None)
            # Otherwise it has changed since, or it is one that the kind of answer names.
            message = known or FOUND.sub("", part.message) or next(iter(named), part.mistake)
            made.append(SlipMade(part.mistake, _sentence(message), known is not None))
    return list(dict.fromkeys(made))


def _sentence(text: str) -> str:
    """Return the first sentence of a text, which begins with a capital letter unless with a name of one letter."""
    first = SENTENCE.split(one_line(text), maxsplit=1)[0]
    return first[0].upper() + first[1:] if re.match("[a-z]{2,} ", first) else first


def submission_text(result: Result, totals: Totals | None = None) -> str:
    """Return a submission's feedback as plain text."""
    head = f"{result.student}, {result.assignment}: {score_in_words(result)}"
    variant = ", ".join(f"{key} is type {value}" for key, value in result.variant.items())
    notes = [f"Note: {one_line(error)}" for error in result.errors]
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
    files = f", with {one_line(', '.join(result.files))}" if result.files else ""
    return [
        f"Receipt: {result.assignment}; notebook without its outputs, SHA-256 {result.notebook_sha256}{files}; graded by "
        f"version {result.package}."
    ]


def _by_hand(name: str, worth: float, totals: Totals | None) -> str:
    mark = totals.marks.get(name) if totals else None
    comment = f": {one_line(mark.comment)}" if mark and mark.comment else ""
    if mark is None or mark.points is None:
        return f"{name}: to be graded by hand ({format_count(worth, 'point')}){comment}"
    return f"{name}: {format_points(mark.points)} of {format_count(worth, 'point')}, graded by hand{comment}"


def not_judged(result: Result) -> str:
    """Return the sentence that names the questions on which the judge itself failed."""
    names = ", ".join(question.id for question in result.not_judged)
    return f"not judged, through a fault of the grader: {names}. This is no final grade."


def verdict_lines(question: QuestionResult) -> Sequence[tuple]:
    """Return each verdict of a question, with what is said of it: none twice."""
    verdicts = [(part, part.message) for part in question.parts]
    # What the grader adds about earlier cells stands in the question's message only.
    extra = [line for line in question.message.splitlines() if all(line not in message for _, message in verdicts)]
    if verdicts and extra:
        part, message = verdicts[-1]
        verdicts[-1] = (part, " ".join([message, *extra]))
    unique: dict[str, tuple] = {message: (part, message) for part, message in reversed(verdicts)}
    return list(reversed(unique.values()))


def _points(question: QuestionResult) -> str:
    if question.bonus:
        return format_count(question.score, "bonus point")
    return f"{format_points(question.score)} of {format_count(question.max_score, 'point')}"


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

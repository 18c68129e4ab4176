"""The terminal's tables: a class's scores, and whose score a new judging changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from textwrap import shorten

from rich.table import Table
from rich.text import Text

from autograder import assignments
from autograder.formatting import format_points, one_line
from autograder.regrade import ScoreChange
from autograder.report import short_score, slips, status
from autograder.result import Result
from autograder.totals import Totals

COLUMNS = {
    "✓": "passed",
    "✗": "not or partly passed",
    "○": "not attempted",
    "–": "not reached",
    "!": "not judged",
}
NOTE = 48  # characters of a note


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
    grid.add_column("assignment", overflow="ellipsis")
    grid.add_column("score", no_wrap=True)
    for title, there in (("by hand", by_hand), ("late", late), ("total", by_hand or late)):
        if there:
            grid.add_column(title, no_wrap=True)
    for mark in COLUMNS:
        grid.add_column(mark, no_wrap=True, justify="right")
    grid.add_column("notes", overflow="fold", min_width=16)
    for number, result in enumerate(results):
        states = [status(question) for question in result.questions]
        more = _more(found[number], by_hand, late) if found else []
        grid.add_row(
            Text(one_line(result.student)),
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
        grid.add_row(Text(one_line(change.student)), change.assignment, *scores, Text(by))
    return grid


def _note(result: Result) -> str:
    """Return the first slip of a submission, or what went wrong with it, in a few whole words; of other slips how many there are."""
    known = {question.id: question for question in assignments.load(result.assignment).questions}
    made = [slip for found in result.questions for slip in slips(found, known.get(found.id)) if slip.name != "form"]
    words = list(dict.fromkeys(slip.words for slip in made))
    more = f" (and {len(words) - 1} more)" if len(words) > 1 else ""
    faults = [f"not judged: {question.id}" for question in result.not_judged]
    if words and not faults:
        return shorten(words[0], NOTE - len(more), placeholder=" …") + more
    return shorten(", ".join([*faults, *words]) or "; ".join(map(one_line, result.errors)), NOTE, placeholder=" …")

"""A count that chance makes different each time: what was counted in each of many runs, or their median."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts, of_a_number
from autograder.question import Case, Got, Verdict, explained, failed, passed
from autograder.tolerance import Between
from neurodynex.answer_data.numbers import median as median_of
from neurodynex.answer_data.numbers import whole_or_half


@dataclass(frozen=True, kw_only=True)
class Typical(VariableAnswer):
    """A variable that holds a median of counts, which is whole or half, or the counts themselves.

    Attributes
    ----------
    what : str
        What each count is of, for messages: "network".
    accept : callable
        Called with the context; returns what is accepted of the median.
    expected : callable
        Called with the context; returns the expected median, for the answer key.
    plausible : tuple of float
        The range that the self-check reports as plausible.
    at_least : int
        The smallest number of counts.
    slips : tuple of Slip
        `made` gets the median, or the number that was given in its place.
    """

    what: str
    accept: Callable[[Context], Between]
    expected: Callable[[Context], float]
    plausible: tuple[float, float]
    at_least: int = 10
    unit: str = ""

    def judge(self, context: Context, got: Got) -> Verdict:
        median, found = median_of(self.value(got), self.name, self.what, self.at_least)
        # Before the complaint that it is neither whole nor half, as a ratio in place of a count is a slip.
        if verdict := explained(context, found, median, self.slips):
            return verdict
        if self.accept(context).contains(whole_or_half(median, found)):
            return passed(f"{found}: accepted.")
        return failed(f"{found}: outside the tolerance. {self.think}")

    def cases(self, context: Context) -> Iterator[Case]:
        low, high = map(float, self.accept(context).edges)
        right, inside = self.expected(context), int(np.ceil(low))
        yield Case("right", right, True)
        yield Case("at the lower edge", low, True)
        yield Case("at the upper edge", high, True)
        yield Case("whole or half but for rounding", high * (1 - 1e-16), True)
        yield Case("each count", [int(right) + step for step in (-1, 0, 0, 0, 1)] * 2, True)
        yield Case("some counts far off", [inside] * 6 + [0, 1, 40, 41], True)
        yield Case("below the lower edge", low - 0.5)
        yield Case("above the upper edge", high + 0.5)
        yield Case("each count below", [int(np.floor(low)) - 1] * 10)
        yield Case("each count above", [int(np.ceil(high)) + 1] * 10)
        yield Case("neither whole nor half", low + 0.3, mistake="form")
        yield Case("too few", [inside] * (self.at_least - 1), mistake="form")
        yield Case("a count that is not whole", [inside] * 9 + [low + 0.3], mistake="form")

    def facts(self, context: Context) -> Facts:
        slips = [(slip.name, float(slip.example(context))) for slip in self.slips if slip.applies(context)]
        band, expected = self.accept(context), self.expected(context)
        return of_a_number("a whole number", expected=expected, band=band, slips=slips)

    def form(self) -> dict[str, Any]:
        return {
            "kind": "typical",
            "name": self.name,
            "what": self.what,
            "at_least": self.at_least,
            "plausible": list(self.plausible),
        }

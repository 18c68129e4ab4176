"""A count that chance makes different each time: what was counted in each of many runs, or their median."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Request, Variable
from autograder.tolerance import Between
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.numbers import median as median_of
from neurodynex.answer_data.numbers import whole_or_half
from neurodynex.answer_data.reading import variable


@dataclass(frozen=True)
class Typical:
    """A variable that holds a median of counts, which is whole or half, or the counts themselves.

    Attributes
    ----------
    name : str
    what : str
        What each count is of, for messages: "network".
    accept : callable
        Called with the context; returns what is accepted of the median.
    reference : callable
        Called with the context; returns the expected median, for the answer key.
    think : str
        What to think about next, where no slip explains the median.
    plausible : tuple of float
        The range that the self-check reports as plausible.
    at_least : int
        The smallest number of counts.
    slips : tuple of Slip
        `made` gets the median, or the number that was given in its place.
    """

    name: str
    what: str
    accept: Callable[[Context], Between]
    reference: Callable[[Context], float]
    think: str
    plausible: tuple[float, float]
    at_least: int = 10
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        median, found = median_of(variable(got, self.name), self.name, self.what, self.at_least)
        # Before the complaint that it is neither whole nor half, as a ratio in place of a count is a slip.
        if verdict := explained(found, median, self.slips, context):
            return verdict
        if self.accept(context).contains(whole_or_half(median, found)):
            return passed(f"{found}: accepted.")
        return failed(f"{found}: outside the tolerance. {self.think}")

    def examples(self, context: Context) -> Iterator[Example]:
        band = self.accept(context)
        low, high = float(np.asarray(band.low)), float(np.asarray(band.high))
        right = self.reference(context)
        below, above = int(np.floor(low)) - 1, int(np.ceil(high)) + 1
        cases: list[tuple[str, Any, bool, str | None]] = [
            ("right", right, True, None),
            ("at the lower edge", low, True, None),
            ("at the upper edge", high, True, None),
            ("whole or half but for rounding", high * (1 - 1e-16), True, None),
            ("each count", [int(right) + step for step in (-1, 0, 0, 0, 1)] * 2, True, None),
            ("some counts far off", [int(np.ceil(low))] * 6 + [0, 1, 40, 41], True, None),
            ("below the lower edge", low - 0.5, False, None),
            ("above the upper edge", high + 0.5, False, None),
            ("each count below", [below] * 10, False, None),
            ("each count above", [above] * 10, False, None),
            ("neither whole nor half", low + 0.3, False, "form"),
            ("too few", [int(np.ceil(low))] * (self.at_least - 1), False, "form"),
            ("a count that is not whole", [int(np.ceil(low))] * 9 + [low + 0.3], False, "form"),
            *((f"slip: {slip.name}", slip.example(context), False, slip.name) for slip in self.slips),
        ]
        for label, value, passes, mistake in cases:
            yield Example(label, {f"variable:{self.name}": encode(value)}, passes, mistake)

    def form(self) -> dict[str, Any]:
        return {
            "kind": "typical",
            "name": self.name,
            "what": self.what,
            "at_least": self.at_least,
            "plausible": list(self.plausible),
        }

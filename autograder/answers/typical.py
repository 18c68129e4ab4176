"""A count that chance makes different each time: what was counted in each of many runs, or their median."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.answers.count import whole
from autograder.answers.reading import Unreadable, describe, lone, number, series, show, variable
from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Request, Variable
from autograder.tolerance import Between
from neurodynex.answer_data.encode import encode


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
        value = lone(variable(got, self.name))
        if isinstance(value, (list, tuple, np.ndarray)) and np.size(np.asarray(value, dtype=object)) > 1:
            counts = self._counts(value)
            median = float(np.median(counts))
            found = f"the median of `{self.name}`, {counts.size} counts, is {show(median)}"
        elif isinstance(value, (dict, set, frozenset)):
            raise Unreadable(
                f"`{self.name}` is {describe(value)}; the question asks for a list with a count for each {self.what}, or for "
                "their median."
            )
        else:
            median = number(value, self.name, "")
            found = f"`{self.name}` = {show(median)}"
        # Before the complaint that it is neither whole nor half, as a ratio in place of a count is a slip.
        if verdict := explained(found, median, self.slips, context):
            return verdict
        if abs(2 * median - round(2 * median)) > 1e-9 * max(1.0, abs(median)):
            raise Unreadable(
                f"{found}, which is neither whole nor half. A median of counts is one or the other; a mean is not what is asked for."
            )
        if self.accept(context).contains(round(2 * median) / 2):
            return passed(f"{found}: accepted.")
        return failed(f"{found}: outside the tolerance. {self.think}")

    def _counts(self, value: Any) -> NDArray[np.float64]:
        counts = series(value, self.name, "")
        if counts.size < self.at_least:
            raise Unreadable(
                f"`{self.name}` holds {counts.size} counts; the question asks for {self.at_least} or more, one for each {self.what}, "
                "or for their median."
            )
        return np.array([whole(float(count), f"{self.name}[{at}]") for at, count in enumerate(counts)], float)

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
        return {"kind": "typical", "name": self.name, "at_least": self.at_least, "plausible": list(self.plausible)}

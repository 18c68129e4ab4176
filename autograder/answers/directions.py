"""A function of the student's that learns a direction, in which there is chance, called again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.answers.angles import HALF_TURN, Array
from autograder.answers.function import Function
from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed, slip_name
from autograder.sandbox import Request
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import show

Inputs = Sequence[tuple[Any, ...]]

# A direction that was learned from random points is never that near to a closed form [deg]: it scatters by a tenth of a degree
# or more, so that six of them are all that near once in 10^30 times.
COMPUTED = 1e-6


@dataclass(frozen=True)
class LearnedDirection:
    """A function that returns the direction [deg] of what it has learned; half turns make no difference.

    Attributes
    ----------
    name : str
    inputs : callable
        Called with the context; returns the hidden argument tuples.
    expected, margins : callable
        Called with the inputs; return the right directions, and how far off each may be [deg].
    closed_forms : callable
        Called with the inputs; returns directions that can be computed from the arguments without learning, shape (forms, n).
    call : str
        How the call looks to the student, with a `{}` for each argument.
    repeats : int
        How often the inputs are gone through.
    misses : int
        How many of all calls may miss by chance; a value that is kept from one round to the next is one call.
    slips : tuple of Slip
        `made` gets what was returned, shape (repeats, n).
    """

    name: str
    inputs: Callable[[Context], Inputs]
    expected: Callable[[Inputs], Array]
    margins: Callable[[Inputs], Array]
    closed_forms: Callable[[Inputs], Array]
    call: str
    think: str
    repeats: int = 3
    misses: int = 1
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return self.reader().requests(context)

    def reader(self) -> Function:
        """Return the reader of what the function returned."""
        others = self.call.count("{}") - 1
        return Function(
            self.name,
            "degrees",
            inputs=self.inputs,
            accept=lambda inputs, c: [],
            call=self.call.replace("{}", "…", others),
            think=self.think,
            repeats=self.repeats,
        )

    def judge(self, got: Got, context: Context) -> Verdict:
        inputs = self.inputs(context)
        found = np.array(self.reader().rounds(got, inputs))
        off = np.array([[abs(turned(v - e)) for v, e in zip(row, self.expected(inputs), strict=True)] for row in found])
        right = off <= self.margins(inputs) * (1 + 1e-9)
        # Without learning, whatever chance would do: this comes before a count of misses.
        if (np.abs(turned(found[:, None] - self.closed_forms(inputs))) <= COMPUTED).all(axis=(0, 2)).any():
            return failed(
                f"`{self.name}` returns a direction that is computed from its arguments, exactly. A weight that is learned from "
                "random points scatters: make a cloud, let the rule learn, and return the direction of the last weight.",
                "nothing learned",
            )
        by_chance = self._misses(found, right) <= self.misses
        # A function that keeps its values misses each time that it is called: once, if no slip explains where.
        kept = by_chance and (~right).sum() > self.misses
        if by_chance and not (kept and slip_name(found, self.slips, context)):
            return passed(
                f"`{self.name}` was called {right.size} times, at {len(inputs)} inputs of our own choice: accepted."
            )
        if verdict := explained(f"`{self.name}`", found, self.slips, context):
            return verdict
        if self.repeats > 1 and np.mean(np.abs(turned(found - found[:1]))[1:] > 10) > 0.5:
            return failed(
                f"`{self.name}` returns another direction each time that it is called with the same arguments. Does it take the last "
                "weight, after the rule has gone over enough points to settle?",
                "not settled",
            )
        at = int(np.argmin(right.all(axis=0)))
        worst = found[int(np.argmax(off[:, at])), at]
        shown = self.call.format(*(f"{value:.4g}" for value in inputs[at]))
        return failed(
            f"`{shown}` gave {show(worst, 'degrees')}, which is outside the tolerance ({int((~right).sum())} of {right.size} "
            f"calls). {self.think}"
        )

    def _misses(self, found: Array, right: NDArray[np.bool_]) -> int:
        """Count the misses; the same value in each round, as from a cache or a fixed seed, is one run and counts once."""
        same = (found == found[:1]).all(axis=0)
        return int(np.where(same, ~right[0], (~right).sum(axis=0)).sum())

    def examples(self, context: Context) -> Iterator[Example]:
        inputs = self.inputs(context)
        expected, margins = self.expected(inputs), self.margins(inputs)
        learned = np.tile(expected + 0.1, (self.repeats, 1))
        once, twice, kept = learned.copy(), learned.copy(), learned.copy()
        once[0, 0] += 40.0
        twice[:2, 0] += 40.0
        kept[:, 0] += 40.0
        cases: list[tuple[str, Array, bool, str | None]] = [
            ("right", learned, True, None),
            ("right, on any branch", learned + HALF_TURN * np.resize([0, 1, -1, 3], learned.shape), True, None),
            ("at the lower edges", np.tile(expected - margins, (self.repeats, 1)), True, None),
            ("at the upper edges", np.tile(expected + margins, (self.repeats, 1)), True, None),
            ("beyond the upper edges", np.tile(expected + 1.001 * margins, (self.repeats, 1)), False, None),
            ("one miss", once, True, None),
            ("two misses", twice, False, None),
            ("one miss that is kept", kept, True, None),
            ("computed", np.tile(self.closed_forms(inputs)[0], (self.repeats, 1)), False, "nothing learned"),
            *((f"slip: {slip.name}", slip.example(context), False, slip.name) for slip in self.slips),
        ]
        for label, values, passes, mistake in cases:
            rounds = [[encode(float(value)) for value in row] for row in values]
            yield Example(label, {f"call:{self.name}": {"calls": rounds}}, passes, mistake)

    def form(self) -> dict[str, Any]:
        return {**self.reader().form(), "call": self.call.replace("{}", "…")}


def nearly_all(found: Array, expected: Array, margins: Array, misses: int = 1) -> bool:
    """Tell whether all directions but so many are within the margins of the expected ones."""
    with np.errstate(invalid="ignore"):
        near = np.abs(turned(found - expected)) <= margins
    return bool((~near).sum() <= misses)


def turned(angle: Any) -> Any:
    """Return angles as what they differ from the nearest half turn."""
    return angle - HALF_TURN * np.round(angle / HALF_TURN)

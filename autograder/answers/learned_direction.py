"""A function of the student's that learns a direction, in which there is chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.answers.function_answer import FunctionAnswer, Inputs
from autograder.course import Context
from autograder.facts import Facts
from autograder.facts import format_number as short
from autograder.question import Case, Got, Verdict, failed, passed, slip_name
from autograder.sandbox import Argument
from autograder.tolerance import HALF_TURN, Array
from neurodynex.answer_data.reading import number, show

# A direction that was learned from random points is never that near to a closed form [deg]: it scatters by a tenth of a degree
# or more, so that six of them are all that near once in 10^30 times.
COMPUTED = 1e-6


@dataclass(frozen=True, kw_only=True)
class LearnedDirection(FunctionAnswer):
    """A function that returns the direction [deg] of what it has learned; half turns make no difference.

    Attributes
    ----------
    expected, margins : callable
        Called with the context and the inputs; return the right directions, and how far off each may be [deg].
    closed_forms : callable
        Called with the context and the inputs; returns directions that can be computed from the arguments without learning,
        shape (forms, n).
    misses : int
        How many of all calls may miss by chance; a value that is kept from one round to the next is one call.
    slips : tuple of Slip
        `made` gets what was returned, shape (repeats, n).
    """

    expected: Callable[[Context, Inputs], Array]
    margins: Callable[[Context, Inputs], Array]
    closed_forms: Callable[[Context, Inputs], Array]
    unit: str = "degrees"
    repeats: int = 3
    misses: int = 1

    def asked(self, expected: Any) -> str:
        return f"one number in {self.unit}"

    def read(self, value: Any, arguments: tuple[Argument, ...], expected: Any) -> float:
        return number(value, self.shown(arguments).strip("`"), self.unit)

    def judge(self, context: Context, got: Got) -> Verdict:
        inputs = self.inputs(context)
        found = np.array(self.rounds(got, inputs))
        off = np.abs(turned(found - self.expected(context, inputs)))
        right = off <= self.margins(context, inputs) * (1 + 1e-9)
        # Without learning, whatever chance would do: this comes before a count of misses.
        if (np.abs(turned(found[:, None] - self.closed_forms(context, inputs))) <= COMPUTED).all(axis=(0, 2)).any():
            return failed(
                f"`{self.name}` returns a direction that is computed from its arguments, exactly. A weight that is learned from "
                "random points scatters: make a cloud, let the rule learn, and return the direction of the last weight.",
                "nothing learned",
            )
        by_chance = self._misses(found, right) <= self.misses
        # A function that keeps its values misses each time that it is called: once, if no slip explains where.
        kept = by_chance and (~right).sum() > self.misses
        if by_chance and not (kept and slip_name(context, found, self.slips)):
            return passed(
                f"`{self.name}` was called {right.size} times, at {len(inputs)} inputs of our own choice: accepted."
            )
        name = slip_name(context, found, self.slips)
        if not name and self.repeats > 1 and np.mean(np.abs(turned(found - found[:1]))[1:] > 10) > 0.5:
            return failed(
                f"`{self.name}` returns another direction each time that it is called with the same arguments. Does it take the last "
                "weight, after the rule has gone over enough points to settle?",
                "not settled",
            )
        at = int(np.argmin(right.all(axis=0)))
        worst = found[int(np.argmax(off[:, at])), at]
        problem = (
            f"{self.shown(inputs[at])} gave {show(worst, self.unit)}, which is outside the tolerance ({int((~right).sum())} of "
            f"{right.size} calls)."
        )
        return self.refused(context, f"`{self.name}`", found, problem)

    def _misses(self, found: Array, right: NDArray[np.bool_]) -> int:
        """Count the misses; the same value in each round, as from a cache or a fixed seed, is one run and counts once."""
        same = (found == found[:1]).all(axis=0)
        return int(np.where(same, ~right[0], (~right).sum(axis=0)).sum())

    def cases(self, context: Context) -> Iterator[Case]:
        inputs = self.inputs(context)
        expected, margins = self.expected(context, inputs), self.margins(context, inputs)
        learned = np.tile(expected + 0.1, (self.repeats, 1))
        once, twice, kept = learned.copy(), learned.copy(), learned.copy()
        once[0, 0] += 40.0
        twice[:2, 0] += 40.0
        kept[:, 0] += 40.0
        yield Case("right", learned, True)
        yield Case("right, on any branch", learned + HALF_TURN * np.resize([0, 1, -1, 3], learned.shape), True)
        yield Case("at the lower edges", np.tile(expected - margins, (self.repeats, 1)), True)
        yield Case("at the upper edges", np.tile(expected + margins, (self.repeats, 1)), True)
        yield Case("beyond the upper edges", np.tile(expected + 1.001 * margins, (self.repeats, 1)))
        yield Case("one miss", once, True)
        yield Case("two misses", twice)
        yield Case("one miss that is kept", kept, True)
        computed = np.tile(self.closed_forms(context, inputs)[0], (self.repeats, 1))
        yield Case("computed", computed, mistake="nothing learned")

    def encoded(self, value: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """Return the answers of a student whose function returns these directions, of shape (repeats, n)."""
        return self.encoded_rounds(value)

    def facts(self, context: Context) -> Facts:
        inputs = self.inputs(context)
        pairs = zip(self.expected(context, inputs), self.margins(context, inputs), strict=True)
        rows = [(f"{short(right)} ± {short(margin)}",) for right, margin in pairs]
        accepted = (
            f"the bands below; each input is tried {self.repeats} times, and {self.misses} of all runs may miss; what is computed "
            "from the arguments, exactly, is refused"
        )
        table = self.table(context, ("accepted (degrees, modulo 180)",), rows)
        return Facts("a function (degrees)", "as below", accepted, table)


def nearly_all(found: Array, expected: Array, margins: Array, misses: int = 1) -> bool:
    """Tell whether all directions but so many are within the margins of the expected ones."""
    with np.errstate(invalid="ignore"):
        near = np.abs(turned(found - expected)) <= margins
    return bool((~near).sum() <= misses)


def turned(angle: Any) -> Any:
    """Return angles as what they differ from the nearest half turn."""
    return angle - HALF_TURN * np.round(angle / HALF_TURN)

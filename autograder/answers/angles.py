"""Directions of an axis, in degrees, where a half turn makes no difference; and a number for each of several runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Request, Variable
from autograder.tolerance import Between
from neurodynex.answer_data.columns import one_or_each, runs
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import show, variable

Array = NDArray[np.float64]
HALF_TURN = 180.0
# Ten angles that are computed are all that round once in 10^40 times.
DECIMALS = 4
# Degrees: an angle counted on from another turn is as right; beyond two turns the numbers are no angles in degrees any more.
FARTHEST = 720.0


@dataclass(frozen=True)
class Axis(Between):
    """A closed interval of angles [deg] that holds an angle if it holds one that differs from it by half turns.

    `Value` and `Function` take it in place of a `Between`.
    """

    def contains(self, value: ArrayLike) -> NDArray[np.bool_]:
        """Tell for each element of `value` whether it lies inside; NaN and infinity never do."""
        middle = (np.asarray(self.low, float) + np.asarray(self.high, float)) / 2
        angle = np.asarray(value, float)
        with np.errstate(invalid="ignore"):
            return super().contains(angle - HALF_TURN * np.round((angle - middle) / HALF_TURN))


def about(angle: ArrayLike, margin: float) -> Axis:
    """Accept the directions that are as near to `angle` as `margin` [deg], modulo a half turn."""
    middle = np.asarray(angle, float)
    return Axis(middle - margin, middle + margin)


def axial_resultant(angles: ArrayLike) -> float:
    """Return how alike directions are: 1 if all lie on one axis, about 0 if they are spread evenly.

    The length of the mean of exp(2 i angle); doubling makes a half turn a whole one (Mardia & Jupp, *Directional
    Statistics*, 2000, chapter 1).
    """
    return float(np.abs(np.exp(2j * np.radians(np.asarray(angles, float))).mean()))


@dataclass(frozen=True)
class SpreadAngles:
    """An array of angles [deg], one for each run, that must be spread over all directions.

    Attributes
    ----------
    name : str
    at_least : int
        The smallest number of runs.
    resultant : float
        Angles whose axial resultant is larger are too much alike.
    think : str
        What to think about next, where no slip explains the angles.
    """

    name: str
    think: str
    at_least: int = 10
    resultant: float = 0.8
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        angles = runs(variable(got, self.name), self.name, "degrees", self.at_least)
        if (np.abs(angles - np.round(angles, DECIMALS)) < 1e-9).all():
            return failed(
                f"`{self.name}`: all of these {angles.size} angles are round numbers, as no run of the rule gives them. Put the angles "
                "there as they are computed from the last weights, without rounding.",
                "not computed",
            )
        if (largest := float(np.abs(angles).max())) > FARTHEST:
            return failed(
                f"`{self.name}`: one of these {angles.size} angles is {show(largest, 'degrees')}, more than two full turns. Was an angle in "
                "degrees multiplied once more?",
                "more than two turns",
            )
        if axial_resultant(angles) <= self.resultant:
            return passed(f"`{self.name}`: {angles.size} directions, well spread: accepted.")
        return explained(f"`{self.name}`", angles, self.slips, context) or failed(
            f"`{self.name}`: the {angles.size} directions are nearly the same. {self.think}"
        )

    def examples(self, context: Context) -> Iterator[Example]:
        alternating = np.tile([-1.0, 1.0], self.at_least // 2)
        edge = float(np.degrees(np.arccos(self.resultant)) / 2)  # the resultant of +-a is cos(2 a)
        cases: list[tuple[str, Array, bool, str | None]] = [
            ("right", np.linspace(0.0, 360.0, self.at_least, endpoint=False) + 1 / 7, True, None),
            ("typed", np.linspace(0.0, 360.0, self.at_least, endpoint=False), False, "not computed"),
            ("in another unit", 1e3 * np.linspace(0.0, 360.0, self.at_least) + 1 / 7, False, "more than two turns"),
            ("within the edge", (edge + 1e-3) * alternating, True, None),
            ("beyond the edge", (edge - 1e-3) * alternating, False, None),
            ("one axis", 30.0 + 1 / 7 + 90.0 * (alternating + 1), False, None),
            ("too few", np.linspace(0.0, 180.0, self.at_least - 1) + 1 / 7, False, "form"),
            *((f"slip: {slip.name}", slip.example(context), False, slip.name) for slip in self.slips),
        ]
        for label, angles, passes, mistake in cases:
            yield Example(label, {f"variable:{self.name}": encode(angles)}, passes, mistake)

    def form(self) -> dict[str, Any]:
        return {"kind": "numbers", "name": self.name, "unit": "degrees", "at_least": self.at_least}


@dataclass(frozen=True)
class OneOrEach:
    """One number, or one for each run; all of them must be right.

    Attributes
    ----------
    name, unit : str
    accept : callable
        Called with the context; returns what is accepted.
    reference : callable
        Called with the context; returns the expected number.
    runs : str
        Name of the variable with an element for each run.
    """

    name: str
    unit: str
    runs: str
    accept: Callable[[Context], Between]
    reference: Callable[[Context], float]
    think: str
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name), Variable(self.runs))

    def judge(self, got: Got, context: Context) -> Verdict:
        values = one_or_each(got, self.name, self.unit, self.runs)
        right = self.accept(context).contains(values)
        if right.all():
            return passed(f"`{self.name}`, {values.size} of it: accepted.")
        first = show(float(values[int(np.argmin(right))]), self.unit)
        return failed(
            f"`{self.name}`: {int((~right).sum())} of {values.size} are outside the tolerance, the first is {first}. {self.think}"
        )

    def examples(self, context: Context) -> Iterator[Example]:
        band, right = self.accept(context), self.reference(context)
        low, high = float(np.asarray(band.low)), float(np.asarray(band.high))
        cases: list[tuple[str, Any, bool, str | None]] = [
            ("right", right, True, None),
            ("right, one for each run", [right] * 10, True, None),
            ("at the edges", [low, high] * 5, True, None),
            ("below the lower edge", low - 1e-6, False, None),
            ("one above the upper edge", [right] * 9 + [high + 1e-6], False, None),
            ("another number than of runs", [right] * 9, False, "form"),
            ("none", [], False, "form"),
        ]
        for label, values, passes, mistake in cases:
            answers = {f"variable:{self.name}": encode(values), f"variable:{self.runs}": encode([0.0] * 10)}
            yield Example(label, answers, passes, mistake)

    def form(self) -> dict[str, Any]:
        return {"kind": "one_or_each", "name": self.name, "unit": self.unit, "runs": self.runs}

"""Directions of an axis, in degrees, that must not be alike; a half turn makes no difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts
from autograder.facts import format_number as short
from autograder.question import Case, Got, Verdict, failed, passed
from neurodynex.answer_data.columns import runs
from neurodynex.answer_data.reading import show

# Ten angles that are computed are all that round once in 10^40 times.
DECIMALS = 4
# Degrees: an angle counted on from another turn is as right; beyond two turns the numbers are no angles in degrees any more.
FARTHEST = 720.0


def axial_resultant(angles: ArrayLike) -> float:
    """Return how alike directions are: 1 if all lie on one axis, about 0 if they are spread evenly.

    The length of the mean of exp(2 i angle); doubling makes a half turn a whole one (Mardia & Jupp, *Directional
    Statistics*, 2000, chapter 1).
    """
    return float(np.abs(np.exp(2j * np.radians(np.asarray(angles, float))).mean()))


@dataclass(frozen=True, kw_only=True)
class SpreadAngles(VariableAnswer):
    """An array of angles [deg], one for each run, that must be spread over all directions.

    Attributes
    ----------
    at_least : int
        The smallest number of runs.
    resultant : float
        Angles whose axial resultant is larger are too much alike.
    slips : tuple of Slip
        `made` gets the angles as an array.
    """

    unit: str = "degrees"
    at_least: int = 10
    resultant: float = 0.8

    def judge(self, context: Context, got: Got) -> Verdict:
        angles = runs(self.value(got), self.name, self.unit, self.at_least)
        if (np.abs(angles - np.round(angles, DECIMALS)) < 1e-9).all():
            return failed(
                f"`{self.name}`: all of these {angles.size} angles are round numbers, as no run of the rule gives them. Put the angles "
                "there as they are computed from the last weights, without rounding.",
                "not computed",
            )
        if (largest := float(np.abs(angles).max())) > FARTHEST:
            return failed(
                f"`{self.name}`: one of these {angles.size} angles is {show(largest, self.unit)}, more than two full turns. Was an angle in "
                "degrees multiplied once more?",
                "more than two turns",
            )
        if axial_resultant(angles) <= self.resultant:
            return passed(f"`{self.name}`: {angles.size} directions, well spread: accepted.")
        alike = f"`{self.name}`: the {angles.size} directions are nearly the same."
        return self.refused(context, f"`{self.name}`", angles, alike)

    def cases(self, context: Context) -> Iterator[Case]:
        around = np.linspace(0.0, 360.0, self.at_least, endpoint=False)
        alternating = np.tile([-1.0, 1.0], self.at_least // 2)
        edge = float(np.degrees(np.arccos(self.resultant)) / 2)  # the resultant of +-a is cos(2 a)
        yield Case("right", around + 1 / 7, True)
        yield Case("typed", around, mistake="not computed")
        yield Case(
            "in another unit", 1e3 * np.linspace(0.0, 360.0, self.at_least) + 1 / 7, mistake="more than two turns"
        )
        yield Case("within the edge", (edge + 1e-3) * alternating, True)
        yield Case("beyond the edge", (edge - 1e-3) * alternating)
        yield Case("one axis", 30.0 + 1 / 7 + 90.0 * (alternating + 1))
        yield Case("too few", np.linspace(0.0, 180.0, self.at_least - 1) + 1 / 7, mistake="form")

    def facts(self, context: Context) -> Facts:
        return Facts(
            f"an array of {self.at_least} angles or more (degrees)",
            "directions that are spread over the half turn",
            f"an axial resultant of up to {short(self.resultant)} (1: all on one axis; about 0: spread evenly)",
        )

    def form(self) -> dict[str, Any]:
        return {"kind": "numbers", "name": self.name, "unit": self.unit, "at_least": self.at_least}

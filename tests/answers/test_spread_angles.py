"""Directions that must not be alike."""

import numpy as np
import pytest

from autograder.answers import SpreadAngles
from autograder.answers.spread_angles import axial_resultant
from autograder.question import Slip
from tests.answers import CONTEXT, outcome, proves_itself

ANGLES = SpreadAngles(
    name="final_angles",
    slips=(
        Slip(
            name="radians",
            made=lambda c, angles: bool(np.abs(angles).max() <= 2 * np.pi),
            message="These look like radians.",
            example=lambda c: np.linspace(-3, 3, 10) + 1e-3 / 7,
        ),
    ),
    think="Does each run start from another weight?",
)
SPREAD = np.linspace(0, 180, 10, endpoint=False) + 1 / 7


def test_its_examples_come_out_as_they_say():
    assert proves_itself(ANGLES)


@pytest.mark.parametrize(
    ("angles", "expected"),
    [
        (SPREAD, "passed"),
        (SPREAD + 360, "passed"),
        (SPREAD - 540, "passed"),
        (SPREAD + 720, "more than two turns"),
        (np.round(SPREAD, 2), "not computed"),
        (np.radians(SPREAD), "radians"),
        (SPREAD / 100 + 40, "failed"),
        (SPREAD[:9], "form"),
        (45.0, "form"),
    ],
    ids=str,
)
def test_angles_are_judged(angles, expected):
    assert outcome(ANGLES, angles) == expected


def test_an_axial_resultant_counts_opposite_directions_as_one():
    assert axial_resultant([30, 210, -150]) == pytest.approx(1)
    assert axial_resultant([0, 45, 90, 135]) == pytest.approx(0, abs=1e-12)


def test_the_key_says_how_alike_they_may_be():
    assert ANGLES.facts(CONTEXT).accepted.startswith("an axial resultant of up to 0.8")

"""A function that learns a direction, in which there is chance."""

import numpy as np
import pytest

from autograder.answers import LearnedDirection
from autograder.answers.learned_direction import nearly_all, turned
from autograder.question import Slip
from tests.answers import CONTEXT, outcome, proves_itself

ANGLES = np.array([20.0, 70.0, 130.0])
MARGINS = np.full(3, 5.0)
LEARNED = LearnedDirection(
    name="learned_angle",
    inputs=lambda c: [(angle,) for angle in ANGLES.tolist()],
    call="learned_angle({})",
    expected=lambda c, inputs: ANGLES,
    margins=lambda c, inputs: MARGINS,
    closed_forms=lambda c, inputs: ANGLES[None],
    slips=(
        Slip(
            name="short axis",
            made=lambda c, found: nearly_all(found - 90, ANGLES, MARGINS),
            message="This is the other axis.",
            example=lambda c: np.tile(ANGLES + 90.1, (3, 1)),
        ),
    ),
    think="Plot the weight.",
)
RIGHT = np.array([ANGLES + shift for shift in (0.3, -0.2, 180.1)])
MISSED = RIGHT + 40.0 * (np.arange(9).reshape(3, 3) == 4)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(LEARNED)


@pytest.mark.parametrize(
    ("directions", "expected"),
    [
        (RIGHT, "passed"),
        (MISSED, "passed"),
        (MISSED + 40.0 * (np.arange(9).reshape(3, 3) == 8), "failed"),
        (np.tile(RIGHT[0] + [40.0, 0, 0], (3, 1)), "passed"),
        (np.tile(ANGLES, (3, 1)), "nothing learned"),
        (RIGHT + 90, "short axis"),
        (np.array([[3.0, 50.0, 99.0], [120.0, 170.0, 33.0], [60.0, 11.0, 160.0]]), "not settled"),
        (np.full((3, 3), np.nan), "form"),
    ],
    ids=["right", "one miss", "two misses", "a miss that is kept", "computed", "short axis", "chance", "NaN"],
)
def test_what_it_returns_is_judged(directions, expected):
    assert outcome(LEARNED, directions) == expected


def test_angles_are_taken_to_the_nearest_half_turn():
    assert turned(np.array([181.0, -179.0, 359.0, 89.0])).tolist() == [1.0, 1.0, -1.0, 89.0]


def test_the_key_has_a_row_for_each_hidden_input():
    assert LEARNED.facts(CONTEXT).table.rows[0] == ("20", "20 ± 5")
    assert LEARNED.form() == {
        "kind": "function",
        "name": "learned_angle",
        "unit": "degrees",
        "call": "learned_angle(…)",
    }

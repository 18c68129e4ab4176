"""One number."""

import brian2 as b2
import pytest

from autograder.answers import Value
from autograder.slips import factor, near, other_units, span
from autograder.tolerance import Axis, Between
from tests.answers import CONTEXT, judged, outcome, proves_itself

BAND = Between(0.995, 1.02)
CURRENT = Value(
    name="I_min",
    unit="nA",
    accept=lambda c: BAND,
    expected=lambda c: 1.0,
    plausible=(0.001, 100),
    simulated=(0.01, 0.05),
    slips=(
        *other_units("nA", lambda c: BAND),
        near("zero", value=lambda c: 0.0, margin=1e-12, message="The neuron rests."),
        factor("twice", k=2, accept=lambda c: BAND, message="This is twice as much."),
        span("no spike", low=0.5, high=0.99, message="There is no spike.", example=0.7),
    ),
    think="Plot the voltage.",
)
DIRECTION = Value(
    name="angle",
    unit="degrees",
    accept=lambda c: Axis(40, 50),
    expected=lambda c: 45.0,
    plausible=(0, 360),
    think="Plot the weight.",
)


@pytest.mark.parametrize("answer", [CURRENT, DIRECTION], ids=lambda answer: answer.name)
def test_its_examples_come_out_as_they_say(answer):
    assert proves_itself(answer)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, "passed"),
        ([1.0], "passed"),
        (0.995, "passed"),
        (1.02, "passed"),
        (1.01 * b2.nA, "passed"),
        (1010 * b2.pA, "passed"),
        (0.994, "failed"),
        (1.021, "failed"),
        (1.01e-9, "A"),
        (1010, "pA"),
        (1010 * b2.nA, "uA"),
        (0, "zero"),
        (2.02, "twice"),
        (0.9, "no spike"),
        ("1.01", "form"),
        (None, "form"),
        (1.01 * b2.mV, "form"),
    ],
    ids=str,
)
def test_a_number_is_judged(value, expected):
    assert outcome(CURRENT, value) == expected


@pytest.mark.parametrize(("angle", "expected"), [(225, "passed"), (-135, "passed"), (50, "passed"), (51, "failed")])
def test_half_turns_make_no_difference_to_a_direction(angle, expected):
    assert outcome(DIRECTION, angle) == expected


def test_a_refusal_says_what_was_found_and_what_to_think_about():
    assert judged(CURRENT, 1.5).message == "`I_min` = 1.5 nA is outside the tolerance. Plot the voltage."


def test_the_self_check_knows_no_expected_value():
    assert CURRENT.form() == {
        "kind": "value",
        "name": "I_min",
        "unit": "nA",
        "plausible": [0.001, 100],
        "simulated": [0.01, 0.05],
    }


def test_the_key_shows_a_number_line_and_its_band_stays_secret():
    facts = CURRENT.facts(CONTEXT)
    assert (facts.expected, facts.accepted) == ("1 nA", "0.995 to 1.02 nA")
    assert (facts.line.low, facts.line.high) == (0.995, 1.02)
    assert CURRENT.undisclosed(CONTEXT) == (BAND,)

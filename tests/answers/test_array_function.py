"""A function that returns an array."""

import numpy as np
import pytest

from autograder.answers import ArrayFunction
from autograder.question import Slip
from autograder.tolerance import about, within
from tests.answers import CONTEXT, judged_as, outcome, proves_itself

INPUTS = [(np.array([1.0, 2.0]), 2.0), (np.array([3.0, 4.0]), 0.5)]
STEP = ArrayFunction(
    name="step",
    inputs=lambda c: INPUTS,
    call="step(x, beta)",
    expected=lambda c, x, beta: beta * x,
    accept=lambda c, right: within(right, absolute=0.01),
    slips=(
        Slip(
            name="no beta",
            made=lambda c, found: all(np.allclose(f, x) for f, (x, _) in zip(found, INPUTS, strict=True)),
            message="beta makes no difference.",
            example=lambda c: [x for x, _ in INPUTS],
        ),
    ),
    think="Compare one element.",
)
AXIS = ArrayFunction(
    name="learn",
    inputs=lambda c: [(np.eye(2),)],
    call="learn(cloud)",
    expected=lambda c, cloud: np.array([1.0, 0.0]),
    measure=lambda weight: np.array([np.degrees(np.arctan2(*weight[::-1]))]) if np.hypot(*weight) > 0.1 else None,
    unmeasure=lambda angle: np.append(np.cos(np.radians(angle)), np.sin(np.radians(angle))),
    accept=lambda c, axis: about(axis, 5.0),
    repeats=2,
    think="Plot the weight.",
)


@pytest.mark.parametrize("answer", [STEP, AXIS], ids=lambda answer: answer.name)
def test_its_examples_come_out_as_they_say(answer):
    assert proves_itself(answer)


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ([[2.0, 4.0], [1.5, 2.0]], "passed"),
        ([np.array([[2.01], [4.0]]), (1.5, 1.99)], "passed"),
        ([[2.0, 4.02], [1.5, 2.0]], "failed"),
        ([[1.0, 2.0], [3.0, 4.0]], "no beta"),
        ([[2.0, 4.0, 6.0], [1.5, 2.0]], "form"),
        ([[2.0, 4.0], 1.5], "form"),
        ([[2.0, 4.0], [1.5, "2"]], "form"),
    ],
    ids=str,
)
def test_what_it_returns_is_judged(arrays, expected):
    assert outcome(STEP, arrays) == expected


@pytest.mark.parametrize(
    ("weight", "expected"),
    [([-1.0, 0.05], "passed"), ([2.0, 0.0], "passed"), ([1.0, 0.1], "failed"), ([0.01, 0.0], "failed")],
)
def test_what_is_measured_of_an_array_is_judged(weight, expected):
    assert outcome(AXIS, [weight]) == expected


def test_an_input_that_misses_may_be_right_in_the_second_round():
    assert judged_as(AXIS, AXIS.encoded_rounds([[[0.0, 1.0]], [[1.0, 0.0]]])).status == "passed"
    assert judged_as(AXIS, AXIS.encoded_rounds([[[0.0, 1.0]], [[1.0, 1.0]]])).status == "failed"


def test_the_key_shows_what_is_measured_and_its_margin():
    assert STEP.facts(CONTEXT).table.rows[1] == ("an array of shape (2,), 0.5", "[1.5, 2]", "± 0.01")
    assert STEP.form() == {"kind": "function", "name": "step", "call": "step(x, beta)"}

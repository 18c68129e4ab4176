"""A function that returns one number."""

import numpy as np
import pytest

from autograder.answers import Function
from autograder.question import Slip
from autograder.tolerance import Between
from tests.answers import CONTEXT, judged, judged_as, outcome, proves_itself

INPUTS = [(1.0,), (2.0,), (3.0,)]


def rates(context, inputs):
    """Accept ten times the input within one, or nothing anywhere."""
    middle = 10 * np.array(inputs, float)[:, 0]
    return [Between(middle - 1, middle + 1), Between(0 * middle, 0 * middle)]


RATE = Function(
    name="rate",
    unit="Hz",
    inputs=lambda c: INPUTS,
    call="rate({})",
    accept=rates,
    not_a_number="Return 0 there.",
    refusals=(("get_rate", "no attribute get_rate"),),
    slips=(
        Slip(
            name="kHz",
            made=lambda c, values: bool((np.abs(values) < 1).all()),
            message="These are kHz.",
            example=lambda c: np.array([0.01, 0.02, 0.03]),
        ),
        Slip(
            name="typed",
            made=lambda c, values: bool((values == [10, 20, 29]).all()),
            message="These are typed.",
            example=lambda c: np.array([10.0, 20, 29]),
            sure=True,
        ),
    ),
    think="Count the spikes.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(RATE)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([10, 20, 30], "passed"),
        ([9.0, 21.0, 30.0], "passed"),
        ([0, 20, 0], "passed"),
        ([8.9, 20, 30], "failed"),
        ([0.01, 0.02, 0.03], "kHz"),
        ([10.0, 20.0, 29.0], "typed"),
        ([10.0, float("nan"), 30.0], "form"),
        ([10.0, "20", 30.0], "form"),
    ],
    ids=str,
)
def test_what_it_returns_is_judged(values, expected):
    assert outcome(RATE, values) == expected


def test_a_refusal_shows_the_first_call_that_is_wrong():
    assert "`rate(2)` gave 25 Hz, which is outside the tolerance (2 of 3 inputs)." in judged(RATE, [10, 25, 99]).message


def test_a_nan_is_explained():
    assert judged(RATE, [10.0, float("nan"), 30.0]).message == "`rate(2)` gave NaN. Return 0 there."


def test_an_error_that_is_known_to_come_of_a_slip_names_it():
    error = {"error": {"type": "AttributeError", "message": "no attribute get_rate"}}
    assert judged_as(RATE, {"call:rate": {"calls": [[error] * 3]}}).mistake == "get_rate"


def test_more_rounds_than_are_asked_for_are_no_more_guesses():
    rounds = [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]
    assert judged_as(RATE, RATE.encoded_rounds(rounds)).status == "failed"


def test_the_key_has_a_row_for_each_hidden_input():
    table = RATE.facts(CONTEXT).table
    assert table.columns == ("hidden input of rate(…)", "accepted", "or")
    assert table.rows[1] == ("2", "19 to 21", "0")

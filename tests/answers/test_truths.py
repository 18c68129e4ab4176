"""A table of truth values."""

import numpy as np
import pytest

from autograder.answers import Truths
from autograder.question import Slip
from tests.answers import CONTEXT, outcome, proves_itself

REBOUND = Truths(
    name="rebound",
    unit="uA",
    keys=(-1.0, -5.0),
    expected=lambda c: {-1.0: False, -5.0: True},
    slips=(
        Slip(
            name="overshoot",
            made=lambda c, truths: all(truths.values()),
            message="One of them only swings.",
            example=lambda c: {-1.0: True, -5.0: True},
        ),
    ),
    think="Plot both.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(REBOUND)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({-1: False, -5: True}, "passed"),
        ({"-1": False, "-5": True}, "passed"),
        ({np.float64(-1): np.bool_(False), -5.0: 1}, "passed"),
        ({-1: True, -5: True}, "overshoot"),
        ({-1: True, -5: False}, "failed"),
        ({-1: False}, "form"),
        ({-1: False, -5: 0.5}, "form"),
        ([False, True], "form"),
    ],
    ids=str,
)
def test_a_table_is_judged(table, expected):
    assert outcome(REBOUND, table) == expected


def test_the_key_shows_the_table():
    assert REBOUND.facts(CONTEXT).expected == "{-1: False, -5: True}"
    assert REBOUND.form() == {"kind": "truths", "name": "rebound", "unit": "uA", "keys": [-1.0, -5.0]}

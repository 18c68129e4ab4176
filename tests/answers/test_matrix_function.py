"""A function that returns a matrix."""

import numpy as np
import pytest

from autograder.answers import MatrixFunction
from autograder.question import Slip
from tests.answers import CONTEXT, judged, outcome, proves_itself

INPUTS = [(1.0, 2.0), (3.0, 5.0)]


def jacobians(context, inputs):
    return np.array([[[u, -1.0], [w, 2.0]] for u, w in inputs])


JACOBIAN = MatrixFunction(
    name="jacobian",
    inputs=lambda c: INPUTS,
    call="jacobian({}, {})",
    expected=jacobians,
    absolute=1e-3,
    slips=(
        Slip(
            name="transposed",
            made=lambda c, found: bool(np.allclose(found.swapaxes(1, 2), jacobians(c, INPUTS))),
            message="Rows and columns are exchanged.",
            example=lambda c: jacobians(c, INPUTS).swapaxes(1, 2),
        ),
    ),
    think="Derive it again.",
)
RIGHT = [[[1, -1], [2, 2]], [[3, -1], [5, 2]]]


def test_its_examples_come_out_as_they_say():
    assert proves_itself(JACOBIAN)


@pytest.mark.parametrize(
    ("matrices", "expected"),
    [
        (RIGHT, "passed"),
        (list(np.array(RIGHT) + 1e-3), "passed"),
        (list(np.array(RIGHT) + 2e-3), "failed"),
        (list(np.array(RIGHT).swapaxes(1, 2)), "transposed"),
        ([RIGHT[0], [3, -1, 5, 2]], "form"),
        ([RIGHT[0], [[3, -1]]], "form"),
        ([RIGHT[0], "a matrix"], "form"),
    ],
    ids=str,
)
def test_what_it_returns_is_judged(matrices, expected):
    assert outcome(JACOBIAN, matrices) == expected


def test_a_refusal_shows_the_call_and_one_element():
    message = judged(JACOBIAN, [RIGHT[0], [[3, -1], [5, 7]]]).message
    assert message.startswith("`jacobian(3, 5)` gave [[3.0, -1.0], [5.0, 7.0]]") and "row 2, column 2" in message


def test_the_key_has_a_row_for_each_hidden_input():
    assert JACOBIAN.facts(CONTEXT).table.rows[0] == ("1, 2", "[[1, -1], [2, 2]]")
    assert JACOBIAN.form()["call"] == "jacobian(…, …)"

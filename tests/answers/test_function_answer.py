"""What is said of a function that cannot be compared, whatever it should return."""

import numpy as np
import pytest

from autograder.answers import ArrayFunction, Function, LearnedDirection, MatrixFunction
from autograder.tolerance import within
from neurodynex.answer_data.encode import encode
from tests.answers import judged_as

KINDS = {
    "one number in Hz": Function(
        name="f",
        unit="Hz",
        inputs=lambda c: [(1.0,), (2.0,)],
        call="f({})",
        accept=lambda c, inputs: [within(np.ones(len(inputs)))],
        think="Look.",
    ),
    "3 numbers for this input": ArrayFunction(
        name="f",
        inputs=lambda c: [(1.0,), (2.0,)],
        call="f({})",
        expected=lambda c, x: np.full(3, x),
        accept=lambda c, right: within(right),
        think="Look.",
    ),
    "1 rows of 2 numbers, such as [[a, b], [c, d]]": MatrixFunction(
        name="f",
        inputs=lambda c: [(1.0,), (2.0,)],
        call="f({})",
        expected=lambda c, inputs: np.ones((len(inputs), 1, 2)),
        think="Look.",
    ),
    "one number in degrees": LearnedDirection(
        name="f",
        inputs=lambda c: [(1.0,), (2.0,)],
        call="f({})",
        expected=lambda c, inputs: np.ones(len(inputs)),
        margins=lambda c, inputs: np.ones(len(inputs)),
        closed_forms=lambda c, inputs: np.zeros((1, len(inputs))),
        think="Look.",
    ),
}


@pytest.mark.parametrize("asked", KINDS)
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"null": None}, "`f(1)` returned None. Does every branch of `f` return a value?"),
        ({"error": {"type": "ValueError", "message": "boo"}}, "`f(1)` raised ValueError: boo"),
        (
            {"too_large": "array of shape (9000000,)"},
            "`f(1)` returned too much (array of shape (9000000,)); the question asks for ",
        ),
    ],
    ids=["None", "an error", "too much"],
)
def test_a_call_that_cannot_be_compared_is_explained_in_one_way(asked, value, message):
    part = judged_as(KINDS[asked], {"call:f": {"calls": [[value, value]]}})
    assert part.mistake == "form"
    assert part.message == (f"{message}{asked}." if message.endswith("asks for ") else message)


@pytest.mark.parametrize("asked", KINDS)
@pytest.mark.parametrize(
    ("answers", "status", "message"),
    [
        ({}, "not reached", "`f` is not defined"),
        ({"call:f": encode(3.0)}, "failed", "the question asks for a function"),
        ({"call:f": {"calls": []}}, "failed", "`f` was not called."),
        ({"call:f": {"calls": [[encode(1.0)]]}}, "failed", "`f` could not be called at all inputs."),
    ],
    ids=["undefined", "a number", "no round", "a short round"],
)
def test_a_function_that_was_not_called_is_explained_in_one_way(asked, answers, status, message):
    part = judged_as(KINDS[asked], answers)
    assert part.status == status and message in part.message


def test_what_is_right_is_computed_once_for_each_input_however_often_they_are_gone_through():
    computed = []
    answer = ArrayFunction(
        name="f",
        inputs=lambda c: [(1.0,), (2.0,)],
        call="f({})",
        expected=lambda c, x: computed.append(x) or np.full(3, x),
        accept=lambda c, right: within(right),
        repeats=2,
        think="Look.",
    )
    given = [[encode(np.full(3, x)) for x in (1.0, 2.0)]] * 2
    assert judged_as(answer, {"call:f": {"calls": given}}).status == "passed"
    assert computed == [1.0, 2.0]

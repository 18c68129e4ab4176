"""One number, or a number for each of several runs."""

import pytest

from autograder.answers import OneOrEach
from autograder.question import Slip
from autograder.tolerance import Between
from neurodynex.answer_data.encode import encode
from tests.answers import CONTEXT, judged_as, outcome, proves_itself

NORM = OneOrEach(
    name="norm",
    unit="",
    runs="angles",
    accept=lambda c: Between(0.98, 1.02),
    expected=lambda c: 1.0,
    slips=(
        Slip(
            name="large",
            made=lambda c, values: bool((values > 5).all()),
            message="Too large.",
            example=lambda c: 6.0,
        ),
    ),
    think="Take the last row.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(NORM)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, "passed"),
        (0.98, "passed"),
        ([1.0, 1.02] * 5, "passed"),
        ([1.0] * 9 + [1.03], "failed"),
        (0.97, "failed"),
        (6.0, "large"),
        ([1.0] * 9, "form"),
        ([], "form"),
        ("one", "form"),
    ],
    ids=str,
)
def test_one_number_or_one_for_each_run_is_judged(value, expected):
    assert outcome(NORM, value) == expected


def test_one_number_needs_no_runs_to_be_read():
    assert judged_as(NORM, {"variable:norm": encode(1.0)}).status == "passed"
    assert [request.key for request in NORM.decisive(CONTEXT)] == ["variable:norm"]

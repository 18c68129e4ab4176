"""A median of counts, or the counts themselves."""

import pytest

from autograder.answers import Typical
from autograder.slips import span
from autograder.tolerance import Between
from tests.answers import CONTEXT, outcome, proves_itself

CAPACITY = Typical(
    name="capacity",
    what="network",
    accept=lambda c: Between(3, 7.5),
    expected=lambda c: 5.0,
    plausible=(1, 16),
    slips=(span("one tested", low=8, high=40, message="Test all of them.", example=20.0),),
    think="Add one at a time.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(CAPACITY)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, "passed"),
        (7.5, "passed"),
        ([5] * 6 + [0, 1, 30, 40], "passed"),
        (2.5, "failed"),
        ([2] * 10, "failed"),
        (20, "one tested"),
        ([20] * 10, "one tested"),
        (5.3, "form"),
        ([5] * 9, "form"),
        ("five", "form"),
    ],
    ids=str,
)
def test_a_median_and_counts_are_judged(value, expected):
    assert outcome(CAPACITY, value) == expected


def test_the_key_shows_a_number_line():
    assert CAPACITY.facts(CONTEXT).accepted == "3 to 7.5"
    assert CAPACITY.form()["at_least"] == 10

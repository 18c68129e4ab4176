"""A dictionary of whole numbers."""

import pytest

from autograder.answers import Counts
from autograder.question import Slip
from autograder.tolerance import Between
from tests.answers import CONTEXT, judged, outcome, proves_itself

BANDS = {"abc": Between(3, 3), "abcdef": Between(1, 2)}
LETTERS = Counts(
    name="recalled",
    keys=tuple(BANDS),
    accept=lambda c, key: BANDS[key],
    expected=lambda c: {"abc": 3, "abcdef": 2},
    slips=(
        Slip(
            name="all",
            made=lambda c, counts: counts == {"abc": 3, "abcdef": 6},
            message="Some end with wrong pixels.",
            example=lambda c: {"abc": 3, "abcdef": 6},
        ),
    ),
    think="Count again.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(LETTERS)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"abc": 3, "abcdef": 2}, "passed"),
        ({"ABC": 3.0, " abcdef": 1}, "passed"),
        ({"abc": 3, "abcdef": 3}, "failed"),
        ({"abc": 3, "abcdef": 6}, "all"),
        ({"abc": 3}, "form"),
        ({"abc": 3, "abcdef": 1.5}, "form"),
        ([3, 2], "form"),
    ],
    ids=str,
)
def test_a_dictionary_of_counts_is_judged(counts, expected):
    assert outcome(LETTERS, counts) == expected


def test_a_refusal_names_the_entries_that_are_wrong():
    assert "outside the tolerance for 'abc' and 'abcdef'." in judged(LETTERS, {"abc": 2, "abcdef": 9}).message


def test_the_key_has_a_row_for_each_entry():
    assert LETTERS.facts(CONTEXT).table.rows == [("abc", "3", "3"), ("abcdef", "2", "1 to 2")]

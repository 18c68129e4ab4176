"""One or more of several listed words."""

import pytest

from autograder.answers import Words
from autograder.question import Slip
from tests.answers import CONTEXT, outcome, proves_itself

GATES = Words(
    name="gates",
    options=("m", "h", "n"),
    expected=lambda c: [frozenset("h"), frozenset("hn")],
    slips=(Slip(name="m", made=lambda c, words: "m" in words, message="Not m.", example=lambda c: frozenset("m")),),
    think="Plot them.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(GATES)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("h", "passed"),
        (["n", "h"], "passed"),
        ({"h", "n"}, "passed"),
        ("h and n", "passed"),
        ("n", "failed"),
        (("m", "h"), "m"),
        ([], "form"),
        ("q", "form"),
    ],
    ids=lambda value: str(sorted(value)) if isinstance(value, set) else str(value),
)
def test_a_selection_is_judged(words, expected):
    assert outcome(GATES, words) == expected


def test_the_key_shows_every_selection_that_is_accepted():
    assert GATES.facts(CONTEXT).expected == "h or h, n"
    assert GATES.form() == {"kind": "words", "name": "gates", "options": ["m", "h", "n"]}

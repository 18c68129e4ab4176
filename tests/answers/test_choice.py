"""One of several listed words."""

import pytest

from autograder.answers import Choice
from autograder.question import Slip
from tests.answers import CONTEXT, outcome, proves_itself

ATTRACTOR = Choice(
    name="attractor",
    options=("fixed point", "saddle point", "limit cycle"),
    expected=lambda c: "limit cycle",
    slips=(
        Slip(
            name="stable",
            made=lambda c, word: word == "fixed point",
            message="It is not.",
            example=lambda c: "fixed point",
        ),
    ),
    think="Look at the trajectory.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(ATTRACTOR)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("limit cycle", "passed"),
        (" Limit-Cycle ", "passed"),
        ("saddle point", "failed"),
        ("fixed point", "stable"),
        ("chaos", "form"),
        (3, "form"),
        (["limit cycle", "fixed point"], "form"),
    ],
    ids=str,
)
def test_a_word_is_judged(word, expected):
    assert outcome(ATTRACTOR, word) == expected


def test_students_and_the_key_read_the_listed_words():
    assert ATTRACTOR.form() == {"kind": "choice", "name": "attractor", "options": list(ATTRACTOR.options)}
    assert ATTRACTOR.facts(CONTEXT).expected == "limit cycle"

"""Several numbers in any order."""

import numpy as np
import pytest

from autograder.answers import ValueSet
from autograder.question import Slip
from tests.answers import CONTEXT, outcome, proves_itself

EIGENVALUES = ValueSet(
    name="eigenvalues",
    unit="kHz",
    expected=lambda c: np.array([0.5 + 0.2j, 0.5 - 0.2j]),
    size=2,
    absolute=0.01,
    slips=(
        Slip(
            name="real parts",
            made=lambda c, values: bool((values == 0.5).all()),
            message="These are real parts.",
            example=lambda c: np.array([0.5, 0.5]),
        ),
    ),
    think="Keep the whole array.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(EIGENVALUES)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.5 - 0.2j, 0.5 + 0.2j], "passed"),
        (np.array([[0.51 + 0.2j], [0.5 - 0.2j]]), "passed"),
        ([0.511 + 0.2j, 0.5 - 0.2j], "failed"),
        ([0.5 + 0.2j, 0.5 + 0.2j], "failed"),
        ([0.5, 0.5], "real parts"),
        ([0.5 + 0.2j], "form"),
        ("0.5", "form"),
        ([], "form"),
    ],
    ids=str,
)
def test_a_set_of_numbers_is_judged(values, expected):
    assert outcome(EIGENVALUES, values) == expected


def test_the_key_shows_the_numbers_and_how_near_a_partner_must_be():
    facts = EIGENVALUES.facts(CONTEXT)
    assert facts.expected == "[0.5+0.2j, 0.5-0.2j]" and facts.accepted.startswith("each within 0.01 kHz")

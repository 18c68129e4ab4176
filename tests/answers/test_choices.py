"""A dictionary of listed words."""

import pytest

from autograder.answers import Choices
from autograder.question import Slip
from tests.answers import CONTEXT, outcome, proves_itself

TYPES = Choices(
    name="neuron_types",
    keys=("NeuronX", "NeuronY"),
    options=("I", "II"),
    expected=lambda c: {"NeuronX": "I", "NeuronY": "II"},
    slips=(
        Slip(
            name="swapped",
            made=lambda c, words: words == {"NeuronX": "II", "NeuronY": "I"},
            message="It is the other way round.",
            example=lambda c: {"NeuronX": "II", "NeuronY": "I"},
        ),
    ),
    think="Compare the two.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(TYPES)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"NeuronX": "I", "NeuronY": "II"}, "passed"),
        ({"neuron x": "i", "NEURON-Y": "ii"}, "passed"),
        ({"NeuronX": "II", "NeuronY": "I"}, "swapped"),
        ({"NeuronX": "I", "NeuronY": "I"}, "failed"),
        ({"NeuronX": "I"}, "form"),
        ({"NeuronX": "I", "NeuronY": "III"}, "form"),
        (["I", "II"], "form"),
    ],
    ids=str,
)
def test_a_dictionary_is_judged(words, expected):
    assert outcome(TYPES, words) == expected


def test_the_key_shows_the_words_and_what_they_are_chosen_from():
    facts = TYPES.facts(CONTEXT)
    assert facts.expected == "{NeuronX: I, NeuronY: II}" and facts.accepted.endswith("the listed words are I, II")
    assert TYPES.form()["keys"] == ["NeuronX", "NeuronY"]

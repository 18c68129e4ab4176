"""What was not attempted is told apart from what is wrong, and in doubt it is not said."""

import pytest

from autograder import assignments, notebook, samples
from autograder.attempted import untouched
from autograder.grade import grade
from autograder.result import TestCell as Place
from autograder.running import RunRecord
from autograder.sandbox import backend
from neurodynex._notebook import placeholders
from neurodynex.answer_data.encode import encode
from tests.conftest import COURSE, questions_only

LIF = assignments.load("leaky_integrate_and_fire")
MISSING = {"missing": {"name": "x", "similar": []}}
NOTHING = {
    "lif_threshold": {"variable:I_min": MISSING},
    "lif_firing_rate": {"call:firing_rate": {"calls": [[{"null": None}] * 8]}},
    "lif_sinus_amplitude": {
        "variable:frequencies": MISSING,
        "variable:amplitudes": MISSING,
        "variable:I_sinus": encode(0.1),
    },
    "lif_sinus_phase": {
        "variable:frequencies": encode([1.0]),
        "variable:phases": MISSING,
        "variable:response_frequencies": MISSING,
    },
}
PLACES = {name: Place(index=10 * (number + 1)) for number, name in enumerate(NOTHING)}


def record(**changes):
    return RunRecord(
        **{"answers": NOTHING, "sandbox": "none", "test_cells": PLACES, "placeholders": ("firing_rate",), **changes}
    )


def test_what_is_as_it_was_handed_out_is_not_attempted():
    assert untouched(record(), LIF) == set(NOTHING)


@pytest.mark.parametrize(
    ("question", "changes"),
    [
        ("lif_threshold", {"answers": NOTHING | {"lif_threshold": {"variable:I_min": encode(2)}}}),
        (
            "lif_threshold",
            {
                "answers": NOTHING
                | {"lif_threshold": {"variable:I_min": {"missing": {"name": "I_min", "similar": ["I_mim"]}}}}
            },
        ),
        (
            "lif_threshold",
            {
                "answers": NOTHING
                | {"lif_threshold": {"variable:I_min": {"error": {"type": "NotReached", "message": ""}}}}
            },
        ),
        ("lif_threshold", {"answers": NOTHING | {"lif_threshold": {"variable:I_min": {"missing": 3}}}}),
        ("lif_threshold", {"failed_cells": {9: "NameError"}}),
        ("lif_threshold", {"defined_later": ("I_min",)}),
        ("lif_threshold", {"test_cells": PLACES | {"lif_threshold": Place(index=10, assigned=("I_min",))}}),
        ("lif_firing_rate", {"placeholders": ()}),
    ],
)
def test_in_doubt_a_question_is_attempted(question, changes):
    assert question not in untouched(record(**changes), LIF)


def test_nothing_is_reported_while_a_run_goes_on():
    assert untouched(record(placeholders=None), LIF) == set()


def test_a_function_that_lacks_its_return_is_no_placeholder():
    stub = 'def f(x):\n    """Say."""\n    # YOUR CODE HERE\n    pass\n'
    assert placeholders([stub], {"f"}) == {"f"}
    assert placeholders([stub, "def f(x):\n    y = 2 * x\n"], {"f"}) == set()
    assert placeholders(["def f(x):\n    return x\n", stub], {"f"}) == {"f"}
    assert placeholders([stub.replace("pass", "return None"), "not python"], {"f"}) == set()


WRONG = {
    "lif_threshold_solution": "I_min = 3",
    "lif_firing_rate_solution": "def firing_rate(I_amp):\n    return I_amp",
    "lif_fi_curve_solution": "currents = rates = [0, 1]",
    "lif_sinus_amplitude_solution": "I_sinus, frequencies, amplitudes = 1, [1], [1]",
    "lif_sinus_phase_solution": "phases = response_frequencies = [5]",
}


@pytest.mark.parametrize(("cells", "attempted"), [({}, False), (WRONG, True)])
def test_a_blank_notebook_is_not_attempted_and_a_wrong_one_is(cells, attempted):
    name = "leaky_integrate_and_fire"
    content = samples.Sample("", cells, blank=True).notebook(notebook.source_path(name), "ada")
    result = grade(questions_only(content), name, "ada", backend(), course=COURSE).result
    assert [question.attempted for question in result.questions] == [attempted] * 5


@pytest.mark.parametrize(
    ("cell", "attempted"), [("I_mim = 1", True), ("I_sinus = 1", False), ("def I_minus(): ...", False)]
)
def test_only_a_value_that_nobody_else_asks_for_may_be_a_slip_of_the_pen_for_a_value(cell, attempted):
    name = "leaky_integrate_and_fire"
    content = samples.Sample("", {"lif_threshold_solution": cell}, blank=True).notebook(
        notebook.source_path(name), "ada"
    )
    result = grade(questions_only(content), name, "ada", backend(), course=COURSE).result.question("lif_threshold")
    assert result.attempted == attempted and ("`I_mim`" in result.message) == (cell == "I_mim = 1")


@pytest.mark.parametrize("name", [name for name in assignments.NAMES if name != "leaky_integrate_and_fire"])
def test_nothing_of_any_assignment_is_attempted_in_a_blank_notebook(name):
    content = samples.Sample("", {}, blank=True).notebook(notebook.source_path(name), "ada")
    result = grade(questions_only(content), name, "ada", backend(), course=COURSE).result
    assert [question.id for question in result.questions if question.attempted] == []


@pytest.mark.thorough
@pytest.mark.parametrize(("sample", "attempted"), [("blank", False), ("galileo", True)])
def test_a_whole_blank_notebook_is_not_attempted_and_a_wrong_one_is(sample, attempted):
    name = "leaky_integrate_and_fire"
    content = samples.load(name)[sample].notebook(notebook.source_path(name), sample)
    result = grade(content, name, sample, backend(), course=COURSE).result
    assert [question.attempted for question in result.questions] == [attempted] * 5

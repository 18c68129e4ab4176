"""Whatever a question accepts is in order for the self-check, which reads it as the judge does."""

from collections.abc import Iterator
from typing import Any

import brian2 as b2
import numpy as np
import pytest

from autograder import assignments
from autograder.assignments.phase_plane_analysis import reference as fhn
from autograder.course import Context
from autograder.question import Example, Question
from neurodynex import check as self_check
from neurodynex._consistency import SIMULATIONS
from neurodynex.answer_data.decoder import decode
from neurodynex.answer_data.own import Own
from neurodynex.answer_data.reading import Unreadable
from neurodynex.answer_data.values import Calls, Function, Quantity
from tests.conftest import COURSE

QUESTIONS = {
    question.id: (name, question) for name in assignments.NAMES for question in assignments.load(name).questions
}
#: Questions whose simulations need nothing but the answer's own variables.
SIMULATED = [
    question
    for question in SIMULATIONS
    if question not in ("lif_firing_rate", "lif_fi_curve", "type_firing_rate", "type_fi_curve", "fhn_eigenvalues")
]


def contexts(name: str) -> Iterator[Context]:
    """Yield two students' contexts whose variants differ, if the assignment has variants."""
    found = {str(c.variant): c for number in range(20) for c in [Context.of(f"student{number}", name, COURSE)]}
    yield from list(found.values())[:2]


def own(value: Any) -> Any:
    """Return a decoded value as a notebook would hold it."""
    if isinstance(value, Quantity):
        return b2.Quantity(value.value, dim=b2.get_or_create_dimension(value.dimension))
    if isinstance(value, Function):
        return lambda *_: 0.0
    if isinstance(value, dict):
        return {key: own(entry) for key, entry in value.items()}
    return value


def namespace(example: Example) -> dict[str, Any]:
    names = {}
    for key, encoded in example.answers.items():
        kind, _, name = key.partition(":")
        value = decode(encoded)
        if kind == "variable":
            names[name] = own(value)
        elif isinstance(value, Calls):
            names[name] = lambda *_: 0.0
    return names


def form_of(question: Question, answer: Any) -> dict[str, Any]:
    forms = self_check.forms()[question.id]["answers"]
    return forms[question.answers.index(answer)]


def examples(question_id: str) -> Iterator[tuple[Any, Example]]:
    name, question = QUESTIONS[question_id]
    for context in contexts(name):
        for answer in question.answers:
            for example in answer.examples(context):
                if example.passes:
                    yield answer, example


@pytest.mark.parametrize("question_id", QUESTIONS)
def test_every_example_that_a_question_accepts_is_in_order(question_id):
    seen = 0
    for answer, example in examples(question_id):
        got = Own(namespace(example))
        if "figures" in example.answers:
            got._read["figures"] = decode(example.answers["figures"])
        found = self_check._finding(form_of(QUESTIONS[question_id][1], answer), got)
        assert found.ok, (answer.name, example.label, found.message)
        seen += 1
    assert seen


@pytest.mark.parametrize("question_id", SIMULATED)
def test_no_simulation_contradicts_an_accepted_answer(question_id, monkeypatch):
    from neurodynex.neuron_type import typeXY

    name, question = QUESTIONS[question_id]
    for context in contexts(name):
        if name == "neuron_type":
            monkeypatch.setenv("NEURODYNEX_STUDENT", context.student)
            typeXY.create_models()
        accepted = {
            answer.name: [namespace(example) for example in answer.examples(context) if example.passes]
            for answer in question.answers
            if answer.form()["kind"] not in ("drawn", "figure")
        }
        for index in range(max(map(len, accepted.values()))):
            names = {k: v for each in accepted.values() for k, v in each[min(index, len(each) - 1)].items()}
            by_name = {form["name"]: form for form in self_check.forms()[question_id]["answers"] if "name" in form}
            for ok, message, *_ in SIMULATIONS[question_id](Own(names), by_name):
                assert ok, (names, message)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("type_class", {"neuron_types": {"NeuronX": "I", "neuron-y": "II"}}),
        ("hh_rebound", {"rebound": {"-1": False, "-5": True}, "rebound_gate": "H"}),
        ("hh_rebound", {"rebound": {-1: np.bool_(False), -5: 1}, "rebound_gate": {"h", "n"}}),
        ("fhn_eigenvalues", {"eigenvalues_0": {1 + 2j, 1 - 2j}, "eigenvalues_13": [complex(1), complex(2)]}),
        ("fhn_critical_current", {"I_critical": 1.3 + 0j}),
        ("oja_noncentered", {"noncentered_angle": 45.0 + 3 * 180, "shifted_angle": abs}),
        ("hopfield_recall", {"overlap_single": [np.float64(1)]}),
        ("type_pulse", {f"pulse_latency_{x}": {1: np.inf, 2: None, 3: 4, 4: 5 * b2.ms} for x in "XY"}),
    ],
)
def test_a_form_that_the_judge_reads_is_in_order(question, names):
    findings = self_check.evaluate(question, names)
    assert all(finding.ok for finding in findings), findings


@pytest.mark.parametrize(
    ("question", "names", "words"),
    [
        ("fhn_critical_current", {"I_critical": 2 * b2.nA}, "a quantity of another dimension; the question asks for a"),
        (
            "type_pulse",
            {"pulse_latency_X": 5, "pulse_latency_Y": [(1, 2, 3)] * 4},
            "the question asks for rows (I, latency)",
        ),
        ("hh_rebound", {"rebound": {-1: False, -5: "yes"}, "rebound_gate": 3}, "the question asks for True or False"),
    ],
)
def test_what_the_judge_cannot_read_is_explained_in_its_words(question, names, words):
    name, definition = QUESTIONS[question]
    found = self_check.evaluate(question, names)
    context = next(contexts(name))
    for answer, finding in zip(definition.answers, found, strict=True):
        got = Own(names)
        with pytest.raises(Unreadable) as raised:
            answer.judge(context, got)
        assert str(raised.value) == finding.message and not finding.ok
    assert words in found[0].message


def test_answers_of_two_questions_that_contradict_each_other_are_a_doubt_and_not_out_of_order():
    names = {"I_low": 1.26, "I_high": 2.74, "I_critical": 2.5}
    by_name = {form["name"]: form for form in self_check.forms()["fhn_unstable_range"]["answers"] if "name" in form}
    (_, *_), (ok, message, doubt) = SIMULATIONS["fhn_unstable_range"](Own(names), by_name)
    assert ok and doubt and "one of the two must be wrong" in message
    assert self_check.Finding(ok, message, doubt).sign == "!"


def test_accepted_eigenvalues_agree_with_an_accepted_jacobian():
    names: dict[str, Any] = {}
    _, question = QUESTIONS["fhn_eigenvalues"]
    for answer in question.answers:
        for example in answer.examples(next(contexts("phase_plane_analysis"))):
            if example.label in ("at an edge", "at an edge, sideways"):
                names |= namespace(example)
    for sign in (-1e-4, 0.0, 1e-4):
        off = np.array([[sign, -sign], [sign, sign]])
        findings = self_check.evaluate(
            "fhn_eigenvalues", {**names, "get_jacobian": lambda u, w, off=off: fhn.jacobian(u) + off}
        )
        assert len(findings) == 4 and all(finding.ok and not finding.doubt for finding in findings), findings


def test_accepted_rates_agree_whichever_side_of_the_tolerance_they_are_on(monkeypatch):
    from neurodynex._consistency import _same_periods, _same_rates

    name, question = QUESTIONS["lif_fi_curve"]
    context = next(contexts(name))
    for current in (1.1, 1.5, 2.0):
        edges = [e for band in question.answers[0].accept(context, np.array([current])) for e in (band.low, band.high)]
        values = [float(np.ravel(edge)[0]) for edge in edges]
        assert _same_periods(min(values), max(values)), values
    name, question = QUESTIONS["type_fi_curve"]
    for context in contexts(name):
        for current in (0.42, 0.7, 0.95):
            bands = question.answers[0].accept(context, np.array([current]))
            values = [float(np.ravel(edge)[0]) for edge in (bands[0].low, bands[0].high)]
            assert _same_rates(*values), values

"""Answers and submissions that once got points, made the judge stumble, or kept it busy for minutes."""

import json
import time
from dataclasses import replace

import numpy as np
import pytest

from autograder import assignments, notebook
from autograder.answers.array_function import flattened
from autograder.answers.curve import Curve
from autograder.answers.figure_answer import axes_example, figure_example
from autograder.assignments.leaky_integrate_and_fire import reference as lif
from autograder.assignments.phase_plane_analysis import reference as fhn
from autograder.course import Context
from autograder.errors import BadSubmission
from autograder.sandbox import BadReply, Calls, decode
from neurodynex import _notebook
from neurodynex.answer_data import bounds
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import Unreadable
from tests.conftest import COURSE, judged, student_with

AMPERE = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]
HERTZ = [0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0]
CURRENTS = np.linspace(0.5, 3, 12)
RATES = np.where(CURRENTS > 1, 1000 / lif.period(CURRENTS), 0)


def figures(lines) -> dict:
    """Return an encoded figure with so many lines, 200 to an axes."""
    axes = [axes_example("I", lines[first : first + 200]) for first in range(0, len(lines), 200)]
    return {"figures": {"figures": [figure_example(axes)]}}


@pytest.fixture
def quick():
    """Fail the test if it takes the processor more than some seconds; what it guards against took minutes."""
    start = time.process_time()
    yield
    assert time.process_time() - start < 15


def test_complex_rates_are_not_read_as_their_real_parts():
    rates = {"quantity": {"dimension": HERTZ, "value": encode(RATES + 5j)}}
    part = judged("lif_fi_curve", {"currents": CURRENTS}, **{"variable:rates": rates}).parts[0]
    assert (part.score, part.mistake) == (0, "form")


@pytest.mark.parametrize(
    "value",
    [{"complex": [1.01e-9, 1e-12]}, {"array": {"shape": [1], "kind": "b", "data": [True]}}],
    ids=["complex", "truth value"],
)
def test_a_quantity_that_is_not_a_real_number_is_refused(value):
    quantity = {"quantity": {"dimension": AMPERE, "value": value}}
    assert judged("lif_threshold", {}, **{"variable:I_min": quantity}).mistake == "form"


def test_truth_values_beside_numbers_are_refused():
    with pytest.raises(Unreadable, match="truth value"):
        flattened([[True], [0.5]], "smooth_step()")


def test_more_rounds_of_calls_than_were_asked_for_are_no_more_guesses():
    question = assignments.load("leaky_integrate_and_fire").question("lif_firing_rate")
    (call,) = question.requests(Context.of("ada", "leaky_integrate_and_fire", COURSE))
    guesses = [0.0, *np.geomspace(50, 5000, 3000)]
    rounds = {"calls": [[{"number": float(guess)}] * len(call.args) for guess in guesses]}
    assert len(decode(rounds).rounds) > call.repeats
    assert isinstance(decode(rounds), Calls)
    assert judged("lif_firing_rate", {}, **{"call:firing_rate": rounds}).score == 0


@pytest.mark.parametrize("current", [300.0, 1e7, 1e300])
def test_a_pulse_beyond_the_models_range_is_reported(current, quick):
    result = judged("type_pulse", {"pulse_latency_X": [(1.0, 5.0), (1.2, 5.0), (current, 5.0)]})
    assert result.parts[0].mistake == "form" and "pulses up to 100 pA" in result.message


def test_a_table_of_a_thousand_pulses_is_judged_by_some_of_them(quick):
    from autograder.assignments.neuron_type import reference as neurons

    threshold = neurons.pulse_threshold("I")
    known = [(i * threshold, neurons.pulse_latency("I", i * threshold)) for i in np.linspace(1.01, 1.6, 50)]
    rows = [(0.9 * threshold, None)] * 500 + known * 10
    student = student_with("I")
    assert judged("type_pulse", {"pulse_latency_X": rows}, student).parts[0].status == "passed"
    wrong = [(i, t and 2 * t) for i, t in rows]
    assert judged("type_pulse", {"pulse_latency_X": wrong}, student).parts[0].status == "failed"


def test_a_row_may_be_two_arrays_of_one_element_but_not_a_number_in_an_array():
    row = {"array": {"shape": [], "kind": "f", "data": [1.0]}}
    assert judged("type_pulse", {}, **{"variable:pulse_latency_X": {"list": [row] * 5}}).parts[0].mistake == "form"


@pytest.mark.parametrize(
    ("at", "step", "value"), [(1, 5e-324, 0.1), (1, 1e-9, 1e300), (1, 1e-3, 1e308), (1000, 1e-9, -1.7e308)]
)
def test_a_solution_that_blew_up_is_judged(at, step, value):
    t = np.linspace(0, 400, 2001)
    u, w = fhn.solve(fhn.CURRENT, t)
    t, u, w = np.insert(t, at, t[at - 1] + step), np.insert(u, at, value), np.insert(w, at, value)
    part = judged("fhn_trajectory", {"t": t, "u": u, "w": w}).parts[0]
    assert part.status != "error"


def test_a_divisor_next_to_zero_is_refused():
    values = {"frequencies": np.linspace(0.1, 1, 10), "amplitudes": np.ones(10), "I_sinus": 1e-320}
    assert judged("lif_sinus_amplitude", values).mistake == "form"


def test_the_largest_plot_is_compared_in_time(quick):
    x = np.linspace(0.5, 3, bounds.MAX_POINTS)
    y = np.sin(np.arange(x.size))
    result = judged("lif_fi_curve", {"currents": x, "rates": y}, **figures([(x, y)] * 30))
    assert result.parts[1].status == "passed"


@pytest.mark.parametrize("question_id", ["lif_fi_curve", "type_fi_curve", "fhn_nullclines", "fhn_unstable_range"])
def test_as_many_lines_as_there_may_be_are_looked_at_in_time(question_id, quick):
    u = np.linspace(-2.5, 2.5, 12)
    drawn = figures([(u, fhn.u_nullcline(u, 0.005 * number - 5)) for number in range(2500)])
    decode(drawn["figures"])
    judged(question_id, {}, **drawn)


def test_a_figure_keeps_to_the_bounds_of_what_is_read_from_one():
    point = (np.zeros(1), np.zeros(1))
    for lines in ([(np.zeros(bounds.MAX_POINTS + 1),) * 2], [point] * 4500):
        with pytest.raises(BadReply):
            decode(figures(lines)["figures"])
    with pytest.raises(BadReply):
        decode({"figures": [figure_example([axes_example("", [point] * (bounds.MAX_ARTISTS + 1))])]})
    with pytest.raises(BadReply):
        decode({"figures": [figure_example([])] * (bounds.MAX_FIGURES + 1)})


def test_a_message_is_short_and_without_terminal_codes():
    for value in (
        {"error": {"type": "E" * 9000, "message": "\x1b[31m" * 1000}},
        {"missing": {"name": "I_min", "similar": ["x" * 9000] * 150}},
        {"too_large": "y" * 9000},
    ):
        result = judged("lif_threshold", {}, **{"variable:I_min": value})
        assert len(result.message) < 2000 and "\x1b" not in result.message


def test_a_curve_in_any_unit_is_drawn_as_before():
    """The bands are computed once for each unit of x, whatever the unit of y."""
    question = assignments.load("leaky_integrate_and_fire").question("lif_fi_curve")
    (curve,) = (answer for answer in question.answers if isinstance(answer, Curve))
    calls: list[int] = []
    counted = replace(curve, accept=lambda c, x: (calls.append(1), curve.accept(c, x))[1])
    plot = replace(question.answers[1], curves=(counted,))
    got = {key: decode(value) for key, value in figures([(CURRENTS / 1e9, RATES / 1e3)]).items()}
    assert plot.judge(Context.of("ada", "leaky_integrate_and_fire", COURSE), got).passed
    assert len(calls) <= 9


KNOWN = notebook.Points({"q1": 2.0}, {}, {"q1": "code"})


def file(cells: bytes, version: int = 4) -> bytes:
    return b'{"nbformat":%d,"nbformat_minor":0,"metadata":{},"cells":[%s]}' % (version, cells)


def test_outputs_are_not_validated(quick):
    outputs = b",".join([b'{"output_type":"stream"}'] * 100_000)
    code = b'{"cell_type":"code","metadata":{},"source":"a = 1","execution_count":null,"outputs":[%s]}' % outputs
    assert [cell.source for cell in notebook.parse_submission(file(code), KNOWN).cells] == ["a = 1"]


def test_a_file_that_would_fill_the_memory_is_refused(quick):
    with pytest.raises(BadSubmission, match="lists and maps"):
        notebook.parse_submission(file(b"{}," * (_notebook.MAX_CONTAINERS + 1) + b"{}"), KNOWN)


def test_a_large_notebook_in_an_old_format_is_refused(quick):
    cell = {"cell_type": "code", "input": "a", "outputs": []}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell] * 5001}]}
    with pytest.raises(BadSubmission, match="old format"):
        notebook.parse_submission(json.dumps(old).encode(), KNOWN)

"""Hodgkin-Huxley: the references against independent facts, and how answers are judged."""

import re

import brian2 as b2
import numpy as np
import pandas as pd
import pytest
from scipy.integrate import solve_ivp

from autograder.assignments.hodgkin_huxley import questions as definition
from autograder.assignments.hodgkin_huxley import reference as hh
from neurodynex.hodgkin_huxley.HH import HH_Ramp, HH_Step
from tests.conftest import judged


def spike_counts(rec):
    v = np.asarray(rec.vm) * 1000
    return ((v[:, 1:] >= 50) & (v[:, :-1] < 50)).sum(axis=1)


def test_the_model_rests_at_the_published_values():
    assert hh.derivatives((0.0, *hh.GATES_AT_REST), 0.0) == pytest.approx((0, 0, 0, 0), abs=2e-2)
    for gate, (alpha, beta) in zip(hh.GATES_AT_REST, hh.rates(0.0), strict=True):
        assert alpha / (alpha + beta) == pytest.approx(gate, rel=1e-4)


def test_the_rates_are_continuous_where_the_formulas_are_0_over_0():
    for v in (10.0, 25.0):
        around = np.array([hh.rates(v - 1e-3), hh.rates(v + 1e-3)])
        assert np.allclose(hh.rates(v), around.mean(axis=0), rtol=1e-6)


def test_the_hopf_point_of_the_squid_axon_is_the_known_one():
    # Hassard (1978), Rinzel and Miller (1980): 9.78 uA/cm^2 for the original constants, which differ in the fourth digit.
    assert hh.hopf_current() == pytest.approx(9.78, abs=0.05)


def test_repetitive_firing_begins_where_resting_is_still_stable():
    assert hh.spike_threshold() < hh.repetitive_threshold() < hh.hopf_current() < hh.ramp_threshold()
    # The limit cycles appear at about 6.26 uA/cm^2 (Rinzel and Miller, 1980).
    assert hh.repetitive_threshold() == pytest.approx(6.26, abs=0.1)


def test_another_solver_finds_the_same_threshold():
    for current, fires in ((hh.spike_threshold() - 0.02, False), (hh.spike_threshold() + 0.02, True)):
        solution = solve_ivp(
            lambda t, y, current=current: hh.derivatives(y, current * (t >= 20)),
            (0, 60),
            (0.0, *hh.GATES_AT_REST),
            "RK45",
            max_step=0.05,
        )
        assert bool(solution.y[0].max() > 50) == fires


def test_the_accepted_ranges_hold_what_students_simulate_at_the_default_time_step():
    grid = {
        "SPIKE": (HH_Step, {}, np.arange(1, 4, 0.1), 1),
        "REPETITIVE": (HH_Step, {}, np.arange(4, 8, 0.1), 2),
        "RAMP": (HH_Ramp, {}, np.arange(17, 21, 0.1), 1),
        "SODIUM": (HH_Step, {"gNa": 180}, np.arange(0.2, 3, 0.1), 2),
    }
    for band, (run, parameters, amplitudes, spikes) in grid.items():
        counts = spike_counts(run(amplitudes=amplitudes, do_plot=False, **parameters))
        found = amplitudes[counts >= spikes][0]
        accept = getattr(definition, band)
        assert accept.contains(found), (band, found)
        # One grid step less was no spike; a binary search to 0.1 uA ends in between.
        assert accept.contains(found - 0.05), (band, found)


def test_the_references_lie_inside_the_accepted_ranges():
    for band, value in (
        (definition.SPIKE, hh.spike_threshold()),
        (definition.REPETITIVE, hh.repetitive_threshold()),
        (definition.RAMP, hh.ramp_threshold()),
        (definition.SODIUM, hh.repetitive_threshold(definition.MORE_SODIUM)),
    ):
        assert band.contains(value)


def test_only_the_strong_hyperpolarisation_is_followed_by_a_spike():
    assert [hh.rebounds(amplitude) for amplitude in (0.0, -1.0, -5.0)] == [False, False, True]


@pytest.mark.parametrize(
    "value", [2.3, np.float32(2.3), [2.3], np.array([2.3]), 2.3 * b2.uA, 2300 * b2.nA, pd.Series([2.3])], ids=repr
)
def test_natural_forms_of_a_current_are_accepted(value):
    assert judged("hh_threshold", {"I_spike": value}).passed


@pytest.mark.parametrize(
    ("question", "name", "value", "mistake"),
    [
        ("hh_threshold", "I_spike", 6.2, "repetitive threshold"),
        ("hh_threshold", "I_spike", 2300, "nA"),
        ("hh_threshold", "I_spike", 1.9, "low level"),
        ("hh_threshold", "I_spike", 2.6, "not the smallest"),
        ("hh_threshold", "I_spike", 2.3 * b2.nA, "nA"),
        ("hh_threshold", "I_spike", 2300 * b2.uA, "mA"),
        ("hh_threshold", "I_spike", 0.0023, "mA"),
        ("hh_threshold", "I_spike", 2.3e6, "pA"),
        ("hh_threshold", "I_spike", 7, "default"),
        ("hh_threshold", "I_spike", 0, None),
        ("hh_threshold", "I_spike", -2.3, None),
        ("hh_repetitive", "I_repetitive", 2.3, "one spike"),
        ("hh_repetitive", "I_repetitive", 7, "default"),
        ("hh_repetitive", "I_repetitive", 9.8, "Hopf point"),
        ("hh_repetitive", "I_repetitive", 5.5, "one spike"),
        ("hh_repetitive", "I_repetitive", 2.7, "one spike"),
        ("hh_repetitive", "I_repetitive", 2.5, "one spike"),
        ("hh_repetitive", "I_repetitive", 1.0, "no spike"),
        ("hh_repetitive", "I_repetitive", 6.6, "not the smallest"),
        ("hh_ramp", "I_ramp", 20, "default"),
        ("hh_ramp", "I_ramp", 2.3, "step"),
        ("hh_ramp", "I_ramp", 6.2, "repetitive step"),
        ("hh_ramp", "I_ramp", 16.5, "too early"),
        ("hh_ramp", "I_ramp", 24, "not the smallest"),
        ("hh_ramp", "I_ramp", 9.8, "Hopf point"),
        ("hh_sodium", "I_repetitive_sodium", 6.2, "unchanged"),
        ("hh_sodium", "I_repetitive_sodium", 1.74, "Hopf point"),
        ("hh_sodium", "I_repetitive_sodium", 1.2, "not the smallest"),
        ("hh_sodium", "I_repetitive_sodium", 0.4, "no spike"),
        ("hh_sodium", "I_repetitive_sodium", 0.00083, "mA"),
    ],
)
def test_the_slips_are_named_and_what_is_no_slip_is_refused(question, name, value, mistake):
    result = judged(question, {name: value})
    assert (result.score, result.mistake) == (0, mistake)


def test_a_quantity_is_shown_in_its_own_unit():
    assert "2.3 nA" in judged("hh_threshold", {"I_spike": 2.3 * b2.nA}).message
    assert "2.3 uA" in judged("hh_threshold", {"I_spike": 2300 * b2.nA}).message


def test_the_jump_of_the_books_figure_is_named():
    assert "Figure 2.7" in judged("hh_repetitive", {"I_repetitive": 2.7}).message
    assert "Figure 2.7" not in judged("hh_repetitive", {"I_repetitive": 4.0}).message


@pytest.mark.parametrize(
    ("question", "name", "values"),
    [
        ("hh_threshold", "I_spike", (2.14, 2.2, 2.4, 2.44)),
        ("hh_repetitive", "I_repetitive", (5.9, 6.0, 6.3, 6.4)),
        ("hh_ramp", "I_ramp", (17.3, 17.5, 18.7, 19.2, 19.4)),
        ("hh_sodium", "I_repetitive_sodium", (0.73, 0.8, 0.9, 0.95)),
    ],
)
def test_what_usual_solvers_and_either_end_of_a_search_find_is_accepted(question, name, values):
    for value in values:
        assert judged(question, {name: value}).passed, value


def test_the_stated_distances_from_the_exact_value_are_those_that_are_accepted():
    for question in definition.ASSIGNMENT.questions:
        for answer in question.answers:
            if stated := re.search(r"up to ([\d.]+) uA below and ([\d.]+) uA above", question.tolerance):
                below, above = map(float, stated.groups())
                exact, band = answer.expected(None), answer.accept(None)
                assert band.contains(exact - below + 0.005) and not band.contains(exact - below - 0.06)
                assert band.contains(exact + above - 0.005) and not band.contains(exact + above + 0.09)


def test_the_messages_of_the_ranges_are_true_of_the_library():
    amplitudes = np.array([1.0, 2.1, 2.5, 4.0, 5.8, 6.6, 20.0, 60.0])
    counts = spike_counts(HH_Step(amplitudes=amplitudes, do_plot=False))
    assert list(counts[:2]) == [0, 0] and list(counts[2:5]) == [1, 1, 1] and (counts[5:] > 5).all()
    assert spike_counts(HH_Step(amplitudes=[0.3, 0.7, 1.05, 5.0], gNa=180, do_plot=False)).tolist()[:2] == [0, 0]
    assert (spike_counts(HH_Step(amplitudes=[1.05, 2.0, 5.0], gNa=180, do_plot=False)) > 5).all()
    assert spike_counts(HH_Ramp(amplitudes=[6.5, 12.0, 17.2, 19.6, 50.0], do_plot=False)).tolist()[:3] == [0, 0, 0]


@pytest.mark.parametrize(
    "rebound",
    [
        {-1: False, -5: True},
        {-5.0: np.bool_(True), -1.0: np.bool_(False)},
        {np.int64(-1): 0, np.float64(-5): 1},
        {-1: [False], -5: np.array([True])},
        {"-1": False, "-5": True},
        {-1: False, -3: True, -5: True},
    ],
    ids=repr,
)
def test_natural_forms_of_the_rebound_table_are_accepted(rebound):
    assert judged("hh_rebound", {"rebound": rebound, "rebound_gate": "h"}).passed


@pytest.mark.parametrize(
    "rebound", [{-1: True, -5: True}, {-1: False}, {1: False, 5: True}, [False, True], {-1: 107.0, -5: 2}, None, True]
)
def test_other_rebound_tables_are_refused(rebound):
    result = judged("hh_rebound", {"rebound": rebound, "rebound_gate": "h"})
    assert result.parts[0].score == 0 and result.parts[1].score > 0 and not result.faults


@pytest.mark.parametrize(
    "gate", ["h", "n", "H", " h ", ["h"], ("h", "n"), {"n", "h"}, "h and n", "n, h", np.array(["h", "n"]), np.str_("h")]
)
def test_natural_forms_of_the_gates_are_accepted(gate):
    assert judged("hh_rebound", {"rebound": {-1: False, -5: True}, "rebound_gate": gate}).passed


@pytest.mark.parametrize(
    ("gate", "mistake"),
    [("m", "m"), (["m", "h", "n"], "m"), (["n", "m"], "m"), ("x", "form"), ([], "form"), (3, "form"), ("hn", "form")],
)
def test_other_gates_are_refused(gate, mistake):
    part = judged("hh_rebound", {"rebound": {-1: False, -5: True}, "rebound_gate": gate}).parts[1]
    assert (part.score, part.mistake) == (0, mistake)

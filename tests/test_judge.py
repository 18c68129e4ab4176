"""The judge: no answer makes it raise, and every natural form of a right answer passes."""

import math

import brian2 as b2
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignments.leaky_integrate_and_fire import reference as lif
from autograder.judge import share_out
from tests.conftest import judged, student_with

FREQUENCIES = np.linspace(0.1, 1, 10)
CURRENTS = np.linspace(0.5, 3, 12)
RATES = np.where(CURRENTS > 1, 1000 / lif.period(CURRENTS), 0)


@pytest.mark.parametrize(
    "value",
    [1.01, 1, np.float64(1.01), np.float32(1.01), np.array(1.01), np.array([1.01]), [1.01], 1.01 * b2.nA, 1010 * b2.pA]
    + [1.01 + 0j, np.array([1.01], dtype=object), pd.Series([1.01]), np.array([1.01]) * b2.nA, 1.02, 0.995],
    ids=repr,
)
def test_every_natural_form_of_a_right_number_is_accepted(value):
    assert judged("lif_threshold", {"I_min": value}).score == 2


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        "1.01",
        None,
        True,
        [1.01, 1.02],
        [],
        {},
        1.01 * b2.mV,
        1.01 * b2.nA**2,
        1.01 + 1j,
        print,
        object(),
    ]
    + [
        10**40,
        np.zeros((3, 3)),
        np.broadcast_to(1.01, 10**9),
        range(10**9),
        ...,
        b"1.01",
        {1.01, 1.02},
        np.bool_(True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_of_the_wrong_kind_gets_no_points_and_a_message(value):
    result = judged("lif_threshold", {"I_min": value})
    assert result.score == 0
    assert "I_min" in result.message and "internal" not in str(result.mistake)


def test_an_undefined_variable_is_not_reached_and_the_nearest_name_is_suggested():
    result = judged("lif_threshold", {}, **{"variable:I_min": {"missing": {"name": "I_min", "similar": ["I_mn"]}}})
    assert result.parts[0].status == "not reached" and "`I_mn`" in result.message


@pytest.mark.parametrize(
    ("value", "mistake"),
    [(1010, "pA"), (1.01e-9, "A"), (0, "zero"), (1.3, "not the smallest"), (0.9, "no spike"), (-1.01, None)],
)
def test_the_slips_of_the_threshold_are_named(value, mistake):
    result = judged("lif_threshold", {"I_min": value})
    assert (result.score, result.mistake) == (0, mistake)


@pytest.mark.parametrize(
    "wrap", [list, tuple, np.array, pd.Series, lambda a: a * b2.Hz, lambda a: a[:, None]], ids=range(6)
)
def test_arrays_come_in_every_natural_form(wrap):
    result = judged("lif_fi_curve", {"currents": list(CURRENTS), "rates": wrap(RATES)})
    assert result.parts[0].status == "passed"


def test_the_curve_is_judged_in_any_order_of_its_points():
    order = np.random.default_rng(1).permutation(CURRENTS.size)
    assert judged("lif_fi_curve", {"currents": CURRENTS[order], "rates": RATES[order]}).parts[0].status == "passed"


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda x, y: (x, y / 1000), "kHz"),
        (lambda x, y: (x, 0 * y), "silent"),
        (lambda x, y: (x[:5], y[:5]), "form"),
        (lambda x, y: (x, y[:-1]), "form"),
        (lambda x, y: (x + 2, 1000 / lif.period(x + 2)), "form"),
        (lambda x, y: (x, y * 1.4), "factor"),
    ],
)
def test_the_slips_of_the_f_i_curve_are_named(change, mistake):
    currents, rates = change(CURRENTS, RATES)
    part = judged("lif_fi_curve", {"currents": currents, "rates": rates}).parts[0]
    assert (part.score, part.mistake) == (0, mistake)


def test_amplitudes_are_judged_as_a_gain_whatever_the_current():
    for current in (0.3, 0.5, 50 * b2.pA, np.linspace(0.1, 0.9, 10)):
        amount = np.asarray(current / b2.nA) if isinstance(current, b2.Quantity) else current
        values = {"frequencies": FREQUENCIES, "amplitudes": lif.gain(FREQUENCIES) * amount, "I_sinus": current}
        assert judged("lif_sinus_amplitude", values).passed, current


@pytest.mark.parametrize(
    ("current", "change", "mistake"),
    [
        (0.3, lambda f, a: 2 * a, "peak to peak"),
        (0.3, lambda f, a: a / 0.3, "gain"),
        (0.5, lambda f, a: (0.5 + a) / 2, "transient"),
    ],
)
def test_the_slips_of_the_amplitude_are_named(current, change, mistake):
    amplitudes = change(FREQUENCIES, lif.gain(FREQUENCIES) * current)
    values = {"frequencies": FREQUENCIES, "amplitudes": amplitudes, "I_sinus": current}
    assert judged("lif_sinus_amplitude", values).mistake == mistake


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda p: np.degrees(p), "degrees"),
        (lambda p: -p, "sign"),
        (lambda p: p / (2 * np.pi), "2 pi"),
        (lambda p: p + 2 * np.pi, None),
    ],
)
def test_the_slips_of_the_phase_are_named_and_a_full_turn_is_not_a_slip(change, mistake):
    phases = change(lif.phase(FREQUENCIES))
    values = {"frequencies": FREQUENCIES, "response_frequencies": FREQUENCIES, "phases": phases}
    result = judged("lif_sinus_phase", values)
    assert result.mistake == mistake and result.passed == (mistake is None)


@pytest.mark.parametrize("x", ["I", "II"])
def test_the_same_thresholds_are_right_for_one_student_and_swapped_for_the_other(x):
    values = {"I_threshold_X": 0.375, "I_threshold_Y": 0.325}
    result = judged("type_thresholds", values, student_with(x))
    assert (result.score, result.mistake) == ((4, None) if x == "I" else (0, "swapped"))


@pytest.mark.parametrize(
    ("kind", "value", "mistake"),
    [
        ("I", 0.14, "no spike"),
        ("I", 0.25, "no spike"),
        ("I", 0.345, "no spike"),
        ("I", 0.396, "short step"),
        ("I", 0.4, "short step"),
        ("I", 0.45, "not the smallest"),
        ("I", 0.325, "swapped"),
        ("I", 0.000375, "nA"),
        ("II", 0.1, "no spike"),
        ("II", 0.14, "onset spike"),
        ("II", 0.3, "onset spike"),
        ("II", 0.375, "swapped"),
        ("II", 0.396, "not the smallest"),
    ],
)
def test_the_slips_of_the_thresholds_are_named_for_the_type_of_the_neuron(kind, value, mistake):
    right = {"I": 0.375, "II": 0.325}["II" if kind == "I" else "I"]
    result = judged("type_thresholds", {"I_threshold_X": value, "I_threshold_Y": right}, student_with(kind))
    assert (result.score, result.mistake) == (2, mistake)


def test_a_bare_guess_of_the_types_gets_half_of_the_points():
    result = judged("type_class", {"neuron_types": {"NeuronX": "i", "neuron-y": "II"}}, student_with("I"))
    assert (result.score, result.max_score) == (1, 2)
    result = judged("type_class", {"neuron_types": {"NeuronX": "II", "NeuronY": "I"}}, student_with("I"))
    assert (result.score, result.mistake) == (0, "swapped")


@given(st.floats(0.1, 100), st.lists(st.floats(0.1, 10), min_size=1, max_size=6))
def test_shares_sum_to_the_points(points, weights):
    points = round(points, 2)
    assert round(sum(share_out(points, weights)), 4) == points


def test_a_list_of_numbers_and_one_element_lists_is_a_row_of_numbers():
    ragged = [0 if rate == 0 else [float(rate)] for rate in RATES]
    assert judged("lif_fi_curve", {"currents": CURRENTS, "rates": ragged}).parts[0].status == "passed"

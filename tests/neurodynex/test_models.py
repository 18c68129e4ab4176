"""The models against closed forms and tightly solved equations."""

# ruff: noqa: E741 - the current is called I in the documented interface.
import math

import brian2 as b2
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from neurodynex.hodgkin_huxley.HH import HH_Ramp, HH_Step
from neurodynex.leaky_integrate_and_fire.LIF import LIF_Sinus, LIF_Step
from neurodynex.neuron_type.neurons import NeuronAbstract, NeuronTypeOne, NeuronTypeTwo, get_spiketimes

mV = b2.mV


def spike_counts(vm, threshold=50):
    """Upward crossings in each row of vm [mV]."""
    return np.sum((vm[:, 1:] >= threshold) & (vm[:, :-1] < threshold), axis=1)


def first(amplitudes, found):
    assert found.any() and not found.all()
    return amplitudes[np.argmax(found)]


def lif_resets(rec):
    return np.sum(np.diff(rec.v / mV, axis=1) < -0.9, axis=1)


def test_lif_charges_exponentially():
    rec = LIF_Step(I_tstart=10, I_tend=60, I_amp=0.9, do_plot=False)
    t = rec.t / b2.ms
    expected = np.where(t < 10, 0, 0.9 * (1 - np.exp(10 - t)))[t < 60]
    np.testing.assert_allclose((rec.v[0] / mV)[t < 60], expected, atol=1e-6)


def test_lif_fires_at_the_closed_forms_interval():
    for I in (1.2, 1.5, 2.5):
        spikes = lif_resets(LIF_Step(I_tstart=0, I_tend=500, I_amp=I, tend=500, do_plot=False))[0]
        interval = math.log(I / (I - 1))
        assert interval <= 500 / spikes <= interval + 0.11


def test_lif_threshold_is_one_nanoampere():
    amplitudes = np.arange(0.9, 1.1, 0.001)
    spikes = lif_resets(LIF_Step(amplitudes=amplitudes, do_plot=False))
    assert 0.9999 < first(amplitudes, spikes > 0) <= 1.0021
    assert spikes[np.isclose(amplitudes, 1.0)] == 0


@pytest.mark.parametrize("frequency", [0.1, 0.5, 1.0])
def test_lif_filters_a_sine_with_the_gain_and_phase_of_a_leaky_integrator(frequency):
    rec = LIF_Sinus(I_freq=frequency, I_offset=0, I_amp=0.5, tend=60, dt=0.05, do_plot=False)
    t, v = rec.t / b2.ms, rec.v[0] / mV
    late = t >= 20  # 40 ms: whole periods of each frequency
    response = 2 * np.mean(v[late] * np.exp(-2j * np.pi * frequency * t[late])) / 0.5 * 1j
    assert response == pytest.approx(1 / (1 + 2j * np.pi * frequency), abs=1e-4)


def test_lif_parameters_move_the_threshold_as_ohms_law_says():
    rec = LIF_Step(amplitudes=[0.99, 1.01], R=2, v_threshold=3, v_rest=1, v_reset=0, tau=2, do_plot=False)
    assert rec.v[0][0] == 1 * mV
    assert lif_resets(rec).tolist() == [0, lif_resets(rec)[1]] and lif_resets(rec)[1] > 0


def hh_derivatives(I):
    def derivatives(t, state):
        v, m, n, h = state
        a_m = 0.1 * (25 - v) / (math.exp(2.5 - 0.1 * v) - 1)
        a_n = 0.01 * (10 - v) / (math.exp(1 - 0.1 * v) - 1)
        dv = I(t) - 120 * m**3 * h * (v - 115) - 36 * n**4 * (v + 12) - 0.3 * (v - 10.6)
        return [
            dv,
            a_m * (1 - m) - 4 * math.exp(-0.0556 * v) * m,
            a_n * (1 - n) - 0.125 * math.exp(-0.0125 * v) * n,
            0.07 * math.exp(-0.05 * v) * (1 - h) - h / (1 + math.exp(3 - 0.1 * v)),
        ]

    return derivatives


def test_hh_converges_to_the_tightly_solved_equations_in_proportion_to_the_time_step():
    rest = [1e-9, 0.0529324852572, 0.317676914061, 0.596120753508]
    t = np.arange(0, 30, 0.005)
    true = solve_ivp(hh_derivatives(lambda t: 20 * t / 30), (0, 30), rest, "LSODA", t, rtol=1e-9, atol=1e-9)
    first_spike = get_spiketimes(t, true.y[0], v_th=50)[0]
    errors = []
    for dt in (0.1, 0.05, 0.025):
        rec = HH_Ramp(I_tstart=0, I_tend=30, I_amp=20, tend=30, dt=dt, do_plot=False)
        errors.append(abs(get_spiketimes(rec.t / b2.ms, rec.vm[0] / mV, v_th=50)[0] - first_spike))
    assert errors[0] < 1 and errors[1] < 0.6 * errors[0] + 0.05 and errors[2] < 0.6 * errors[1] + 0.025


@pytest.mark.parametrize(
    "current, low, high",
    [
        (lambda: _hh_threshold(HH_Step, np.arange(1.9, 2.7, 0.02), 1), 2.13, 2.45),
        (lambda: _hh_threshold(HH_Step, np.arange(5.6, 6.8, 0.02), 6), 5.85, 6.5),
        (lambda: _hh_threshold(HH_Ramp, np.arange(17.5, 20, 0.05), 1), 18.3, 19.2),
        (lambda: _hh_threshold(HH_Step, np.arange(0.5, 1.5, 0.02), 6, gNa=180), 0.8, 1.0),
    ],
    ids=["single spike", "repetitive", "ramp", "more sodium"],
)
def test_hh_threshold_lies_where_converged_solutions_have_it(current, low, high):
    assert low <= current() <= high


def _hh_threshold(run, amplitudes, spikes, **parameters):
    return first(amplitudes, spike_counts(run(amplitudes=amplitudes, do_plot=False, **parameters).vm / mV) >= spikes)


def test_hh_rebounds_after_strong_hyperpolarisation_only():
    rec = HH_Step(amplitudes=[-1, -5], do_plot=False)
    assert spike_counts(rec.vm / mV).tolist() == [0, 1]


def test_hh_stays_finite_where_alpha_m_and_alpha_n_are_zero_over_zero():
    for potential in (10.0, 25.0):
        # A leak this strong clamps vm to its reversal potential exactly.
        rec = HH_Step(I_amp=0, EL=potential, EK=potential, ENa=potential, gL=1e6, tend=200, do_plot=False)
        assert rec.vm[0][-1] / mV == pytest.approx(potential, abs=1e-9)
        assert np.all(np.isfinite(rec.m)) and np.all(np.isfinite(rec.n))


def type_one(I):
    def derivatives(t, state):
        v, w = state
        m, w_inf = (1 + np.tanh((v + 1.2) / 18)) / 2, (1 + np.tanh((v - 12) / 17)) / 2
        dv = (-4.4 * m * (v - 120) - 8 * w * (v + 84) - 2 * (v + 60) + 100 * I * (t >= 100)) / 20
        return [dv, (w_inf - w) * np.cosh((v - 12) / 34) / 15]

    return derivatives, (-60, 0)


def type_two(I):
    def derivatives(t, state):
        v, w = state
        return [v - v**3 / 3 - w + I * (t >= 100), (1.25 * (v + 0.7) - w) / 15.6]

    return derivatives, (0, 0)


@pytest.mark.parametrize("neuron, equations", [(NeuronTypeOne, type_one), (NeuronTypeTwo, type_two)])
def test_firing_rate_is_that_of_the_tightly_solved_equations(neuron, equations):
    amplitudes = [0.45, 1.0]
    for I, rate in zip(amplitudes, neuron().get_rate(amplitudes), strict=True):
        derivatives, start = equations(I)

        def crossing(t, state):
            return state[0] - 0.5

        crossing.direction = 1
        spikes = solve_ivp(
            derivatives, (0, 1000), start, "LSODA", rtol=1e-8, atol=1e-9, events=crossing, max_step=2
        ).t_events[0]
        intervals = np.diff(spikes[spikes > 100])
        assert rate == pytest.approx(1000 / intervals[len(intervals) // 2 :].mean(), rel=2e-3)


@pytest.mark.parametrize("neuron, low, high", [(NeuronTypeOne, 0.365, 0.385), (NeuronTypeTwo, 0.315, 0.335)])
def test_threshold_of_the_neuron_types(neuron, low, high):
    amplitudes = np.arange(0.3, 0.4, 0.005)
    assert low <= first(amplitudes, neuron().get_rate(amplitudes, t_end=1100) > 0) <= high


def test_type_one_starts_slowly_and_type_two_fast():
    assert NeuronTypeOne().get_rate(0.385, t_end=1500) < 7
    assert NeuronTypeTwo().get_rate(0.33, t_end=1500) > 20


def test_a_spike_at_the_onset_is_not_a_firing_rate():
    neuron = NeuronTypeTwo()
    t, v, _, _ = neuron.step(1000, 100, 1000, 0.3, do_plot=False)
    assert len(get_spiketimes(t, v)) > 0
    assert neuron.get_rate(0.3) == 0.0


def test_rate_of_one_amplitude_is_a_float_and_of_many_an_array():
    neuron = NeuronTypeTwo()
    one, many = neuron.get_rate(0.5, t_end=400), neuron.get_rate([0.1, 0.5], t_end=400)
    assert isinstance(one, float)
    assert many.tolist() == [0.0, one]


def test_spike_times_are_upward_crossings():
    assert get_spiketimes([0, 1, 2, 3, 4, 5], [1, 0, 0.5, 2, -1, 3]).tolist() == [2, 5]
    assert get_spiketimes([0, 1, 2], [0, 1, 0], v_th=5).tolist() == []
    with pytest.raises(ValueError, match="one-dimensional"):
        get_spiketimes([0, 1], [[0, 1]])


def test_pulse_latency_is_that_of_the_tightly_solved_equations():
    def derivatives(t, state):
        return type_one(1.2)[0](100 if 100 <= t < 110 else 0, state)

    t, v, _, _ = NeuronTypeOne().step(I_amp=1.2, I_tstart=100, I_tend=110, t_end=300, do_plot=False)
    true = solve_ivp(derivatives, (0, 300), (-60, 0), "LSODA", t_eval=t, rtol=1e-8, atol=1e-9, max_step=0.1)
    np.testing.assert_allclose(get_spiketimes(t, v), get_spiketimes(true.t, true.y[0]), atol=0.2)


def test_the_abstract_neuron_cannot_be_made():
    with pytest.raises(NotImplementedError, match="abstract"):
        NeuronAbstract()


def test_a_run_that_blows_up_is_reported_in_words():
    with pytest.raises(ValueError, match="units"):
        NeuronTypeTwo().step(I_amp=500, do_plot=False)

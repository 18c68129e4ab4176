"""Which currents are injected, and which are refused."""

# ruff: noqa: E741 - the current is called I in the documented interface.
import math

import brian2 as b2
import numpy as np
import pytest

from neurodynex.hodgkin_huxley.HH import HH_Neuron, HH_Ramp, HH_Sinus, HH_Step
from neurodynex.leaky_integrate_and_fire.LIF import LIF_Neuron, LIF_Sinus, LIF_Step
from neurodynex.neuron_type.neurons import NeuronTypeOne, get_step_curr

ms, nA, uA = b2.ms, b2.nA, b2.uA


@pytest.mark.parametrize("start, end, tend", [(20, 70, 100), (20.0, 70.0, 100.0), (2.3, 7.1, 10), (0, 5, 5), (3, 3, 5)])
def test_step_lasts_from_its_start_until_its_end(start, end, tend):
    rec = LIF_Step(start, end, 2.0, tend, do_plot=False)
    t = np.arange(round(tend / 0.1)) * 0.1
    expected = np.where((t > start - 1e-6) & (t < end - 1e-6), 2.0, 0.0)
    np.testing.assert_allclose(rec.I[0] / nA, expected)
    np.testing.assert_allclose(rec.t / ms, t)


def test_lengths_given_as_float_int_and_quantity_are_the_same():
    recs = [LIF_Step(tend=tend, do_plot=False) for tend in (100, 100.0, np.int64(100), 0.1 * b2.second)]
    assert all(np.array_equal(rec.v, recs[0].v) for rec in recs)


def test_ramp_rises_from_zero_to_the_final_amplitude_and_then_ends():
    rec = HH_Ramp(I_tstart=5, I_tend=15, I_amp=20, tend=20, do_plot=False)
    t = np.arange(200) * 0.1
    expected = np.where((t > 4.99) & (t < 15.01), 20 * (t - 5) / 10, 0)
    np.testing.assert_allclose(rec.I_e[0] / uA, expected, atol=1e-9)


@pytest.mark.parametrize("dt", [0.1, 0.05])
def test_sine_has_its_offset_amplitude_frequency_and_time_step(dt):
    rec = LIF_Sinus(I_freq=0.2, I_offset=0.3, I_amp=0.4, tend=20, dt=dt, do_plot=False)
    t = np.arange(round(20 / dt)) * dt
    np.testing.assert_allclose(rec.t / ms, t)
    np.testing.assert_allclose(rec.I[0] / nA, 0.3 + 0.4 * np.sin(2 * np.pi * 0.2 * t), atol=1e-9)


def test_amplitudes_of_one_run_give_the_rows_that_single_runs_give():
    amplitudes = [0.5, 1.1, 3.0]
    rec = LIF_Step(amplitudes=amplitudes, do_plot=False)
    assert rec.v.shape == (3, 1000)
    for row, I_amp in zip(rec.v, amplitudes, strict=True):
        assert np.array_equal(row, LIF_Step(I_amp=I_amp, do_plot=False).v[0])


@pytest.mark.parametrize("run", [HH_Step, HH_Sinus, HH_Ramp, LIF_Sinus])
def test_amplitudes_are_the_amplitudes_of_every_kind_of_current(run):
    rec = run(amplitudes=np.array([0.1, 0.3]), do_plot=False)
    current = getattr(rec, rec.record_variables[1])
    assert np.ptp(current[1]) / np.ptp(current[0]) == pytest.approx(3)


def test_neuron_types_return_one_row_per_amplitude():
    t, v, w, I = NeuronTypeOne().step(amplitudes=[0.5], do_plot=False)
    assert t.shape == (3000,)
    assert v.shape == w.shape == I.shape == (1, 3000)


def test_a_timed_array_gives_what_the_step_gives():
    samples = np.r_[np.zeros(20), np.ones(50), 0] * 1.005 * nA
    curr = b2.TimedArray(samples, dt=1 * ms)
    step = LIF_Step(do_plot=False)
    for simtime in (0.1, 100 * ms):
        np.testing.assert_allclose(LIF_Neuron(curr, simtime).v / b2.mV, step.v / b2.mV, atol=1e-12)
    assert HH_Neuron(curr, 0.02).vm.shape == (1, 200)


def test_step_current_of_the_neuron_types_is_the_one_that_step_injects():
    neuron = NeuronTypeOne()
    rec = neuron.run(get_step_curr(20.3, 61.7, 0.6), 0.1)
    _, v, _, I = neuron.step(100, 20.3, 61.7, 0.6, do_plot=False)
    np.testing.assert_allclose(rec.I[0] / b2.pA, I)
    np.testing.assert_allclose(rec.v[0] / b2.mV, v)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: LIF_Step(I_tend=520, do_plot=False), "tend=520"),
        (lambda: NeuronTypeOne().step(I_tend=400, do_plot=False), "t_end=400"),
        (lambda: LIF_Step(I_tstart=50, I_tend=40, do_plot=False), "after it starts"),
        (lambda: LIF_Step(I_tstart=-1, do_plot=False), "I_tstart must be at least 0"),
        (lambda: LIF_Step(I_tstart=20, I_tend=20.01, do_plot=False), "at least one time step"),
        (lambda: LIF_Step(tend=0, do_plot=False), "tend must be larger than 0"),
        (lambda: LIF_Sinus(tend=-5, do_plot=False), "tend must be larger than 0"),
        (lambda: LIF_Step(I_amp=math.nan, do_plot=False), "I_amp must be finite"),
        (lambda: LIF_Step(I_amp=math.inf, do_plot=False), "I_amp must be finite"),
        (lambda: LIF_Step(I_amp="1", do_plot=False), "a number in nA"),
        (lambda: LIF_Step(I_amp=None, do_plot=False), "a number in nA"),
        (lambda: LIF_Step(I_amp=True, do_plot=False), "a number in nA"),
        (lambda: LIF_Step(I_amp=[1, 2], do_plot=False), "one plain number"),
        (lambda: LIF_Step(I_amp=1 * b2.mV, do_plot=False), "another dimension"),
        (lambda: LIF_Step(amplitudes=[], do_plot=False), "one-dimensional"),
        (lambda: LIF_Step(amplitudes=3.0, do_plot=False), "one-dimensional"),
        (lambda: LIF_Step(amplitudes="12", do_plot=False), "one-dimensional"),
        (lambda: LIF_Step(amplitudes=[1, math.nan], do_plot=False), "finite"),
        (lambda: LIF_Step(tau=0.01, do_plot=False), "tau must be at least the time step"),
        (lambda: LIF_Step(v_reset=2, do_plot=False), "v_reset"),
        (lambda: HH_Ramp(I_tstart=30, I_tend=30, do_plot=False), "ramp must last"),
        (lambda: HH_Ramp(dt=0, do_plot=False), "dt must be larger than 0"),
        (lambda: HH_Step(C=0, do_plot=False), "C must be larger than 0"),
        (lambda: LIF_Sinus(I_freq=1, dt=1, do_plot=False), "two time steps in a period"),
        (lambda: LIF_Neuron([0, 1], 0.1), "TimedArray"),
        (lambda: LIF_Neuron(b2.TimedArray([0, 1], dt=1 * ms), 0.1), "dimension"),
        (lambda: HH_Neuron(b2.TimedArray([[0, 1]] * uA, dt=1 * ms), 0.1), "one-dimensional"),
        (lambda: HH_Neuron(b2.TimedArray([0, 1] * uA, dt=1 * ms), 0), "simtime must be larger"),
        (lambda: NeuronTypeOne().get_rate(0.5, t_end=100), "t_end must be larger than 100"),
    ],
)
def test_impossible_stimulus_is_refused_and_the_message_says_what_to_do(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_amplitudes_may_be_quantities_ranges_and_series():
    pandas = pytest.importorskip("pandas")
    for amplitudes in ([1 * nA, 2 * nA], np.array([1, 2]) * nA, range(1, 3), pandas.Series([1, 2], index=[5, 6])):
        assert np.allclose(LIF_Step(amplitudes=amplitudes, do_plot=False).I[:, 300] / nA, [1, 2])

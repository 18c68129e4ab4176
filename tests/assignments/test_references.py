"""The references against facts that they were not made from, and against the library's simulations."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from autograder.assignments.leaky_integrate_and_fire import reference as lif
from autograder.assignments.leaky_integrate_and_fire.questions import THRESHOLD
from autograder.assignments.neuron_type import reference as neurons
from autograder.assignments.neuron_type.bands import THRESHOLD as TYPES
from neurodynex.leaky_integrate_and_fire.LIF import LIF_Sinus
from neurodynex.neuron_type import neurons as library

MODELS = {"I": library.NeuronTypeOne, "II": library.NeuronTypeTwo}


def test_the_period_is_where_the_charging_curve_meets_the_threshold():
    for current in (1.01, 1.5, 4.0):
        assert current * (1 - np.exp(-lif.period(current) / lif.TAU)) == pytest.approx(lif.THRESHOLD)
    assert np.isinf(lif.period(1.0)) and np.isinf(lif.period(0.3))


def test_gain_and_phase_are_those_of_a_simulated_sine():
    frequency = 0.25
    rec = LIF_Sinus(I_freq=frequency, I_amp=0.4, I_offset=0.0, tend=60, dt=0.01, do_plot=False)
    t, v = np.asarray(rec.t) * 1e3, np.asarray(rec.v[0]) * 1e3
    late = (t >= 20) & (t < 20 + 8 / frequency)
    component = 2 * np.mean(v[late] * np.exp(-2j * np.pi * frequency * t[late])) * 1j
    assert abs(component) / 0.4 == pytest.approx(lif.gain(frequency), rel=2e-3)
    assert np.angle(component) == pytest.approx(lif.phase(frequency), abs=0.02)


@pytest.mark.parametrize("kind", ["I", "II"])
def test_the_repetitive_threshold_is_inside_what_is_accepted(kind):
    assert TYPES[kind].contains(neurons.repetitive_threshold(kind))
    assert THRESHOLD.contains(lif.rheobase())


@pytest.mark.parametrize("kind", ["I", "II"])
def test_the_neuron_fires_on_only_above_the_threshold(kind):
    edge = neurons.repetitive_threshold(kind)
    assert len(neurons.spike_times(kind, 1.02 * edge, 0, 3000, 3000)) > 5
    assert len(neurons.spike_times(kind, 0.98 * edge, 0, 3000, 3000)) <= 1


def test_type_one_has_no_fixed_point_left_above_the_saddle_node():
    v = np.linspace(-60, -10, 20001)
    current = np.array([-neurons.type_one(0, (x, 0.5 * (1 + np.tanh((x - 12) / 17))), 0.0)[0] * 20 / 100 for x in v])
    assert current.max() == pytest.approx(neurons.saddle_node(), abs=1e-6)


@pytest.mark.parametrize("kind", ["I", "II"])
def test_the_rate_table_agrees_with_another_solver(kind):
    model, state = neurons.MODELS[kind]

    def crossing(_t, state, _current):
        return state[0] - neurons.SPIKE_LEVEL

    crossing.direction = 1.0  # type: ignore[attr-defined]
    for current in (0.41, 0.63, 0.97):
        solution = solve_ivp(model, (0, 1500), state, "DOP853", events=crossing, args=(current,), rtol=1e-9, atol=1e-9)
        assert neurons.firing_rate(kind, [current])[0] == pytest.approx(
            1000 / np.diff(solution.t_events[0])[-1], rel=2e-3
        )
    assert neurons.firing_rate(kind, [0.0, 0.2, 0.31]).tolist() == [0, 0, 0]


@pytest.mark.parametrize("kind", ["I", "II"])
def test_the_library_simulates_the_same_rates_and_latencies(kind):
    neuron = MODELS[kind]()
    for current in (0.45, 0.8):
        assert neuron.get_rate(current, t_end=1600.0) == pytest.approx(
            neurons.firing_rate(kind, [current])[0], rel=0.02
        )
    pulse = 1.2 * neurons.pulse_threshold(kind)
    t, v, *_ = neuron.step(300, 100, 110, pulse, do_plot=False)
    assert library.get_spiketimes(t, v)[0] - 100 == pytest.approx(neurons.pulse_latency(kind, pulse), abs=0.3)

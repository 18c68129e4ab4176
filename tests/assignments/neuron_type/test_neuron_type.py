"""Type I and type II: what honest methods give is accepted, and each mistake is named, for the type that the neuron has."""

import numpy as np
import pytest

from autograder.assignments.neuron_type import bands, slips
from autograder.assignments.neuron_type import reference as neurons
from autograder.course import Context
from neurodynex.answer_data.encode import encode
from neurodynex.neuron_type import typeXY, without_rate
from tests.conftest import COURSE, judged, student_with

X_IS_I = student_with("I")
CONTEXT = Context.of(X_IS_I, "neuron_type", COURSE)
KIND = {"X": "I", "Y": "II"}


def pulses(kind, factors=(0.8, 0.95, 1.02, 1.1, 1.3)):
    currents = neurons.pulse_threshold(kind) * np.array(factors)
    return [(i, neurons.pulse_latency(kind, i)) for i in currents.tolist()]


def judge_pulses(change, letter="X"):
    rows = {f"pulse_latency_{x}": pulses(kind) for x, kind in KIND.items()}
    rows[f"pulse_latency_{letter}"] = change(pulses(KIND[letter]))
    return judged("type_pulse", rows, X_IS_I)


@pytest.mark.parametrize("letter", ["X", "Y"])
@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows,
        lambda rows: [(i, None if np.isnan(t) else t) for i, t in rows],
        lambda rows: [(i, np.inf if np.isnan(t) else t) for i, t in rows],
        lambda rows: np.array(rows),
        lambda rows: dict(rows),
        lambda rows: [*rows, (rows[2][0] / 1.02 * 0.99, 20.0)],
        lambda rows: [*rows, (rows[2][0] / 1.02 * 1.012, None)],
    ],
    ids=["NaN", "None", "infinity", "array", "dictionary", "a spike 1 % below", "no spike 1 % above"],
)
def test_honest_latencies_are_accepted(change, letter):
    assert judge_pulses(change, letter).passed


@pytest.mark.parametrize("letter", ["X", "Y"])
@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda rows: [(i, t - 10) for i, t in rows], "from the end"),
        (lambda rows: [(i, t + 100) for i, t in rows], "onset"),
        (lambda rows: [(i, t + 20) for i, t in rows], "onset"),
        (lambda rows: [(i, t + 2.5) for i, t in rows], "peak"),
        (lambda rows: [(i, 10 * t) for i, t in rows], "samples"),
        (lambda rows: [(i, t / 1000) for i, t in rows], "seconds"),
        (lambda rows: [(i, 0 if np.isnan(t) else t) for i, t in rows], "number for no spike"),
        (lambda rows: [(i, -1 if np.isnan(t) else t) for i, t in rows], "number for no spike"),
        (lambda rows: [(i / 1000, t) for i, t in rows], "form"),
        (lambda rows: [(i, 1.3 * t) for i, t in rows], None),
    ],
    ids=["from the end", "onset 100", "onset 20", "peak", "samples", "seconds", "zero", "minus one", "nA", "unknown"],
)
def test_the_mistakes_of_a_latency_are_named(change, mistake, letter):
    result = judge_pulses(change, letter)
    assert not result.passed and result.mistake == mistake


def test_a_step_in_place_of_the_pulse_is_named_where_it_can_be_seen():
    def step(rows):
        return [(i, slips.step_latency("I", i)) for i, _ in rows]

    assert judge_pulses(step).mistake == "long step"


def steady(kind, current):
    return float(neurons.firing_rate(kind, [current])[0])


def first_interval(kind, current):
    return 1000 / slips.first_interval(kind, current) if steady(kind, current) else 0.0


def onset_spike_counted(kind, current):
    return steady(kind, current) or (1.0 if kind == "II" and current > 0.15 else 0.0)


def judge_rates(rate):
    """Judge a function of the neuron's letter and the current."""
    values = [encode(rate(neuron.path[-1], current)) for neuron, current in bands.hidden_inputs(CONTEXT)]
    return judged("type_firing_rate", {}, X_IS_I, **{"call:get_firing_rate": {"calls": [values]}})


@pytest.mark.parametrize(
    ("rate", "mistake"),
    [
        (lambda x, i: steady(KIND[x], i), None),
        (lambda x, i: 1.02 * steady(KIND[x], i), None),
        (lambda x, i: steady(KIND[x], i) / 1000, "1/ms"),
        (lambda x, i: steady(KIND[x], i) * 1000, "1000 times"),
        (lambda x, i: steady(KIND[x], i) / 2, "half"),
        (lambda x, i: steady(KIND[x], i) * 2, "twice"),
        (lambda x, i: 1000 / steady(KIND[x], i) if steady(KIND[x], i) else 0.0, "interval"),
        (lambda x, i: steady("II" if x == "X" else "I", i), "swapped"),
        (lambda x, i: steady("I", i), "argument not used"),
        (lambda x, i: steady("II", i), "argument not used"),
        (lambda x, i: steady(KIND[x], 0.5), "argument not used"),
        (lambda x, i: onset_spike_counted(KIND[x], i), "onset transient"),
        (lambda x, i: first_interval(KIND[x], i), "first interval"),
        (lambda x, i: float(np.floor(steady(KIND[x], i))), "spikes counted"),
        (lambda x, i: np.floor(1.5 * steady(KIND[x], i)) / 1.6, "spikes counted"),
    ],
)
def test_the_mistakes_of_a_rate_are_named(rate, mistake):
    result = judge_rates(rate)
    assert result.mistake == mistake and result.passed == (mistake is None)


@pytest.mark.parametrize("over", [0.5, 1.0])
def test_for_no_student_are_spikes_counted_over_a_second_near_enough(over):
    for number in range(40):
        context = Context.of(f"student{number}", "neuron_type", COURSE)
        inputs = bands.hidden_inputs(context)
        rates = bands.hidden_rates(context)
        counted = np.floor(rates * over + 0.9 * (rates > 0)) / over
        assert not bands.function_bands(context, inputs)[0].contains(counted).all()


def test_the_librarys_own_rate_is_no_answer():
    for make in (without_rate.NeuronX, without_rate.NeuronY):
        with make() as neuron:
            assert "without_rate" not in type(neuron).__module__ and type(neuron).__name__.startswith("Neuron")
            for one in (neuron, type(neuron)(), typeXY.NeuronX(), typeXY.NeuronY()):
                with pytest.raises(AttributeError, match="measure the rate") as raised:
                    one.get_rate(0.5)
        assert neuron.get_rate(0.8) > 0
    error = {"error": {"type": "AttributeError", "message": str(raised.value)}}
    calls = {"calls": [[error] * len(bands.hidden_inputs(CONTEXT))]}
    result = judged("type_firing_rate", {}, X_IS_I, **{"call:get_firing_rate": calls})
    assert (result.score, result.mistake) == (0, "get_rate") and "step()" in result.message


def test_the_messages_of_the_ranges_are_true_of_the_models():
    for kind, name, low, high, _ in slips.RANGES:
        for current in (low + 0.001, (low + min(high, 0.9)) / 2, min(high, 0.9) - 0.001):
            spikes = len(neurons.spike_times(kind, current, 100, 1600, 1600))
            if name == "no spike":
                assert spikes == 0, (kind, current)
            elif name == "onset spike":
                assert spikes <= 1, (kind, current)
            else:
                assert spikes > 2, (kind, current)
            if name == "short step" and current < 0.396:
                assert len(neurons.spike_times(kind, current, 100, 350, 350)) < 2


def test_the_stated_distances_from_the_thresholds_are_those_that_are_accepted():
    for kind, band in bands.THRESHOLD.items():
        exact = neurons.repetitive_threshold(kind)
        assert band.contains([exact - 0.0079, exact + 0.0099]).all()
        assert not band.contains([exact - 0.0105, exact + 0.0135]).any()


def test_rates_that_are_not_those_of_first_intervals_cost_one_simulation(monkeypatch):
    context = Context.of("ada", "neuron_type", COURSE)
    expected = bands.hidden_rates(context)
    assert slips._first_interval_only(context, slips._rates_of_first_intervals(context))
    asked = []
    simulated = slips.first_interval
    monkeypatch.setattr(
        slips, "first_interval", lambda kind, current: asked.append(current) or simulated(kind, current)
    )
    assert not slips._first_interval_only(context, 3 * expected)
    assert asked == [max(current for _, current in bands.hidden_inputs(context))]


@pytest.mark.parametrize("kind", ["I", "II"])
def test_the_first_interval_is_that_of_the_whole_step(kind):
    for current in (0.4, 0.6, 0.95):
        spikes = neurons.spike_times(kind, current, 100, 700, 700)
        assert slips.first_interval(kind, current) == spikes[1] - spikes[0]

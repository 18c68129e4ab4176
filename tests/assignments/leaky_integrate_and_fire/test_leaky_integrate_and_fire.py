"""The leaky integrate-and-fire neuron: what honest methods give is accepted, and each mistake is named by its own signature."""

import numpy as np
import pytest

from autograder.assignments.leaky_integrate_and_fire import questions as definition
from autograder.assignments.leaky_integrate_and_fire import reference as lif
from autograder.course import Context
from neurodynex.answer_data.encode import encode
from tests.conftest import COURSE, judged

STUDENTS = ("ada", "grace", "student3")
FREQUENCIES = np.linspace(0.1, 1, 10)


def recorded_spikes(current, seconds=0.5, dt=0.1):
    """Spike times (s) of the exact solution, seen at the library's time steps."""
    if current <= 1:
        return np.empty(0)
    period = dt * np.ceil(float(lif.period(current)) / dt - 1e-9) / 1000
    return np.arange(1, int(seconds / period + 1e-9) + 1) * period


def euler_spikes(current, dt):
    v, spikes = 0.0, []
    for step in range(round(200 / dt)):
        v += dt * (current - v)
        if v > 1:
            v = 0.0
            spikes.append(step * dt / 1000)
    return np.array(spikes)


def mean_interval(spikes):
    return 1 / np.mean(np.diff(spikes)) if len(spikes) > 1 else 0.0


def judge_rate(function, student="ada"):
    context = Context.of(student, "leaky_integrate_and_fire", COURSE)
    values = [encode(function(current)) for (current,) in definition.hidden_currents(context)]
    return judged("lif_firing_rate", {}, student, **{"call:firing_rate": {"calls": [values]}})


HONEST = {
    "closed form": lambda i: 1000 / float(lif.period(i)) if i > 1 else 0,
    "mean interval": lambda i: mean_interval(recorded_spikes(i)),
    "spikes over 0.5 s": lambda i: len(recorded_spikes(i)) / 0.5,
    "intervals over 0.5 s": lambda i: max(len(recorded_spikes(i)) - 1, 0) / 0.5,
    "a step of 0.52 s over 0.52 s": lambda i: len(recorded_spikes(i, 0.52)) / 0.52,
    "a step of 1 s over 1 s": lambda i: len(recorded_spikes(i, 1.0)) / 1.0,
    "Euler, dt = 0.1 ms": lambda i: mean_interval(euler_spikes(i, 0.1)),
    "Euler, dt = 0.02 ms": lambda i: mean_interval(euler_spikes(i, 0.02)),
}


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("way", HONEST)
def test_honest_rates_are_accepted(way, student):
    assert judge_rate(HONEST[way], student).passed


MISTAKES = {
    "kHz": lambda i: mean_interval(recorded_spikes(i)) / 1000,
    "1000 times": lambda i: mean_interval(recorded_spikes(i)) * 1000,
    "half": lambda i: len(recorded_spikes(i)),
    "twice": lambda i: 2 * len(recorded_spikes(i)) / 0.5,
    "interval": lambda i: 1000 * np.mean(np.diff(recorded_spikes(i))) if i > 1 else 0.0,
    "duration": lambda i: len(recorded_spikes(i)) / 0.52,
    "tau": lambda i: 100 / float(lif.period(i)) if i > 1 else 0,
    "refractory period": lambda i: 1000 / (float(lif.period(i)) + 1) if i > 1 else 0,
    "factor": lambda i: 0.7 * mean_interval(recorded_spikes(i)),
    "silent": lambda i: 0.0,
}


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_mistakes_of_a_rate_are_named(mistake, student):
    result = judge_rate(MISTAKES[mistake], student)
    assert (result.score, result.mistake) == (0, mistake)


@pytest.mark.parametrize("seconds", [0.51, 0.53, 0.54, 0.55, 0.48])
def test_spikes_over_another_time_than_the_steps_are_named_though_the_band_holds_them(seconds):
    assert judge_rate(lambda i: len(recorded_spikes(i)) / seconds).mistake == "duration"


def test_what_fits_two_causes_names_both():
    message = judge_rate(MISTAKES["half"]).message
    assert "number of spikes" in message and "1 s" in message
    message = judge_rate(lambda i: len(recorded_spikes(i, 0.05)) / 0.5).message
    assert "10 ms" in message and "50 ms" in message


def test_the_hidden_currents_lie_where_the_band_is_narrow():
    for student in STUDENTS:
        context = Context.of(student, "leaky_integrate_and_fire", COURSE)
        currents = np.array([current for (current,) in definition.hidden_currents(context)])
        assert ((currents <= 0.98) | ((currents >= 1.1) & (currents <= 2))).all()
        assert np.ptp(currents[currents > 1]) > 0.5


def test_a_nan_where_there_is_no_spike_is_answered_with_what_to_return():
    assert "return 0" in judge_rate(lambda i: mean_interval(recorded_spikes(i)) or float("nan")).message


CURRENTS = np.linspace(0.5, 3, 12)
RATES = np.where(CURRENTS > 1, 1000 / lif.period(CURRENTS), 0)


@pytest.mark.parametrize(
    ("currents", "rates", "mistake"),
    [
        (np.append(CURRENTS, [11, 15]), np.append(RATES, [0, 0]), None),
        (1000 * CURRENTS, RATES, "unit of currents"),
        (1e-9 * CURRENTS, RATES, "unit of currents"),
        (RATES, CURRENTS, "exchanged"),
        (CURRENTS, RATES / 2, "half"),
        (CURRENTS, 2 * RATES, "twice"),
        (CURRENTS[5:], RATES[5:], "form"),
    ],
)
def test_the_curve_is_judged_up_to_4_nA_and_its_mistakes_are_named(currents, rates, mistake):
    part = judged("lif_fi_curve", {"currents": currents, "rates": rates}).parts[0]
    assert part.mistake == mistake and (part.status == "passed") == (mistake is None)


def amplitude(values, current=0.5, frequencies=FREQUENCIES):
    return judged("lif_sinus_amplitude", {"frequencies": frequencies, "amplitudes": values, "I_sinus": current})


def voltage(frequency, current, offset=0.5, until=60.0, dt=0.05):
    """The exact voltage from rest."""
    t, omega = np.arange(0, until, dt), 2 * np.pi * frequency
    steady = (np.sin(omega * t) - omega * np.cos(omega * t) + omega * np.exp(-t)) / (1 + omega**2)
    return t, offset * (1 - np.exp(-t)) + current * steady


AMPLITUDES = {
    None: lambda t, v, i: np.ptp(v[t > 10]) / 2,
    "peak to peak": lambda t, v, i: np.ptp(v[t > 10]),
    "mean": lambda t, v, i: v[t > 10].max(),
    "minimum": lambda t, v, i: v[t > 10].min(),
    "transient": lambda t, v, i: np.ptp(v) / 2,
    "rms": lambda t, v, i: v[t > 10].std(),
    "gain": lambda t, v, i: np.ptp(v[t > 10]) / 2 / i,
    "half": lambda t, v, i: np.abs(np.fft.rfft(v[t >= 10] - v[t >= 10].mean())).max() / np.sum(t >= 10),
    "spectrum": lambda t, v, i: np.abs(np.fft.rfft(v[t >= 10] - v[t >= 10].mean())).max(),
    "unit": lambda t, v, i: np.ptp(v[t > 10]) / 2000,
    "decibel": lambda t, v, i: 20 * np.log10(np.ptp(v[t > 10]) / 2 / i),
    "current": lambda t, v, i: i,
}


@pytest.mark.parametrize("current", [0.3, 0.4])
@pytest.mark.parametrize("mistake", AMPLITUDES)
def test_the_mistakes_of_an_amplitude_are_named(mistake, current):
    values = [AMPLITUDES[mistake](*voltage(f, current), current) for f in FREQUENCIES]
    assert amplitude(values, current).mistake == mistake


def test_half_an_ampere_that_is_divided_by_is_twice_and_both_causes_are_named():
    message = amplitude(lif.gain(FREQUENCIES)).message
    assert "halved" in message and "divide by it yourself" in message


def test_frequencies_in_Hz_are_named():
    assert amplitude(0.5 * lif.gain(FREQUENCIES), 0.5, 1000 * FREQUENCIES).mistake == "unit of frequencies"


PHASE = lif.phase(FREQUENCIES)


@pytest.mark.parametrize(
    ("phases", "mistake"),
    [
        (PHASE, None),
        (PHASE + 2 * np.pi, None),
        (np.degrees(PHASE), "degrees"),
        (np.degrees(-PHASE), "degrees"),
        (-PHASE, "sign"),
        (PHASE / (2 * np.pi), "2 pi"),
        (-PHASE / (2 * np.pi), "2 pi"),
        (PHASE - np.pi / 2, "cosine"),
        (PHASE + np.pi / 2, "quarter of a period"),
        (PHASE / (2 * np.pi * FREQUENCIES), "time"),
        (-np.arctan(FREQUENCIES), "2 pi in the formula"),
        (0 * PHASE, "zero"),
    ],
)
def test_the_mistakes_of_a_phase_are_named(phases, mistake):
    values = {"frequencies": FREQUENCIES, "response_frequencies": FREQUENCIES, "phases": phases}
    assert judged("lif_sinus_phase", values).mistake == mistake


@pytest.mark.parametrize(
    ("found", "mistake"),
    [
        (1000 * FREQUENCIES, "Hz"),
        (0.05 * FREQUENCIES, "per sample"),
        (0.1 * FREQUENCIES, "per sample"),
        (np.round(50 * FREQUENCIES), "bin number"),
        (2 * FREQUENCIES, "twice"),
        (FREQUENCIES / 2, "half"),
        (2 * np.pi * FREQUENCIES, "angular"),
        (1 / FREQUENCIES, "period"),
        (0 * FREQUENCIES, "mean"),
    ],
)
def test_the_mistakes_of_a_frequency_are_named(found, mistake):
    values = {"frequencies": FREQUENCIES, "response_frequencies": found, "phases": PHASE}
    assert judged("lif_sinus_phase", values).mistake == mistake

"""The usual slips with NeuronX and NeuronY: thresholds, latencies and firing rates (pA, ms, Hz)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.answers.latencies import right_latencies
from autograder.assignments.neuron_type import reference as neurons
from autograder.assignments.neuron_type.bands import (
    OTHER,
    THRESHOLD,
    Letter,
    curve_bands,
    curve_currents,
    curve_rates,
    function_bands,
    hidden_inputs,
    hidden_rates,
    margins_of,
    type_of,
)
from autograder.course import Context
from autograder.question import Slip
from autograder.slips import other_units, rescaled_curve
from autograder.slips.rates import RateSlip, intervals, of_curve, of_function, times
from autograder.tolerance import Array

# ---------------------------------------------------------------------------- thresholds


# Type, name, and range (pA) of what does not answer the question; what that type of neuron does there.
RANGES: tuple[tuple[str, str, float, float, str], ...] = (
    (
        "I",
        "no spike",
        0.02,
        0.365,
        "At this current your {0} does not fire at all, however long the step lasts. Which of the two neurons did you run, and "
        "what did you count as a spike?",
    ),
    (
        "I",
        "short step",
        0.385,
        0.405,
        "Your {0} goes on firing at smaller currents too, but slowly: within 250 ms (the default) there is no second spike yet. Let "
        "the step last 1000 ms or more.",
    ),
    ("I", "not the smallest", 0.405, 5, "Your {0} goes on firing at smaller currents too."),
    ("II", "no spike", 0.02, 0.135, "At this current your {0} does not fire at all. What did you count as a spike?"),
    (
        "II",
        "onset spike",
        0.135,
        0.315,
        "At this current your {0} fires at most once, at the onset of the step, and then is silent. Look for the current from "
        "which it goes on firing.",
    ),
    ("II", "not the smallest", 0.335, 5, "Your {0} goes on firing at smaller currents too."),
)


def threshold_slips(letter: Letter) -> tuple[Slip, ...]:
    """Return the slips of the threshold of one neuron."""
    other = OTHER[letter]
    return (
        Slip(
            name="swapped",
            made=lambda c, value: bool(THRESHOLD[type_of(c, other)].contains(value)),
            message=f"This is what Neuron{other} does, not your Neuron{letter}. Are X and Y swapped, were both measured with "
            f"Neuron{other}, or is the value somebody else's? Each student has neurons of their own.",
            example=lambda c: neurons.repetitive_threshold(type_of(c, other)),
        ),
        *other_units("pA", lambda c: THRESHOLD[type_of(c, letter)]),
        *(_threshold_range(letter, *given) for given in RANGES),
    )


def _threshold_range(letter: Letter, kind: str, name: str, low: float, high: float, message: str) -> Slip:
    """Return the slip of a value in a range that means the same for one type of neuron."""

    def applies(context: Context) -> bool:
        return type_of(context, letter) == kind

    return Slip(
        name=name,
        made=lambda c, value: applies(c) and low <= value <= high,
        message=message.format(f"Neuron{letter}"),
        example=lambda c: min((low + high) / 2, low + 0.1),
        applies=applies,
    )


# ---------------------------------------------------------------------------- latencies


Pulses = tuple[Array, Array]  # currents, latencies


def latency_slips(letter: Letter) -> tuple[Slip, ...]:
    """Return the slips of the latencies of one neuron."""
    other = OTHER[letter]
    return (
        _other_measure(
            letter,
            "from the end",
            lambda found: found + 10,
            lambda found: found - 10,
            "These latencies count from the end of the pulse; count from its onset.",
        ),
        Slip(
            name="swapped",
            made=lambda c, found: bool(_right(type_of(c, other), *found).all()),
            message=f"This is what Neuron{other} does. Are X and Y swapped, or were both measured with Neuron{other}?",
            example=lambda c: _pulses(type_of(c, other)),
        ),
        _other_measure(
            letter,
            "samples",
            lambda found: found / 10,
            lambda found: found * 10,
            "These are ten times too large, as numbers of samples are: one sample lasts 0.1 ms.",
        ),
        _other_measure(
            letter,
            "seconds",
            lambda found: found * 1000,
            lambda found: found / 1000,
            "These look like seconds; the question asks for ms.",
        ),
        _shifted(
            letter,
            "onset",
            12,
            np.inf,
            100,
            "All latencies are too long by the same time, as times of the spikes are: subtract the onset of the pulse.",
        ),
        _shifted(
            letter,
            "peak",
            0.2,
            12,
            3,
            "All latencies are a few ms too long, by the same time. Is it the peak of the spike that you took? The first upward crossing of "
            "0.5 mV counts; and the pulse begins at its onset.",
        ),
        Slip(
            name="long step",
            made=lambda c, found: type_of(c, letter) == "I" and _of_a_step("I", *found),
            message="These are the answers to a longer current: the pulse must end 10 ms after its onset (`I_tend`).",
            example=lambda c: _steps(type_of(c, letter)),
            applies=lambda c: type_of(c, letter) == "I",  # type II answers a step as it does a pulse
        ),
    )


def _right(kind: str, currents: Array, found: Array) -> Array:
    threshold = neurons.pulse_threshold(kind)
    return np.asarray(right_latencies(currents, found, threshold, lambda current: neurons.pulse_latency(kind, current)))


def _pulses(kind: str) -> Pulses:
    """Return right answers to pulses below and above the threshold."""
    currents = neurons.pulse_threshold(kind) * np.array([0.9, 0.98, 1.02, 1.1, 1.3])
    return currents, np.array([neurons.pulse_latency(kind, float(current)) for current in currents])


def _steps(kind: str) -> Pulses:
    """Return the answers to steps instead."""
    currents = neurons.pulse_threshold(kind) * np.array([0.7, 0.9, 0.99, 1.1, 1.3])
    return currents, np.array([step_latency(kind, float(current)) for current in currents])


def _other_measure(
    letter: Letter, name: str, undo: Callable[[Array], Array], do: Callable[[Array], Array], message: str
) -> Slip:
    """Return the slip of another measure of the latency: `undo` leads from it to the latency, `do` back."""

    def made(context: Context, found: Pulses) -> bool:
        return bool(_right(type_of(context, letter), found[0], undo(found[1])).all())

    def example(context: Context) -> Pulses:
        currents, found = _pulses(type_of(context, letter))
        return currents, do(found)

    return Slip(name=name, made=made, message=message, example=example)


def _shifted(letter: Letter, name: str, low: float, high: float, by: float, message: str) -> Slip:
    """Return the slip of latencies that are all longer by one time, between `low` and `high` ms; `by` in the example."""

    def made(context: Context, found: Pulses) -> bool:
        kind = type_of(context, letter)
        return bool(low < _later(kind, *found) < high and not _right(kind, *found).all())

    def example(context: Context) -> Pulses:
        currents, found = _pulses(type_of(context, letter))
        return currents, found + by

    return Slip(name=name, made=made, message=message, example=example)


def _later(kind: str, currents: Array, found: Array) -> float:
    """Return by how much all spikes come later than expected (ms); NaN if they do not do so alike."""
    above = np.isfinite(found) & (currents > neurons.pulse_threshold(kind) * 1.02)
    if not above.any():
        return float("nan")
    expected = np.array([neurons.pulse_latency(kind, float(i)) for i in currents[above][:20]])
    shift = float(np.median(found[above][:20] - expected))
    return shift if _right(kind, currents, found - shift).all() else float("nan")


def _of_a_step(kind: str, currents: Array, found: Array) -> bool:
    """Tell whether the latencies are those of a step."""
    if _right(kind, currents, found).all() or not np.isfinite(found).any():
        return False
    found = found[:20]
    expected = np.array([step_latency(kind, float(current)) for current in currents[:20]])
    near = np.abs(found - expected) <= np.maximum(0.05 * expected, 0.2)
    return bool((near | (np.isnan(expected) & np.isnan(found))).all())


@lru_cache(maxsize=256)
def step_latency(kind: str, current: float) -> float:
    """Return the time (ms) to the first spike under a step of 200 ms; NaN without one."""
    spikes = neurons.spike_times(kind, current, 100, 300, 300)
    return float(spikes[0] - 100) if spikes.size else float("nan")


# ---------------------------------------------------------------------------- rates


RATE_SLIPS: tuple[RateSlip, ...] = (
    times("1/ms", k=1e-3, message="This looks like 1/ms (kHz); the question asks for Hz.", margin=0.06),
    times(
        "1000 times",
        k=1e3,
        message="These are 1000 times too large. Intervals in ms give 1000 / interval in Hz; in seconds, it is 1 / interval.",
        margin=0.06,
    ),
    times(
        "half",
        k=0.5,
        message="These are half of what is expected. From which spike to which did you take the intervals?",
        margin=0.06,
    ),
    times(
        "twice",
        k=2,
        message="These are twice what is expected. Is each spike counted twice, on the way up and on the way down?",
        margin=0.06,
    ),
    intervals("These look like intervals in ms; the rate is 1000 / interval, in Hz."),
)


def _onset_counted(context: Context, values: Array) -> bool:
    expected = function_bands(context, hidden_inputs(context))[0]
    silent = np.asarray(expected.high) == 0
    return bool(expected.contains(values)[~silent].all() and (values[silent] > 0).any())


def _spikes_counted(context: Context, values: Array) -> bool:
    """Tell whether the rates are whole numbers of spikes over one time."""
    expected = function_bands(context, hidden_inputs(context))[0].middle
    if not (np.abs(values - expected) <= 0.2 * expected + 2.5).all():
        return False
    return any(bool((np.abs(values * t - np.round(values * t)) < 1e-6).all()) for t in np.arange(5, 121) / 20)


@lru_cache(maxsize=64)
def first_interval(kind: str, current: float) -> float:
    """Return the first interval between spikes (ms) of a step from rest; NaN without one."""
    for end in (200, 700):
        spikes = neurons.spike_times(kind, current, 100, end, end)
        if spikes.size > 1:
            return float(spikes[1] - spikes[0])
    return float("nan")


def _rate_of_first_interval(context: Context, arguments: tuple[Any, ...]) -> float:
    neuron, current = arguments
    kind = context.variant[neuron.path.rpartition(":")[2]]
    fires = neurons.firing_rate(kind, [current])[0] > 0
    return 1000 / first_interval(kind, current) if fires else 0.0


def _rates_of_first_intervals(context: Context) -> Array:
    return np.array([_rate_of_first_interval(context, arguments) for arguments in hidden_inputs(context)])


def _first_interval_only(context: Context, values: Array) -> bool:
    def is_of_first(value: float, arguments: tuple[Any, ...]) -> bool:
        rate = _rate_of_first_interval(context, arguments)
        return abs(value - rate) <= 0.006 * rate

    # Each rate is a simulation, the shorter the larger the current; mostly the first one tells already.
    pairs = sorted(zip(values.tolist(), hidden_inputs(context), strict=True), key=lambda pair: -pair[1][1])
    return all(is_of_first(*pair) for pair in pairs)


def _one_neuron(letter: Letter, swap: bool = False) -> Callable[[Context, Array], bool]:
    """Return what tells whether all rates are those of one neuron, or those of the other neuron each."""

    def made(context: Context, values: Array) -> bool:
        inputs = hidden_inputs(context)
        own = [neuron.path[-1] for neuron, _ in inputs]
        kinds = [type_of(context, OTHER[x] if swap else letter) for x in own]
        return bool(margins_of(kinds, inputs).contains(values).all())

    return made


def _rates_of(letter: Letter, swap: bool = False) -> Callable[[Context], Array]:
    def rates(context: Context) -> Array:
        return np.array(
            [
                neurons.firing_rate(type_of(context, OTHER[neuron.path[-1]] if swap else letter), [current])[0]
                for neuron, current in hidden_inputs(context)
            ]
        )

    return rates


def _same_at_all_currents(context: Context, values: Array) -> bool:
    own = np.array([neuron.path[-1] for neuron, _ in hidden_inputs(context)])
    return all(np.ptp(values[own == letter]) < 1e-9 for letter in "XY") and bool((values > 0).any())


def curve_slips(letter: Letter) -> tuple[Slip, ...]:
    """Return the slips of the f-I curve of one neuron."""
    other = OTHER[letter]
    return (
        rescaled_curve(
            "swapped",
            k=1,
            accept=curve_bands(other),
            at=curve_currents,
            message=f"This is the curve of Neuron{other}. Are X and Y swapped, or were both measured with Neuron{other}?",
        ),
        *(of_curve(slip, curve_rates(letter), curve_currents) for slip in RATE_SLIPS),
    )


FUNCTION_SLIPS: tuple[Slip, ...] = (
    *(of_function(slip, lambda c, currents: hidden_rates(c), hidden_inputs) for slip in RATE_SLIPS),
    Slip(
        name="swapped",
        made=_one_neuron("X", swap=True),
        message="The rates of each neuron are those of the other one. Does your function use the neuron that it is handed?",
        example=_rates_of("X", swap=True),
    ),
    *(
        Slip(
            name="argument not used",
            made=_one_neuron(letter),
            message=f"The rates of both neurons are those of Neuron{letter}. Use the neuron that your function is handed.",
            example=_rates_of(letter),
        )
        for letter in ("X", "Y")
    ),
    Slip(
        name="argument not used",
        made=_same_at_all_currents,
        message="The rate of a neuron is the same at all currents. Does your function use `I_amp`?",
        example=lambda c: np.where(_rates_of("X")(c) >= 0, 12.5, 0),
    ),
    Slip(
        name="onset transient",
        made=_onset_counted,
        message="A spike or two at the onset of the step is not a rate: return 0 where the neuron does not go on firing.",
        example=lambda c: np.maximum(hidden_rates(c), 1.0),
    ),
    Slip(
        name="first interval",
        made=_first_interval_only,
        message="These are the rates of the first interval between two spikes, which differs from the later ones. Take the mean "
        "of the later intervals.",
        example=_rates_of_first_intervals,
    ),
    Slip(
        name="spikes counted",
        made=_spikes_counted,
        message="These are whole numbers of spikes over one time, which is too coarse for slow firing, and too small where "
        "the time holds more than the step. Take the mean of the intervals between spikes.",
        example=lambda c: np.floor(hidden_rates(c) + 0.9 * (hidden_rates(c) > 0)),
    ),
)

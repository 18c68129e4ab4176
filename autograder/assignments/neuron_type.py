"""Type I and type II neurons: which of the student's own NeuronX and NeuronY is which (pA, ms, Hz)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from autograder.answers import Choices, Curve, Function, Plot, Value
from autograder.answers.curve import Array
from autograder.answers.pulses import Latencies, right_latencies
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.reference import neuron_type as neurons
from autograder.sandbox import New
from autograder.slips import middle, near, rescaled_curve, rescaled_function
from autograder.tolerance import Between

Letter = Literal["X", "Y"]
OTHER: dict[Letter, Letter] = {"X": "Y", "Y": "X"}
# What steps of 1000 ms or more, to 0.01 pA, can tell of the two thresholds.
THRESHOLD = {"I": Between(0.365, 0.385), "II": Between(0.315, 0.335)}
NEURON = "neurodynex.neuron_type.typeXY:Neuron"


def type_of(letter: Letter, context: Context) -> str:
    """Return "I" or "II": what the student's neuron of that letter is."""
    return context.variant[f"Neuron{letter}"]


def threshold(letter: Letter) -> Value:
    return Value(
        f"I_threshold_{letter}",
        "pA",
        accept=lambda c: THRESHOLD[type_of(letter, c)],
        reference=lambda c: neurons.repetitive_threshold(type_of(letter, c)),
        plausible=(0.01, 10),
        slips=(
            Slip(
                "swapped",
                lambda value, c: bool(THRESHOLD[type_of(OTHER[letter], c)].contains(value)),
                f"This is what Neuron{OTHER[letter]} does, not your Neuron{letter}. Are X and Y swapped, or is the value somebody "
                "else's? Each student has neurons of their own.",
                lambda c: neurons.repetitive_threshold(type_of(OTHER[letter], c)),
            ),
            near(
                "short step",
                lambda c: 0.396,
                0.006,
                "A step of 250 ms (the default) is too short to see a second spike near the threshold. Let it last 1000 ms or more.",
            ),
            Slip(
                "onset spike",
                lambda value, c: 0.1 < value < 0.3,
                "At this current there is one spike at the onset of the step, and then silence. Look for the current from which the "
                "neuron goes on firing.",
                lambda c: 0.14,
            ),
        ),
        think=f"Plot Neuron{letter}'s voltage during 1000 ms or more, just below and just above your value: does it go on firing "
        "to the end only above it?",
    )


def latencies(letter: Letter) -> Latencies:
    def after_the_end(found: tuple[Array, Array], context: Context) -> bool:
        kind = type_of(letter, context)
        shifted = found[1] + 10
        return bool(
            right_latencies(
                found[0], shifted, neurons.pulse_threshold(kind), lambda i: neurons.pulse_latency(kind, i)
            ).all()
        )

    def rows(c: Context, kind: str) -> tuple[Array, Array]:
        currents = neurons.pulse_threshold(kind) * np.array([0.9, 0.98, 1.02, 1.1, 1.3])
        return currents, np.array([neurons.pulse_latency(kind, float(current)) for current in currents])

    def early(c: Context) -> tuple[Array, Array]:
        currents, found = rows(c, type_of(letter, c))
        return currents, found - 10

    def of_the_other(found: tuple[Array, Array], context: Context) -> bool:
        kind = type_of(OTHER[letter], context)
        return bool(
            right_latencies(*found, neurons.pulse_threshold(kind), lambda i: neurons.pulse_latency(kind, i)).all()
        )

    return Latencies(
        f"pulse_latency_{letter}",
        threshold=lambda c: neurons.pulse_threshold(type_of(letter, c)),
        latency=lambda c, current: neurons.pulse_latency(type_of(letter, c), current),
        slips=(
            Slip(
                "from the end",
                after_the_end,
                "These latencies count from the end of the pulse; count from its onset.",
                early,
            ),
            Slip(
                "swapped",
                of_the_other,
                f"This is what Neuron{OTHER[letter]} does. Are X and Y swapped?",
                lambda c: rows(c, type_of(OTHER[letter], c)),
            ),
        ),
        think="Plot the voltage at that current: the spike is the first upward crossing of 0.5 mV, and the pulse begins at its onset.",
    )


def hidden_currents(letter: Letter, context: Context) -> list[float]:
    """Draw one current below the neuron's threshold and three above, 5 % away from it and up to 1 pA."""
    rng = np.random.default_rng(context.seed(f"type_firing_rate {letter}"))
    edge = neurons.repetitive_threshold(type_of(letter, context))
    silent = rng.uniform(0.6 * edge, 0.95 * edge)
    firing = rng.uniform((1.05 * edge, 0.5, 0.75), (0.5, 0.75, 1.0))
    return [round(float(current), 4) for current in (silent, *firing)]


def hidden_inputs(context: Context) -> list[tuple[Any, ...]]:
    return [(New(NEURON + letter), current) for letter in ("X", "Y") for current in hidden_currents(letter, context)]


def rate_margins(kind: str, currents: Array) -> Between:
    """Accept 3 % or 0.5 Hz, 5 % above 0.9 pA; silence below the threshold."""
    rates = neurons.firing_rate(kind, currents)
    margin = np.maximum(np.where(currents > 0.9, 0.05, 0.03) * rates, np.where(rates > 0, 0.5, 0))
    return Between(rates - margin, rates + margin)


def function_bands(inputs: Sequence[tuple[Any, ...]], context: Context) -> list[Between]:
    low, high = [], []
    for neuron, current in inputs:
        band = rate_margins(context.variant[neuron.path.rpartition(":")[2]], np.array([current]))
        low.append(float(np.asarray(band.low)[0]))
        high.append(float(np.asarray(band.high)[0]))
    return [Between(low, high)]


def _onset_counted(values: Array, context: Context) -> bool:
    expected = function_bands(hidden_inputs(context), context)[0]
    silent = np.asarray(expected.high) == 0
    return bool(expected.contains(values)[~silent].all() and (values[silent] > 0).any())


def _spikes_counted(values: Array, context: Context) -> bool:
    band = function_bands(hidden_inputs(context), context)[0]
    expected = (np.asarray(band.low) + np.asarray(band.high)) / 2
    return bool((np.abs(values - expected) <= 2.5).all())


def curve_currents(context: Context) -> Array:
    return np.array([0.0, 0.1, 0.2, 0.28, 0.45, 0.5, 0.6, 0.7, 0.8, 0.85, 1.0])


def _hidden_rates(context: Context) -> Array:
    return middle(function_bands(hidden_inputs(context), context))


def curve_bands(letter: Letter) -> Callable[[Array, Context], list[Between]]:
    def bands(currents: Array, context: Context) -> list[Between]:
        kind = type_of(letter, context)
        band = rate_margins(kind, currents)
        # Near the threshold silence and slow firing are both honest: the step's length decides.
        near_edge = np.abs(currents / neurons.repetitive_threshold(kind) - 1) < 0.05
        top = neurons.firing_rate(kind, [1.05 * neurons.repetitive_threshold(kind)])[0] + 1
        return [band, Between(np.where(near_edge, 0, band.low), np.where(near_edge, top, band.high))]

    return bands


def both_sides(currents: Array, context: Context) -> str | None:
    if (currents < 0.31).any() and (currents > 0.4).any():
        return None
    return "`currents` must hold values below and values above the thresholds of the neurons."


MILLISECONDS = "This looks like 1/ms (kHz); the question asks for Hz."


def f_i(letter: Letter) -> Curve:
    return Curve(
        x=("currents", "pA"),
        y=(f"rates_{letter}", "Hz"),
        accept=curve_bands(letter),
        at=curve_currents,
        cover=both_sides,
        range=(0.0, 1.0),
        slips=(
            rescaled_curve(
                "swapped",
                1,
                curve_bands(OTHER[letter]),
                curve_currents,
                f"This is the curve of Neuron{OTHER[letter]}. Are X and Y swapped?",
            ),
            rescaled_curve("1/ms", 1e-3, curve_bands(letter), curve_currents, MILLISECONDS),
        ),
        think=f"Plot Neuron{letter}'s voltage at that current: does it go on firing, and what is the interval between two spikes?",
    )


def _classes(context: Context) -> dict[str, str]:
    return {neuron: context.variant[neuron] for neuron in ("NeuronX", "NeuronY")}


def _other_way_round(context: Context) -> dict[str, str]:
    return {"NeuronX": context.variant["NeuronY"], "NeuronY": context.variant["NeuronX"]}


ASSIGNMENT = Assignment(
    "neuron_type",
    "Type I and type II neurons",
    (
        Question(
            "type_thresholds",
            asks="`I_threshold_X` and `I_threshold_Y`: the smallest step current (pA) from which the neuron goes on firing",
            tolerance="Give them to 0.01 pA, from steps of 1000 ms or more; about 0.01 pA to either side is accepted.",
            answers=(threshold("X"), threshold("Y")),
        ),
        Question(
            "type_pulse",
            asks="`pulse_latency_X` and `pulse_latency_Y`: rows (I, latency in ms) for pulses of 10 ms",
            tolerance="Latencies are accepted within 5 % or 0.2 ms of your own neuron's; pulses within 0.5 % of its pulse threshold "
            "may go either way.",
            answers=(latencies("X"), latencies("Y")),
        ),
        Question(
            "type_firing_rate",
            asks="a function `get_firing_rate(neuron, I_amp)`: the rate (Hz) of sustained firing, from the inter-spike intervals",
            tolerance="Rates are accepted within 3 % or 0.5 Hz (5 % above 0.9 pA), and must be 0 where the neuron does not go on firing.",
            answers=(
                Function(
                    "get_firing_rate",
                    "Hz",
                    inputs=hidden_inputs,
                    accept=function_bands,
                    call="get_firing_rate(neuron, {})",
                    slips=(
                        rescaled_function("1/ms", 1e-3, function_bands, hidden_inputs, MILLISECONDS),
                        Slip(
                            "onset transient",
                            _onset_counted,
                            "A spike or two at the onset of the step is not a rate: return 0 where the neuron does not go on firing.",
                            lambda c: np.maximum(_hidden_rates(c), 1.0),
                        ),
                        Slip(
                            "spikes counted",
                            _spikes_counted,
                            "The rates are nearly right, as if spikes were counted over the length of the step; take the mean of the "
                            "intervals between spikes.",
                            lambda c: _hidden_rates(c) + 0.9 * np.array([0.0, 1, 1, 1, 0, 1, 1, 1]),
                        ),
                    ),
                    think="Plot the voltage at that current and measure the interval between two spikes late in the step.",
                ),
            ),
        ),
        Question(
            "type_fi_curve",
            asks="`currents` (pA), `rates_X` and `rates_Y` (Hz), 10 points or more up to 1 pA, and their plot",
            tolerance="Each rate is judged as in the question before; within 5 % of a threshold, silence and slow firing are both "
            "accepted.",
            answers=(f_i("X"), f_i("Y"), Plot((f_i("X"), f_i("Y")), "the firing rates against the current")),
        ),
        Question(
            "type_class",
            asks='`neuron_types` = {"NeuronX": "I" or "II", "NeuronY": ...}',
            tolerance="Both must be right. Half of the points want a measurement of yours that bears it out: the thresholds, the "
            "firing rates or the f-I curve.",
            answers=(
                Choices(
                    "neuron_types",
                    keys=("NeuronX", "NeuronY"),
                    options=("I", "II"),
                    right=_classes,
                    think="One of the two is type I and the other type II. Which one starts to fire at an arbitrarily low rate?",
                    slips=(
                        Slip(
                            "swapped",
                            lambda words, c: (
                                words == {"NeuronX": c.variant["NeuronY"], "NeuronY": c.variant["NeuronX"]}
                            ),
                            "It is the other way round. Compare the rates just above the two thresholds: which neuron can fire "
                            "arbitrarily slowly?",
                            _other_way_round,
                        ),
                    ),
                ),
            ),
            supported_by=("type_thresholds", "type_firing_rate", "type_fi_curve"),
        ),
    ),
)

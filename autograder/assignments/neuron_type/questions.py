"""Type I and type II neurons: which of the student's own NeuronX and NeuronY is which (pA, ms, Hz)."""

from __future__ import annotations

from autograder.answers import Choices, Curve, Function, Latencies, Plot, Value
from autograder.assignments.neuron_type import reference as neurons
from autograder.assignments.neuron_type import slips
from autograder.assignments.neuron_type.bands import (
    THRESHOLD,
    Letter,
    both_sides,
    curve_bands,
    curve_currents,
    function_bands,
    hidden_inputs,
    type_of,
)
from autograder.course import Context
from autograder.question import Assignment, Question, Slip


def threshold(letter: Letter) -> Value:
    return Value(
        name=f"I_threshold_{letter}",
        unit="pA",
        accept=lambda c: THRESHOLD[type_of(c, letter)],
        expected=lambda c: neurons.repetitive_threshold(type_of(c, letter)),
        plausible=(0.01, 10),
        simulated=(0.015, 0.02),
        slips=slips.threshold_slips(letter),
        think=f"Plot Neuron{letter}'s voltage during 1000 ms or more, just below and just above your value: does it go on firing "
        "to the end only above it?",
    )


def latencies(letter: Letter) -> Latencies:
    return Latencies(
        name=f"pulse_latency_{letter}",
        threshold=lambda c: neurons.pulse_threshold(type_of(c, letter)),
        expected=lambda c, current: neurons.pulse_latency(type_of(c, letter), current),
        slips=slips.latency_slips(letter),
        think="Plot the voltage at that current: the spike is the first upward crossing of 0.5 mV, and the pulse begins at its onset.",
    )


def f_i(letter: Letter) -> Curve:
    return Curve(
        name=f"rates_{letter}",
        unit="Hz",
        x=("currents", "pA"),
        accept=curve_bands(letter),
        at=curve_currents,
        cover=both_sides,
        range=(0.0, 1.0),
        slips=slips.curve_slips(letter),
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
            tolerance="Give them to 0.01 pA, from steps of 1000 ms or more; up to 0.008 pA below and 0.01 pA above the exact value is "
            "accepted.",
            answers=(threshold("X"), threshold("Y")),
        ),
        Question(
            "type_pulse",
            asks="`pulse_latency_X` and `pulse_latency_Y`: rows (I, latency in ms) for pulses of 10 ms",
            tolerance="Latencies are accepted within 5 % or 0.2 ms of your own neuron's; pulses within 1.5 % of its pulse threshold "
            "may go either way.",
            answers=(latencies("X"), latencies("Y")),
        ),
        Question(
            "type_firing_rate",
            asks="a function `get_firing_rate(neuron, I_amp)`: the rate (Hz) of sustained firing, from the inter-spike intervals",
            tolerance="Rates are accepted within 3 % or 0.5 Hz (5 % above 0.9 pA), and must be 0 where the neuron does not go on firing.",
            answers=(
                Function(
                    name="get_firing_rate",
                    unit="Hz",
                    inputs=hidden_inputs,
                    accept=function_bands,
                    call="get_firing_rate(neuron, {})",
                    slips=slips.FUNCTION_SLIPS,
                    refusals=(("get_rate", "has no get_rate"),),
                    not_a_number="Where there is no interval between spikes, its mean is NaN: return 0 there.",
                    think="Plot the voltage at that current and measure the interval between two spikes late in the step.",
                ),
            ),
        ),
        Question(
            "type_fi_curve",
            asks="`currents` (pA), `rates_X` and `rates_Y` (Hz), 10 points or more up to 1 pA, and their plot",
            tolerance="Each rate is judged as in the question before; within 5 % of a threshold, silence and slow firing are both "
            "accepted.",
            answers=(
                f_i("X"),
                f_i("Y"),
                Plot(curves=(f_i("X"), f_i("Y")), what="the firing rates against the current"),
            ),
        ),
        Question(
            "type_class",
            asks='`neuron_types` = {"NeuronX": "I" or "II", "NeuronY": ...}',
            tolerance="Both must be right. Half of the points want a measurement of yours that bears it out: the thresholds, the "
            "firing rates or the f-I curve.",
            answers=(
                Choices(
                    name="neuron_types",
                    keys=("NeuronX", "NeuronY"),
                    options=("I", "II"),
                    expected=_classes,
                    think="One of the two is type I and the other type II. Which one starts to fire at an arbitrarily low rate?",
                    slips=(
                        Slip(
                            name="swapped",
                            made=lambda c, words: words == _other_way_round(c),
                            message="It is the other way round. Compare the rates just above the two thresholds: which neuron can fire "
                            "arbitrarily slowly?",
                            example=_other_way_round,
                        ),
                    ),
                ),
            ),
            supported_by=("type_thresholds", "type_firing_rate", "type_fi_curve"),
        ),
    ),
    about="by experiment, which of their own two neurons is of type I and which of type II",
    level="intermediate",
    hours=4,
)

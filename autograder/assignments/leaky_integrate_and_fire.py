"""The leaky integrate-and-fire neuron: threshold, f-I curve, and the response to a sine (nA, mV, kHz)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.answers import Curve, Function, Plot, Value
from autograder.answers.curve import Array
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.reference import leaky_integrate_and_fire as lif
from autograder.slips import factor, middle, near, rescaled_curve, rescaled_function
from autograder.tolerance import Between, within

STEP = 0.5  # s, the length of the current step of the f-I curve


def rate_bands(currents: Array, context: Context) -> list[Between]:
    """Accept the closed form with the period 0.2 ms longer to 0.1 ms shorter, or the spikes of the step counted."""
    period = lif.period(currents)
    low, high = 1000 / (period + 0.2), 1000 / np.maximum(period - 0.1, 0.05)
    silent = currents <= lif.rheobase()
    low, high = np.where(silent, 0, low), np.where(silent, 0, high)
    counted = Between(np.floor(low * STEP) / STEP, np.ceil(high * STEP) / STEP)
    at_threshold = np.abs(currents / lif.rheobase() - 1) < 1e-6
    either = Between(np.where(at_threshold, 0, low), np.where(at_threshold, 200, high))
    return [either, counted]


def both_sides(currents: Array, context: Context) -> str | None:
    if (currents < lif.rheobase()).any() and (currents > lif.rheobase()).any():
        return None
    return "`currents` must hold values below and values above the threshold of the neuron."


def hidden_currents(context: Context) -> list[tuple[float]]:
    """Draw three currents below the threshold and five above: 0.98 nA and below, 1.1 nA and above."""
    rng = np.random.default_rng(context.seed("lif_firing_rate"))
    below, above = rng.uniform(0.2, 0.98, 3), 1.1 + rng.uniform(0, 1, 5) ** 2 * 3
    return [(round(float(current), 4),) for current in (*below, *above)]


def function_bands(inputs: Sequence[tuple[Any, ...]], context: Context) -> list[Between]:
    return rate_bands(np.array([current for (current,) in inputs]), context)


def curve_currents(context: Context) -> Array:
    return np.array([0.2, 0.5, 0.8, 0.95, 1.1, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0])


def curve_frequencies(context: Context) -> Array:
    return np.linspace(0.1, 1.0, 7)


def _rates(context: Context) -> Array:
    return middle(function_bands(hidden_currents(context), context))


def _constant_ratio(values: Array, context: Context) -> bool:
    currents = np.array([current for (current,) in hidden_currents(context)])
    ratio = (values * lif.period(currents) / 1000)[currents > 1]
    return bool(np.isfinite(ratio).all() and (ratio > 0).all() and ratio.std() < 0.1 * ratio.mean())


def gain_bands(frequencies: Array, context: Context) -> list[Between]:
    return [within(lif.gain(frequencies), relative=0.07)]


def frequency_bands(frequencies: Array, context: Context) -> list[Between]:
    return [within(frequencies, relative=0.02, absolute=0.01)]


def phase_bands(frequencies: Array, context: Context) -> list[Between]:
    return [within(lif.phase(frequencies), absolute=2 * np.pi * frequencies * 0.15 + 0.05)]


def _transient(found: tuple[Array, Array], context: Context) -> bool:
    """From rest the voltage needs some milliseconds to its steady oscillation; that adds the more, the smaller the gain."""
    frequencies, gains = found
    order = np.argsort(frequencies)
    ratio = (gains / lif.gain(frequencies))[order]
    return bool((ratio > 0.98).all() and (ratio > 1.07).any() and (np.diff(ratio) > -0.05).all())


def _gain_as_amplitude(found: tuple[Array, Array], context: Context) -> bool:
    """The amplitudes already were gains, so that a division by the same current too much was done."""
    frequencies, gains = found
    ratio = gains / lif.gain(frequencies)
    return bool(ratio.std() < 0.05 * ratio.mean() and (ratio > 1.07).all())


def _phases_as(name: str, undo: Any, do: Any, message: str) -> Slip:
    """Return the slip of giving another measure of the phase: `undo` leads from it to radians, `do` back."""

    def made(found: tuple[Array, Array], context: Context) -> bool:
        frequencies, phases = found
        off = undo(phases) - lif.phase(frequencies)
        off -= 2 * np.pi * np.round(off / (2 * np.pi))
        return bool((np.abs(off) <= 2 * np.pi * frequencies * 0.15 + 0.05).all())

    return Slip(name, made, message, lambda c: (curve_frequencies(c), do(lif.phase(curve_frequencies(c)))))


KILOHERTZ = "This looks like kHz (1/ms); the question asks for Hz. 1 / ms is 1000 Hz."
SILENT = (
    "All rates are 0. The recorded voltage is reset at the threshold and never exceeds 1 mV: look for the resets, or for v close "
    "to the threshold."
)
DURATION = (
    "All rates are wrong by the same factor. Did you divide by the length of the step, in seconds, and did the step last 500 ms "
    "within the simulation?"
)
THRESHOLD = Between(0.995, 1.02)
F_I = Curve(
    x=("currents", "nA"),
    y=("rates", "Hz"),
    accept=rate_bands,
    at=curve_currents,
    cover=both_sides,
    rising=True,
    slips=(
        rescaled_curve("kHz", 1e-3, rate_bands, curve_currents, KILOHERTZ),
        Slip(
            "silent",
            lambda xy, c: bool((xy[1] == 0).all()),
            SILENT,
            lambda c: (curve_currents(c), 0 * curve_currents(c)),
        ),
    ),
    think="Compare one point by hand: plot the voltage at that current and measure the interval between two resets.",
)
FREQUENCIES: dict[str, Any] = {"x": ("frequencies", "kHz"), "points": 5, "range": (0.1, 1.0), "at": curve_frequencies}


ASSIGNMENT = Assignment(
    "leaky_integrate_and_fire",
    "The leaky integrate-and-fire neuron",
    (
        Question(
            "lif_threshold",
            asks="the smallest step current (nA) that makes the neuron fire",
            tolerance="Give it to 0.01 nA; up to two grid steps above the exact value, and half a step below, is accepted.",
            answers=(
                Value(
                    "I_min",
                    "nA",
                    accept=lambda c: THRESHOLD,
                    reference=lambda c: lif.rheobase(),
                    plausible=(1e-3, 100),
                    slips=(
                        factor("pA", 1e3, THRESHOLD, "This looks like pA; the question asks for nA."),
                        factor("A", 1e-9, THRESHOLD, "This looks like A; the question asks for nA."),
                        near(
                            "zero",
                            lambda c: 0.0,
                            1e-12,
                            "Without a current this neuron rests. Look at the voltage it reaches.",
                        ),
                    ),
                    think="Plot the voltage just below and just above your value: does the neuron fire only above it?",
                ),
            ),
        ),
        Question(
            "lif_firing_rate",
            asks="a function `firing_rate(I_amp)`: the rate (Hz) during a current step of 500 ms",
            tolerance="Rates may be off by what a period 0.2 ms longer or 0.1 ms shorter makes, or be the number of spikes over 0.5 s.",
            answers=(
                Function(
                    "firing_rate",
                    "Hz",
                    inputs=hidden_currents,
                    accept=function_bands,
                    call="firing_rate({})",
                    slips=(
                        rescaled_function("kHz", 1e-3, function_bands, hidden_currents, KILOHERTZ),
                        Slip("silent", lambda values, c: bool((values == 0).all()), SILENT, lambda c: 0 * _rates(c)),
                        Slip("duration", _constant_ratio, DURATION, lambda c: 5 * _rates(c)),
                    ),
                    think="Compare with a plot of the voltage at that current: measure the interval between two resets.",
                ),
            ),
        ),
        Question(
            "lif_fi_curve",
            asks="`currents` (nA) and `rates` (Hz), 10 points or more, below and above the threshold, and their plot",
            tolerance="Each rate is judged as in the question before; the curve must not fall.",
            answers=(F_I, Plot((F_I,), "the firing rate against the current")),
        ),
        Question(
            "lif_sinus_amplitude",
            asks="`amplitudes` (mV) of the voltage at `frequencies` (kHz), for a current amplitude `I_sinus` (nA)",
            tolerance="Amplitude over current amplitude is accepted within 7 %.",
            answers=(
                Curve(
                    y=("amplitudes", "mV"),
                    divide_by=("I_sinus", "nA"),
                    accept=gain_bands,
                    slips=(
                        rescaled_curve(
                            "peak to peak",
                            2,
                            gain_bands,
                            curve_frequencies,
                            "These are twice the amplitude. The distance from trough to peak must be halved; and if `I_sinus` is 0.5, "
                            "did you divide by it yourself?",
                        ),
                        Slip(
                            "gain",
                            _gain_as_amplitude,
                            "The ratio to `I_sinus` is the same factor too large at all frequencies. `amplitudes` are voltages in mV: "
                            "they are divided by `I_sinus` here, so do not divide them yourself.",
                            lambda c: (curve_frequencies(c), lif.gain(curve_frequencies(c)) / 0.3),
                        ),
                        Slip(
                            "transient",
                            _transient,
                            "The amplitudes are too large, the more so the higher the frequency. Leave out the first few milliseconds, "
                            "in which the neuron settles from rest into the oscillation.",
                            lambda c: (curve_frequencies(c), lif.gain(curve_frequencies(c)) * np.linspace(1.0, 1.9, 7)),
                        ),
                    ),
                    think="Plot the voltage at one frequency: is it periodic where you measure, and does no spike reset it?",
                    **FREQUENCIES,
                ),
            ),
        ),
        Question(
            "lif_sinus_phase",
            asks="`response_frequencies` (kHz) and `phases` (rad, a lag is negative) of the voltage at `frequencies` (kHz)",
            tolerance="Frequencies are accepted within 2 % or 10 Hz, phases within 2 pi f x 0.15 ms + 0.05 rad, modulo 2 pi.",
            answers=(
                Curve(
                    y=("response_frequencies", "kHz"),
                    accept=frequency_bands,
                    slips=(
                        rescaled_curve(
                            "Hz",
                            1e3,
                            frequency_bands,
                            curve_frequencies,
                            "These look like Hz; the question asks for kHz.",
                        ),
                        Slip(
                            "mean",
                            lambda xy, c: bool((xy[1] == 0).any()),
                            "A frequency of 0 comes from the mean of the voltage: subtract the mean before you look for the largest "
                            "Fourier component.",
                            lambda c: (curve_frequencies(c), 0 * curve_frequencies(c)),
                        ),
                    ),
                    think="A linear system answers a sine with a sine: count the periods in a stretch of time.",
                    **FREQUENCIES,
                ),
                Curve(
                    y=("phases", "rad"),
                    accept=phase_bands,
                    period=2 * np.pi,
                    slips=(
                        _phases_as(
                            "degrees", np.radians, np.degrees, "These look like degrees; the question asks for radians."
                        ),
                        _phases_as(
                            "sign",
                            np.negative,
                            np.negative,
                            "The sign is the other way round: the voltage comes later, and a lag is negative.",
                        ),
                        _phases_as(
                            "2 pi",
                            lambda p: 2 * np.pi * p,
                            lambda p: p / (2 * np.pi),
                            "These are fractions of a period; a full period is 2 pi rad.",
                        ),
                    ),
                    think="Compare the time of a peak of the current with the next peak of the voltage, as a fraction of the period.",
                    **FREQUENCIES,
                ),
            ),
        ),
    ),
)

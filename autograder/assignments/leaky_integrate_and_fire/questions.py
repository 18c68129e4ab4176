"""The leaky integrate-and-fire neuron: threshold, f-I curve, and the response to a sine (nA, mV, kHz)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from autograder.answers import Curve, Function, Plot, Value
from autograder.answers.function_answer import Inputs
from autograder.assignments.leaky_integrate_and_fire import reference as lif
from autograder.assignments.leaky_integrate_and_fire.filter_slips import frequency_slips, gain_slips, phase_slips
from autograder.course import Context
from autograder.question import Assignment, Question
from autograder.slips import near, other_units, span
from autograder.slips.rates import (
    RateSlip,
    counted_over,
    delayed,
    intervals,
    of_curve,
    of_function,
    proportional,
    silent,
    times,
)
from autograder.tolerance import Array, Between, within

STEP = 0.5  # s, the length of the current step of the f-I curve
# nA. Up to here 0.1 ms are less than a third of the interval between spikes, and voltages come close to the threshold; from
# 10.5 nA on the library resets in each time step.
LARGEST = 4.0


def rate_bands(context: Context, currents: Array) -> list[Between]:
    """Accept the closed form with the period 0.2 ms longer to 0.1 ms shorter, or the spikes of the step counted."""
    period = lif.period(currents)
    low, high = 1000 / (period + 0.2), 1000 / np.maximum(period - 0.1, 0.05)
    silent = currents <= lif.rheobase()
    low, high = np.where(silent, 0, low), np.where(silent, 0, high)
    counted = Between(np.floor(low * STEP) / STEP, np.ceil(high * STEP) / STEP)
    at_threshold = np.abs(currents / lif.rheobase() - 1) < 1e-6
    either = Between(np.where(at_threshold, 0, low), np.where(at_threshold, 200, high))
    return [either, counted]


def both_sides(context: Context, currents: Array) -> str | None:
    if (currents < lif.rheobase()).any() and (currents > lif.rheobase()).any():
        return None
    return "`currents` must hold values below and values above the threshold of the neuron."


def hidden_currents(context: Context) -> list[tuple[float]]:
    """Draw three currents below the threshold and five above: 0.98 nA and below, from 1.1 to 2 nA.

    The nearer to the threshold, the narrower is the accepted band, as a fraction of the rate.
    """
    return list(_currents(context.seed("lif_firing_rate")))


@lru_cache(maxsize=64)
def _currents(seed: int) -> tuple[tuple[float], ...]:
    rng = np.random.default_rng(seed)
    below, above = rng.uniform(0.2, 0.98, 3), 1.1 + ((np.arange(5) + rng.uniform(0, 1, 5)) / 5) ** 2 * 0.9
    return tuple((round(float(current), 4),) for current in (*below, *above))


def function_bands(context: Context, inputs: Inputs) -> list[Between]:
    return rate_bands(context, np.array(inputs, float)[:, 0])


def curve_currents(context: Context) -> Array:
    return np.array([0.2, 0.5, 0.8, 0.95, 1.1, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0])


def curve_frequencies(context: Context) -> Array:
    return np.linspace(0.1, 1.0, 7)


def expected_rates(context: Context, currents: Array) -> Array:
    return 1000 / lif.period(currents)


def gain_bands(context: Context, frequencies: Array) -> list[Between]:
    return [within(lif.gain(frequencies), relative=0.07)]


def frequency_bands(context: Context, frequencies: Array) -> list[Between]:
    return [within(frequencies, relative=0.02, absolute=0.01)]


def phase_bands(context: Context, frequencies: Array) -> list[Between]:
    return [within(lif.phase(frequencies), absolute=2 * np.pi * frequencies * 0.15 + 0.05)]


RATE_SLIPS: tuple[RateSlip, ...] = (
    counted_over(
        STEP,
        "These are numbers of spikes, but not divided by the 0.5 s that the step lasts. Leave out the time before and after the step.",
    ),
    silent(
        "All rates are 0. The recorded voltage is reset at the threshold and never exceeds 1 mV: look for the resets, or for upward "
        "crossings of 0.5 mV."
    ),
    times(
        "kHz", k=1e-3, message="This looks like kHz (1/ms); the question asks for Hz. 1 / ms is 1000 Hz.", margin=0.2
    ),
    times(
        "1000 times",
        k=1e3,
        message="These are 1000 times too large. Intervals in ms give 1000 / interval in Hz; where the times carry units, or are in "
        "seconds, it is 1 / interval.",
        margin=0.2,
    ),
    times(
        "half",
        k=0.5,
        message="These are half of what is expected. Is it the number of spikes, which has to be divided by the length of the step, 0.5 s? Or "
        "was it divided by 1 s, or did the step last 250 ms?",
        margin=0.2,
    ),
    times(
        "twice",
        k=2,
        message="These are twice what is expected. Is each spike counted twice, on the way up and at the reset? Or did the step last longer "
        "than the 0.5 s by which the number of spikes is divided?",
        margin=0.2,
    ),
    intervals("These look like intervals in ms; the rate is 1000 / interval, in Hz.", 0.3),
    times(
        "tau",
        k=0.1,
        message="These are a tenth of what is expected. This neuron's membrane time constant is 1 ms: did you take 10 ms? Or did the step last "
        "50 ms, and the number of its spikes was divided by 0.5 s?",
        margin=0.2,
    ),
    delayed(
        0.2,
        "Each interval is longer by the same time, as with a refractory period; this neuron has none. (An interval is the time between "
        "two resets.)",
    ),
    proportional(
        "All rates are wrong by the same factor. Did you divide by the length of the step, in seconds, and did the step last 500 ms "
        "within the simulation?"
    ),
)
SILENT_IS_ZERO = (
    "Where there is no spike, or only one, there is no interval, and the mean of none is NaN: return 0 there."
)
THRESHOLD = Between(0.995, 1.02)
F_I = Curve(
    name="rates",
    unit="Hz",
    x=("currents", "nA"),
    accept=rate_bands,
    at=curve_currents,
    cover=both_sides,
    rising=True,
    range=(-np.inf, LARGEST),
    slips=tuple(of_curve(slip, expected_rates, curve_currents) for slip in RATE_SLIPS),
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
            tolerance="Give it to 0.01 nA; up to 0.005 nA below and 0.02 nA above the exact value is accepted.",
            answers=(
                Value(
                    name="I_min",
                    unit="nA",
                    accept=lambda c: THRESHOLD,
                    expected=lambda c: lif.rheobase(),
                    plausible=(1e-3, 100),
                    simulated=(0.01, 0.05),
                    slips=(
                        *other_units("nA", lambda c: THRESHOLD),
                        near(
                            "zero",
                            value=lambda c: 0.0,
                            margin=1e-12,
                            message="Without a current this neuron rests. Look at the voltage it reaches.",
                        ),
                        span(
                            "no spike",
                            low=0.01,
                            high=0.995,
                            message="However long this current lasts, the voltage stays below the threshold. What did you take for a spike? The "
                            "decay after the end of the step is none.",
                            example=0.9,
                        ),
                        span(
                            "not the smallest",
                            low=1.02,
                            high=50,
                            message="This current makes the neuron fire, but smaller ones do so too. Are the steps of your search as fine as "
                            "0.01 nA, and does the current last long enough near the threshold?",
                            example=1.1,
                        ),
                    ),
                    think="Plot the voltage just below and just above your value: does the neuron fire only above it?",
                ),
            ),
        ),
        Question(
            "lif_firing_rate",
            asks="a function `firing_rate(I_amp)`: the rate (Hz) during a current step of 500 ms",
            tolerance="Intervals between spikes may be up to 0.2 ms longer and 0.1 ms shorter than the exact ones (at 1.5 nA: rates from "
            "15 % below to 10 % above); the number of spikes over 0.5 s is accepted, too.",
            answers=(
                Function(
                    name="firing_rate",
                    unit="Hz",
                    inputs=hidden_currents,
                    accept=function_bands,
                    call="firing_rate({})",
                    slips=tuple(of_function(slip, expected_rates, hidden_currents) for slip in RATE_SLIPS),
                    not_a_number=SILENT_IS_ZERO,
                    think="Compare with a plot of the voltage at that current: measure the interval between two resets.",
                ),
            ),
        ),
        Question(
            "lif_fi_curve",
            asks="`currents` (nA) and `rates` (Hz), 10 points or more up to 4 nA, below and above the threshold, and their plot",
            tolerance="Each rate is judged as in the question before, at currents up to 4 nA; the curve must not fall.",
            answers=(F_I, Plot(curves=(F_I,), what="the firing rate against the current")),
        ),
        Question(
            "lif_sinus_amplitude",
            asks="`amplitudes` (mV) of the voltage at `frequencies` (kHz), for a current amplitude `I_sinus` (nA)",
            tolerance="Amplitude over current amplitude is accepted within 7 %.",
            answers=(
                Curve(
                    name="amplitudes",
                    unit="mV",
                    divide_by=("I_sinus", "nA"),
                    accept=gain_bands,
                    slips=gain_slips(curve_frequencies),
                    think="Plot the voltage at one frequency: is it periodic where you measure, and does no spike reset it?",
                    **FREQUENCIES,
                ),
            ),
        ),
        Question(
            "lif_sinus_phase",
            asks="`response_frequencies` (kHz) and `phases` (rad, a lag is negative) of the voltage at `frequencies` (kHz)",
            tolerance="Frequencies are accepted within 2 % or 10 Hz, phases within 2 pi f x 0.15 ms + 0.05 rad "
            "(at 0.5 kHz: 0.52 rad), modulo 2 pi.",
            answers=(
                Curve(
                    name="response_frequencies",
                    unit="kHz",
                    accept=frequency_bands,
                    slips=frequency_slips(curve_frequencies),
                    think="A linear system answers a sine with a sine: count the periods in a stretch of time.",
                    **FREQUENCIES,
                ),
                Curve(
                    name="phases",
                    unit="rad",
                    accept=phase_bands,
                    period=2 * np.pi,
                    slips=phase_slips(curve_frequencies),
                    think="Compare the time of a peak of the current with the next peak of the voltage, as a fraction of the period.",
                    **FREQUENCIES,
                ),
            ),
        ),
    ),
    about="at which current a neuron fires, how fast, and how its membrane filters a sine",
    level="introductory",
    hours=3,
)

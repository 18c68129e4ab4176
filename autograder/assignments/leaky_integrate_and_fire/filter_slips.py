"""Usual mistakes in measuring the answer of the leaky membrane to a sine, each with its own signature.

Frequencies in kHz, phases in rad. `gains` are amplitudes over the current's amplitude, which comes third (nA).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.assignments.leaky_integrate_and_fire import reference as lif
from autograder.course import Context
from autograder.question import Slip
from autograder.tolerance import Array

At = Callable[[Context], Array]
GAIN_MARGIN = 0.07
OFFSET = 0.5  # nA, as LIF_Sinus has it by default
EXAMPLE_CURRENT = 0.3  # nA
# What `LIF_Sinus` and students take for dt, in ms.
TIME_STEPS = (0.1, 0.05, 0.04, 0.025, 0.02, 0.01, 0.005, 0.002, 0.001)


def gain_slip(
    name: str, expected: Callable[[Array, Array], Array], message: str, at: At, margin: float = GAIN_MARGIN
) -> Slip:
    """Return the slip of amplitudes which over the current are `expected`, called with frequencies and currents."""

    def made(context: Context, found: tuple[Array, ...]) -> bool:
        frequencies, gains, currents = found
        return bool((np.abs(gains / expected(frequencies, currents) - 1) <= margin).all())

    def example(context: Context) -> tuple[Array, ...]:
        frequencies = at(context)
        currents = np.full(frequencies.shape, EXAMPLE_CURRENT)
        return frequencies, expected(frequencies, currents), currents

    return Slip(name=name, made=made, message=message, example=example)


def shifted_gain_slip(name: str, factor: float, sign: float, message: str, at: At) -> Slip:
    """Return the slip of ``factor * amplitude = constant + sign * right amplitude``, with a positive constant."""

    def made(context: Context, found: tuple[Array, ...]) -> bool:
        frequencies, gains, currents = found
        constant = (factor * gains - sign * lif.gain(frequencies)) * currents
        return bool(np.min(constant) > 0.05 and np.ptp(constant) < 0.15 * constant.mean() + 0.02)

    def example(context: Context) -> tuple[Array, ...]:
        frequencies = at(context)
        gains = (OFFSET / EXAMPLE_CURRENT + sign * lif.gain(frequencies)) / factor
        return frequencies, gains, np.full(frequencies.shape, EXAMPLE_CURRENT)

    return Slip(name=name, made=made, message=message, example=example)


def with_transient(frequencies: Array, currents: Array) -> Array:
    """Return half the largest distance of two voltages from rest at time 0 on, over the current, without an offset."""
    t = np.linspace(0, 40, 8001)
    omega = 2 * np.pi * frequencies[:, None]
    voltage = (np.sin(omega * t) - omega * np.cos(omega * t) + omega * np.exp(-t)) / (1 + omega**2)
    return np.asarray(np.ptp(voltage, axis=1) / 2)


def gain_slips(at: At) -> tuple[Slip, ...]:
    """Return the slips of an amplitude."""

    def times(k: float) -> Callable[[Array, Array], Array]:
        return lambda f, currents: k * lif.gain(f)

    def constant_factor(found: tuple[Array, ...], low: float) -> bool:
        ratio = found[1] / lif.gain(found[0])
        return bool(np.min(ratio) > low and ratio.std() < 0.1 * ratio.mean())

    unit = "{} at all frequencies. Are `amplitudes` in mV, and `I_sinus` in nA?"
    return (
        gain_slip(
            "peak to peak",
            times(2),
            "These are twice the amplitude. The distance from trough to peak must be halved; and if `I_sinus` is 0.5, "
            "did you divide by it yourself?",
            at,
        ),
        gain_slip(
            "half",
            times(0.5),
            "These are half of the amplitude. Was it halved twice? A Fourier component of N samples is N/2 times the amplitude, so "
            "that it is divided by N/2. And is `I_sinus` the amplitude of the current, not its distance from trough to peak?",
            at,
        ),
        gain_slip(
            "gain",
            lambda f, currents: lif.gain(f) / currents,
            "They are the ratio to `I_sinus` already. `amplitudes` are voltages in mV: they are divided by `I_sinus` here, so do "
            "not divide them yourself.",
            at,
        ),
        gain_slip(
            "rms",
            times(np.sqrt(0.5)),
            "They are 0.71 times the amplitude, as a standard deviation (rms) of a sine is: multiply that by the root of 2.",
            at,
        ),
        gain_slip(
            "rms of the current",
            times(np.sqrt(2)),
            "They are 1.41 times the amplitude. Is `I_sinus` the current's standard deviation (rms), in place of its amplitude?",
            at,
        ),
        gain_slip("unit", times(1e-3), unit.format("The ratio to `I_sinus` is 1000 times too small"), at),
        gain_slip("unit", times(1e3), unit.format("The ratio to `I_sinus` is 1000 times too large"), at),
        gain_slip("unit", times(1e-9), unit.format("The ratio to `I_sinus` is a billionth of what is expected"), at),
        gain_slip("unit", times(1e6), unit.format("The ratio to `I_sinus` is a million times too large"), at),
        gain_slip(
            "current",
            lambda f, currents: np.ones_like(f),
            "They are as large as the current at all frequencies. Is it the voltage, `rec.v`, that you measured?",
            at,
            0.03,
        ),
        gain_slip(
            "2 pi",
            lambda f, currents: 1 / np.sqrt(1 + f**2),
            "They fall too little, as if the factor 2 pi between a frequency and an angular frequency were left out.",
            at,
        ),
        gain_slip(
            "tau",
            lambda f, currents: lif.gain(10 * f),
            "They fall too much, as with a membrane time constant of 10 ms; this neuron has 1 ms.",
            at,
        ),
        shifted_gain_slip(
            "mean",
            1,
            1,
            "They are too large by the same voltage at all frequencies. Is it the highest voltage, without its mean subtracted? "
            "An amplitude is counted from the middle of the oscillation. (Or is it the distance from rest, where the simulation "
            "starts, to the peak?)",
            at,
        ),
        shifted_gain_slip(
            "minimum",
            1,
            -1,
            "They grow with the frequency, as the lowest voltage does. An amplitude is counted from the middle of the oscillation.",
            at,
        ),
        shifted_gain_slip(
            "transient",
            2,
            1,
            "They are half the distance from rest to the peak: the lowest voltage is the one at which the simulation starts. Leave "
            "out the first few milliseconds, in which the neuron settles into the oscillation.",
            at,
        ),
        gain_slip(
            "transient",
            with_transient,
            "They are those of the first period, in which the neuron settles from rest into the oscillation. Leave out the first "
            "few milliseconds.",
            at,
            0.05,
        ),
        Slip(
            name="decibel",
            made=lambda c, found: bool((np.abs(found[1] * found[2] - 20 * np.log10(lif.gain(found[0]))) < 0.7).all()),
            message="These look like decibels; the question asks for the amplitude of the voltage, in mV.",
            example=lambda c: (at(c), 20 * np.log10(lif.gain(at(c))), np.ones_like(at(c))),
        ),
        Slip(
            name="spikes",
            made=_reset,
            message="Only the points are wrong at which this current makes the neuron fire (`I_offset` is 0.5 nA by default). A spike resets "
            "the voltage: use a smaller current.",
            example=lambda c: (at(c), np.where(lif.gain(at(c)) > 0.5, 0.6, 1.0) * lif.gain(at(c)), np.ones_like(at(c))),
        ),
        Slip(
            name="spectrum",
            made=lambda c, found: constant_factor(found, 5),
            message="The ratio to `I_sinus` is many times too large, by the same factor at all frequencies. A Fourier component of N samples is "
            "N/2 times the amplitude: divide it by N/2.",
            example=lambda c: (at(c), 250 * lif.gain(at(c))),
        ),
        Slip(
            name="factor",
            made=lambda c, found: constant_factor(found, 0),
            message="The ratio to `I_sinus` is off by the same factor at all frequencies. Is `I_sinus` the current's amplitude in these "
            "simulations, and do the amplitudes count from the middle to the peak?",
            example=lambda c: (at(c), 1.25 * lif.gain(at(c))),
        ),
    )


def _reset(context: Context, found: tuple[Array, ...]) -> bool:
    frequencies, gains, currents = found
    wrong = np.abs(gains / lif.gain(frequencies) - 1) > GAIN_MARGIN
    fires = currents * lif.gain(frequencies) + OFFSET > lif.THRESHOLD
    return bool(wrong.any() and not wrong.all() and fires[wrong].all())


TURN = 2 * np.pi
SIGN = "The sign is the other way round: the voltage comes later, and a lag is negative."
DEGREES = "These look like degrees; the question asks for radians."
FRACTIONS = "These are fractions of a period; a full period is 2 pi rad."
TIMES = "These are times in ms. A phase is the time as a fraction of the period, times 2 pi."
COSINE = (
    "They are a quarter of a period off. The current is a sine; a Fourier component's angle (`np.angle`) is the phase against a "
    "cosine: add pi/2."
)
Measure = Callable[[Array, Array], Array]
# Name, from another measure of the phase to radians (called with it and the frequencies), and back; message.
MEASURES: tuple[tuple[str, Measure, Measure, str], ...] = (
    ("degrees", lambda p, f: np.radians(p), lambda p, f: np.degrees(p), DEGREES),
    ("degrees", lambda p, f: -np.radians(p), lambda p, f: -np.degrees(p), f"{DEGREES} {SIGN}"),
    ("sign", lambda p, f: -p, lambda p, f: -p, SIGN),
    ("2 pi", lambda p, f: TURN * p, lambda p, f: p / TURN, FRACTIONS),
    ("2 pi", lambda p, f: -TURN * p, lambda p, f: -p / TURN, f"{FRACTIONS} {SIGN}"),
    ("cosine", lambda p, f: p + TURN / 4, lambda p, f: p - TURN / 4, COSINE),
    (
        "cosine",
        lambda p, f: np.radians(p) + TURN / 4,
        lambda p, f: np.degrees(p - TURN / 4),
        f"{DEGREES} {COSINE}",
    ),
    (
        "quarter of a period",
        lambda p, f: p - TURN / 4,
        lambda p, f: p + TURN / 4,
        "They are a quarter of a period off. In a fit of a sin(2 pi f t) + b cos(2 pi f t) the phase is arctan2(b, a).",
    ),
    ("time", lambda p, f: TURN * f * p, lambda p, f: p / (TURN * f), TIMES),
    ("time", lambda p, f: -TURN * f * p, lambda p, f: -p / (TURN * f), f"{TIMES} {SIGN}"),
    (
        "2 pi in the formula",
        lambda p, f: -np.arctan(TURN * np.tan(-p)),
        lambda p, f: -np.arctan(np.tan(-p) / TURN),
        "They are too small, as if the factor 2 pi between a frequency and an angular frequency were left out.",
    ),
    (
        "half of the period",
        lambda p, f: p + TURN / 2,
        lambda p, f: p - TURN / 2,
        "They are half a period off. Did you compare a peak with a trough, or a rising with a falling crossing of the middle?",
    ),
)


def phase_slips(at: At) -> tuple[Slip, ...]:
    """Return the slips of a phase."""
    zero = Slip(
        name="zero",
        made=lambda c, found: bool((np.abs(found[1]) < 1e-6).all()),
        message="A phase of 0 at all frequencies: the voltage does lag behind the current. Is it the voltage's phase that you measured?",
        example=lambda c: (at(c), 0 * at(c)),
    )
    return (zero, *(_phase_slip(index, at) for index in range(len(MEASURES))))


def _phase_slip(index: int, at: At) -> Slip:
    """Return the slip of giving another measure of the phase, of which none explains the values better."""
    name, _, do, message = MEASURES[index]

    def made(context: Context, found: tuple[Array, ...]) -> bool:
        misses = [_miss(undo(found[1], found[0]), found[0]) for _, undo, _, _ in MEASURES]
        return bool(np.max(misses[index]) <= 1 and misses[index].mean() <= min(miss.mean() for miss in misses))

    return Slip(name=name, made=made, message=message, example=lambda c: (at(c), do(lif.phase(at(c)), at(c))))


def _miss(phases: Array, frequencies: Array) -> Array:
    """Return how far phases are from what is expected, in units of the accepted margin."""
    off = phases - lif.phase(frequencies)
    off -= TURN * np.round(off / TURN)
    return np.asarray(np.abs(off) / (TURN * frequencies * 0.15 + 0.05))


def frequency_slips(at: At) -> tuple[Slip, ...]:
    """Return the slips of a response frequency."""

    def ratio(found: tuple[Array, ...]) -> Array:
        return np.asarray(found[1] / found[0])

    def constant(found: tuple[Array, ...], k: float, margin: float = 0.03) -> bool:
        return bool((np.abs(ratio(found) / k - 1) < margin).all())

    def factor(name: str, k: float, message: str) -> Slip:
        return Slip(
            name=name, made=lambda c, found: constant(found, k), message=message, example=lambda c: (at(c), k * at(c))
        )

    def bins(found: tuple[Array, ...]) -> bool:
        whole = bool((np.abs(found[1] - np.round(found[1])) < 1e-6).all())
        return (
            whole
            and bool(np.ptp(found[1] - found[0] * np.median(ratio(found))) <= 2)
            and bool(np.min(ratio(found)) > 2)
        )

    return (
        Slip(
            name="mean",
            made=lambda c, found: bool((found[1] == 0).any()),
            message="A frequency of 0 comes from the mean of the voltage: subtract the mean before you look for the largest Fourier "
            "component.",
            example=lambda c: (at(c), 0 * at(c)),
        ),
        factor("Hz", 1e3, "These look like Hz; the question asks for kHz."),
        factor(
            "MHz or per sample", 1e-3, "They are 1000 times too small. In which unit is the time that you count in?"
        ),
        Slip(
            name="per sample",
            made=lambda c, found: any(constant(found, dt) for dt in TIME_STEPS),
            message="These look like periods per sample: `np.fft.rfftfreq(n)` needs the time step too, as `d=dt`, in ms for kHz.",
            example=lambda c: (at(c), 0.05 * at(c)),
        ),
        Slip(
            name="bin number",
            made=lambda c, found: bins(found),
            message="These look like the numbers of the Fourier components; `np.fft.rfftfreq(n, d=dt)` holds their frequencies.",
            example=lambda c: (at(c), np.round(60 * at(c))),
        ),
        factor("angular", 2 * np.pi, "These are angular frequencies: divide by 2 pi."),
        factor(
            "twice",
            2,
            "They are twice too large. Did you count both the rising and the falling crossings of the middle?",
        ),
        factor("half", 0.5, "They are half of what is expected. How many peaks, or crossings, make one period?"),
        Slip(
            name="period",
            made=lambda c, found: bool((np.abs(found[0] * found[1] - 1) < 0.03).all()),
            message="These are periods in ms; the frequency is 1 over the period, in kHz.",
            example=lambda c: (at(c), 1 / at(c)),
        ),
    )

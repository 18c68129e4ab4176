"""Type I and type II neurons: which of the student's own NeuronX and NeuronY is which (pA, ms, Hz)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from autograder.answers import Choices, Curve, Function, Latencies, Plot, Value
from autograder.answers.function_answer import Inputs
from autograder.answers.latencies import right_latencies
from autograder.assignments.neuron_type import reference as neurons
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.sandbox import New
from autograder.slips import other_units, rescaled_curve
from autograder.slips.rates import RateSlip, intervals, of_curve, of_function, times
from autograder.tolerance import Array, Between

Letter = Literal["X", "Y"]
OTHER: dict[Letter, Letter] = {"X": "Y", "Y": "X"}
# What steps of 1000 ms or more, to 0.01 pA, can tell of the two thresholds.
THRESHOLD = {"I": Between(0.365, 0.385), "II": Between(0.315, 0.335)}
# Without the library's own measurement of the rate, which is what the question asks for.
NEURON = "neurodynex.neuron_type.without_rate:Neuron"


def type_of(context: Context, letter: Letter) -> str:
    """Return "I" or "II": what the student's neuron of that letter is."""
    return context.variant[f"Neuron{letter}"]


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


def threshold_range(letter: Letter, kind: str, name: str, low: float, high: float, message: str) -> Slip:
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


def threshold(letter: Letter) -> Value:
    return Value(
        name=f"I_threshold_{letter}",
        unit="pA",
        accept=lambda c: THRESHOLD[type_of(c, letter)],
        expected=lambda c: neurons.repetitive_threshold(type_of(c, letter)),
        plausible=(0.01, 10),
        simulated=(0.015, 0.02),
        slips=(
            Slip(
                name="swapped",
                made=lambda c, value: bool(THRESHOLD[type_of(c, OTHER[letter])].contains(value)),
                message=f"This is what Neuron{OTHER[letter]} does, not your Neuron{letter}. Are X and Y swapped, were both measured with "
                f"Neuron{OTHER[letter]}, or is the value somebody else's? Each student has neurons of their own.",
                example=lambda c: neurons.repetitive_threshold(type_of(c, OTHER[letter])),
            ),
            *other_units("pA", lambda c: THRESHOLD[type_of(c, letter)]),
            *(threshold_range(letter, *given) for given in RANGES),
        ),
        think=f"Plot Neuron{letter}'s voltage during 1000 ms or more, just below and just above your value: does it go on firing "
        "to the end only above it?",
    )


def latencies(letter: Letter) -> Latencies:
    def kind(context: Context) -> str:
        return type_of(context, letter)

    def right(currents: Array, found: Array, kind: str) -> Array:
        return np.asarray(
            right_latencies(
                currents, found, neurons.pulse_threshold(kind), lambda current: neurons.pulse_latency(kind, current)
            )
        )

    def rows(kind: str) -> tuple[Array, Array]:
        currents = neurons.pulse_threshold(kind) * np.array([0.9, 0.98, 1.02, 1.1, 1.3])
        return currents, np.array([neurons.pulse_latency(kind, float(current)) for current in currents])

    def changed(name: str, undo: Callable[[Array], Array], do: Callable[[Array], Array], message: str) -> Slip:
        """Return the slip of another measure of the latency: `undo` leads from it to the latency, `do` back."""

        def made(context: Context, found: tuple[Array, Array]) -> bool:
            return bool(right(found[0], undo(found[1]), kind(context)).all())

        def example(context: Context) -> tuple[Array, Array]:
            currents, found = rows(kind(context))
            return currents, do(found)

        return Slip(name=name, made=made, message=message, example=example)

    def later(context: Context, found: tuple[Array, Array]) -> float:
        """Return by how much all spikes come later than expected (ms); NaN if they do not do so alike."""
        currents, times = found[0][np.isfinite(found[1])], found[1][np.isfinite(found[1])]
        above = currents > neurons.pulse_threshold(kind(context)) * 1.02
        if not above.any():
            return float("nan")
        expected = np.array([neurons.pulse_latency(kind(context), float(i)) for i in currents[above][:20]])
        shift = float(np.median(times[above][:20] - expected))
        return shift if right(found[0], found[1] - shift, kind(context)).all() else float("nan")

    def shifted(name: str, low: float, high: float, by: float, message: str) -> Slip:
        def made(context: Context, found: tuple[Array, Array]) -> bool:
            return bool(low < later(context, found) < high and not right(*found, kind(context)).all())

        def example(context: Context) -> tuple[Array, Array]:
            currents, found = rows(kind(context))
            return currents, found + by

        return Slip(name=name, made=made, message=message, example=example)

    def of_the_other(context: Context, found: tuple[Array, Array]) -> bool:
        return bool(right(*found, type_of(context, OTHER[letter])).all())

    def of_a_step(context: Context, found: tuple[Array, Array]) -> bool:
        if right(*found, kind(context)).all() or not np.isfinite(found[1]).any():
            return False
        expected = np.array([step_latency(kind(context), float(current)) for current in found[0][:20]])
        near = np.abs(found[1][:20] - expected) <= np.maximum(0.05 * expected, 0.2)
        return bool((near | (np.isnan(expected) & np.isnan(found[1][:20]))).all())

    def step_rows(context: Context) -> tuple[Array, Array]:
        currents = neurons.pulse_threshold(kind(context)) * np.array([0.7, 0.9, 0.99, 1.1, 1.3])
        return currents, np.array([step_latency(kind(context), float(current)) for current in currents])

    slips = [
        changed(
            "from the end",
            lambda found: found + 10,
            lambda found: found - 10,
            "These latencies count from the end of the pulse; count from its onset.",
        ),
        Slip(
            name="swapped",
            made=of_the_other,
            message=f"This is what Neuron{OTHER[letter]} does. Are X and Y swapped, or were both measured with Neuron{OTHER[letter]}?",
            example=lambda c: rows(type_of(c, OTHER[letter])),
        ),
        changed(
            "samples",
            lambda found: found / 10,
            lambda found: found * 10,
            "These are ten times too large, as numbers of samples are: one sample lasts 0.1 ms.",
        ),
        changed(
            "seconds",
            lambda found: found * 1000,
            lambda found: found / 1000,
            "These look like seconds; the question asks for ms.",
        ),
        shifted(
            "onset",
            12,
            np.inf,
            100,
            "All latencies are too long by the same time, as times of the spikes are: subtract the onset of the pulse.",
        ),
        shifted(
            "peak",
            0.2,
            12,
            3,
            "All latencies are a few ms too long, by the same time. Is it the peak of the spike that you took? The first upward crossing of "
            "0.5 mV counts; and the pulse begins at its onset.",
        ),
        Slip(
            name="long step",
            made=lambda c, found: kind(c) == "I" and of_a_step(c, found),
            message="These are the answers to a longer current: the pulse must end 10 ms after its onset (`I_tend`).",
            example=step_rows,
            applies=lambda c: kind(c) == "I",  # type II answers a step as it does a pulse
        ),
    ]
    return Latencies(
        name=f"pulse_latency_{letter}",
        threshold=lambda c: neurons.pulse_threshold(kind(c)),
        expected=lambda c, current: neurons.pulse_latency(kind(c), current),
        slips=tuple(slips),
        think="Plot the voltage at that current: the spike is the first upward crossing of 0.5 mV, and the pulse begins at its onset.",
    )


@lru_cache(maxsize=256)
def step_latency(kind: str, current: float) -> float:
    """Return the time (ms) to the first spike under a step of 200 ms; NaN without one."""
    spikes = neurons.spike_times(kind, current, 100, 300, 300)
    return float(spikes[0] - 100) if spikes.size else float("nan")


def hidden_currents(context: Context, letter: Letter) -> list[float]:
    """Draw one current below the neuron's threshold and three above, 5 % away from it and up to 1 pA.

    Type I fires slowly at the first of the three, at a rate that spikes counted over one second, or half of one, miss by more than is accepted.
    """
    return list(_currents(context.seed(f"type_firing_rate {letter}"), type_of(context, letter)))


@lru_cache(maxsize=64)
def _currents(seed: int, kind: str) -> tuple[float, ...]:
    rng = np.random.default_rng(seed)
    edge = neurons.repetitive_threshold(kind)
    silent = rng.uniform(0.6 * edge, 0.95 * edge)
    while True:
        firing = rng.uniform((1.05 * edge, 0.5, 0.75), (0.5, 0.75, 1.0))
        if kind == "II" or 0.22 < neurons.firing_rate(kind, firing[:1])[0] % 1 < 0.4:
            return tuple(round(float(current), 4) for current in (silent, *firing))


def hidden_inputs(context: Context) -> list[tuple[Any, ...]]:
    return [(New(NEURON + letter), current) for letter in ("X", "Y") for current in hidden_currents(context, letter)]


def rate_margins(kind: str, currents: Array) -> Between:
    """Accept 3 % or 0.5 Hz, 5 % above 0.9 pA; silence below the threshold."""
    rates = neurons.firing_rate(kind, currents)
    margin = np.maximum(np.where(currents > 0.9, 0.05, 0.03) * rates, np.where(rates > 0, 0.5, 0))
    return Between(rates - margin, rates + margin)


def function_bands(context: Context, inputs: Inputs) -> list[Between]:
    return [margins_of([context.variant[neuron.path.rpartition(":")[2]] for neuron, _ in inputs], inputs)]


def margins_of(kinds: Sequence[str], inputs: Inputs) -> Between:
    """Accept at each input the rates of a neuron of that type."""
    currents, low, high = np.array([current for _, current in inputs]), np.empty(len(inputs)), np.empty(len(inputs))
    for kind in set(kinds):
        of_kind = np.array(kinds) == kind
        low[of_kind], high[of_kind] = rate_margins(kind, currents[of_kind]).edges
    return Between(low, high)


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


def expected_rates(context: Context, currents: Array) -> Array:
    """Return the middles of the accepted rates at the hidden inputs, whose currents these are."""
    return function_bands(context, hidden_inputs(context))[0].middle


def curve_rates(letter: Letter) -> Callable[[Context, Array], Array]:
    return lambda context, currents: neurons.firing_rate(type_of(context, letter), currents)


def curve_currents(context: Context) -> Array:
    return np.array([0.0, 0.1, 0.2, 0.28, 0.45, 0.5, 0.6, 0.7, 0.8, 0.85, 1.0])


def _hidden_rates(context: Context) -> Array:
    return function_bands(context, hidden_inputs(context))[0].middle


def curve_bands(letter: Letter) -> Callable[[Context, Array], list[Between]]:
    def bands(context: Context, currents: Array) -> list[Between]:
        kind = type_of(context, letter)
        band = rate_margins(kind, currents)
        # Near the threshold silence and slow firing are both honest: the step's length decides.
        near_edge = np.abs(currents / neurons.repetitive_threshold(kind) - 1) < 0.05
        top = neurons.firing_rate(kind, [1.05 * neurons.repetitive_threshold(kind)])[0] + 1
        return [band, Between(np.where(near_edge, 0, band.low), np.where(near_edge, top, band.high))]

    return bands


def both_sides(context: Context, currents: Array) -> str | None:
    if (currents < 0.31).any() and (currents > 0.4).any():
        return None
    return "`currents` must hold values below and values above the thresholds of the neurons."


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


def f_i(letter: Letter) -> Curve:
    return Curve(
        name=f"rates_{letter}",
        unit="Hz",
        x=("currents", "pA"),
        accept=curve_bands(letter),
        at=curve_currents,
        cover=both_sides,
        range=(0.0, 1.0),
        slips=(
            rescaled_curve(
                "swapped",
                k=1,
                accept=curve_bands(OTHER[letter]),
                at=curve_currents,
                message=f"This is the curve of Neuron{OTHER[letter]}. Are X and Y swapped, or were both measured with "
                f"Neuron{OTHER[letter]}?",
            ),
            *(of_curve(slip, curve_rates(letter), curve_currents) for slip in RATE_SLIPS),
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
                    slips=(
                        *(of_function(slip, expected_rates, hidden_inputs) for slip in RATE_SLIPS),
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
                            example=lambda c: np.maximum(_hidden_rates(c), 1.0),
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
                            example=lambda c: np.floor(_hidden_rates(c) + 0.9 * (_hidden_rates(c) > 0)),
                        ),
                    ),
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
                            made=lambda c, words: (
                                words == {"NeuronX": c.variant["NeuronY"], "NeuronY": c.variant["NeuronX"]}
                            ),
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

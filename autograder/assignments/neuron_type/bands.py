"""What is asked of NeuronX and NeuronY, and what is accepted of each, whichever type it is (pA, Hz)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from autograder.answers.function_answer import Inputs
from autograder.assignments.neuron_type import reference as neurons
from autograder.course import Context
from autograder.sandbox import New
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


def hidden_rates(context: Context) -> Array:
    """Return the middles of the accepted rates at the hidden inputs."""
    return function_bands(context, hidden_inputs(context))[0].middle


def curve_rates(letter: Letter) -> Callable[[Context, Array], Array]:
    return lambda context, currents: neurons.firing_rate(type_of(context, letter), currents)


def curve_currents(context: Context) -> Array:
    return np.array([0.0, 0.1, 0.2, 0.28, 0.45, 0.5, 0.6, 0.7, 0.8, 0.85, 1.0])


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

"""Thresholds of the Hodgkin-Huxley neuron, by an adaptive solver and bisection; its Hopf point by linearisation.

The equations and constants are those of the exercise (*Neuronal Dynamics*, chapter 2.2): voltages in mV, counted from rest,
times in ms, currents in uA, conductances in mS, a capacitance of 1 uF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from math import exp
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import exprel

from autograder.assignments.crossings import upward_crossings

SODIUM, POTASSIUM, LEAK = 120.0, 36.0, 0.3  # mS
E_SODIUM, E_POTASSIUM, E_LEAK = 115.0, -12.0, 10.6  # mV
SODIUM_FACTOR = 1.5  # of the exercise with more sodium channels
GATES_AT_REST = (0.0529324852572, 0.317676914061, 0.596120753508)  # m, n, h
SPIKE_LEVEL = 50.0  # mV, crossed upwards: twice too high for a response that is no spike, half as high as a spike

STEP = (20.0, 180.0, 200.0)  # ms: onset, end, end of the simulation, as HH_Step has them by default
RAMP = (30.0, 270.0, 300.0)  # ms, as HH_Ramp has them
LATE = 40.0  # ms before the step's end in which sustained firing has a spike: two of its longest intervals
# The ramp passes a bifurcation slowly, where a solver's own error can set off the spike: 1e-7 is off by 0.1 uA there.
TOLERANCES = {"rtol": 1e-9, "atol": 1e-11, "max_step": 5.0}
RESOLUTION = 2e-3  # uA, of the bisections: a fiftieth of what students give


def rates(v: float) -> tuple[tuple[float, float], ...]:
    """Return (alpha, beta), per ms, of the gates m, n and h at `v` mV."""
    return (
        (1 / _exprel(2.5 - 0.1 * v), 4 * exp(-0.0556 * v)),
        (0.1 / _exprel(1 - 0.1 * v), 0.125 * exp(-0.0125 * v)),
        (0.07 * exp(-0.05 * v), 1 / (1 + exp(3 - 0.1 * v))),
    )


def _exprel(x: float) -> float:
    """Return (exp(x) - 1) / x, which is 1 at x = 0."""
    return (exp(x) - 1) / x if abs(x) > 1e-4 else float(exprel(x))


def derivatives(state: Iterable[float], current: float, sodium: float = SODIUM) -> tuple[float, float, float, float]:
    """Return the time derivatives of (v, m, n, h), per ms, at `current` uA and `sodium` mS."""
    v, m, n, h = state
    (am, bm), (an, bn), (ah, bh) = rates(v)
    ionic = sodium * m**3 * h * (E_SODIUM - v) + POTASSIUM * n**4 * (E_POTASSIUM - v) + LEAK * (E_LEAK - v)
    return ionic + current, am * (1 - m) - bm * m, an * (1 - n) - bn * n, ah * (1 - h) - bh * h


def spike_times(
    pieces: Sequence[tuple[float, Callable[[float], float]]], sodium: float = SODIUM, level: float = SPIKE_LEVEL
) -> np.ndarray:
    """Return the upward crossings (ms) of `level` mV, from the state at rest.

    Parameters
    ----------
    pieces : sequence of (float, callable)
        The end (ms) of each piece of the stimulus, and the current (uA) in it as a function of time.
    sodium : float
        Maximum conductance (mS) of the sodium channels.
    level : float
        What counts as a spike (mV).
    """

    state: Sequence[float] = (0.0, *GATES_AT_REST)
    start, times = 0.0, [np.empty(0)]
    for end, current in pieces:
        slopes = partial(_driven, current, sodium)
        found, state = upward_crossings(slopes, state, start, end, level, **TOLERANCES)
        times.append(found)
        start = end
    return np.concatenate(times)


def _driven(current: Callable[[float], float], sodium: float, t: float, state: Iterable[float]) -> tuple[float, ...]:
    return derivatives(state, current(t), sodium)


def step_spikes(
    amplitude: float, sodium: float = SODIUM, until: float = STEP[2], level: float = SPIKE_LEVEL
) -> np.ndarray:
    """Return the spike times (ms) under the default step of `amplitude` uA, up to `until`."""
    onset, end, _ = STEP
    pieces: list[tuple[float, Callable[[float], float]]] = [
        (onset, lambda t: 0.0),
        (min(end, until), lambda t: amplitude),
    ]
    if until > end:
        pieces.append((until, lambda t: 0.0))
    return spike_times(pieces, sodium, level)


def ramp_spikes(amplitude: float) -> np.ndarray:
    """Return the spike times (ms) under the default ramp to `amplitude` uA."""
    onset, end, until = RAMP
    return spike_times(
        [(onset, lambda t: 0.0), (end, lambda t: amplitude * (t - onset) / (end - onset)), (until, lambda t: 0.0)]
    )


def spike_threshold() -> float:
    """Return the smallest step (uA) that evokes a spike."""
    return response_threshold(SPIKE_LEVEL)


@lru_cache(maxsize=2)
def response_threshold(level: float) -> float:
    """Return the smallest step (uA) whose response goes above `level` mV, which need not be a spike.

    Near the threshold the peak comes some 10 ms after the onset, and what follows does not matter: 40 ms are simulated.
    """
    return _bisect(lambda current: step_spikes(current, until=STEP[0] + 40, level=level).size > 0, 0.1, 4.0)


@lru_cache(maxsize=2)
def repetitive_threshold(sodium: float = SODIUM) -> float:
    """Return the smallest step (uA) from which the neuron fires to the end of the default step."""
    low, high = (5.0, 8.0) if sodium == SODIUM else (0.3, 8.0)
    return _bisect(lambda current: bool((step_spikes(current, sodium, STEP[1]) > STEP[1] - LATE).any()), low, high)


@lru_cache(maxsize=1)
def ramp_threshold() -> float:
    """Return the smallest final amplitude (uA) of the default ramp that evokes a spike.

    A slow ramp follows the resting state, which survives up to the Hopf point and a long way beyond it.
    """
    return _bisect(lambda current: ramp_spikes(current).size > 0, hopf_current(), 30.0)


@lru_cache(maxsize=64)
def rebounds(amplitude: float) -> bool:
    """Tell whether a step of `amplitude` uA is followed by a spike after its end."""
    return bool((step_spikes(amplitude) > STEP[1]).any())


@lru_cache(maxsize=2)
def hopf_current(sodium: float = SODIUM) -> float:
    """Return the current (uA) at which the resting state loses its stability.

    At a fixed point the gates are at alpha / (alpha + beta) of its voltage, and the current balances the channels; the
    current is sought at which the largest real part of the Jacobian's eigenvalues is zero.
    """

    def steady(v: float) -> tuple[np.ndarray, float]:
        state = np.array([v, *(alpha / (alpha + beta) for alpha, beta in rates(v))])
        return state, -derivatives(state, 0.0, sodium)[0]

    def growth(v: float) -> float:
        state, current = steady(v)
        shift = 1e-6
        jacobian = np.column_stack(
            [
                (
                    np.array(derivatives(state + shift * unit, current, sodium))
                    - np.array(derivatives(state - shift * unit, current, sodium))
                )
                / (2 * shift)
                for unit in np.eye(4)
            ]
        )
        return float(np.linalg.eigvals(jacobian).real.max())

    voltages = np.linspace(0.0, 10.0, 101)
    unstable = next(v for v in voltages if growth(v) > 0)
    root: Any = brentq(growth, unstable - 0.1, unstable)
    return steady(float(root))[1]


def _bisect(fires: Callable[[float], bool], low: float, high: float) -> float:
    while high - low > RESOLUTION:
        middle = (low + high) / 2
        low, high = (low, middle) if fires(middle) else (middle, high)
    return high

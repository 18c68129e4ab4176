"""The two neurons of the type I / type II exercise, by bifurcation conditions and an adaptive solver.

Type I is the Morris-Lecar model on a saddle-node on an invariant circle, type II a FitzHugh-Nagumo model
(*Neuronal Dynamics*, chapter 4.4). Times in ms, voltages in mV, currents in pA.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from math import cosh, tanh
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator
from scipy.optimize import brentq, minimize_scalar

from autograder.assignments.crossings import upward_crossings

SPIKE_LEVEL = 0.5  # mV, crossed upwards, as get_spiketimes() counts
# The exercise goes to 1 pA; just above it type I falls silent (depolarisation block), which no table can follow.
TABLE_END = 1.0  # pA


def type_one(_t: float, state: Sequence[float], current: float) -> tuple[float, float]:
    """Return the Morris-Lecar neuron's (dv/dt, dw/dt)."""
    v, w = state
    m = 0.5 * (1 + tanh((v + 1.2) / 18))
    w_inf = 0.5 * (1 + tanh((v - 12) / 17))
    dv = (-4.4 * m * (v - 120) - 8 * w * (v + 84) - 2 * (v + 60) + 100 * current) / 20
    return dv, (w_inf - w) * cosh((v - 12) / 34) / 15


def type_two(_t: float, state: Sequence[float], current: float) -> tuple[float, float]:
    """Return the FitzHugh-Nagumo neuron's (dv/dt, dw/dt)."""
    v, w = state
    return v - v**3 / 3 - w + current, (1.25 * (v + 0.7) - w) / 15.6


MODELS: dict[str, tuple[Callable[..., tuple[float, float]], tuple[float, float]]] = {
    "I": (type_one, (-60.0, 0.0)),
    "II": (type_two, (0.0, 0.0)),
}


def spike_times(neuron_type: str, current: float, start: float, end: float, until: float) -> NDArray[np.float64]:
    """Return the upward crossings (ms) of 0.5 mV under a current step.

    Parameters
    ----------
    neuron_type : {"I", "II"}
    current : float
        Amplitude (pA) of the step.
    start, end, until : float
        The step's onset and end, and the end of the simulation (ms).
    """
    before, state = _at_onset(neuron_type, start)
    times = [before]
    for t0, t1, amplitude in ((start, end, current), (end, until, 0.0)):
        if t1 > t0:
            found, state = _piece(neuron_type, state, t0, t1, amplitude)
            times.append(found)
    return np.concatenate(times)


@lru_cache(maxsize=8)
def _at_onset(neuron_type: str, start: float) -> tuple[NDArray[np.float64], Sequence[float]]:
    """Return the crossings before a step's onset, and the state there, which are the same for each current."""
    rest = MODELS[neuron_type][1]
    return _piece(neuron_type, rest, 0.0, start, 0.0) if start > 0 else (np.empty(0), rest)


def _piece(
    neuron_type: str, state: Sequence[float], start: float, end: float, current: float
) -> tuple[NDArray[np.float64], list[float]]:
    model, _ = MODELS[neuron_type]
    return upward_crossings(partial(model, current=current), state, start, end, SPIKE_LEVEL, rtol=1e-7, atol=1e-9)


@lru_cache(maxsize=1)
def saddle_node() -> float:
    """Return the current (pA) at which type I's resting state disappears: the fixed points' current has its maximum."""

    def current(v: float) -> float:
        m, w = 0.5 * (1 + tanh((v + 1.2) / 18)), 0.5 * (1 + tanh((v - 12) / 17))
        return (4.4 * m * (v - 120) + 8 * w * (v + 84) + 2 * (v + 60)) / 100

    best: Any = minimize_scalar(lambda v: -current(v), bounds=(-60, -10), method="bounded", options={"xatol": 1e-10})
    return float(-best.fun)


@lru_cache(maxsize=1)
def cycle_onset() -> float:
    """Return the smallest step (pA) from rest after which type II keeps firing."""
    return _bisect(lambda current: len(spike_times("II", current, 0, 1000, 1000)) > 5, 0.2, 0.5)


def repetitive_threshold(neuron_type: str) -> float:
    """Return the current (pA) above which the neuron fires again and again."""
    return saddle_node() if neuron_type == "I" else cycle_onset()


@lru_cache(maxsize=2)
def pulse_threshold(neuron_type: str) -> float:
    """Return the smallest 10 ms pulse (pA), from rest, that makes the neuron fire."""
    return _bisect(lambda current: np.isfinite(pulse_latency(neuron_type, current)), 0.05, 20.0)


@lru_cache(maxsize=4096)
def pulse_latency(neuron_type: str, current: float) -> float:
    """Return the time (ms) from the onset of a 10 ms pulse to the first spike; NaN without one."""
    times = spike_times(neuron_type, current, 100, 110, 300)
    times = times[times > 100]
    return float(times[0] - 100) if times.size else float("nan")


def firing_rate(neuron_type: str, currents: ArrayLike) -> NDArray[np.float64]:
    """Return the rate (Hz) of sustained firing at each current (pA): 1000 over the period of the limit cycle."""
    currents = np.asarray(currents, dtype=float)
    threshold = repetitive_threshold(neuron_type)
    rates = np.zeros(currents.shape)
    tabulated = (currents > threshold) & (currents <= TABLE_END)
    rates[tabulated] = _table(neuron_type)(np.sqrt(currents[tabulated] - threshold))
    for index in np.flatnonzero(currents > TABLE_END):
        rates[index] = _rate(neuron_type, float(currents[index]))
    return rates


@lru_cache(maxsize=2)
def _table(neuron_type: str) -> PchipInterpolator:
    # The rate near a saddle-node grows as the root of the distance, so the root is the variable to interpolate in.
    threshold = repetitive_threshold(neuron_type)
    end = np.sqrt(TABLE_END - threshold)
    # Denser at the end, where type I speeds up before it falls silent.
    roots = np.concatenate([np.linspace(0.02, 0.88 * end, 20), np.linspace(0.9 * end, end, 11)])
    rates = [_rate(neuron_type, threshold + root**2) for root in roots]
    first = 0.0 if neuron_type == "I" else rates[0]
    return PchipInterpolator([0.0, *roots], [first, *rates])


def _rate(neuron_type: str, current: float) -> float:
    state: Sequence[float] = MODELS[neuron_type][1]
    last, interval, t = None, None, 0.0
    for _ in range(40):  # one piece of 400 ms after the other, until two intervals agree
        crossings, state = _piece(neuron_type, state, t, t + 400, current)
        t += 400
        for crossing in crossings:
            if last is not None:
                if interval is not None and abs(crossing - last - interval) < 1e-4 * interval:
                    return float(1000 / interval)
                interval = crossing - last
            last = crossing
    return 0.0


def _bisect(fires: Callable[[float], Any], low: float, high: float) -> float:
    return float(brentq(lambda current: 1.0 if fires(current) else -1.0, low, high, xtol=2e-4))

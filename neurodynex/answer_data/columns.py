"""Reads answers of arrays that belong together: curves, trajectories, rows of pulses, a number for each run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .reading import Got, Unreadable, describe, series, show, variable
from .values import Quantity

Array = NDArray[np.float64]

# A step of Euler's method may be left out at the start of a trajectory, and one at its end.
DURATION_TOLERANCE = 1.0  # ms
# Smallest time step that is not rounding error; interpolation divides by it.
SHORTEST = 1e-12  # ms
# The exercise's pulses are a few pA; far beyond, the models leave the range of floats.
LARGEST_PULSE = 100.0


def curve(got: Got, x: Sequence[str], y: Sequence[str]) -> tuple[Array, Array]:
    """Return two arrays of the same size, each given by its name and unit."""
    first, second = (series(variable(got, name), name, unit) for name, unit in (x, y))
    if first.size != second.size:
        raise Unreadable(f"`{x[0]}` has {first.size} elements and `{y[0]}` has {second.size}; they must match.")
    return first, second


def divisors(got: Got, divide_by: Sequence[str], y: Array) -> Array:
    """Return one positive number, or one for each element of `y`, as an array; each quotient is finite."""
    name, unit = divide_by
    found = variable(got, name)
    single = not isinstance(found, (list, tuple)) and np.ndim(getattr(found, "value", found)) == 0
    divisor = series([found] if single else found, name, unit)
    if divisor.size not in (1, y.size) or not (divisor > 0).all() or not np.isfinite(y / divisor).all():
        raise Unreadable(f"`{name}` must be one positive number, or one for each point.")
    return divisor


def trajectory(got: Got, names: Sequence[str], units: Sequence[str], duration: float) -> tuple[Array, ...]:
    """Return a time that increases for `duration` (ms), and the variables that belong to it."""
    arrays = tuple(series(variable(got, name), name, unit) for name, unit in zip(names, units, strict=True))
    t, *others = arrays
    if any(other.size != t.size for other in others):
        *sizes, last = (str(array.size) for array in arrays)
        raise Unreadable(f"`{', '.join(names)}` have {', '.join(sizes)} and {last} elements; they must match.")
    if t.size < 2 or not (np.diff(t) > SHORTEST).all():
        raise Unreadable(f"`{names[0]}` must hold times that increase from one point to the next.")
    lasts = t[-1] - t[0]
    if lasts < duration - DURATION_TOLERANCE:
        raise Unreadable(
            f"The trajectory lasts {show(lasts, 'ms')}; the question asks for {show(duration, 'ms')} or more."
        )
    return arrays


def pulses(got: Got, name: str) -> tuple[Array, Array]:
    """Return the currents (pA) and latencies (ms) of rows (I, latency), NaN where there is no spike."""
    value = variable(got, name)
    if isinstance(value, dict):
        value = list(value.items())
    if isinstance(value, Quantity):
        raise Unreadable(f"`{name}` is {describe(value)}; give rows (I in pA, latency in ms) as plain numbers.")
    if isinstance(value, np.ndarray) and value.ndim == 2:
        value = value.tolist()
    if not isinstance(value, (list, tuple)) or not all(_is_pair(row) for row in value):
        raise Unreadable(f"`{name}` is {describe(value)}; the question asks for rows (I, latency), one for each pulse.")
    currents = series([row[0] for row in value], name, "pA")
    latencies = series([row[1] for row in value], name, "ms", gaps=True)
    latencies = np.where(np.isinf(latencies), np.nan, latencies)  # "never"
    if (currents > LARGEST_PULSE).any():
        raise Unreadable(
            f"`{name}` has a pulse of {show(float(np.max(currents)), 'pA')}; pulses up to {show(LARGEST_PULSE, 'pA')} can be judged."
        )
    return currents, latencies


def _is_pair(row: Any) -> bool:
    if isinstance(row, np.ndarray):
        return row.shape[:1] == (2,)
    return isinstance(row, (list, tuple)) and len(row) == 2


def runs(value: Any, name: str, unit: str, at_least: int) -> Array:
    """Return a number for each of so many runs or more."""
    found = series(list(value) if isinstance(value, frozenset) else value, name, unit)
    if found.size < at_least:
        raise Unreadable(f"`{name}` has {found.size} elements; the question asks for {at_least} runs or more.")
    return found


def one_or_each(got: Got, name: str, unit: str, each: str) -> Array:
    """Return one number, or as many as `each`, the variable with an element for each run, has."""
    value = variable(got, name)
    single = (
        np.ndim(value.value) == 0 if isinstance(value, Quantity) else not isinstance(value, (list, tuple, np.ndarray))
    )
    values = series([value] if single else value, name, unit)
    if not values.size:
        raise Unreadable(f"`{name}` is empty; give one number, or one for each run.")
    wanted = series(variable(got, each), each, "").size if values.size > 1 else 1
    if values.size != wanted:
        raise Unreadable(
            f"`{name}` has {values.size} elements and `{each}` has {wanted}; give one number, or one for each run."
        )
    return values

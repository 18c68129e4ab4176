"""What SciPy's solvers find: the thresholds of `spread`, searched by halving the interval on the question's grid.

Students who integrate the equations themselves mostly call `scipy.integrate.solve_ivp`, with its default tolerances, with
tighter ones, or with short steps. A slow ramp shows how much that matters: there a solver's own error sets off the spike.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Derivatives = Callable[[Sequence[float], float], Sequence[float]]

METHODS = ("RK45", "RK23", "DOP853", "Radau", "BDF", "LSODA")
# How it is written in the key -> keywords of `solve_ivp`.
SETTINGS: dict[str, dict[str, float]] = {
    "rtol = 0.001 (default)": {},
    "rtol = 1e-06": {"rtol": 1e-6},
    "max_step = 0.1 ms": {"max_step": 0.1},
}


def solve(
    derivatives: Derivatives,
    start: Sequence[float],
    stimulus: Callable[[float], float],
    until: float,
    method: str,
    setting: str,
) -> tuple[Array, Array]:
    """Integrate a model from time 0, as a student would: in one go, over the steps of the stimulus.

    Parameters
    ----------
    derivatives : callable
        Called with a state and a current; returns the time derivatives (per ms), all in plain floats, which are quicker
        than arrays of one.
    start : sequence of float
        The initial state.
    stimulus : callable
        The current at a time (ms).
    until : float
        In ms.
    method : str
        One of `METHODS`.
    setting : str
        A key of `SETTINGS`.

    Returns
    -------
    t, v : ndarray, shape (steps,)
        The times (ms) of the solver's own steps, and the first variable there.
    """
    from scipy.integrate import solve_ivp

    def slopes(t: float, y: Array) -> Sequence[float]:
        try:
            return derivatives(y.tolist(), stimulus(t))
        except (OverflowError, ZeroDivisionError):  # a step that is too long by far, which the solver then shortens
            return [math.nan] * y.size

    keywords: dict[str, Any] = SETTINGS[setting]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        solution = solve_ivp(slopes, (0.0, until), start, method, **keywords)
    return solution.t, solution.y[0]


def first_on_grid(grid: Array, meets: Callable[[float], bool]) -> float | None:
    """Return the smallest current of an ascending grid that meets a criterion, by halving; None if the last does not."""
    low, high = -1, len(grid) - 1
    if not meets(float(grid[high])):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if meets(float(grid[middle])) else (middle, high)
    return float(grid[high])

"""Spike times of a reference model: where its voltage crosses a level upwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import odeint
from scipy.interpolate import CubicHermiteSpline

GRID = 0.05  # ms, between the points at which a crossing is looked for; the solver chooses its own steps


def upward_crossings(
    derivatives: Callable[[float, list[float]], Sequence[float]],
    state: Sequence[float],
    start: float,
    end: float,
    level: float,
    *,
    rtol: float,
    atol: float,
    max_step: float = 0.0,
) -> tuple[NDArray[np.float64], list[float]]:
    """Integrate with LSODA, and return the upward crossings of a level, and the state at the end.

    Parameters
    ----------
    derivatives : callable
        Of the time (ms) and the state, whose first variable is the voltage (mV).
    state : sequence of float
        The state at `start`.
    start, end : float
        In ms.
    level : float
        In mV.
    rtol, atol, max_step : float
        As for `scipy.integrate.odeint`.

    Returns
    -------
    times : numpy.ndarray
        In ms.
    state : list of float
    """
    grid = np.linspace(start, end, ceil((end - start) / GRID) + 1)
    path = odeint(
        lambda t, y: derivatives(t, y.tolist()),
        state,
        grid,
        tfirst=True,
        rtol=rtol,
        atol=atol,
        hmax=max_step,
        mxstep=100_000,
    )
    above = path[:, 0] >= level
    times = []
    for index in np.flatnonzero(~above[:-1] & above[1:]).tolist():
        pair = slice(index, index + 2)
        slopes = [derivatives(t, y.tolist())[0] for t, y in zip(grid[pair], path[pair], strict=True)]
        roots = CubicHermiteSpline(grid[pair], path[pair, 0] - level, slopes).roots(extrapolate=False)
        times.append(roots[0] if roots.size else grid[index + 1])
    return np.array(times, dtype=float), path[-1].tolist()

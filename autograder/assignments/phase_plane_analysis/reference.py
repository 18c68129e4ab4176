"""The FitzHugh-Nagumo model of the exercise: nullclines, linearisation, bifurcations and limit cycle.

    du/dt = u (1 - u^2) - w + I
    dw/dt = eps (u - 0.5 w + 1)

with eps = 0.1, times in ms (*Neuronal Dynamics*, chapter 4). The fixed point and its stability in closed form or from a
polynomial's roots, the limit cycle by an adaptive solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import odeint

Array = NDArray[np.float64]

EPSILON = 0.1  # 1/ms
SLOPE = 0.5  # of w in dw/dt
OFFSET = 1.0  # in dw/dt; a/2 in the documented functions
CURRENT = 1.3  # of the exercise's trajectory


def u_nullcline(u: ArrayLike, current: ArrayLike) -> Array:
    """Return w where du/dt = 0."""
    u = np.asarray(u, dtype=float)
    return u * (1 - u**2) + np.asarray(current, dtype=float)


def w_nullcline(u: ArrayLike) -> Array:
    """Return w where dw/dt = 0."""
    return (np.asarray(u, dtype=float) + OFFSET) / SLOPE


def fixed_point(current: float) -> tuple[float, float]:
    """Return the fixed point (u, w)."""
    u = float(fixed_points(current))
    return u, float(w_nullcline(u))


def fixed_points(currents: ArrayLike) -> Array:
    """Return u of the fixed point at each current: the one real root of u^3 + (1/SLOPE - 1) u = I - OFFSET/SLOPE."""
    scale = 2 * np.sqrt((1 / SLOPE - 1) / 3)
    excess = np.asarray(currents, dtype=float) - OFFSET / SLOPE
    return scale * np.sinh(np.arcsinh(4 * excess / scale**3) / 3)


def current_at(u: ArrayLike, offset: float = OFFSET, slope: float = SLOPE, third: float = 1.0) -> Array:
    """Return the current whose fixed point is at `u`; other constants are those of other forms of the model."""
    u = np.asarray(u, dtype=float)
    return u**3 / third + (1 / slope - 1) * u + offset / slope


def jacobian(u: ArrayLike, epsilon: float = EPSILON) -> Array:
    """Return the Jacobian at `u`, of shape (..., 2, 2); it does not depend on w."""
    u = np.asarray(u, dtype=float)
    one = np.ones_like(u)
    rows = [[1 - 3 * u**2, -one], [epsilon * one, -epsilon * SLOPE * one]]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def eigenvalues(current: ArrayLike) -> NDArray[np.complex128]:
    """Return the two eigenvalues (1/ms) at the fixed point, of shape (..., 2): half the trace, plus and minus a root."""
    matrix = jacobian(fixed_points(current))
    half = (matrix[..., 0, 0] + matrix[..., 1, 1]) / 2
    determinant = matrix[..., 0, 0] * matrix[..., 1, 1] - matrix[..., 0, 1] * matrix[..., 1, 0]
    root = np.sqrt((half**2 - determinant).astype(complex))
    return np.stack([half + root, half - root], axis=-1)


def real_parts(currents: ArrayLike) -> Array:
    """Return the larger and the smaller real part (1/ms) at each current, of shape (2, n)."""
    return eigenvalues(np.atleast_1d(currents)).real.T


def unstable_range(
    offset: float = OFFSET, slope: float = SLOPE, third: float = 1.0, epsilon: float = EPSILON
) -> tuple[float, float]:
    """Return the two currents between which the fixed point is unstable: the Hopf points.

    There the trace 1 - 3 u^2 / third - epsilon slope is zero, and the determinant is positive everywhere.

    Parameters
    ----------
    offset, slope, epsilon : float
        The constants of dw/dt.
    third : float
        What the cubic term is divided by: 1, and 3 in the other usual form of the model.
    """
    u = np.sqrt(third * (1 - epsilon * slope) / 3)
    low, high = current_at(np.array([-u, u]), offset, slope, third)
    return float(low), float(high)


def node_to_focus() -> float:
    """Return the smaller current at which the stable node becomes a focus: trace^2 = 4 determinant.

    With d = 1 - 3 u^2 that is (d + EPSILON SLOPE)^2 = 4 EPSILON.
    """
    d = -EPSILON * SLOPE - 2 * np.sqrt(EPSILON)
    return float(current_at(-np.sqrt((1 - d) / 3)))


def derivatives(
    state: Sequence[float],
    current: float,
    offset: float = OFFSET,
    slope: float = SLOPE,
    third: float = 1.0,
    epsilon: float = EPSILON,
) -> tuple[float, float]:
    """Return (du/dt, dw/dt), per ms; constants as in `unstable_range`."""
    u, w = state
    return u - u * u * u / third - w + current, epsilon * (u - slope * w + offset)


def solve(
    current: float,
    times: Sequence[float] | Array,
    start: tuple[float, float] = (0.0, 0.0),
    offset: float = OFFSET,
    slope: float = SLOPE,
    third: float = 1.0,
    epsilon: float = EPSILON,
) -> Array:
    """Return u and w at the times (ms), of shape (2, n), from `start` at time 0; constants as in `unstable_range`."""

    moments = np.asarray(times, dtype=float)
    grid = moments if moments[0] == 0 else np.concatenate([[0.0], moments])
    path = odeint(
        lambda _t, state: derivatives(state.tolist(), current, offset, slope, third, epsilon),
        start,
        grid,
        tfirst=True,
        rtol=1e-10,
        atol=1e-12,
        mxstep=100_000,
    )
    return np.asarray(path[-moments.size :].T)


@dataclass(frozen=True)
class LimitCycle:
    """A periodic solution.

    Attributes
    ----------
    period : float
        In ms.
    points : numpy.ndarray, shape (n, 2)
        (u, w) once around, evenly spaced in time.
    extent : numpy.ndarray, shape (2,)
        Largest minus smallest u, and w.
    """

    period: float
    points: Array
    extent: Array


@lru_cache(maxsize=4)
def limit_cycle(current: float = CURRENT) -> LimitCycle:
    """Return the stable limit cycle, where there is one."""
    t, dt = np.linspace(0, 600, 60001, retstep=True)
    u, w = solve(current, t)
    late = np.flatnonzero((t[1:] > 400) & (u[1:] >= 0) & (u[:-1] < 0))
    crossings = t[late] - u[late] * dt / (u[late + 1] - u[late])
    once = slice(late[0], late[1])
    points = np.column_stack([u[once], w[once]])
    return LimitCycle(float(np.diff(crossings).mean()), points[::10], np.ptp(points, axis=0))

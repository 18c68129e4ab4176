"""The FitzHugh-Nagumo model: trajectories, fixed point and flow in the phase plane.

The equations, with time in ms::

    dv/dt = v (1 - v^2) - w + I
    dw/dt = eps (v + 0.5 (a - w))

The exercise calls the voltage u; `v0` and `w0` are its u_0 and w_0.

Relevant book chapters: https://neuronaldynamics.epfl.ch/online/Ch4.html and
https://neuronaldynamics.epfl.ch/online/Ch4.S3.html
"""

# ruff: noqa: E741 - the input is called I in the documented interface and in the book.
from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np

from neurodynex import _loops
from neurodynex._arguments import number
from neurodynex._machine_code import compiled

__all__ = ["get_fixed_point", "get_trajectory", "plot_flow"]

#: Time between two points of a trajectory [ms].
_DT = 0.1


def get_trajectory(
    v0: float = 0.0, w0: float = 0.0, I: float = 0.0, eps: float = 0.1, a: float = 2.0, tend: float = 500.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Solve the FitzHugh-Nagumo equations from a given initial point.

    Parameters
    ----------
    v0, w0 : float
        Initial v (called u_0 in the exercise) and w [mV].
    I : float
        Constant input [mV].
    eps : float
        Inverse time constant of the recovery variable w [1/ms].
    a : float
        Offset of the w-nullcline [mV].
    tend : float
        Length of the trajectory [ms].

    Returns
    -------
    t, v, w : numpy.ndarray, shape (T,)
        Time [ms], every 0.1 ms from 0 to `tend`, and the solution [mV].

    Raises
    ------
    ValueError
        If a parameter is not possible, or the solution grows beyond all bounds (as for a negative `eps`).

    Examples
    --------
    >>> t, v, w = get_trajectory(v0=0.5, w0=0.0, I=0.5, tend=50)
    >>> t.shape, float(v[0])
    ((501,), 0.5)
    """
    v0, w0, I, eps, a = _numbers(v0=v0, w0=w0, I=I, eps=eps, a=a)
    duration = number("tend", tend, above=0)

    t = _DT * np.arange(math.floor(duration / _DT + 1e-6) + 1)
    v, w = np.empty((2, len(t)))
    v[0], w[0] = v0, w0
    loop = compiled(_loops.trajectory)
    # Without Numba, and where the equations are stiff, SciPy's solver is the faster one.
    if loop is _loops.trajectory or loop(I, eps, a, _DT, 1e-11, v, w) < len(t) or not np.isfinite([v, w]).all():
        v, w = _solve(v0, w0, I, eps, a, t)
    return t, v, w


def _solve(v0: float, w0: float, I: float, eps: float, a: float, t: np.ndarray) -> np.ndarray:
    from scipy.integrate import solve_ivp  # a large library, which most calls do not need

    def derivatives(_: float, state: np.ndarray) -> tuple[float, float]:
        v, w = state.tolist()  # plain floats are faster, and overflow without a warning
        return v * (1 - v * v) - w + I, eps * (v + 0.5 * (a - w))

    # An adaptive solver, since far out in the plane the cubic term is too fast for any fixed time step.
    solution = solve_ivp(derivatives, (0, t[-1] + _DT), (v0, w0), "LSODA", t, rtol=1e-11, atol=1e-12)
    if not solution.success or not np.all(np.isfinite(solution.y)):
        raise ValueError(f"The trajectory grows beyond all bounds at eps={eps:g}. Check v0, w0, I, eps and a.")
    return solution.y


def get_fixed_point(I: float = 0.0, eps: float = 0.1, a: float = 2.0) -> tuple[float, float]:
    """Compute the fixed point, where both derivatives are zero.

    On the w-nullcline w = 2 v + a; put into the v-nullcline this leaves v^3 + v + a - I = 0, which has exactly one
    real root for every I.

    Parameters
    ----------
    I : float
        Constant input [mV].
    eps : float
        Inverse time constant of w [1/ms]; it does not move the fixed point.
    a : float
        Offset of the w-nullcline [mV].

    Returns
    -------
    v_fp, w_fp : float
        Coordinates of the fixed point [mV].

    Raises
    ------
    ValueError
        If a parameter is not a finite number.

    Examples
    --------
    >>> v_fp, w_fp = get_fixed_point(I=2)
    >>> round(v_fp, 9) == 0, w_fp
    (True, 2.0)
    """
    I, eps, a = _numbers(I=I, eps=eps, a=a)
    # v = 2/sqrt(3) sinh(x) turns 4 sinh(x)^3 + 3 sinh(x) = sinh(3 x) into the root in closed form.
    v = 2 / math.sqrt(3) * math.sinh(math.asinh(1.5 * math.sqrt(3) * (I - a)) / 3)
    return v, 2 * v + a


def plot_flow(I: float = 0.0, eps: float = 0.1, a: float = 2.0) -> None:
    """Draw the direction of the flow in the phase plane, into the current axes.

    The arrows have the same length everywhere and show only the direction, which the trajectories follow. They fill
    the limits of the axes if these were set (``plt.xlim``, ``plt.ylim``), or else the region about the fixed point.

    Parameters
    ----------
    I : float
        Constant input [mV].
    eps : float
        Inverse time constant of w [1/ms].
    a : float
        Offset of the w-nullcline [mV].

    Raises
    ------
    ValueError
        If a parameter is not a finite number.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().add_subplot()
    >>> plot_flow(I=0.5)
    >>> axes.get_xlabel()
    'u [mV]'
    """
    I, eps, a = _numbers(I=I, eps=eps, a=a)
    ax = plt.gca()
    if ax.get_autoscalex_on():
        ax.set_xlim(-2.5, 2.5)
    if ax.get_autoscaley_on():
        w_fp = get_fixed_point(I, eps, a)[1]
        ax.set_ylim(w_fp - 2.5, w_fp + 2.5)
    v, w = np.meshgrid(np.linspace(*ax.get_xlim(), 25), np.linspace(*ax.get_ylim(), 25))
    dv = v * (1 - v**2) - w + I
    dw = eps * (v + 0.5 * (a - w))
    speed = np.hypot(dv, dw)
    speed[speed == 0] = 1  # no arrow in a fixed point
    ax.quiver(v, w, dv / speed, dw / speed, angles="xy", pivot="mid", color="0.6", width=0.002, zorder=0)
    if not ax.get_xlabel():
        ax.set_xlabel("u [mV]")
    if not ax.get_ylabel():
        ax.set_ylabel("w [mV]")


def _numbers(**values: float) -> list[float]:
    return [number(name, value) for name, value in values.items()]

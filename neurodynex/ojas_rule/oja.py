"""Oja's Hebbian learning rule: a neuron that finds the first principal component of its input.

Relevant book chapter: https://neuronaldynamics.epfl.ch/online/Ch19.S2.html#SS1.p6
"""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np

from neurodynex import _loops
from neurodynex._arguments import count, number
from neurodynex._machine_code import compiled
from neurodynex._plots import drawn_by_library
from neurodynex._random import generator

__all__ = ["learn", "make_cloud", "run_oja"]


def make_cloud(
    n: int = 10000, ratio: float = 1, angle: float = 0, *, rng: int | np.random.Generator | None = None
) -> np.ndarray:
    """Draw an elliptic Gaussian cloud of points, centred at zero.

    Parameters
    ----------
    n : int
        Number of points.
    ratio : float
        (Standard deviation along the short axis) / (standard deviation along the long axis). The latter is 1.
    angle : float
        Direction of the long axis, counter-clockwise from the x-axis [deg].
    rng : int, numpy.random.Generator or None
        Seed or generator; by default NumPy's global random state.

    Returns
    -------
    numpy.ndarray, shape (n, 2)

    Raises
    ------
    ValueError
        If a parameter is not possible.

    Examples
    --------
    >>> cloud = make_cloud(n=100, ratio=0.3, angle=60, rng=1)
    >>> cloud.shape
    (100, 2)
    """
    n, ratio, angle = count("n", n, low=1), number("ratio", ratio, low=0), math.radians(number("angle", angle))
    along, across = generator(rng).standard_normal((2, n)) * [[1], [ratio]]
    cos, sin = math.cos(angle), math.sin(angle)
    return np.column_stack([cos * along - sin * across, sin * along + cos * across])


def learn(
    cloud: np.ndarray,
    initial_angle: float | None = None,
    eta: float = 0.001,
    *,
    rng: int | np.random.Generator | None = None,
) -> np.ndarray:
    """Run Oja's rule once over a cloud of points, in their order.

    For each point x, with the output y = w . x, the weight changes by ``eta y (x - y w)``.

    Parameters
    ----------
    cloud : array_like, shape (n, 2)
        The points.
    initial_angle : float, optional
        Direction of the initial weight, which has length 1 [deg]. If None, it is random.
    eta : float
        Learning rate.
    rng : int, numpy.random.Generator or None
        Seed or generator for the initial direction; by default NumPy's global random state.

    Returns
    -------
    numpy.ndarray, shape (n + 1, 2)
        Time course of the weight: the initial one, and the one after each point.

    Raises
    ------
    ValueError
        If a parameter is not possible, or the weight grows beyond all bounds because `eta` is too large.

    Examples
    --------
    >>> cloud = make_cloud(n=100, ratio=0.3, rng=1)
    >>> weights = learn(cloud, initial_angle=90)
    >>> weights.shape, float(weights[0].round(9)[1])
    ((101, 2), 1.0)
    """
    points = np.ascontiguousarray(cloud, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or not np.all(np.isfinite(points)):
        raise ValueError(
            f"cloud must be an array of finite numbers of shape (n, 2), but one of shape {points.shape} came. "
            "Use make_cloud()."
        )
    eta = number("eta", eta, low=0)
    if initial_angle is None:
        initial_angle = generator(rng).uniform(0, 360)
    direction = math.radians(number("initial_angle", initial_angle))
    w1, w2 = math.cos(direction), math.sin(direction)
    wcourse = np.empty((len(points) + 1, 2))
    compiled(_loops.oja)(w1, w2, eta, points, wcourse)
    if not np.isfinite(wcourse[-1]).all():
        raise ValueError(
            f"The weight grows beyond all bounds: eta={eta:g} is too large for these data. Use a smaller one."
        )
    return wcourse


def run_oja(
    n: int = 10000,
    ratio: float = 1.0,
    angle: float = 0.0,
    do_plot: bool = True,
    *,
    rng: int | np.random.Generator | None = None,
) -> np.ndarray:
    """Draw a cloud, run Oja's rule once over it, and plot both.

    Parameters
    ----------
    n, ratio, angle
        See `make_cloud`.
    do_plot : bool
        Plot the result, into a figure of its own.
    rng : int, numpy.random.Generator or None
        Seed or generator; by default NumPy's global random state.

    Returns
    -------
    numpy.ndarray, shape (n + 1, 2)
        Time course of the weight, see `learn`.

    Raises
    ------
    ValueError
        If a parameter is not possible.

    Examples
    --------
    >>> run_oja(n=100, ratio=0.3, angle=60, do_plot=False, rng=1).shape
    (101, 2)
    """
    random = generator(rng)
    cloud = make_cloud(n, ratio, angle, rng=random)
    wcourse = learn(cloud, rng=random)
    if do_plot:
        _plot(cloud, wcourse)
    return wcourse


def _plot(cloud: np.ndarray, wcourse: np.ndarray) -> None:
    fig, (plane, course) = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    fig.suptitle("Oja's rule")
    plane.plot(*cloud.T, ".", color="0.8", markersize=2, zorder=0)
    plane.plot(*wcourse.T, color="C2", label="course of w")
    for w, color, name in [(wcourse[0], "C3", "initial w"), (wcourse[-1], "C0", "final w")]:
        plane.plot([0, w[0]], [0, w[1]], "o-", color=color, markevery=[1], label=name)
    plane.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    plane.legend(loc="upper right")
    course.plot(wcourse, label=["$w_1$", "$w_2$"])
    course.set(xlabel="number of points", ylabel="weight")
    course.legend(loc="upper right")
    drawn_by_library(fig)

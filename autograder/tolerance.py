"""What is accepted. Edges are inclusive, and nothing here ever scales with the student's value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

HALF_TURN = 180.0  # degrees
# 0.14 * 100 is 14.000000000000002, and np.arange(0, 4, .1)[28] is 2.8000000000000003.
RELATIVE_ROUNDING = 1e-9
# For an edge at zero, where a fraction of it is nothing.
ABSOLUTE_ROUNDING = 1e-12


@dataclass(frozen=True)
class Between:
    """A closed interval, or one interval for each element.

    Parameters
    ----------
    low, high : float or array_like, shape (n,)
        The edges, in the unit of the answer.
    """

    low: ArrayLike
    high: ArrayLike

    @property
    def edges(self) -> tuple[Array, Array]:
        """The lower and the upper edges as arrays of one shape; that of a number has no dimension."""
        low, high = np.broadcast_arrays(np.asarray(self.low, float), np.asarray(self.high, float))
        return low, high

    @property
    def middle(self) -> Array:
        """What lies half-way between the edges."""
        low, high = self.edges
        return np.asarray((low + high) / 2)

    def contains(self, value: ArrayLike) -> NDArray[np.bool_]:
        """Tell for each element of `value` whether it lies inside; NaN never does."""
        value, low, high = (np.asarray(a, dtype=float) for a in (value, self.low, self.high))
        with np.errstate(invalid="ignore"):
            return (value >= low - _rounding(low)) & (value <= high + _rounding(high))


@dataclass(frozen=True)
class Axis(Between):
    """A closed interval of directions [deg] that holds an angle if it holds one that differs from it by half turns.

    Kinds of answers take it in place of a `Between`.
    """

    def contains(self, value: ArrayLike) -> NDArray[np.bool_]:
        """Tell for each element of `value` whether it lies inside; NaN and infinity never do."""
        angle = np.asarray(value, float)
        with np.errstate(invalid="ignore"):
            return super().contains(angle - HALF_TURN * np.round((angle - self.middle) / HALF_TURN))


def within(centre: ArrayLike, relative: ArrayLike = 0.0, absolute: ArrayLike = 0.0) -> Between:
    """Accept what is as near to `centre` as the larger of the two margins.

    Parameters
    ----------
    centre : float or array_like, shape (n,)
        The expected values.
    relative : float or array_like
        Margin as a fraction of the *expected* value.
    absolute : float or array_like
        Margin in the unit of the answer.
    """
    centre = np.asarray(centre, dtype=float)
    margin = np.maximum(np.asarray(relative) * np.abs(centre), absolute)
    return Between(centre - margin, centre + margin)


def about(angle: ArrayLike, margin: float) -> Axis:
    """Accept the directions that are as near to `angle` as `margin` [deg], modulo a half turn."""
    middle = np.asarray(angle, float)
    return Axis(middle - margin, middle + margin)


def any_contains(bands: Sequence[Between], value: ArrayLike) -> NDArray[np.bool_]:
    """Tell for each element whether one of several bands holds it."""
    value = np.asarray(value, dtype=float)
    inside = np.zeros(value.shape, dtype=bool)
    for band in bands:
        inside |= band.contains(value)
    return inside


def beyond_edges(bands: Sequence[Between], size: int) -> Iterator[tuple[str, Array]]:
    """Yield a label and `size` values, of which one lies outside all bands and the others in the middle of the first."""
    edges = [[np.broadcast_to(edge, (size,)) for edge in band.edges] for band in bands]
    bottom, top = np.min([low for low, _ in edges], axis=0), np.max([high for _, high in edges], axis=0)
    middle = np.broadcast_to(bands[0].middle, (size,))
    for index in range(size):
        beyond = 1e-6 * max(1.0, abs(top[index]))
        for side, value in (("below", bottom[index] - beyond), ("above", top[index] + beyond)):
            yield f"{side} the edge at {index + 1}", np.where(np.arange(size) == index, value, middle)


def _rounding(edge: Array) -> Array:
    return RELATIVE_ROUNDING * np.abs(edge) + ABSOLUTE_ROUNDING

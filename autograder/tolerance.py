"""What is accepted. Edges are inclusive, and nothing here ever scales with the student's value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# 0.14 * 100 is 14.000000000000002, and np.arange(0, 4, .1)[28] is 2.8000000000000003.
RELATIVE_ROOM = 1e-9
# For an edge at zero, where a relative room is none.
ABSOLUTE_ROOM = 1e-12


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

    def contains(self, value: ArrayLike) -> NDArray[np.bool_]:
        """Tell for each element of `value` whether it lies inside; NaN never does."""
        value, low, high = (np.asarray(a, dtype=float) for a in (value, self.low, self.high))
        with np.errstate(invalid="ignore"):
            return (value >= low - _room(low)) & (value <= high + _room(high))


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


def any_contains(bands: Sequence[Between], value: ArrayLike) -> NDArray[np.bool_]:
    """Tell for each element whether one of several bands holds it."""
    value = np.asarray(value, dtype=float)
    inside = np.zeros(value.shape, dtype=bool)
    for band in bands:
        inside |= band.contains(value)
    return inside


def _room(edge: NDArray[np.float64]) -> NDArray[np.float64]:
    return RELATIVE_ROOM * np.abs(edge) + ABSOLUTE_ROOM

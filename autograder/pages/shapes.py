"""What a plot can show of one student's answer, beside what is accepted: plain data, whatever the kind of answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.tolerance import Array, Between

#: Points of a curve that are drawn; more would not be seen.
DRAWN = 60


@dataclass(frozen=True)
class Number:
    """One number; `expected` lies inside the band from `low` to `high`."""

    label: str
    unit: str
    value: float
    expected: float
    low: float
    high: float

    @classmethod
    def of(cls, label: str, unit: str, found: float, expected: float, band: Between) -> Number:
        """Return a number with its band."""
        low, high = map(float, band.edges)
        return cls(label, unit, float(found), float(expected), low, high)


@dataclass(frozen=True)
class Line:
    """A curve, with the band at other points `at`: of several bands, the outermost edges.

    `needed` is how many times as wide its bands have to be to hold all of its points; None where that is not known.
    """

    x: Array
    y: Array
    at: Array
    low: Array
    high: Array
    xlabel: str
    ylabel: str
    needed: float | None = None

    @classmethod
    def of(
        cls,
        x: Array,
        y: Array,
        at: Array,
        low: Array,
        high: Array,
        xlabel: str,
        ylabel: str,
        needed: float | None = None,
    ) -> Line:
        """Return a curve from left to right, with as many of its points as are seen."""
        order = np.argsort(x, kind="stable")
        order = order[evenly_spaced(order.size)]
        return cls(x[order], y[order], at, low, high, xlabel, ylabel, needed)


@dataclass(frozen=True)
class Offsets:
    """How far off what a function returned is at each input, in half widths of the band there: within it from -1 to 1.

    `needed` is how many times as wide all bands have to be for the function to be inside as the question asks.
    """

    at: Array
    off: Array
    xlabel: str
    needed: float


@dataclass(frozen=True)
class Plane:
    """Numbers of the complex plane, each with a partner within `radius`, or `needed` times as far."""

    values: NDArray[np.complex128]
    expected: NDArray[np.complex128]
    radius: float
    needed: float


@dataclass(frozen=True)
class ChosenWords:
    """What was chosen among listed words, or typed in their place."""

    text: str


@dataclass(frozen=True)
class Drawn:
    """What a student's figure shows, over closed areas in which it has to lie.

    Attributes
    ----------
    paths : tuple of numpy.ndarray, shape (n, 2)
    areas : tuple of numpy.ndarray, shape (n, 2)
    xlabel, ylabel : str
    """

    paths: tuple[Array, ...]
    areas: tuple[Array, ...]
    xlabel: str
    ylabel: str


View = Number | Line | Offsets | Plane | ChosenWords | Drawn


def evenly_spaced(size: int, most: int = DRAWN) -> NDArray[np.int_]:
    """Return the indices of at most so many of a series' points, evenly spread."""
    return np.linspace(0, size - 1, min(size, most)).round().astype(int)

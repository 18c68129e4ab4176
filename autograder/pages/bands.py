"""The bands that plots show, each computed once for all students of whom the same is expected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from autograder import answers
from autograder.answers.latencies import accepted
from autograder.course import Context
from autograder.tolerance import HALF_TURN, Array, Axis, Between


def edges(bands: Sequence[Between], size: int) -> tuple[Array, Array]:
    """Return the outermost edges of several bands."""
    found = [[np.broadcast_to(edge, (size,)) for edge in band.edges] for band in bands]
    lows, highs = np.array([low for low, _ in found]), np.array([high for _, high in found])
    return lows.min(axis=0), highs.max(axis=0)


def width_needed(bands: Sequence[Between], values: ArrayLike, period: float = 0.0) -> Array:
    """Return how many times as wide the nearest of several bands would have to be to hold each value.

    Each band grows about its own middle. One without width never does: it needs nothing to hold what it holds, and never holds the rest.

    Parameters
    ----------
    bands : sequence of Between
    values : array_like
    period : float
        Values that differ by a multiple of it are the same; 0 where there is none.
    """
    needed = []
    for band in bands:
        low, high = band.edges
        turn = HALF_TURN if isinstance(band, Axis) else period
        off = np.asarray(values, float) - band.middle
        off = off - turn * np.round(off / turn) if turn else off
        half = np.broadcast_to((high - low) / 2, off.shape)
        times = np.divide(np.abs(off), half, out=np.full(off.shape, np.inf), where=half > 0)
        holds = band.contains(band.middle + off)
        times = np.where(holds, np.where(half > 0, np.minimum(times, 1.0), 0.0), times)
        needed.append(np.where(np.isnan(times), np.inf, times))
    return np.asarray(np.min(needed, axis=0))


class _Same:
    """A context that is the same key for all students whose expected curves are the same: those of one variant."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def __hash__(self) -> int:
        return hash((self.context.assignment, *sorted(self.context.variant.items())))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Same):
            return NotImplemented
        own, others = self.context, other.context
        return (own.assignment, own.variant, own.course) == (others.assignment, others.variant, others.course)


def curve_band(answer: answers.Curve, context: Context) -> tuple[Array, Array, Array]:
    """Return points of a curve, and the outermost edges of its bands there."""
    return _curve_band(answer, _Same(context))


def latency_band(answer: answers.Latencies, context: Context) -> tuple[Array, Array, Array]:
    """Return currents, and the edges of the latencies that are accepted there."""
    return _latency_band(answer, _Same(context))


@lru_cache(maxsize=128)
def _curve_band(answer: answers.Curve, same: _Same) -> tuple[Array, Array, Array]:
    at = np.asarray(answer.at(same.context), float)
    at = np.linspace(at.min(), at.max(), 81)
    return at, *edges(answer.accept(same.context, at), at.size)


@lru_cache(maxsize=32)
def _latency_band(answer: answers.Latencies, same: _Same) -> tuple[Array, Array, Array]:
    at = answer.threshold(same.context) * np.linspace(1.016, 1.6, 25)
    band = accepted([answer.expected(same.context, float(current)) for current in at])
    return at, *band.edges

"""The bands that plots show, each computed once for all students of whom the same is expected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from autograder import answers
from autograder.answers.latencies import accepted
from autograder.course import Context
from autograder.tolerance import Array, Between


def edges(bands: Sequence[Between], size: int) -> tuple[Array, Array]:
    """Return the outermost edges of several bands."""
    found = [[np.broadcast_to(edge, (size,)) for edge in band.edges] for band in bands]
    lows, highs = np.array([low for low, _ in found]), np.array([high for _, high in found])
    return lows.min(axis=0), highs.max(axis=0)


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

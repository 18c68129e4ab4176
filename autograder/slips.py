"""The slips that many questions share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.course import Context
from autograder.question import Slip
from autograder.tolerance import Between, any_contains


def near(name: str, value: Callable[[Context], float], margin: float, message: str) -> Slip:
    """Return the slip of giving another quantity's value, known to `margin`."""
    return Slip(name, lambda found, context: bool(abs(found - value(context)) <= margin), message, value)


def factor(name: str, k: float, accept: Between, message: str) -> Slip:
    """Return the slip of giving `k` times what is accepted (a wrong unit)."""
    middle = (np.asarray(accept.low) + np.asarray(accept.high)) / 2
    return Slip(
        name, lambda found, context: bool(accept.contains(found / k)), message, lambda context: float(middle * k)
    )


def rescaled_curve(name: str, k: float, accept: Any, at: Any, message: str) -> Slip:
    """Return the slip of a curve whose values are all `k` times what is accepted; `accept` and `at` are the curve's."""

    def made(found: tuple[np.ndarray, np.ndarray], context: Context) -> bool:
        return bool(any_contains(accept(found[0], context), found[1] / k).all())

    def example(context: Context) -> tuple[np.ndarray, np.ndarray]:
        x = at(context)
        return x, middle(accept(x, context)) * k

    return Slip(name, made, message, example)


def rescaled_function(name: str, k: float, accept: Any, inputs: Any, message: str) -> Slip:
    """Return the slip of a function whose results are all `k` times what is accepted."""

    def made(values: np.ndarray, context: Context) -> bool:
        return bool(any_contains(accept(inputs(context), context), values / k).all())

    return Slip(name, made, message, lambda context: middle(accept(inputs(context), context)) * k)


def middle(bands: Sequence[Between]) -> np.ndarray:
    """Return the middles of the first band: what is surely right."""
    return (np.asarray(bands[0].low, float) + np.asarray(bands[0].high, float)) / 2

"""The slips that many questions share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.course import Context
from autograder.question import Slip, UnitSlip
from autograder.tolerance import Between, any_contains


def near(name: str, value: Callable[[Context], float], margin: float, message: str) -> Slip:
    """Return the slip of giving another quantity's value, known to `margin`."""
    return Slip(name, lambda found, context: bool(abs(found - value(context)) <= margin), message, value)


def factor(name: str, k: float, accept: Between, message: str) -> Slip:
    """Return the slip of giving `k` times what is accepted."""
    middle = (np.asarray(accept.low) + np.asarray(accept.high)) / 2
    return Slip(
        name, lambda found, context: bool(accept.contains(found / k)), message, lambda context: float(middle * k)
    )


def span(name: str, low: float, high: float, message: str, example: float | None = None) -> Slip:
    """Return the slip of giving a value from `low` to `high`, all of which mean the same."""
    value = (low + high) / 2 if example is None else example
    return Slip(name, lambda found, context: low <= found <= high, message, lambda context: value)


# Prefix -> how many of the prefixed unit make one.
PREFIXES = {"p": 1e12, "n": 1e9, "u": 1e6, "m": 1e3, "": 1.0}


def other_units(asked: str, accept: Callable[[Context], Between]) -> tuple[UnitSlip, ...]:
    """Return the slips of giving a number in another unit than `asked`, such as nA for uA.

    Parameters
    ----------
    asked : str
        The unit that the question asks for: a prefix, and one letter.
    accept : callable
        Called with the context; returns what is accepted.
    """
    prefix, symbol = asked[:-1], asked[-1]
    return tuple(
        _other_unit(f"{other}{symbol}", asked, number / PREFIXES[prefix], accept)
        for other, number in PREFIXES.items()
        if other != prefix
    )


def _other_unit(name: str, asked: str, k: float, accept: Callable[[Context], Between]) -> UnitSlip:
    def middle(context: Context) -> float:
        band = accept(context)
        return float((np.asarray(band.low) + np.asarray(band.high)) / 2 * k)

    message = f"This looks like {name}; the question asks for {asked}."
    return UnitSlip(name, lambda found, context: bool(accept(context).contains(found / k)), message, middle)


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

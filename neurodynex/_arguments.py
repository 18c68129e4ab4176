"""Checks of what a caller passes in; every refusal says what was expected, what came, and what to do."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["count", "number", "numbers_1d"]


def number(name: str, value: Any, unit: Any = None, *, low: float | None = None, above: float | None = None) -> float:
    """Return `value` as a finite float, in `unit`.

    Parameters
    ----------
    name : str
        The parameter's name, for the error message.
    value : float or Quantity
        A plain number is taken to be in `unit` already.
    unit : brian2.Unit, optional
        The unit of the returned number; without it only plain numbers are accepted.
    low, above : float, optional
        The number must be at least `low`, and larger than `above`.

    Raises
    ------
    ValueError
        If it is not one finite number, has another dimension, or is too small.
    """
    wanted = "a number" if unit is None else f"a number in {unit}"
    if getattr(value, "dim", None) is not None and unit is not None:
        if value.dim is not unit.dim:
            raise ValueError(f"{name} must be {wanted}, but {value} has another dimension. Pass {name} in {unit}.")
        value = np.asarray(value / unit)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise ValueError(f"{name} must be {wanted}, but {value!r} came. Pass one plain number, such as {name}=1.0.")
    result = float(value)
    if not np.isfinite(result):
        raise ValueError(f"{name} must be finite, but {result} came. Check how {name} is computed.")
    suffix = "" if unit is None else f" {unit}"
    if low is not None and result < low:
        raise ValueError(f"{name} must be at least {low:g}{suffix}, but {result:g} came. Pass a larger {name}.")
    if above is not None and result <= above:
        raise ValueError(f"{name} must be larger than {above:g}{suffix}, but {result:g} came. Pass a larger {name}.")
    return result


def numbers_1d(name: str, values: Any, unit: Any = None) -> np.ndarray:
    """Return `values` as an array of shape (n,), n at least 1, of finite floats in `unit`.

    Raises
    ------
    ValueError
        If it is not a 1-D sequence of finite numbers.
    """
    if getattr(values, "dim", None) is not None and unit is not None and np.ndim(values) == 1:
        values = [number(name, value, unit) for value in values]
    if not isinstance(values, Sequence | np.ndarray) and hasattr(values, "__array__"):
        values = np.asarray(values)  # pandas Series and Index
    if isinstance(values, str) or not hasattr(values, "__len__") or np.ndim(values) != 1 or len(values) == 0:
        raise ValueError(
            f"{name} must be a one-dimensional sequence of numbers, but {values!r} came. Pass a list such as [0.5, 1.0]."
        )
    return np.array([number(name, value, unit) for value in values])


def count(name: str, value: Any, *, low: int | None = 0) -> int:
    """Return `value`, a whole number (20 or 20.0), as an int that is at least `low` (if that is not None).

    Raises
    ------
    ValueError
        If it is not a whole number or is smaller than `low`.
    """
    result = number(name, value, low=low)
    if not result.is_integer():
        raise ValueError(f"{name} must be a whole number, but {value!r} came. Pass for example {name}={round(result)}.")
    return int(result)

"""Reads answers of several numbers: counts, truth values, sets of complex numbers, matrices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .reading import (
    UNITS,
    Unreadable,
    describe,
    number,
    series,
    shorten,
    show,
    unwrap_single,
    without_imaginary_part,
)
from .values import Error, Quantity
from .words import entries

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]


def whole(value: float, name: str) -> int:
    """Return a count as an int.

    Raises
    ------
    Unreadable
        If it is not whole, apart from rounding errors.
    """
    if abs(value - round(value)) > 1e-9 * max(1.0, abs(value)):
        raise Unreadable(f"`{name}` is {show(value)}; the question asks for a whole number.")
    return round(value)


def counts(value: Any, name: str, keys: Sequence[str]) -> dict[str, int]:
    """Return the count that a dictionary holds for each of the keys."""
    found = {key: (entry, f"{name}[{key!r}]") for key, entry in entries(value, name, keys).items()}
    return {key: whole(number(entry, shown, ""), shown) for key, (entry, shown) in found.items()}


def median(value: Any, name: str, what: str, at_least: int) -> tuple[float, str]:
    """Return a median of counts, given as it is or by the counts, and what was found, as a phrase.

    It may be neither whole nor half: see `whole_or_half`.
    """
    value = unwrap_single(value)
    if (isinstance(value, (list, tuple)) and len(value) > 1) or (isinstance(value, np.ndarray) and value.size > 1):
        each = series(value, name, "")
        if each.size < at_least:
            raise Unreadable(
                f"`{name}` holds {each.size} counts; the question asks for {at_least} or more, one for each {what}, or for their median."
            )
        middle = float(np.median([whole(float(count), f"{name}[{at}]") for at, count in enumerate(each)]))
        return middle, f"the median of `{name}`, {each.size} counts, is {show(middle)}"
    if isinstance(value, (dict, set, frozenset)):
        raise Unreadable(
            f"`{name}` is {describe(value)}; the question asks for a list with a count for each {what}, or for their median."
        )
    middle = number(value, name, "")
    return middle, f"`{name}` = {show(middle)}"


def whole_or_half(middle: float, found: str) -> float:
    """Return a median of counts without rounding errors.

    Raises
    ------
    Unreadable
        If it is neither whole nor half.
    """
    if abs(2 * middle - round(2 * middle)) > 1e-9 * max(1.0, abs(middle)):
        raise Unreadable(
            f"{found}, which is neither whole nor half. A median of counts is one or the other; a mean is not what is asked for."
        )
    return round(2 * middle) / 2


def truths(value: Any, name: str, unit: str, keys: Sequence[float]) -> dict[float, bool]:
    """Return the truth value that a dictionary holds for each of the numbers in `keys`, given in `unit`."""
    if not isinstance(value, dict):
        listed = " and ".join(show(key) for key in keys)
        raise Unreadable(f"`{name}` is {describe(value)}; the question asks for a dictionary: {listed}.")
    by_key: dict[float, Any] = {}
    for key, entry in value.items():
        for wanted in keys:
            if abs(_key(key, name, unit) - wanted) <= 1e-6 * max(1.0, abs(wanted)):
                by_key[wanted] = entry
    for wanted in keys:
        if wanted not in by_key:
            raise Unreadable(f"`{name}` has no entry {wanted:g}.")
    return {wanted: _truth(by_key[wanted], name, wanted) for wanted in keys}


def _key(key: Any, name: str, unit: str) -> float:
    """Return a key as a number, written as a text too; NaN for anything else."""
    try:
        return float(key) if isinstance(key, str) else number(key, name, unit)
    except (ValueError, Unreadable):
        return float("nan")


def _truth(value: Any, name: str, key: float) -> bool:
    value = unwrap_single(value)
    # A number of spikes, 0 or 1, says the same.
    if isinstance(value, (bool, int, float)) and value in (0, 1):
        return bool(value)
    raise Unreadable(f"`{name}[{key:g}]` is {describe(value)}; the question asks for True or False.")


def complex_numbers(value: Any, name: str, unit: str, size: int) -> Complex:
    """Return a decoded value as a flat array of finite complex numbers.

    Raises
    ------
    Unreadable
        If it holds anything else, or many more numbers than the `size` expected ones.
    """
    if isinstance(value, dict):
        # An eigenvalue with its multiplicity, as SymPy has it; or a name with its value.
        keys = all(isinstance(key, (int, float, complex)) for key in value)
        value = [key for key, times in value.items() for _ in range(_times(times))] if keys else list(value.values())
    inner = unwrap_single(value)
    single = not isinstance(inner, (list, tuple, frozenset)) and np.ndim(getattr(inner, "value", inner)) == 0
    value, scale = _bare(value if single else inner, name, unit)
    items = list(value) if isinstance(value, (list, tuple, set, frozenset)) else value
    if isinstance(items, list) and [_shape(item) for item in items] == [(size,), (size, size)]:
        raise Unreadable(
            f"`{name}` holds {size} numbers and a matrix, as `np.linalg.eig` returns; keep the numbers only."
        )
    if not isinstance(items, (list, np.ndarray)):
        raise Unreadable(f"`{name}` is {describe(value)}; the question asks for {size} numbers, as a list or an array.")
    flat = []
    for item in items if isinstance(items, list) else items.reshape(-1).tolist():
        one, own = _bare(item, name, unit)
        one = unwrap_single(one)
        if isinstance(one, bool) or not isinstance(one, (int, float, complex)):
            raise Unreadable(f"`{name}` holds {describe(one)}; the question asks for {size} numbers.")
        flat.append(complex(one) * (own or scale or 1.0))
    if not 0 < len(flat) <= 10 * size:
        raise Unreadable(f"`{name}` holds {len(flat)} numbers; the question asks for {size}.")
    if not np.isfinite(flat).all():
        raise Unreadable(f"`{name}` holds a NaN or an infinity.")
    return np.array(flat, dtype=complex)


def same_set(values: Complex, expected: Complex, absolute: float) -> bool:
    """Tell whether the numbers can be paired off so that no pair is further apart than `absolute`."""
    most = absolute * (1 + 1e-9) + 1e-12
    return any((np.abs(values[list(order)] - expected) <= most).all() for order in permutations(range(values.size)))


def _shape(item: Any) -> tuple[int, ...]:
    return item.shape if isinstance(item, np.ndarray) else (len(item),) if isinstance(item, (list, tuple)) else ()


def _times(multiplicity: Any) -> int:
    return multiplicity if isinstance(multiplicity, int) and 0 < multiplicity < 10 else 1


def _bare(value: Any, name: str, unit: str) -> tuple[Any, float]:
    """Return a quantity's bare value and its scale to `unit`; anything else as it is, with no scale."""
    if not isinstance(value, Quantity):
        return value, 0.0
    scale, dimension = UNITS[unit]
    if not value.has(dimension):
        raise Unreadable(f"`{name}` is a quantity of another dimension than these numbers have.")
    return value.value, 1.0 / scale


def matrix(value: Any, shown: str, name: str, shape: tuple[int, ...]) -> Array:
    """Return the matrix of that shape that a function returned; quantities are read in 1/ms.

    Parameters
    ----------
    shown : str
        The call, for messages.
    name : str
        The function's name.
    """
    if isinstance(value, Error):
        raise Unreadable(f"{shown} raised {shorten(value.type)}: {shorten(value.message, 200)}".rstrip(": "))
    if value is None:
        raise Unreadable(f"{shown} returned None. Does `{name}` end with a return?")
    wanted = f"the question asks for {shape[0]} rows of {shape[1]} numbers, such as [[a, b], [c, d]]."
    if isinstance(value, Quantity):
        value = np.asarray(value.value) / _kilohertz(value, shown)
    rows = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, (list, tuple, np.ndarray)) for row in rows):
        raise Unreadable(f"{shown} returned {describe(value)}; {wanted}")
    if [len(row) if isinstance(row, (list, tuple)) or row.ndim else 0 for row in rows] != [shape[1]] * shape[0]:
        raise Unreadable(f"{shown} returned {describe(value)} of another shape; {wanted}")
    found = np.array([[_element(item, shown, wanted) for item in row] for row in rows])
    if not np.isfinite(found).all():
        raise Unreadable(f"{shown} returned a NaN or an infinity.")
    return found


def _element(item: Any, shown: str, wanted: str) -> float:
    item = unwrap_single(item)
    if isinstance(item, Quantity) and np.ndim(item.value) == 0:
        item = item.value / _kilohertz(item, shown)
    item = without_imaginary_part(item)
    if isinstance(item, bool) or not isinstance(item, (int, float)):
        raise Unreadable(f"{shown} returned a matrix that holds {describe(item)}; {wanted}")
    try:
        return float(item)
    except OverflowError:
        raise Unreadable(f"{shown} returned a number that is far too large.") from None


def _kilohertz(quantity: Quantity, shown: str) -> float:
    """Return the scale of 1/ms, in which derivatives of the equations are."""
    scale, dimension = UNITS["kHz"]
    if not quantity.has(dimension):
        raise Unreadable(f"{shown} returned a quantity of another dimension than 1/ms.")
    return scale

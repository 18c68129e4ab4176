"""From a decoded value to numbers in the question's unit, or a sentence that says why not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .values import Error, Function, Missing, Object, Quantity, TooLarge

# What came out of a notebook for one question: request key -> decoded value.
Got: TypeAlias = Mapping[str, Any]

# SI scale and dimension (length, mass, time, current, temperature, amount, luminosity) of the units that questions use.
_VOLT = (2, 1, -3, -1, 0, 0, 0)
UNITS: dict[str, tuple[float, tuple[int, ...]]] = {
    "": (1.0, (0,) * 7),
    "rad": (1.0, (0,) * 7),
    "degrees": (1.0, (0,) * 7),
    "uA": (1e-6, (0, 0, 0, 1, 0, 0, 0)),
    "nA": (1e-9, (0, 0, 0, 1, 0, 0, 0)),
    "pA": (1e-12, (0, 0, 0, 1, 0, 0, 0)),
    "mV": (1e-3, _VOLT),
    "ms": (1e-3, (0, 0, 1, 0, 0, 0, 0)),
    "Hz": (1.0, (0, 0, -1, 0, 0, 0, 0)),
    "kHz": (1e3, (0, 0, -1, 0, 0, 0, 0)),
}

# Powers of ten -> prefix, and the units that have one.
_PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "u", -3: "m", 0: ""}
_PREFIXED = ("uA", "nA", "pA", "mV", "ms")

# Stands for a reply that the decoder refused.
UNREADABLE = Error("UnreadableReply", "what came out of the sandbox was not in the form of an answer")

#: What helps where nothing more is known of a name that is missing.
FROM_THE_TOP = "Run your notebook from the top in a fresh kernel to see what happens before it."


class Unreadable(Exception):
    """An answer that cannot be compared; the message is for the student."""

    def __init__(self, message: str, status: Literal["failed", "not reached"] = "failed"):
        super().__init__(message)
        self.status: Literal["failed", "not reached"] = status


def variable(got: Got, name: str) -> Any:
    """Return the value of the student's variable `name`.

    Raises
    ------
    Unreadable
        If it is not defined, or could not be taken out.
    """
    return usable(got.get(f"variable:{name}", Missing(name)), name)


def usable(value: Any, name: str) -> Any:
    """Return `value` unless it only tells that there is none."""
    if isinstance(value, Missing):
        near = f" There is a variable called {_names(value.similar)}; was that meant?" if value.similar else ""
        raise Unreadable(
            f"`{name}` is not defined when this question is reached.{near} {FROM_THE_TOP}",
            "not reached",
        )
    if isinstance(value, Error) and value.type == "NotReached":
        raise Unreadable(f"`{name}` was not reached: the run of the notebook ended before.", "not reached")
    if isinstance(value, Error):
        raise Unreadable(
            f"`{name}` could not be read: {shorten(value.type)}: {shorten(value.message, 500)}".rstrip(": ")
        )
    if isinstance(value, TooLarge):
        raise Unreadable(f"`{name}` is too large for an answer: {shorten(value.what)}.")
    if value is None:
        raise Unreadable(f"`{name}` is still None. Put your result there.")
    return value


def number(value: Any, name: str, unit: str) -> float:
    """Return `value` as a float in `unit`.

    Parameters
    ----------
    value : object
        A decoded value: a number, a quantity of the unit's dimension, or an array or list that holds one such.
    name : str
        What to call it in a message.
    unit : str
        A key of `UNITS`.
    """
    value = unwrap_single(value)
    if isinstance(value, (list, tuple, np.ndarray)) or (isinstance(value, Quantity) and np.ndim(value.value)):
        raise Unreadable(f"`{name}` is {describe(value)}; the question asks for one number{_in(unit)}.")
    result = _scalar(value, name, unit)
    if not math.isfinite(result):
        raise Unreadable(f"`{name}` is {result}, not a finite number.")
    return result


def series(value: Any, name: str, unit: str, *, gaps: bool = False) -> NDArray[np.float64]:
    """Return `value` as a one-dimensional array of floats in `unit`.

    Parameters
    ----------
    gaps : bool
        Whether NaN and None may stand for a missing value; both come back as NaN.
    """
    if isinstance(value, dict):  # such as a result for each seed
        value = list(value.values())
    if isinstance(value, np.ndarray) and value.dtype.kind == "c":
        value = without_imaginary_part(value)
    if isinstance(value, Quantity):
        flat = _real(value, name, unit).reshape(-1)
    elif isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        flat = value.astype(float).reshape(-1)
    elif isinstance(value, (list, tuple)) and set(map(type, value)) == {float}:  # as most are
        flat = np.array(value)
    elif isinstance(value, (list, tuple, np.ndarray)):
        items = np.asarray(value, dtype=object).reshape(-1) if isinstance(value, np.ndarray) else value
        flat = np.array(
            [_scalar(unwrap_single(v), name, unit) if v is not None or not gaps else math.nan for v in items], float
        )
    else:
        raise Unreadable(
            f"`{name}` is {describe(value)}; the question asks for a list or an array of numbers{_in(unit)}."
        )
    table = getattr(value, "value", value)
    if isinstance(table, np.ndarray) and max(table.shape, default=0) not in (0, flat.size):
        raise Unreadable(
            f"`{name}` has the shape {np.shape(value)}; the question asks for one row of numbers{_in(unit)}."
        )
    if not gaps and not np.isfinite(flat).all():
        raise Unreadable(f"`{name}` holds a NaN or an infinity at position {int(np.argmin(np.isfinite(flat)))}.")
    return flat


def describe(value: Any) -> str:
    """Return a few words on what `value` is."""
    if isinstance(value, bool):
        return f"the truth value {value}"
    if isinstance(value, str):
        return f"the text {shorten(repr(value))}"
    if isinstance(value, Quantity):
        return "a quantity" if np.ndim(value.value) == 0 else f"an array of quantities of shape {np.shape(value.value)}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    if isinstance(value, (set, frozenset)):
        return f"a set of {len(value)}"
    if isinstance(value, dict):
        return f"a dictionary of {len(value)}"
    if isinstance(value, Function):
        return "a function (did you forget to call it?)"
    if isinstance(value, Object):
        return f"an object of type {shorten(value.type)}"
    if value is None:
        return "None"
    return shorten(str(value))


def shorten(text: str, limit: int = 60) -> str:
    """Cut `text` for a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def show(value: float, unit: str = "") -> str:
    """Return a number as a person would write it, with its unit."""
    return f"{value:.6g} {unit}".rstrip()


def show_quantity(value: Any, unit: str) -> str:
    """Return an answer in `unit` as a person would write it; a quantity with the prefix that brings it near 1."""
    if not isinstance(value, Quantity):
        return show(float(without_imaginary_part(value)), unit)
    si = float(without_imaginary_part(value.value))
    power = 3 * math.floor(math.log10(abs(si)) / 3 + 1e-9) if si else None
    if power is None or power not in _PREFIXES or unit not in _PREFIXED:
        return show(si / UNITS[unit][0], unit)
    return show(si / 10.0**power, f"{_PREFIXES[power]}{unit[1:]}")


def unwrap_single(value: Any) -> Any:
    """Return what a list, a set, an array or a quantity of one element holds, however deep; anything else as it is."""
    while isinstance(value, (list, tuple, frozenset)) and len(value) == 1:
        (value,) = value
    if isinstance(value, np.ndarray) and value.size == 1:
        return value.item()
    if isinstance(value, Quantity) and np.size(value.value) == 1:
        return Quantity(np.asarray(value.value).item(), value.dimension)
    return value


def without_imaginary_part(value: Any) -> Any:
    """Return complex numbers as real ones if they have no imaginary part but for rounding errors; anything else as it is."""
    if isinstance(value, complex) or (isinstance(value, np.ndarray) and value.dtype.kind == "c"):
        numbers = np.asarray(value)
        with np.errstate(invalid="ignore"):
            if (np.abs(numbers.imag) <= 1e-12 * np.maximum(1.0, np.abs(numbers.real))).all():
                return value.real
    return value


def _scalar(value: Any, name: str, unit: str) -> float:
    if isinstance(value, Quantity) and np.ndim(value.value) == 0:
        return float(_real(value, name, unit))
    value = without_imaginary_part(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unreadable(f"`{name}` is or holds {describe(value)}; the question asks for numbers{_in(unit)}.")
    try:
        return float(value)
    except OverflowError:
        raise Unreadable(f"`{name}` is too large for a number{_in(unit)}.") from None


def _real(quantity: Quantity, name: str, unit: str) -> NDArray[np.float64]:
    scale, dimension = UNITS[unit]
    if not quantity.has(dimension):
        wanted = f"in {unit}" if any(dimension) else "without a unit"
        raise Unreadable(f"`{name}` is a quantity of another dimension; the question asks for a number {wanted}.")
    plain = np.asarray(quantity.value)
    if plain.dtype.kind == "c":  # in the unit, where a rounding error is small beside 1
        plain = np.asarray(without_imaginary_part(plain / scale)) * scale
    if plain.dtype.kind in "bc":
        raise Unreadable(f"`{name}` is a quantity that is not real; the question asks for numbers{_in(unit)}.")
    return plain.astype(float) * (1.0 / scale)


def _in(unit: str) -> str:
    return f" in {unit}" if unit else ""


def _names(near: tuple[str, ...]) -> str:
    return " or ".join(f"`{shorten(name)}`" for name in near[:3])

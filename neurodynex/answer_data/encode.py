"""Encodes whatever a notebook's variable holds into the closed vocabulary of `values`.

The student's objects may answer any method with a surprise, so types are read with `type`, never with `isinstance`
(which asks ``__class__``), and data with the methods of the built-in base class. What still goes wrong goes wrong in
the student's own process and within the time limit of one answer, and becomes an error value.
"""

from __future__ import annotations

import difflib
import math

# A notebook may well rebind these in its own names, or even in `builtins` (an open probability is called `open`).
from builtins import (  # noqa: UP029
    BaseException,
    abs,
    bool,
    callable,
    complex,
    dict,
    float,
    frozenset,
    int,
    issubclass,
    len,
    list,
    max,
    range,
    repr,
    set,
    sorted,
    str,
    tuple,
    type,
)
from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from json import dumps
from types import ModuleType
from typing import Any

import numpy

from .bounds import MAX_DIGITS, MAX_DIMENSIONS, MAX_ELEMENTS, MAX_KEYS, MAX_REPLY_BYTES, MAX_STRING

#: Less than the decoder's, as calls add a level.
_DEPTH = 18
_MESSAGE = 500
_VIEWS: tuple[Any, ...] = (type({}.keys()), type({}.values()), type({}.items()))

Encoded = dict[str, Any]


class TooLarge(Exception):
    """The value is beyond the bounds; the argument says what it is."""


def encode(value: object, elements: int = MAX_ELEMENTS) -> Encoded:
    """Encode one value.

    Parameters
    ----------
    value : object
        Anything.
    elements : int
        How many numbers, strings and containers it may hold.

    Returns
    -------
    dict
        One key, the kind; ``too_large`` if it does not fit.
    """
    try:
        encoded = _Encoder(elements).value(value)
        if len(dumps(encoded)) > MAX_REPLY_BYTES * 0.9:
            raise TooLarge(f"{_type_name(value)} of more than {MAX_REPLY_BYTES // 1_000_000} MB")
    except TooLarge as problem:
        return {"too_large": text(problem.args[0])}
    return encoded


def error(problem: BaseException) -> Encoded:
    """Encode an exception: its type and its message, cut."""
    try:
        message = text(str(problem), _MESSAGE)
    except BaseException:
        message = ""
    return {"error": {"type": _type_name(problem), "message": message}}


def missing(name: str, names: Mapping[Any, Any], *, is_function: bool = False) -> Encoded:
    """Encode that there is no such name, with the nearest ones that there are, of functions or of values as is asked for."""
    known = {
        text(other).lower(): text(other)
        for other, value in list(names.items())
        if type(other) is str and other[:1] != "_" and callable(value) == is_function and type(value) is not ModuleType
    }
    similar = difflib.get_close_matches(name.lower(), list(known)[:2000], n=3)
    return {"missing": {"name": name, "similar": [known[other] for other in similar]}}


def text(value: str, longest: int = MAX_STRING) -> str:
    """Return a plain string of bounded length, without halves of characters."""
    return str.encode(str.__getitem__(value, slice(0, longest)), "utf-8", "replace").decode("utf-8")


def number(value: float) -> float | str:
    """Return a float as strict JSON has it."""
    return value if math.isfinite(value) else repr(value)


def _is(value: object, kind: type | tuple[type, ...]) -> bool:
    return issubclass(type(value), kind)


def _type_name(value: object) -> str:
    return text(type.__dict__["__name__"].__get__(type(value)), 100)


def _module(value: object) -> str:
    module = type.__dict__["__module__"].__get__(type(value))
    return module if type(module) is str else ""


class _Encoder:
    """Encodes one value, counting what it has seen."""

    def __init__(self, elements: int) -> None:
        self.left = elements

    def value(self, value: object, depth: int = 0) -> Encoded:
        if depth > _DEPTH:
            raise TooLarge(f"values nested deeper than {_DEPTH} levels")
        for encoder in (self.scalar, self.container, self.array, self.foreign):
            encoded = encoder(value, depth)
            if encoded is not None:
                return encoded
        if callable(value):
            return {"function": _function_name(value)}
        return {"object": _type_name(value)}

    def spend(self, elements: int, what: str) -> None:
        self.left -= elements
        if self.left < 0:
            raise TooLarge(what)

    def scalar(self, value: Any, depth: int) -> Encoded | None:
        if value is None:
            return {"null": None}
        if value is True or value is False:
            return {"boolean": value}
        if _is(value, str):
            return {"string": text(value)}
        if _is(value, int):
            value = int.__pos__(value)
            if abs(value) >= 10**MAX_DIGITS:
                raise TooLarge(f"integer of {value.bit_length()} bits")
            return {"int": value}
        if _is(value, float):
            return {"number": number(float.__pos__(value))}
        if _is(value, complex):
            value = complex.__pos__(value)
            return {"complex": [number(value.real), number(value.imag)]}
        if type(value) is Fraction or type(value) is Decimal:
            return {"number": number(float(value))}
        return None

    def container(self, value: Any, depth: int) -> Encoded | None:
        if type(value) is range:
            length = max(0, -((value.start - value.stop) // value.step))
            self.spend(length, f"range of {length} elements")
            return {"list": [{"int": item} for item in value]}
        for kind in (list, tuple, deque, *_VIEWS):
            if _is(value, kind):
                length = kind.__len__(value)
                self.spend(length, f"{kind.__name__} of {length} elements")
                return {"list": [self.value(item, depth + 1) for item in kind.__iter__(value)]}
        for unordered in (set, frozenset):
            if _is(value, unordered):
                length = unordered.__len__(value)
                self.spend(length if length <= MAX_KEYS else self.left + 1, f"set of {length} elements")
                # Sorted, as a set of strings comes in any order, and a grade has to come out the same each time.
                return {"set": sorted((self.value(item, depth + 1) for item in unordered.__iter__(value)), key=dumps)}
        if _is(value, dict):
            length = dict.__len__(value)
            self.spend(2 * length if length <= MAX_KEYS else self.left + 1, f"map of {length} entries")
            return {"map": [[self.key(k, depth + 1), self.value(v, depth + 1)] for k, v in dict.items(value)]}
        return None

    def key(self, value: object, depth: int) -> Encoded:
        """Return a key of a map: what cannot be a key on the other side is named by its type."""
        encoded = self.value(value, depth)
        return (
            encoded
            if not {"array", "map", "list"} & set(encoded) or _is(value, tuple)
            else {"object": _type_name(value)}
        )

    def array(self, value: Any, depth: int) -> Encoded | None:
        if _is(value, numpy.generic):
            # Only what is neither a Python number nor a string by inheritance, as float64 and str_ are.
            return self.plain_array(numpy.array(value), depth)
        if not _is(value, numpy.ndarray):
            return None
        plain = numpy.ndarray.view(value, numpy.ndarray)
        dimension = _dimension(value)
        encoded = self.plain_array(plain, depth)
        if dimension is None or not {"number", "int", "complex", "array"} & set(encoded):
            return encoded
        return {"quantity": {"dimension": dimension, "value": encoded}}

    def plain_array(self, value: numpy.ndarray, depth: int) -> Encoded:
        """Encode an array of exactly the base class."""
        what = f"array of shape {value.shape}"
        self.spend(value.size, what)
        if value.ndim > MAX_DIMENSIONS or max(value.shape, default=0) > MAX_ELEMENTS:
            raise TooLarge(what)
        kind = value.dtype.kind
        if kind not in "biufc":
            if kind not in "OU":
                return {"object": f"array of {text(str(value.dtype), 100)}"}
            items = value.tolist()
            return self.value(items, depth + 1)
        wide: numpy.ndarray = value.astype(
            {"b": bool, "i": numpy.int64, "u": numpy.uint64, "f": float, "c": complex}[kind]
        )
        if wide.ndim == 0:
            return self.value(wide.item(), depth)
        data: list[Any] = wide.ravel().tolist()
        if kind == "f" and not numpy.isfinite(wide).all():
            data = [number(item) for item in data]
        elif kind == "c":
            data = [[number(item.real), number(item.imag)] for item in data]
        return {"array": {"shape": list(value.shape), "kind": kind, "data": data}}

    def foreign(self, value: Any, depth: int) -> Encoded | None:
        """Encode values of libraries that students use, recognised by the module of their type."""
        package = _module(value).partition(".")[0]
        if package == "pandas" and _type_name(value) in ("Series", "Index", "RangeIndex", "DataFrame"):
            shape = value.shape
            self.spend(0 if math.prod(shape) <= self.left else self.left + 1, f"{_type_name(value)} of shape {shape}")
            return self.value(value.to_numpy(), depth + 1)
        if package == "brian2" and _type_name(value) == "VariableView":
            return self.value(value[:], depth + 1)
        if package == "sympy" and getattr(value, "is_Matrix", False) is True:
            return self.value(value.tolist(), depth + 1)
        if package == "sympy" and getattr(value, "is_number", False) is True:
            if value.is_Integer is True:
                return self.value(int(value), depth + 1)
            return self.value(float(value) if value.is_real else complex(value), depth + 1)
        return None


def _dimension(value: Any) -> list[float] | None:
    """Return the SI exponents of a Brian2 quantity; None if it has none, or is dimensionless."""
    if not any(
        base.__name__ == "Quantity" and base.__module__.startswith("brian2.") for base in type.mro(type(value))[:-1]
    ):
        return None
    exponents = [float(exponent) for exponent in value.dim._dims]
    return exponents if any(exponents) else None


def _function_name(value: Any) -> str:
    try:
        name = value.__name__
    except BaseException:
        name = None
    return text(name, 100) if type(name) is str else _type_name(value)

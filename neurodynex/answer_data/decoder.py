"""The strict decoder: from the sandbox's bytes to the plain values of `values`.

Everything that comes out of a sandbox passes `parse` and `decode` before anything else sees it. Both check every type
and every length, and neither raises anything but `BadReply`.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from operator import countOf
from typing import Any

import numpy as np

from . import bounds
from .values import (
    Arrows,
    Axes,
    Calls,
    Error,
    Figure,
    Function,
    Missing,
    Object,
    Quantity,
    Series,
    TooLarge,
    Value,
)


class BadReply(ValueError):
    """The sandbox sent something outside the vocabulary or beyond its bounds."""


def parse(line: bytes) -> Any:
    """Read strict JSON: one document, no doubled keys, no NaN or Infinity, no numbers beyond a float's or 40 digits' range.

    Raises
    ------
    BadReply
        For anything else, including nesting that Python's parser cannot take.
    """
    if len(line) > bounds.MAX_REPLY_BYTES:
        raise BadReply(f"a reply of {len(line)} bytes")
    try:
        return json.loads(
            line.decode("utf-8"),
            object_pairs_hook=_no_doubled_keys,
            parse_constant=_no_constant,
            # A call for each of a figure's thousands of numbers would take longer than all the rest.
            parse_float=_finite if _may_overflow(line) else None,
            parse_int=_short_integer,
        )
    except BadReply:
        raise
    except (ValueError, RecursionError) as problem:
        raise BadReply(f"not JSON: {type(problem).__name__}") from None


def _no_doubled_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadReply("an object has the same key twice")
    return found


def _no_constant(literal: str) -> float:
    raise BadReply(f"the literal {literal} is not JSON")


#: Any digit as 0, and any sign of an exponent as e.
_ALIKE = bytes.maketrans(b"123456789E", b"000000000e")


def _may_overflow(line: bytes) -> bool:
    """Tell whether a number may be beyond a float's range: below 200 digits, that takes an exponent of three."""
    alike = line.translate(_ALIKE)
    return any(part in alike for part in (b"e000", b"e+000", 200 * b"0"))


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise BadReply("a number beyond the range of a float")
    return number


def _short_integer(digits: str) -> int:
    if len(digits) > bounds.MAX_DIGITS + 1:
        raise BadReply("an integer with too many digits")
    return int(digits)


#: Identity of an encoded figure -> it, what it stands for, and for how many elements.
KnownFigures = dict[int, tuple[object, Figure, int]]


def decode(encoded: object, known: KnownFigures | None = None) -> Value:
    """Check an encoded value and turn it into plain Python data.

    Parameters
    ----------
    encoded : object
        What `parse` returned, or what a stored result holds.
    known : dict, optional
        Figures that were decoded before, as several questions have the same ones; those that are not there yet are put in.

    Returns
    -------
    Value
        See the table in `values`.

    Raises
    ------
    BadReply
        If anything is not exactly as the table says, or is larger than `bounds` allows. Nothing else is raised.
    """
    return _Decoder({} if known is None else known).value(encoded)


_PACKED = np.dtype("<f8")


def packed(numbers: list[Any]) -> bytes | None:
    """Return numbers as little-endian doubles, which `decode` takes in a list's place; None where one is no ordinary number.

    What comes out of a sandbox is JSON, and never packed.
    """
    if countOf(map(type, numbers), float) < len(numbers):
        return None
    found = np.array(numbers, _PACKED)
    return found.tobytes() if np.isfinite(found).all() else None


_NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_DTYPES: dict[str, type] = {"b": np.bool_, "i": np.int64, "u": np.uint64, "f": np.float64, "c": np.complex128}


class _Decoder:
    """Decodes one value, counting what it has seen."""

    def __init__(self, known: KnownFigures) -> None:
        self.known = known
        self.elements = 0
        self.depth = 0

    def value(self, encoded: object, key: bool = False) -> Any:
        """Decode one value; `key` asks for something hashable."""
        if type(encoded) is not dict or len(encoded) != 1:
            raise BadReply("a value is not an object with one key")
        [(kind, payload)] = encoded.items()
        decoder = _KINDS.get(kind) if type(kind) is str else None
        if decoder is None:
            raise BadReply("a value of an unknown kind")
        self.depth += 1
        if self.depth > bounds.MAX_DEPTH:
            raise BadReply(f"values nested deeper than {bounds.MAX_DEPTH}")
        found = decoder(self, payload)
        if key:
            found = _hashable(found)
        self.depth -= 1
        return found

    def number(self, payload: object) -> float:
        if type(payload) is str and payload in _NON_FINITE:
            return _NON_FINITE[payload]
        if type(payload) is int:
            payload = float(self.integer(payload))
        if type(payload) is not float or not math.isfinite(payload):
            raise BadReply("not a number")
        return payload

    def numbers(self, payload: list[Any]) -> np.ndarray:
        """Return many numbers, not to be written to, without a look at each where all are ordinary ones."""
        if countOf(map(type, payload), float) == len(payload):
            # Four times faster than to make an array of a list.
            found = np.frombuffer(struct.pack(f"{len(payload)}d", *payload))
            if np.isfinite(found).all():
                return found
        return np.array([self.number(item) for item in payload], float)

    def column(self, payload: object, longest: int) -> np.ndarray:
        """Return the numbers of a list, or packed ones, as only a stored result has them; the caller counts them."""
        if type(payload) is not bytes:
            if type(payload) is not list or len(payload) > longest:
                raise BadReply("not a list, or too long")
            return self.numbers(payload)
        if len(payload) % _PACKED.itemsize or len(payload) > longest * _PACKED.itemsize:
            raise BadReply("not packed numbers, or too many")
        found = np.frombuffer(payload, _PACKED)
        if not np.isfinite(found).all():
            raise BadReply("a packed number that is not finite")
        return found

    def columns(self, *payloads: object, longest: int) -> list[np.ndarray]:
        """Return as many numbers from each."""
        found = [self.column(payload, longest) for payload in payloads]
        if any(len(column) != len(found[0]) for column in found):
            raise BadReply("columns of different lengths")
        return found

    def integer(self, payload: object) -> int:
        if type(payload) is not int or abs(payload) >= 10**bounds.MAX_DIGITS:
            raise BadReply("not an integer")
        return payload

    def boolean(self, payload: object) -> bool:
        if type(payload) is not bool:
            raise BadReply("not a boolean")
        return payload

    def string(self, payload: object) -> str:
        if type(payload) is not str or len(payload) > bounds.MAX_STRING:
            raise BadReply("not a string, or too long")
        if any("\ud800" <= character <= "\udfff" for character in payload):
            raise BadReply("a string with half a character")
        return payload

    def null(self, payload: object) -> None:
        if payload is not None:
            raise BadReply("not null")

    def sequence(self, payload: object, longest: int = bounds.MAX_ELEMENTS) -> list[Any]:
        if type(payload) is not list or len(payload) > longest:
            raise BadReply("not a list, or too long")
        self.spend(len(payload))
        return payload

    def spend(self, elements: int) -> None:
        self.elements += elements
        if self.elements > bounds.MAX_ELEMENTS:
            raise BadReply(f"more than {bounds.MAX_ELEMENTS} elements")

    def few(self, payload: object, length: int) -> list[Any]:
        """Return a list of a fixed length; not counted, as what it is part of is counted."""
        if type(payload) is not list or len(payload) != length:
            raise BadReply(f"not a list of {length}")
        return payload

    def fields(self, payload: object, *names: str) -> list[Any]:
        if type(payload) is not dict or set(payload) != set(names):
            raise BadReply(f"not an object with {', '.join(names)}")
        return [payload[name] for name in names]

    def complex_number(self, payload: object) -> complex:
        real, imaginary = self.few(payload, 2)
        return complex(self.number(real), self.number(imaginary))

    def items(self, payload: object) -> Any:
        return [self.value(item) for item in self.sequence(payload)]

    def unordered(self, payload: object) -> frozenset:
        return frozenset(self.value(item, key=True) for item in self.sequence(payload, bounds.MAX_KEYS))

    def mapping(self, payload: object) -> dict:
        found = {}
        for pair in self.sequence(payload, bounds.MAX_KEYS):
            key, value = self.few(pair, 2)
            key = self.value(key, key=True)
            if key in found:
                raise BadReply("a map has the same key twice")
            found[key] = self.value(value)
        return found

    def array(self, payload: object) -> np.ndarray:
        shape, kind, data = self.fields(payload, "shape", "kind", "data")
        if type(shape) is not list or len(shape) > bounds.MAX_DIMENSIONS:
            raise BadReply("an array without a shape")
        if any(not 0 <= self.integer(length) <= bounds.MAX_ELEMENTS for length in shape):
            raise BadReply("an array of an impossible shape")
        if type(kind) is not str or kind not in _DTYPES:
            raise BadReply("an array of an unknown kind")
        if kind == "f":
            found = self.column(data, bounds.MAX_ELEMENTS)
            self.spend(len(found))
            return self.filled(found.copy(), shape)
        data = self.sequence(data)
        element = {"b": self.boolean, "i": self.integer, "u": self.integer, "c": self.complex_number}[kind]
        try:
            return self.filled(np.array([element(item) for item in data], dtype=_DTYPES[kind]), shape)
        except OverflowError:
            raise BadReply("an integer beyond 64 bits") from None

    def filled(self, data: np.ndarray, shape: list[int]) -> np.ndarray:
        if len(data) != math.prod(shape):
            raise BadReply("an array whose data do not fill its shape")
        return data.reshape(shape)

    def quantity(self, payload: object) -> Quantity:
        dimension, value = self.fields(payload, "dimension", "value")
        exponents = tuple(self.number(exponent) for exponent in self.few(dimension, bounds.SI_UNITS))
        if not all(math.isfinite(exponent) for exponent in exponents):
            raise BadReply("a dimension that is not finite")
        if type(value) is not dict or not set(value) <= {"number", "int", "complex", "array"}:
            raise BadReply("a quantity that is not a number or an array")
        return Quantity(self.value(value), exponents)

    def function(self, payload: object) -> Function:
        return Function(self.string(payload))

    def opaque(self, payload: object) -> Object:
        return Object(self.string(payload))

    def too_large(self, payload: object) -> TooLarge:
        return TooLarge(self.string(payload))

    def missing(self, payload: object) -> Missing:
        name, similar = self.fields(payload, "name", "similar")
        return Missing(self.string(name), self.strings(similar))

    def error(self, payload: object) -> Error:
        kind, message = self.fields(payload, "type", "message")
        return Error(self.string(kind), self.string(message))

    def calls(self, payload: object) -> Calls:
        rounds = [self.sequence(points) for points in self.sequence(payload)]
        return Calls(tuple(tuple(self.value(value) for value in points) for points in rounds))

    def strings(self, payload: object) -> tuple[str, ...]:
        return tuple(self.string(item) for item in self.sequence(payload, bounds.MAX_ARTISTS))

    def series(self, payload: object) -> Series:
        label, *columns = self.fields(payload, "label", "x", "y")
        x, y = self.columns(*columns, longest=bounds.MAX_POINTS)
        self.spend(bounds.SERIES_COST - 1 + len(x))
        return Series(self.string(label), x, y)

    def arrows(self, payload: object) -> Arrows:
        columns = self.columns(*self.fields(payload, "x", "y", "u", "v"), longest=bounds.MAX_ARROWS)
        self.spend(4 * len(columns[0]))
        return Arrows(*columns)

    def axes(self, payload: object) -> Axes:
        names = ("title", "xlabel", "ylabel", "xlim", "ylim", "legend", "lines", "points", "arrows", "images")
        title, xlabel, ylabel, xlim, ylim, legend, lines, points, arrows, images = self.fields(payload, *names)
        return Axes(
            title=self.string(title),
            xlabel=self.string(xlabel),
            ylabel=self.string(ylabel),
            xlim=self.limits(xlim),
            ylim=self.limits(ylim),
            legend=self.strings(legend),
            lines=tuple(self.series(item) for item in self.sequence(lines, bounds.MAX_ARTISTS)),
            points=tuple(self.series(item) for item in self.sequence(points, bounds.MAX_ARTISTS)),
            arrows=self.arrows(arrows),
            images=self.integer(images),
        )

    def limits(self, payload: object) -> tuple[float, float]:
        low, high = self.few(payload, 2)
        return self.number(low), self.number(high)

    def figures(self, payload: object) -> tuple[Figure, ...]:
        return tuple(self.figure(item) for item in self.sequence(payload, bounds.MAX_FIGURES))

    def figure(self, payload: object) -> Figure:
        if id(payload) in self.known:
            _, found, elements = self.known[id(payload)]
            self.spend(elements)
            return found
        before = self.elements
        title, xlabel, ylabel, axes = self.fields(payload, "title", "xlabel", "ylabel", "axes")
        drawn = tuple(self.axes(one) for one in self.sequence(axes, bounds.MAX_ARTISTS))
        found = Figure(self.string(title), self.string(xlabel), self.string(ylabel), drawn)
        self.known[id(payload)] = (payload, found, self.elements - before)
        return found


def _hashable(value: Any) -> Any:
    """Return the same value as a key: lists become tuples."""
    if isinstance(value, list):
        return tuple(_hashable(item) for item in value)
    try:
        hash(value)
    except TypeError:
        raise BadReply("a key that cannot be one") from None
    return value


_KINDS: dict[str, Callable[[_Decoder, object], Any]] = {
    "number": _Decoder.number,
    "int": _Decoder.integer,
    "complex": _Decoder.complex_number,
    "string": _Decoder.string,
    "boolean": _Decoder.boolean,
    "null": _Decoder.null,
    "list": _Decoder.items,
    "set": _Decoder.unordered,
    "map": _Decoder.mapping,
    "array": _Decoder.array,
    "quantity": _Decoder.quantity,
    "function": _Decoder.function,
    "missing": _Decoder.missing,
    "error": _Decoder.error,
    "object": _Decoder.opaque,
    "too_large": _Decoder.too_large,
    "calls": _Decoder.calls,
    "figures": _Decoder.figures,
}

"""The closed vocabulary of answers: what `decode` returns to the judge.

An encoded value is JSON: an object with one key, which says what kind of value it is.

================  ==================================================  ==========================
kind              payload                                             decoded as
================  ==================================================  ==========================
``number``        a JSON number, or ``"nan"``, ``"inf"``, ``"-inf"``  `float`
``int``           a JSON integer of up to 40 digits                   `int`
``complex``       ``[number, number]``                                `complex`
``string``        a string                                            `str`
``boolean``       true or false                                       `bool`
``null``          null                                                `None`
``list``          ``[value, ...]``                                    `list` (`tuple` in a key)
``set``           ``[value, ...]``                                    `frozenset`
``map``           ``[[key, value], ...]``                             `dict`
``array``         ``{"shape", "kind", "data"}``, kind one of bifuc    `numpy.ndarray`
``quantity``      ``{"dimension", "value"}``                          `Quantity`
``function``      its name                                            `Function`
``missing``       ``{"name", "similar"}``                             `Missing`
``error``         ``{"type", "message"}``                             `Error`
``object``        the name of its type                                `Object`
``too_large``     what it was                                         `TooLarge`
``calls``         ``[[value, ...], ...]``: rounds of points           `Calls`
``figures``       ``[figure, ...]``                                   `tuple` of `Figure`
================  ==================================================  ==========================

Whoever controls the sandbox controls these bytes. A reply can say what the answers are, and nothing else: there is no
kind for code, for a class to be imported, or for a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np


@dataclass(frozen=True)
class Quantity:
    """A number or an array with a physical dimension, in SI base units.

    Attributes
    ----------
    value : float, int, complex or numpy.ndarray
        In SI base units: 1 mV is 0.001.
    dimension : tuple of float
        Exponents of metre, kilogram, second, ampere, kelvin, mole and candela.
    """

    value: Any
    dimension: tuple[float, ...]

    def has(self, dimension: Sequence[float]) -> bool:
        """Tell whether its dimension is this one, but for rounding errors of powers and roots."""
        return all(abs(own - other) <= 1e-9 for own, other in zip(self.dimension, dimension, strict=True))


@dataclass(frozen=True)
class Function:
    """Something that can be called; `name` is what it calls itself."""

    name: str


@dataclass(frozen=True)
class Missing:
    """The notebook has no such name; `similar` are the nearest names that it has."""

    name: str
    similar: tuple[str, ...] = ()


@dataclass(frozen=True)
class Error:
    """Reading the answer raised an exception, or took too long."""

    type: str
    message: str


@dataclass(frozen=True)
class Object:
    """Anything else; `type` is the name of its type."""

    type: str


@dataclass(frozen=True)
class TooLarge:
    """An answer beyond the bounds; `what` describes it."""

    what: str


@dataclass(frozen=True)
class Calls:
    """What a function returned: ``rounds[repeat][point]``."""

    rounds: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Series:
    """A curve, a set of points or the bars of a figure."""

    label: str
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Arrows:
    """The arrows of an axes, in data coordinates.

    Attributes
    ----------
    x, y : numpy.ndarray, shape (n,)
        Where they begin, or are drawn about.
    u, v : numpy.ndarray, shape (n,)
        How far they go along each axis, in any unit that they share.
    """

    x: np.ndarray
    y: np.ndarray
    u: np.ndarray
    v: np.ndarray


def no_arrows() -> Arrows:
    """Return the arrows of an axes without any."""
    return Arrows(*np.empty((4, 0)))


@dataclass(frozen=True)
class Axes:
    """One axes of a figure."""

    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    xlim: tuple[float, float] = (0.0, 1.0)
    ylim: tuple[float, float] = (0.0, 1.0)
    legend: tuple[str, ...] = ()
    lines: tuple[Series, ...] = ()
    points: tuple[Series, ...] = ()
    arrows: Arrows = field(default_factory=no_arrows)
    images: int = 0


@dataclass(frozen=True)
class Figure:
    """A matplotlib figure: its own title and labels (``suptitle``, ``supxlabel``, ``supylabel``) and its axes."""

    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    axes: tuple[Axes, ...] = field(default_factory=tuple)


Value: TypeAlias = (
    float
    | int
    | complex
    | str
    | bool
    | list
    | tuple
    | frozenset
    | dict
    | np.ndarray
    | Quantity
    | Function
    | Missing
    | Error
    | Object
    | TooLarge
    | Calls
    | None
)


def error(kind: str, message: str) -> dict[str, Any]:
    """Return an encoded error value, for what the trusted side finds out by itself."""
    return {"error": {"type": kind, "message": message}}

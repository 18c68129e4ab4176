"""What a plot shows of one student's answer, beside what is accepted of that student. One function a kind of answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder import answers
from autograder.answers.function_answer import Inputs
from autograder.answers.latencies import accepted
from autograder.answers.learned_direction import turned
from autograder.answers.spread_angles import axial_resultant
from autograder.course import Context
from autograder.facts import shown
from autograder.question import Answer, Got
from autograder.tolerance import Array, Axis, Between
from neurodynex.answer_data.columns import one_or_each, pulses, runs
from neurodynex.answer_data.numbers import complex_numbers, counts, median
from neurodynex.answer_data.reading import lone, number, shorten, variable

#: Points of a curve that are drawn; more would not be seen.
DRAWN = 60


@dataclass(frozen=True)
class Number:
    """One number; `expected` lies inside the band from `low` to `high`."""

    label: str
    unit: str
    value: float
    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class Line:
    """A curve, with the band at other points `at`: of several bands, the outermost edges."""

    x: Array
    y: Array
    at: Array
    low: Array
    high: Array
    xlabel: str
    ylabel: str


@dataclass(frozen=True)
class Offsets:
    """How far off what a function returned is at each input, in half widths of the band there: within it from -1 to 1."""

    at: Array
    off: Array
    xlabel: str


@dataclass(frozen=True)
class Plane:
    """Numbers of the complex plane, each with a partner within `radius`."""

    values: NDArray[np.complex128]
    expected: NDArray[np.complex128]
    radius: float


@dataclass(frozen=True)
class Words:
    """What was chosen among listed words, or typed in their place."""

    text: str


View = Number | Line | Offsets | Plane | Words


def views(answer: Answer, got: Got, context: Context) -> list[View]:
    """Return what can be drawn of an answer; nothing where it cannot be read as what is asked for."""
    try:
        with np.errstate(all="ignore"):
            return list(view(answer, got, context))
    except Exception:  # an unreadable answer, or a fault of ours, which the judge tells: either costs one plot a point
        return []


@singledispatch
def view(answer: Any, got: Got, context: Context) -> Sequence[View]:
    """Return what can be drawn of an answer; of most kinds that is nothing.

    Raises
    ------
    Unreadable
        If it cannot be read as what is asked for.
    """
    return []


@view.register
def _value(answer: answers.Value, got: Got, context: Context) -> Sequence[View]:
    found = number(lone(variable(got, answer.name)), answer.name, answer.unit)
    band, expected = answer.accept(context), answer.expected(context)
    if isinstance(band, Axis):  # the same direction, as near to the expected one as half turns bring it
        found = expected + turned(found - expected)
    return [_number(answer.name, answer.unit, found, expected, band)]


@view.register
def _typical(answer: answers.Typical, got: Got, context: Context) -> Sequence[View]:
    found, _ = median(variable(got, answer.name), answer.name, answer.what, answer.at_least)
    return [_number(answer.name, "", found, answer.expected(context), answer.accept(context))]


@view.register
def _one_or_each(answer: answers.OneOrEach, got: Got, context: Context) -> Sequence[View]:
    found = float(np.median(one_or_each(got, answer.name, answer.unit, answer.runs)))
    label = f"median of {answer.name}"
    return [_number(label, answer.unit, found, answer.expected(context), answer.accept(context))]


@view.register
def _spread(answer: answers.SpreadAngles, got: Got, context: Context) -> Sequence[View]:
    found = axial_resultant(runs(variable(got, answer.name), answer.name, answer.unit, answer.at_least))
    label = f"axial resultant of {answer.name} (1: all on one axis)"
    return [_number(label, "", found, 0.0, Between(0.0, answer.resultant))]


@view.register
def _counts(answer: answers.Counts, got: Got, context: Context) -> Sequence[View]:
    found, expected = counts(variable(got, answer.name), answer.name, answer.keys), answer.expected(context)
    return [
        _number(f"{answer.name}[{key!r}]", "", found[key], expected[key], answer.accept(context, key))
        for key in answer.keys
    ]


@view.register
def _value_set(answer: answers.ValueSet, got: Got, context: Context) -> Sequence[View]:
    found = complex_numbers(variable(got, answer.name), answer.name, answer.unit, answer.size)
    return [Plane(found, np.asarray(answer.expected(context), complex), answer.absolute)]


@view.register
def _function(answer: answers.Function, got: Got, context: Context) -> Sequence[View]:
    inputs = answer.inputs(context)
    low, high = _edges(answer.accept(context, inputs), len(inputs))
    return [_offsets(np.array(answer.rounds(got, context)[-1]), low, high, inputs)]


@view.register
def _direction(answer: answers.LearnedDirection, got: Got, context: Context) -> Sequence[View]:
    inputs = answer.inputs(context)
    found = np.median(np.array(answer.rounds(got, context)), axis=0)
    expected, margin = answer.expected(context, inputs), answer.margins(context, inputs)
    return [_offsets(expected + turned(found - expected), expected - margin, expected + margin, inputs)]


@view.register
def _curve(answer: answers.Curve, got: Got, context: Context) -> Sequence[View]:
    x, y, *_ = answer.read(got)
    at, low, high = _curve_band(answer, *_same(context))
    if answer.period:
        middle = np.interp(x, at, (low + high) / 2)
        y = y - answer.period * np.round((y - middle) / answer.period)
    over = f" / {answer.divide_by[0]}" if answer.divide_by else ""
    unit = f"{answer.unit}/{answer.divide_by[1]}" if answer.divide_by else answer.unit
    labels = f"{answer.x[0]} ({answer.x[1]})", f"{answer.name}{over} ({unit})"
    return [_line(x, y, at, low, high, *labels)]


@view.register
def _array_function(answer: answers.ArrayFunction, got: Got, context: Context) -> Sequence[View]:
    found = answer.rounds(got, context)[-1]
    expected = [answer.expected(context, *arguments) for arguments in answer.inputs(context)]
    off = [_farthest(answer, context, *pair) for pair in zip(found, expected, strict=True)]
    return [Offsets(np.arange(len(off), dtype=float) + 1, np.array(off), "number of the call")]


@view.register
def _matrix_function(answer: answers.MatrixFunction, got: Got, context: Context) -> Sequence[View]:
    inputs = answer.inputs(context)
    found = np.array(answer.rounds(got, context)[-1])
    off = ((found - answer.expected(context, inputs)) / answer.absolute).reshape(len(inputs), -1)
    worst = np.take_along_axis(off, np.abs(off).argmax(axis=1)[:, None], axis=1)[:, 0]
    return [Offsets(np.arange(len(inputs), dtype=float) + 1, worst, "number of the call")]


@view.register(answers.Choice)
@view.register(answers.Choices)
@view.register(answers.Truths)
@view.register(answers.Words)
def _words(answer: Any, got: Got, context: Context) -> Sequence[View]:
    return [Words(shorten(shown(lone(variable(got, answer.name))), 80))]


@view.register
def _latencies(answer: answers.Latencies, got: Got, context: Context) -> Sequence[View]:
    x, y = pulses(got, answer.name)
    there = np.isfinite(x) & np.isfinite(y)
    labels = "current (pA)", f"{answer.name} (ms)"
    return [_line(x[there], y[there], *_latency_band(answer, *_same(context)), *labels)]


def _farthest(answer: answers.ArrayFunction, context: Context, found: Array, expected: Array) -> float:
    """Return the offset, in half widths of its band, of the number of an array that is farthest off; NaN if there is none."""
    measured, wanted = answer.measure(found), answer.measure(expected)
    if measured is None or wanted is None:
        return float("nan")
    low, high = _edges([answer.accept(context, wanted)], wanted.size)
    off = (np.ravel(measured) - (low + high) / 2) / np.maximum((high - low) / 2, 1e-12)
    return float(off[np.abs(off).argmax()])


def _number(label: str, unit: str, found: float, expected: float, band: Between) -> Number:
    low, high = map(float, band.edges)
    return Number(label, unit, float(found), float(expected), low, high)


def _line(x: Array, y: Array, at: Array, low: Array, high: Array, xlabel: str, ylabel: str) -> Line:
    order = np.argsort(x, kind="stable")
    if order.size > DRAWN:
        order = order[np.linspace(0, order.size - 1, DRAWN).astype(int)]
    return Line(x[order], y[order], at, low, high, xlabel, ylabel)


def _offsets(found: Array, low: Array, high: Array, inputs: Inputs) -> Offsets:
    half = (high - low) / 2
    half = np.maximum(half, np.min(half[half > 0], initial=1.0) if (half > 0).any() else 1e-12)
    off = (found - (low + high) / 2) / half
    last = [arguments[-1] for arguments in inputs]
    if all(isinstance(argument, int | float) for argument in last):
        return Offsets(np.array(last, float), off, "last argument of the call")
    return Offsets(np.arange(len(inputs), dtype=float) + 1, off, "number of the call")


def _edges(bands: Sequence[Between], size: int) -> tuple[Array, Array]:
    edges = [[np.broadcast_to(edge, (size,)) for edge in band.edges] for band in bands]
    return np.min([low for low, _ in edges], axis=0), np.max([high for _, high in edges], axis=0)


class _Same:
    """A context that is the same key for all students whose expected curves are the same: those of one variant."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def __hash__(self) -> int:
        return hash((self.context.assignment, *sorted(self.context.variant.items())))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Same):
            return NotImplemented
        mine, theirs = self.context, other.context
        return (mine.assignment, mine.variant, mine.course) == (theirs.assignment, theirs.variant, theirs.course)


def _same(context: Context) -> tuple[_Same]:
    return (_Same(context),)


@lru_cache(maxsize=128)
def _curve_band(answer: answers.Curve, same: _Same) -> tuple[Array, Array, Array]:
    at = np.asarray(answer.at(same.context), float)
    at = np.linspace(at.min(), at.max(), 81)
    return at, *_edges(answer.accept(same.context, at), at.size)


@lru_cache(maxsize=32)
def _latency_band(answer: answers.Latencies, same: _Same) -> tuple[Array, Array, Array]:
    at = answer.threshold(same.context) * np.linspace(1.016, 1.6, 25)
    band = accepted([answer.expected(same.context, float(current)) for current in at])
    return at, *band.edges


__all__ = ["Line", "Number", "Offsets", "Plane", "View", "Words", "views"]

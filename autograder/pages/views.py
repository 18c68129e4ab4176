"""What a plot shows of one student's answer, beside what is accepted of that student. One function a kind of answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from typing import Any

import numpy as np

from autograder import answers
from autograder.answers.function_answer import Inputs
from autograder.answers.learned_direction import turned
from autograder.answers.spread_angles import axial_resultant
from autograder.course import Context
from autograder.facts import format_value
from autograder.pages import figure_views
from autograder.pages.bands import curve_band, edges, latency_band, width_needed
from autograder.pages.shapes import ChosenWords, Line, Number, Offsets, Plane, View
from autograder.question import Answer, Got
from autograder.tolerance import Array, Axis, Between, within
from neurodynex.answer_data.columns import one_or_each, pulses, runs
from neurodynex.answer_data.numbers import Complex, complex_numbers, counts, median, same_set
from neurodynex.answer_data.reading import number, shorten, unwrap_single, variable


def views(answer: Answer, got: Got, context: Context) -> list[View | None]:
    """Return what can be drawn of an answer, None in the place of what is not there; nothing where it cannot be read."""
    try:
        with np.errstate(all="ignore"):
            return list(view(answer, got, context))
    except Exception:  # an unreadable answer, or a fault of ours, which the judge tells: either costs one plot a point
        return []


@singledispatch
def view(answer: Any, got: Got, context: Context) -> Sequence[View | None]:
    """Return what can be drawn of an answer; of most kinds that is nothing.

    Raises
    ------
    Unreadable
        If it cannot be read as what is asked for.
    """
    return []


@view.register
def _value(answer: answers.Value, got: Got, context: Context) -> Sequence[View | None]:
    found = number(unwrap_single(variable(got, answer.name)), answer.name, answer.unit)
    band, expected = answer.accept(context), answer.expected(context)
    if isinstance(band, Axis):  # the same direction, as near to the expected one as half turns bring it
        found = expected + turned(found - expected)
    return [Number.of(answer.name, answer.unit, found, expected, band)]


@view.register
def _typical(answer: answers.Typical, got: Got, context: Context) -> Sequence[View | None]:
    found, _ = median(variable(got, answer.name), answer.name, answer.what, answer.at_least)
    return [Number.of(answer.name, "", found, answer.expected(context), answer.accept(context))]


@view.register
def _one_or_each(answer: answers.OneOrEach, got: Got, context: Context) -> Sequence[View | None]:
    found = float(np.median(one_or_each(got, answer.name, answer.unit, answer.runs)))
    label = f"median of {answer.name}"
    return [Number.of(label, answer.unit, found, answer.expected(context), answer.accept(context))]


@view.register
def _spread(answer: answers.SpreadAngles, got: Got, context: Context) -> Sequence[View | None]:
    found = axial_resultant(runs(variable(got, answer.name), answer.name, answer.unit, answer.at_least))
    label = f"axial resultant of {answer.name} (1: all on one axis)"
    return [Number.of(label, "", found, 0.0, Between(0.0, answer.resultant))]


@view.register
def _counts(answer: answers.Counts, got: Got, context: Context) -> Sequence[View | None]:
    found, expected = counts(variable(got, answer.name), answer.name, answer.keys), answer.expected(context)
    return [
        Number.of(f"{answer.name}[{key!r}]", "", found[key], expected[key], answer.accept(context, key))
        for key in answer.keys
    ]


@view.register
def _value_set(answer: answers.ValueSet, got: Got, context: Context) -> Sequence[View | None]:
    found = complex_numbers(variable(got, answer.name), answer.name, answer.unit, answer.size)
    expected = np.asarray(answer.expected(context), complex)
    return [Plane(found, expected, answer.absolute, _radii_needed(found, expected, answer.absolute))]


@view.register
def _function(answer: answers.Function, got: Got, context: Context) -> Sequence[View | None]:
    inputs = answer.inputs(context)
    rounds, bands = np.array(answer.rounds(got, inputs)), answer.accept(context, inputs)
    low, high = edges(bands, len(inputs))
    needed = np.min([width_needed(bands, values) for values in rounds], axis=0)
    return [_offsets(rounds[-1], low, high, inputs, float(np.max(needed)))]


@view.register
def _direction(answer: answers.LearnedDirection, got: Got, context: Context) -> Sequence[View | None]:
    inputs = answer.inputs(context)
    rounds = np.array(answer.rounds(got, inputs))
    found = np.median(rounds, axis=0)
    expected, margin = answer.expected(context, inputs), answer.margins(context, inputs)
    needed = width_needed([Axis(expected - margin, expected + margin)], rounds)
    # As the judge counts misses: what is kept from one round to the next is one run.
    kept = (rounds == rounds[:1]).all(axis=0)
    runs_needed = np.sort(np.concatenate([needed[0, kept], needed[:, ~kept].reshape(-1)]))
    most = float(runs_needed[-1 - answer.misses]) if runs_needed.size > answer.misses else 0.0
    return [_offsets(expected + turned(found - expected), expected - margin, expected + margin, inputs, most)]


@view.register
def _curve(answer: answers.Curve, got: Got, context: Context) -> Sequence[View | None]:
    x, y, *_ = answer.read(got)
    at, low, high = curve_band(answer, context)
    if answer.period:
        middle = np.interp(x, at, (low + high) / 2)
        y = y - answer.period * np.round((y - middle) / answer.period)
    over = f" / {answer.divide_by[0]}" if answer.divide_by else ""
    unit = f"{answer.unit}/{answer.divide_by[1]}" if answer.divide_by else answer.unit
    labels = f"{answer.x[0]} ({answer.x[1]})", f"{answer.name}{over} ({unit})"
    return [Line.of(x, y, at, low, high, *labels, _curve_needs(answer, context, x, y))]


@view.register
def _array_function(answer: answers.ArrayFunction, got: Got, context: Context) -> Sequence[View | None]:
    inputs = answer.inputs(context)
    expected = answer.right(context, inputs)
    rounds = answer.rounds(got, inputs, expected)
    off = [_farthest(answer, context, *pair) for pair in zip(rounds[-1], expected, strict=True)]
    needed = [[_array_needs(answer, context, *pair) for pair in zip(found, expected, strict=True)] for found in rounds]
    most = float(np.max(np.min(needed, axis=0)))
    return [Offsets(np.arange(len(off), dtype=float) + 1, np.array(off), "number of the call", most)]


@view.register
def _matrix_function(answer: answers.MatrixFunction, got: Got, context: Context) -> Sequence[View | None]:
    inputs = answer.inputs(context)
    expected = answer.expected(context, inputs)
    found = np.array(answer.rounds(got, inputs, expected)[-1])
    off = ((found - expected) / answer.absolute).reshape(len(inputs), -1)
    worst = np.take_along_axis(off, np.abs(off).argmax(axis=1)[:, None], axis=1)[:, 0]
    needed = float(np.max(width_needed([within(expected, absolute=answer.absolute)], found)))
    return [Offsets(np.arange(len(inputs), dtype=float) + 1, worst, "number of the call", needed)]


@view.register(answers.Choice)
@view.register(answers.Choices)
@view.register(answers.Truths)
@view.register(answers.Words)
def _words(answer: Any, got: Got, context: Context) -> Sequence[View | None]:
    return [ChosenWords(shorten(format_value(unwrap_single(variable(got, answer.name))), 80))]


@view.register
def _latencies(answer: answers.Latencies, got: Got, context: Context) -> Sequence[View | None]:
    x, y = pulses(got, answer.name)
    there = np.isfinite(x) & np.isfinite(y)
    labels = "current (pA)", f"{answer.name} (ms)"
    return [Line.of(x[there], y[there], *latency_band(answer, context), *labels)]


def _farthest(answer: answers.ArrayFunction, context: Context, found: Array, expected: Array) -> float:
    """Return the offset, in half widths of its band, of the number of an array that is farthest off; NaN if there is none."""
    measured, wanted = answer.measure(found), answer.measure(expected)
    if measured is None or wanted is None:
        return float("nan")
    band = answer.accept(context, wanted)
    low, high = edges([band], wanted.size)
    away = np.ravel(measured) - (low + high) / 2
    off = (turned(away) if isinstance(band, Axis) else away) / np.maximum((high - low) / 2, 1e-12)
    return float(off[np.argmax(np.abs(off))])


def _radii_needed(found: Complex, expected: Complex, radius: float) -> float:
    """Return how many times as far each number may have to be from its partner."""
    if found.size != expected.size:
        return float("inf")
    distances = np.abs(found[:, None] - expected).reshape(-1) / radius
    times = (float(each) for each in np.sort([1.0, *distances]))
    return next((each for each in times if same_set(found, expected, each * radius)), float("inf"))


def _curve_needs(answer: answers.Curve, context: Context, x: Array, y: Array) -> float | None:
    """Return how many times as wide the bands have to be at all points; None where there is nothing to compare."""
    try:
        return float(np.max(width_needed(answer.accept(context, x), y, answer.period or 0.0)))
    except Exception:  # no point in range, or a point at which nothing is known: the curve is drawn all the same
        return None


def _array_needs(answer: answers.ArrayFunction, context: Context, found: Array, expected: Array) -> float:
    measured, wanted = answer.measure(found), answer.measure(expected)
    if measured is None or wanted is None:
        return float("inf")
    return float(np.max(width_needed([answer.accept(context, wanted)], measured)))


def _offsets(found: Array, low: Array, high: Array, inputs: Inputs, needed: float) -> Offsets:
    half = (high - low) / 2
    half = np.maximum(half, np.min(half[half > 0], initial=1.0) if (half > 0).any() else 1e-12)
    off = (found - (low + high) / 2) / half
    last = [arguments[-1] for arguments in inputs]
    if all(isinstance(argument, int | float) for argument in last):
        return Offsets(np.array(last, float), off, "last argument of the call", needed)
    return Offsets(np.arange(len(inputs), dtype=float) + 1, off, "number of the call", needed)


view.register(answers.Trajectory, figure_views.trajectory)
view.register(answers.Plot, figure_views.plot)
view.register(answers.Branches, figure_views.branches)
view.register(answers.PhasePortrait, figure_views.phase_portrait)

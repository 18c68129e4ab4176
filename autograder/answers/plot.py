"""A figure: that the asked relation is drawn, from the data, with both axes labelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.answers.curve import Curve
from autograder.answers.figure_answer import (
    Drawn,
    FigureAnswer,
    Points,
    axes_example,
    drawn_series,
    figure_example,
    first_that,
)
from autograder.course import Context
from autograder.question import Case, Got, Verdict, passed
from autograder.sandbox import Axes, Figure, Request
from autograder.tolerance import Array, any_contains
from neurodynex.answer_data.reading import Unreadable

# The plotted unit may differ from the answer's: Hz or kHz, amperes or nanoamperes.
SCALES = tuple(10.0**power for power in range(-12, 13, 3))
# Points of a series that are compared first.
FEW = 12


@dataclass(frozen=True, kw_only=True)
class Plot(FigureAnswer):
    """A figure that shows one or more curves, in one axes or several.

    Attributes
    ----------
    curves : tuple of Curve
        What must be drawn: the student's own arrays, or any points that the curve's tolerance accepts.
    """

    curves: tuple[Curve, ...]

    def requests(self, context: Context) -> tuple[Request, ...]:
        arrays = (request for curve in self.curves for request in curve.requests(context))
        return (*super().requests(context), *arrays)

    def judge_axes(self, context: Context, drawn: Drawn, got: Got) -> Verdict:
        lacking = None
        for curve in self.curves:
            showing = first_that(partial(_shows, context, curve, _own_points(curve, got)), drawn)
            if not showing:
                arrays = f"`{curve.name}` against `{curve.x[0]}`"
                return self.not_shown(drawn, f"none shows {self.what} from your arrays ({arrays}).")
            lacking = lacking or self.unlabelled(self.what, showing)
        return lacking or passed(f"The plot of {self.what}, with labels: accepted.")

    def cases(self, context: Context) -> Iterator[Case]:
        drawn = [_right(context, curve) for curve in self.curves]
        for label, xlabel, scale, passes in (
            ("right", "I", 1.0, True),
            ("in another unit", "I", 1e-3, True),
            ("without a label", "", 1.0, False),
        ):
            axes = [axes_example(xlabel, [(x, y * scale)]) for x, y in drawn]
            yield Case(label, (drawn, [figure_example(axes)]), passes)
        yield Case("no figure", (drawn, []))
        t = np.linspace(0.0, 49.0, 50)
        yield Case("another figure", (drawn, [figure_example([axes_example("t", [(t, np.sin(t))])])]))

    def encoded(self, value: tuple[Sequence[Points], list[dict[str, Any]]]) -> dict[str, Any]:
        """Return the answers of a student who has these arrays of each curve, and has drawn these figures."""
        arrays, figures = value
        answers = super().encoded(figures)
        for curve, points in zip(self.curves, arrays, strict=True):
            answers |= curve.encoded(points)
        return answers

    def form(self) -> dict[str, Any]:
        names = [[curve.x[0], curve.name] for curve in self.curves]
        return {
            "kind": "figure",
            "what": self.what,
            "curves": names,
            "points": min(curve.points for curve in self.curves),
        }


def _right(context: Context, curve: Curve) -> Points:
    x = curve.at(context)
    return x, curve.accept(context, x)[0].middle


def curves_in(axes: Axes, points: int) -> Iterator[Points]:
    """Yield the series with so many points or more, and all the others together, as of a loop that draws point by point."""
    pieces = []
    for x, y in drawn_series(axes):
        if x.size >= points:
            yield x, y
        else:
            pieces.append((x, y))
    if pieces:
        x, y = (np.concatenate(column) for column in zip(*pieces, strict=True))
        yield x, y


def _own_points(curve: Curve, got: Got) -> Points:
    """Return the points of the student's arrays, as far as they can be read."""
    try:
        return curve.arrays(got)
    except Unreadable:
        return np.empty(0), np.empty(0)


def _shows(context: Context, curve: Curve, own: Points, figure: Figure, axes: Axes) -> bool:
    """Tell whether axes show the curve: the own points, or any that its tolerance accepts."""
    return any(
        x.size >= curve.points and (_holds(x, y, *own) or (not curve.divide_by and _accepted(context, curve, x, y)))
        for x, y in curves_in(axes, curve.points)
    )


def _holds(x: Array, y: Array, own_x: Array, own_y: Array) -> bool:
    """Tell whether the own points are among those that are drawn, in whatever units."""
    return any(
        _same_points(scaled_x, scaled_y, own_x, own_y)
        for scaled_x in _scaled(x, own_x)
        for scaled_y in _scaled(y, own_y)
    )


def _scaled(drawn: Array, own: Array) -> Sequence[Array]:
    if not own.size:
        return ()
    # Beside the own points there may be others that go further, as a line across the axes does.
    largest = np.abs(own).max()
    size = np.abs(drawn)
    return [drawn * s for s in SCALES if (np.abs(size * s - largest) <= 1e-3 * largest + 1e-12).any()]


def _same_points(x: Array, y: Array, own_x: Array, own_y: Array) -> bool:
    if x.size < own_x.size:
        return False
    own = np.column_stack([own_x, own_y])
    drawn = np.column_stack([x, y])
    rounding = 1e-6 * np.abs(own).max(axis=0) + 1e-12
    from scipy.spatial import cKDTree  # half of the time that importing the judge takes

    distance, _ = cKDTree(drawn / rounding).query(own / rounding, p=np.inf)
    return bool((distance <= 1).all())


def _accepted(context: Context, curve: Curve, x: Array, y: Array) -> bool:
    """Tell whether the curve's tolerance accepts all points, in some units."""
    return any(_accepted_at(context, curve, x * scale, y) for scale in SCALES)


def _accepted_at(context: Context, curve: Curve, x: Array, y: Array) -> bool:
    inside = (x >= curve.range[0]) & (x <= curve.range[1])
    if inside.sum() < curve.points or (curve.cover and curve.cover(context, x[inside])):
        return False
    x, y = x[inside], y[inside] * np.array(SCALES)[:, np.newaxis]
    # A few points tell of most drawings that they are something else.
    for part in (np.linspace(0, x.size - 1, FEW).astype(int), slice(None)):
        y = y[any_contains(curve.accept(context, x[part]), y[:, part]).all(axis=1)]
        if not len(y):
            return False
    return True

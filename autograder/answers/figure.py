"""A figure: that the asked relation is drawn, from the data, with both axes labelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.answers.curve import Curve
from autograder.course import Context
from autograder.question import Example, Got, Verdict, failed, passed
from autograder.sandbox import Axes, Figure, Figures, Request
from autograder.tolerance import any_contains
from neurodynex.answer_data.reading import Unreadable

# The plotted unit may differ from the answer's: Hz or kHz, amperes or nanoamperes.
SCALES = tuple(10.0**power for power in range(-12, 13, 3))


@dataclass(frozen=True)
class Plot:
    """A figure that shows one or more curves, in one axes or several.

    Attributes
    ----------
    curves : tuple of Curve
        What must be drawn: the student's own arrays, or any points that the curve's tolerance accepts.
    what : str
        What the figure shows, for messages.
    """

    curves: tuple[Curve, ...]
    what: str
    name: str = "figure"
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Figures(), *(request for curve in self.curves for request in curve.requests(context)))

    def judge(self, got: Got, context: Context) -> Verdict:
        axes = list(all_axes(got.get("figures")))
        if not axes:
            return Verdict(
                "not reached", f"No figure was drawn up to here; the question asks for a plot of {self.what}."
            )
        unlabelled = False
        for curve in self.curves:
            drawn = [
                (figure, ax)
                for figure, ax in axes
                if any(_shows(curve, x, y, got, context) for x, y in _curves(ax, curve.points))
            ]
            if not drawn:
                return failed(
                    f"{len(axes)} plot(s) were found, but none shows {self.what} from your arrays "
                    f"(`{curve.y[0]}` against `{curve.x[0]}`)."
                )
            unlabelled |= not any(labelled(figure, ax) for figure, ax in drawn)
        if unlabelled:
            return failed(f"The plot of {self.what} lacks a label: give both axes one (plt.xlabel, plt.ylabel).")
        return passed(f"The plot of {self.what}, with labels: accepted.")

    def examples(self, context: Context) -> Iterator[Example]:
        drawn = [_right(curve, context) for curve in self.curves]
        answers = {
            key: value
            for curve, (x, y) in zip(self.curves, drawn, strict=True)
            for key, value in curve.encoded(x, y).items()
        }
        for label, xlabel, scale, passes in (
            ("right", "I", 1.0, True),
            ("in another unit", "I", 1e-3, True),
            ("without a label", "", 1.0, False),
        ):
            axes = [axes_example(xlabel, [(x, y * scale)]) for x, y in drawn]
            yield Example(label, {**answers, "figures": {"figures": [figure_example(axes)]}}, passes)
        yield Example("no figure", {**answers, "figures": {"figures": []}}, False)
        other = [axes_example("t", [(np.arange(50.0), np.sin(np.arange(50.0)))])]
        yield Example("another figure", {**answers, "figures": {"figures": [figure_example(other)]}}, False)

    def form(self) -> dict[str, Any]:
        names = [[curve.x[0], curve.y[0]] for curve in self.curves]
        return {
            "kind": "figure",
            "what": self.what,
            "curves": names,
            "points": min(curve.points for curve in self.curves),
        }


def _right(curve: Curve, context: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x = curve.at(context)
    band = curve.accept(x, context)[0]
    return x, (np.asarray(band.low, float) + np.asarray(band.high, float)) / 2


def axes_example(xlabel: str, lines: list[tuple[NDArray, NDArray]]) -> dict[str, Any]:
    """Return axes with lines (x, y), encoded as they come out of a sandbox."""
    return {
        "title": "",
        "xlabel": xlabel,
        "ylabel": "f",
        "xlim": [0.0, 1.0],
        "ylim": [0.0, 1.0],
        "legend": [],
        "lines": [{"label": "", "x": x.tolist(), "y": y.tolist()} for x, y in lines],
        "points": [],
        "arrows": {"x": [], "y": [], "u": [], "v": []},
        "images": 0,
    }


def figure_example(axes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a figure with such axes."""
    return {"title": "", "xlabel": "", "ylabel": "", "axes": axes}


def all_axes(figures: Any) -> Iterator[tuple[Figure, Axes]]:
    """Yield the axes of all recorded figures, each with its figure."""
    for figure in figures if isinstance(figures, tuple) else ():
        for axes in figure.axes:
            yield figure, axes


def labelled(figure: Figure, axes: Axes) -> bool:
    """Tell whether both axes carry a label, in whatever language, of their own or of the whole figure."""
    return bool((axes.xlabel + figure.xlabel).strip() and (axes.ylabel + figure.ylabel).strip())


def drawn_series(axes: Axes) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Yield x and y of every line and every set of points, without what is not finite."""
    for series in (*axes.lines, *axes.points):
        finite = np.isfinite(series.x) & np.isfinite(series.y)
        yield series.x[finite], series.y[finite]


def _curves(axes: Axes, points: int) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
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


def _shows(curve: Curve, x: NDArray[np.float64], y: NDArray[np.float64], got: Got, context: Context) -> bool:
    if x.size < curve.points:
        return False
    try:
        own_x, own_y = curve.arrays(got)
    except Unreadable:
        own_x = own_y = np.empty(0)
    for scaled_x in _scaled(x, own_x):
        for scaled_y in _scaled(y, own_y):
            if _same_points(scaled_x, scaled_y, own_x, own_y):
                return True
    if curve.divide_by:
        return False
    return any(_accepted(curve, x * sx, y, context) for sx in SCALES)


def _scaled(drawn: NDArray[np.float64], own: NDArray[np.float64]) -> Sequence[NDArray[np.float64]]:
    if not own.size:
        return ()
    # Beside the own points there may be others that go further, as a line across the axes does.
    largest = np.abs(own).max()
    size = np.abs(drawn)
    return [drawn * s for s in SCALES if (np.abs(size * s - largest) <= 1e-3 * largest + 1e-12).any()]


def _same_points(x: NDArray, y: NDArray, own_x: NDArray, own_y: NDArray) -> bool:
    if x.size < own_x.size:
        return False
    own = np.column_stack([own_x, own_y])
    drawn = np.column_stack([x, y])
    room = 1e-6 * np.abs(own).max(axis=0) + 1e-12
    from scipy.spatial import cKDTree  # half of the time that importing the judge takes

    distance, _ = cKDTree(drawn / room).query(own / room, p=np.inf)
    return bool((distance <= 1).all())


def _accepted(curve: Curve, x: NDArray, y: NDArray, context: Context) -> bool:
    inside = (x >= curve.range[0]) & (x <= curve.range[1])
    if inside.sum() < curve.points or (curve.cover and curve.cover(x[inside], context)):
        return False
    bands = curve.accept(x[inside], context)
    return any(bool(any_contains(bands, y[inside] * scale).all()) for scale in SCALES)

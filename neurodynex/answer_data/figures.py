"""Remembers every matplotlib figure and reads its data.

The inline backend closes a figure as soon as it is shown, and students close or clear them themselves; so figures are
caught when they are made, and once more before they are cleared.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

import matplotlib
import numpy
from matplotlib import collections, contour, figure, patches, pyplot, quiver

from .bounds import MAX_ARTISTS, MAX_ELEMENTS, MAX_FIGURES, MAX_POINTS, SERIES_COST
from .encode import Encoded, number, text

#: A flow field drawn with single arrows has more than this many.
_MANY_ARROWS = 16
_LABEL = 500


class Tracker:
    """Keeps the last figures: the live objects, and copies of those that were cleared."""

    def __init__(self) -> None:
        self.kept: deque[figure.Figure | Encoded] = deque(maxlen=MAX_FIGURES)

    def install(self) -> None:
        """Watch figures from now on. Called once, before any student code."""
        tracker = self
        make, clear = figure.Figure.__init__, figure.Figure.clear

        def __init__(self: figure.Figure, *args: Any, **kwargs: Any) -> None:
            make(self, *args, **kwargs)
            tracker.kept.append(self)

        def cleared(self: figure.Figure, *args: Any, **kwargs: Any) -> None:
            tracker.remember(self)
            clear(self, *args, **kwargs)

        __init__.__doc__, cleared.__doc__ = make.__doc__, clear.__doc__
        figure.Figure.__init__ = __init__  # type: ignore[method-assign]
        figure.Figure.clear = cleared  # type: ignore[method-assign]

    def remember(self, drawn: figure.Figure) -> None:
        """Keep a copy of a figure that is about to be cleared, in the live one's place."""
        try:
            copy = read_figure(drawn, MAX_POINTS)
        except Exception:
            return
        if copy["axes"]:
            self.kept.append(copy)
            self.kept.append(drawn)

    def encode(self, elements: int = MAX_ELEMENTS) -> Encoded:
        """Encode the last figures with axes, oldest first; lines are thinned until they fit, then old figures go."""
        seen: set[int] = set()
        kept = []
        for item in reversed(self.kept):
            if id(item) not in seen:
                seen.add(id(item))
                kept.append(item)
        for points in (MAX_POINTS, 1000, 200, 50):
            figures = [item if isinstance(item, dict) else read_figure(item, points) for item in kept]
            figures = [drawn for drawn in figures if drawn["axes"]]
            if sum(map(_size, figures)) <= elements:
                break
        while sum(map(_size, figures)) > elements:
            figures.pop()
        return {"figures": figures[::-1]}


def _size(drawn: Encoded) -> int:
    # More than the decoder counts, which is the length of every list and the cost of every series.
    return sum(
        100 + MAX_ARTISTS + sum(SERIES_COST + len(series["x"]) for series in axes["lines"] + axes["points"])
        for axes in drawn["axes"]
    )


def use_inline_backend() -> None:
    """Draw into the notebook, whatever window system a notebook asks for: there is none here."""
    pyplot.switch_backend("module://matplotlib_inline.backend_inline")

    def use(*_: Any, **__: Any) -> None:
        """Stay with the inline backend."""

    matplotlib.use = use
    pyplot.switch_backend = use


def read_figure(drawn: figure.Figure, points: int) -> Encoded:
    """Titles, labels and data of a figure; every series has at most `points` points."""
    return {
        "title": text(drawn.get_suptitle(), _LABEL),
        "xlabel": text(drawn.get_supxlabel(), _LABEL),
        "ylabel": text(drawn.get_supylabel(), _LABEL),
        "axes": [_axes(axes, points) for axes in drawn.axes[:MAX_ARTISTS]],
    }


def _axes(axes: Any, points: int) -> Encoded:
    legend = axes.get_legend()
    arrows = sum(isinstance(patch, (patches.FancyArrowPatch, patches.FancyArrow)) for patch in axes.patches)
    fields = sum(isinstance(drawn, (quiver.Quiver, quiver.Barbs)) for drawn in axes.collections)
    grids = sum(isinstance(drawn, collections.QuadMesh) for drawn in axes.collections)
    return {
        "title": text(axes.get_title() or axes.get_title("left") or axes.get_title("right"), _LABEL),
        "xlabel": text(axes.get_xlabel(), _LABEL),
        "ylabel": text(axes.get_ylabel(), _LABEL),
        "xlim": [number(float(limit)) for limit in axes.get_xlim()],
        "ylim": [number(float(limit)) for limit in axes.get_ylim()],
        "legend": [text(entry.get_text(), _LABEL) for entry in legend.get_texts()[:MAX_ARTISTS]] if legend else [],
        "lines": _all(_lines(axes), points),
        "points": _all(_points(axes), points),
        "fields": fields + (arrows > _MANY_ARROWS),
        "images": len(axes.images) + grids,
    }


def _lines(axes: Any) -> Iterable[tuple[Any, Any, Any]]:
    for line in axes.lines:
        yield line.get_label(), line.get_xdata(orig=False), line.get_ydata(orig=False)
    for drawn in axes.collections:
        # A nullcline is often drawn as the contour at level zero.
        if isinstance(drawn, contour.ContourSet):
            for path in drawn.get_paths():
                vertices = numpy.asarray(path.vertices)
                if len(vertices):
                    yield drawn.get_label(), vertices[:, 0], vertices[:, 1]


def _points(axes: Any) -> Iterable[tuple[Any, Any, Any]]:
    for drawn in axes.collections:
        if isinstance(drawn, collections.PathCollection):
            offsets = numpy.ma.filled(numpy.ma.asarray(drawn.get_offsets(), dtype=float), numpy.nan)
            yield drawn.get_label(), offsets[:, 0], offsets[:, 1]
    for container in axes.containers:
        if hasattr(container, "orientation") and hasattr(container, "patches"):
            bars = [patch for patch in container.patches if isinstance(patch, patches.Rectangle)]
            if container.orientation == "horizontal":
                yield (
                    container.get_label(),
                    [b.get_width() for b in bars],
                    [b.get_y() + b.get_height() / 2 for b in bars],
                )
            else:
                yield (
                    container.get_label(),
                    [b.get_x() + b.get_width() / 2 for b in bars],
                    [b.get_height() for b in bars],
                )


def _all(drawn: Iterable[tuple[Any, Any, Any]], points: int) -> list[Encoded]:
    found: list[Encoded] = []
    for label, x, y in drawn:
        if len(found) >= MAX_ARTISTS:
            break
        try:
            xs, ys = (numpy.ma.filled(numpy.ma.asarray(data, dtype=float), numpy.nan).ravel() for data in (x, y))
        except (TypeError, ValueError):
            continue  # a series that is no numbers, such as one that was never drawn
        length = min(len(xs), len(ys))
        chosen = (
            numpy.unique(numpy.linspace(0, length - 1, points).round().astype(int))
            if length > points
            else slice(length)
        )
        found.append(
            {
                "label": text(str(label), _LABEL),
                "x": [number(item) for item in xs[chosen].tolist()],
                "y": [number(item) for item in ys[chosen].tolist()],
            }
        )
    return found

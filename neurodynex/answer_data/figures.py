"""Reads the data of a matplotlib figure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import matplotlib
import numpy
from matplotlib import collections, figure, pyplot

from . import artists
from .bounds import MAX_ARROWS, MAX_ARTISTS, MAX_ELEMENTS, SERIES_COST
from .encode import Encoded, number, text

_LABEL = 500


def size(drawn: Encoded) -> int:
    """Return for how many elements a figure stands."""
    # More than the decoder counts, which is the length of every list and the cost of every series.
    return 10 + sum(
        10
        + len(axes["legend"])
        + 4 * len(axes["arrows"]["x"])
        + sum(SERIES_COST + len(series["x"]) for series in axes["lines"] + axes["points"])
        for axes in drawn["axes"]
    )


def thinned(drawn: Encoded, points: int) -> Encoded:
    """Return the figure with at most so many points in each series, and so many arrows in each axes."""
    axes = []
    for one in drawn["axes"]:
        lines, dots = ([_thinned(series, "xy", points) for series in one[kind]] for kind in ("lines", "points"))
        axes.append({**one, "lines": lines, "points": dots, "arrows": _thinned(one["arrows"], "xyuv", points)})
    return {**drawn, "axes": axes}


def _thinned(series: Encoded, columns: str, points: int) -> Encoded:
    length = len(series["x"])
    if length <= points:
        return series
    chosen = numpy.linspace(0, length - 1, points).round().astype(int).tolist()
    return {**series, **{column: [series[column][i] for i in chosen] for column in columns}}


def use_inline_backend() -> None:
    """Draw into the notebook, whatever window system a notebook asks for: there is none here."""
    pyplot.switch_backend("module://matplotlib_inline.backend_inline")

    def use(*_: Any, **__: Any) -> None:
        """Stay with the inline backend."""

    matplotlib.use = use
    pyplot.switch_backend = use


def read_figure(drawn: figure.Figure, points: int) -> Encoded:
    """Encode titles, labels and data of a figure; every series has at most `points` points."""
    return {
        "title": text(drawn.get_suptitle(), _LABEL),
        "xlabel": text(drawn.get_supxlabel(), _LABEL),
        "ylabel": text(drawn.get_supylabel(), _LABEL),
        "axes": [_axes(axes, points) for axes in drawn.axes[:MAX_ARTISTS]],
    }


def _axes(axes: Any, points: int) -> Encoded:
    legend = axes.get_legend()
    grids = sum(isinstance(drawn, collections.QuadMesh) for drawn in axes.collections)
    return {
        "title": text(axes.get_title() or axes.get_title("left") or axes.get_title("right"), _LABEL),
        "xlabel": text(_label(axes, "x"), _LABEL),
        "ylabel": text(_label(axes, "y"), _LABEL),
        "xlim": [number(float(limit)) for limit in axes.get_xlim()],
        "ylim": [number(float(limit)) for limit in axes.get_ylim()],
        "legend": [text(entry.get_text(), _LABEL) for entry in legend.get_texts()[:MAX_ARTISTS]] if legend else [],
        "lines": _all(artists.lines(axes), points),
        "points": _all(artists.points(axes), points),
        "arrows": _arrows(axes, points),
        "images": len(axes.images) + grids,
    }


def _label(axes: Any, name: str) -> str:
    """Return an axis' label; where it has none, that of an axes which shares the axis, as a twin or the lowest panel does."""
    shared = getattr(axes, f"get_shared_{name}_axes")().get_siblings(axes)
    own = getattr(axes, f"get_{name}label")()
    return own or next(filter(None, (getattr(other, f"get_{name}label")() for other in shared)), "")


def _arrows(axes: Any, points: int) -> Encoded:
    """Return the arrows, evenly thinned: where they begin, and how far they go along each axis."""
    found = numpy.array(list(islice(artists.arrows(axes), MAX_ELEMENTS)), dtype=float).reshape(-1, 4)
    kept = found[_chosen(len(found), min(points, MAX_ARROWS))]
    return {name: [number(item) for item in column.tolist()] for name, column in zip("xyuv", kept.T, strict=True)}


def _all(drawn: Iterable[tuple[Any, Any, Any]], points: int) -> list[Encoded]:
    found: list[Encoded] = []
    for label, x, y in drawn:
        if len(found) >= MAX_ARTISTS:
            break
        try:
            xs, ys = (numpy.ma.filled(numpy.ma.asarray(data, dtype=float), numpy.nan).ravel() for data in (x, y))
        except (TypeError, ValueError):
            continue  # a series that is no numbers, such as one that was never drawn
        chosen = _chosen(min(len(xs), len(ys)), points)
        found.append(
            {
                "label": text(str(label), _LABEL),
                "x": [number(item) for item in xs[chosen].tolist()],
                "y": [number(item) for item in ys[chosen].tolist()],
            }
        )
    return found


def _chosen(length: int, most: int) -> Any:
    """Return an index of at most so many of the elements, evenly spread."""
    return numpy.unique(numpy.linspace(0, length - 1, most).round().astype(int)) if length > most else slice(length)

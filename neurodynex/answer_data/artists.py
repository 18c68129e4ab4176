"""Reads what an axes shows, whatever it was drawn with: lines, sets of points, and arrows, all in data coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import contourpy
import numpy
from matplotlib import collections, container, contour, patches, quiver, text

#: Label, x and y of a series.
Drawn = tuple[Any, Any, Any]
#: x and y of an arrow's tail, and how far it goes along each axis.
Arrow = tuple[float, float, float, float]


def lines(axes: Any) -> Iterator[Drawn]:
    """Yield every curve: what was plotted first, then contours, line collections, outlines and steps."""
    axes.get_xlim()  # settles the limits, which some lines are drawn between
    for line in filter(_visible, axes.lines):
        yield line.get_label(), *_line(line, axes)
    for drawn in filter(_visible, axes.collections):
        if isinstance(drawn, contour.ContourSet):
            yield from _contour(drawn)
    for drawn in axes.images + [mesh for mesh in axes.collections if isinstance(mesh, collections.QuadMesh)]:
        if _visible(drawn):
            yield from _border(drawn)
    for patch in filter(_visible, axes.patches):
        if isinstance(patch, patches.StepPatch):
            values, edges, _ = patch.get_data()
            yield patch.get_label(), (numpy.asarray(edges)[1:] + numpy.asarray(edges)[:-1]) / 2, values
        elif isinstance(patch, (patches.PathPatch, patches.Polygon)) and not isinstance(patch, patches.FancyArrow):
            yield patch.get_label(), *_in_data(patch, axes, patch.get_path().vertices)
    bars = {id(part) for group in axes.containers for part in _error_bars(group)}
    for drawn in filter(_visible, axes.collections):
        if isinstance(drawn, collections.LineCollection) and id(drawn) not in bars:
            for chain in _chained(drawn.get_segments()):
                yield drawn.get_label(), *_in_data(drawn, axes, chain)


def points(axes: Any) -> Iterator[Drawn]:
    """Yield every set of points, and the ends of every set of bars."""
    for drawn in filter(_visible, axes.collections):
        if isinstance(drawn, collections.PathCollection):
            offsets = numpy.ma.filled(numpy.ma.asarray(drawn.get_offsets(), dtype=float), numpy.nan)
            yield drawn.get_label(), offsets[:, 0], offsets[:, 1]
    for group in axes.containers:
        if isinstance(group, container.BarContainer):
            yield group.get_label(), *_bars(group)
        elif isinstance(group, container.ErrorbarContainer) and group.lines[0] is None:
            for part in _error_bars(group):
                middles = [numpy.mean(segment, axis=0) for segment in part.get_segments()]
                yield group.get_label(), *numpy.reshape(middles, (-1, 2)).T


def arrows(axes: Any) -> Iterator[Arrow]:
    """Yield every arrow that shows a direction: of quiver, barbs and stream plots, and single ones."""
    for drawn in filter(_visible, axes.collections):
        if isinstance(drawn, quiver.Quiver):
            yield from _quiver(drawn)
        elif isinstance(drawn, quiver.Barbs):
            yield from _rows(drawn.x, drawn.y, drawn.u, drawn.v)
    for patch in filter(_visible, axes.patches):
        if isinstance(patch, patches.FancyArrowPatch):
            yield from _between(getattr(patch, "_posA_posB", None), patch)
        elif isinstance(patch, (patches.FancyArrow, patches.Arrow)):
            # As it was asked for; matplotlib offers no other way to know it again.
            x, y, along, up = (float(getattr(patch, name, numpy.nan)) for name in ("_x", "_y", "_dx", "_dy"))
            yield x, y, along, up
    for note in filter(_visible, axes.texts):
        if isinstance(note, text.Annotation) and note.arrow_patch is not None:
            coordinates = (note.xycoords, note.anncoords)
            if coordinates == ("data", "data"):
                yield from _between((note.xyann, note.xy), note.arrow_patch)


def _visible(artist: Any) -> bool:
    return bool(artist.get_visible())


def _line(line: Any, axes: Any) -> tuple[Any, Any]:
    """Return x and y of a line; of one such as `axhline`, which is no data, where it is drawn."""
    x, y = line.get_xdata(orig=False), line.get_ydata(orig=False)
    if line.get_transform() == axes.transData:
        return x, y
    return _in_data(line, axes, numpy.column_stack([x, y]))


def _in_data(artist: Any, axes: Any, vertices: Any) -> tuple[Any, Any]:
    vertices = numpy.ma.filled(numpy.ma.asarray(vertices, dtype=float), numpy.nan).reshape(-1, 2)
    transform = artist.get_transform()
    if transform != axes.transData:
        vertices = numpy.asarray((transform - axes.transData).transform(vertices))
    return vertices[:, 0], vertices[:, 1]


def _contour(drawn: Any) -> Iterator[Drawn]:
    """Yield the curve of each level, without the edge of the grid at which a filled contour ends."""
    paths = [numpy.asarray(path.vertices, dtype=float) for path in drawn.get_paths()]
    corners = numpy.array([(path.min(axis=0), path.max(axis=0)) for path in paths if len(path)])
    for vertices in filter(len, paths):
        if drawn.filled:
            ends = corners[:, 0].min(axis=0), corners[:, 1].max(axis=0)
            vertices = vertices[~numpy.isclose(vertices[None], numpy.array(ends)[:, None]).any(axis=(0, 2))]
        yield drawn.get_label(), vertices[:, 0], vertices[:, 1]


def _border(image: Any) -> Iterator[Drawn]:
    """Yield where an image of numbers changes its sign, or from one of its two values to the other."""
    values = numpy.ma.filled(numpy.ma.asarray(image.get_array(), dtype=float), numpy.nan)
    if values.ndim != 2 or min(values.shape) < 3 or not numpy.isfinite(values).all():
        return
    distinct = numpy.unique(values)
    if len(distinct) < 2 or (len(distinct) > 2 and not distinct[0] < 0 < distinct[-1]):
        return
    level = distinct.mean() if len(distinct) == 2 else 0.0
    if isinstance(image, collections.QuadMesh):
        corners: Any = image.get_coordinates()
        if corners.shape[0] == values.shape[0] + 1:
            corners = (corners[1:, 1:] + corners[:-1, 1:] + corners[1:, :-1] + corners[:-1, :-1]) / 4
        x, y = numpy.moveaxis(corners, -1, 0)
    else:
        left, right, bottom, top = image.get_extent()
        rows, columns = values.shape
        across = left + (numpy.arange(columns) + 0.5) * (right - left) / columns
        up = bottom + (numpy.arange(rows) + 0.5) * (top - bottom) / rows
        x, y = numpy.meshgrid(across, up if image.origin == "lower" else up[::-1])
    curves: Any = contourpy.contour_generator(x, y, values).lines(level)
    for curve in curves:
        yield image.get_label(), curve[:, 0], curve[:, 1]


def _chained(segments: Iterable[Any]) -> Iterator[Any]:
    """Join segments of which each begins where the one before ends, as in a line that is coloured by time."""
    chain: list[Any] = []
    for segment in segments:
        piece = numpy.ma.filled(numpy.ma.asarray(segment, dtype=float), numpy.nan)
        if chain and not numpy.array_equal(chain[-1][-1], piece[0]):
            yield numpy.concatenate(chain)
            chain = []
        if len(piece):
            chain.append(piece[1:] if chain else piece)
    if chain:
        yield numpy.concatenate(chain)


def _error_bars(group: Any) -> list[Any]:
    return list(group.lines[2]) if isinstance(group, container.ErrorbarContainer) else []


def _bars(group: Any) -> tuple[list[float], list[float]]:
    bars = [patch for patch in group.patches if isinstance(patch, patches.Rectangle)]
    if group.orientation == "horizontal":
        return [bar.get_width() for bar in bars], [bar.get_y() + bar.get_height() / 2 for bar in bars]
    return [bar.get_x() + bar.get_width() / 2 for bar in bars], [bar.get_height() for bar in bars]


def _quiver(drawn: Any) -> Iterator[Arrow]:
    u, v = drawn.U, drawn.V
    if not isinstance(drawn.angles, str):  # degrees, given one by one
        length, turn = numpy.hypot(u, v), numpy.radians(numpy.ravel(drawn.angles))
        u, v = length * numpy.cos(turn), length * numpy.sin(turn)
    yield from _rows(drawn.X, drawn.Y, u, v)


def _rows(*columns: Any) -> Iterator[Arrow]:
    flat = [numpy.ma.filled(numpy.ma.asarray(column, dtype=float), numpy.nan).ravel() for column in columns]
    yield from zip(*flat, strict=True)


def _between(ends: Any, patch: Any) -> Iterator[Arrow]:
    """Yield the arrow from the first point to the second, or the other way round, as its head stands."""
    style = getattr(patch.get_arrowstyle(), "arrow", "->")
    heads = style.startswith("<"), style.endswith(">")
    if ends is None or heads[0] == heads[1]:
        return
    (x, y), (x_end, y_end) = ends if heads[1] else ends[::-1]
    yield float(x), float(y), float(x_end) - float(x), float(y_end) - float(y)

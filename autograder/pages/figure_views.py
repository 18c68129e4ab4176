"""What a plot shows of figures and trajectories: what a student has drawn, scaled to the asked unit, over what is accepted."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from autograder.answers.branches import Branches
from autograder.answers.figure_answer import Drawn as Drawings
from autograder.answers.figure_answer import Points, all_axes, drawn_series
from autograder.answers.flow import SHARE
from autograder.answers.phase_portrait import CONTOUR, NEAR, PhasePortrait
from autograder.answers.plot import SCALES, Plot, curves_in
from autograder.answers.trajectory import Trajectory, measure
from autograder.course import Context
from autograder.pages.bands import curve_band
from autograder.pages.shapes import Drawn, Line, Number, View, evenly_spaced
from autograder.question import Got
from autograder.sandbox import Arrows, Axes, Figure, Figures
from autograder.tolerance import Array, Between, within

#: Axes and series of one student that are looked at, the last ones that were drawn.
_AXES, _SERIES = 40, 100
#: Series of one student's figure that are drawn, and points of each.
_PATHS, _POINTS = 12, 120
#: So many points of a path tell where it lies.
_LOOKED_AT = 40
#: Of a path that goes round and round, so many times the extent of the plane are drawn, from its end.
_WAY = 5.0


def _latest(got: Got) -> Drawings:
    """Return the axes that were drawn last, each with its figure."""
    return list(all_axes(got.get(Figures().key)))[-_AXES:]


def trajectory(answer: Trajectory, got: Got, context: Context) -> Sequence[View | None]:
    """Return the three numbers by which a trajectory is judged."""
    cycle = answer.expected(context)
    period, *extents = measure(*answer.read(got, cycle), cycle.period)
    _, u, w = answer.names
    quantities = (
        (f"period of {u}", "ms", period, cycle.period),
        (f"extent of {u}", "mV", extents[0], float(cycle.extent[0])),
        (f"extent of {w}", "mV", extents[1], float(cycle.extent[1])),
    )
    return [
        Number.of(label, unit, found, expected, within(expected, relative=answer.relative))
        if np.isfinite(found)
        else None
        for label, unit, found, expected in quantities
    ]


def plot(answer: Plot, got: Got, context: Context) -> Sequence[View | None]:
    """Return for each curve that is asked for the drawn one that is nearest to it."""
    found: list[View | None] = []
    for curve in answer.curves:
        at, low, high = curve_band(curve, context)
        series = [
            points
            for _, axes in _latest(got)
            for points in curves_in(axes, curve.points)
            if points[0].size >= curve.points
        ]
        scaled = (pair for x, y in series[-_SERIES:] for pair in _scaled(x, y, at, low, high, curve.points))
        best = min(scaled, key=lambda pair: _distance(pair, at, low, high), default=None)
        labels = f"{curve.x[0]} ({curve.x[1]})", f"{curve.name} ({curve.unit}), as drawn"
        found.append(Line.of(*best, at, low, high, *labels) if best else None)
    return found


def _scaled(x: Array, y: Array, at: Array, low: Array, high: Array, fewest: int) -> Iterator[Points]:
    """Yield a drawn series in each unit in which enough of it lies over the band."""
    for by in SCALES:
        inside = (x * by >= np.min(at)) & (x * by <= np.max(at))
        if inside.sum() >= fewest:
            yield from ((x[inside] * by, y[inside] * scale) for scale in SCALES)


def _distance(points: Points, at: Array, low: Array, high: Array) -> float:
    """Return how far a series is from the middle of the band, typically, in half widths of it."""
    x, y = points
    middle, half = np.interp(x, at, (low + high) / 2), np.interp(x, at, (high - low) / 2)
    return float(np.mean(np.minimum(np.abs(y - middle) / np.maximum(half, 1e-12), 1e3)))


def branches(answer: Branches, got: Got, context: Context) -> Sequence[View | None]:
    """Return the drawn points, those nearest to each branch as a path."""
    at = np.linspace(answer.regions[0][0], answer.regions[-1][1], 161)
    values = answer.expected(context, at)
    off = answer.absolute + answer.relative * np.abs(values)
    areas = tuple(_between(at, low, high) for low, high in zip(values - off, values + off, strict=True))
    readings = (reading for points in _readings(got, at) for reading in _in_units(points, answer, at, values))
    best = min(readings, key=itemgetter(0), default=None)
    if best is None:
        return []
    _, x, y = best
    distance = np.abs(y - _interpolated(x, at, values))
    # Where branches meet, a point belongs to each of them.
    near = distance <= distance.min(axis=0) + 2 * _interpolated(x, at, off)
    paths = [path for own in near for path in _pieces(x[own], y[own])]
    return [Drawn(tuple(paths[:_PATHS]), areas, "", "")]


def _pieces(x: Array, y: Array) -> list[Array]:
    """Return points from left to right, as one path for each stretch that has no gap."""
    points = np.column_stack([x, y])[np.argsort(x, kind="stable")]
    steps = np.diff(points[:, 0])
    gaps = np.flatnonzero(steps > 3 * np.median(steps)) + 1 if steps.size else np.empty(0, int)
    pieces = np.split(points, gaps)
    return [piece[evenly_spaced(len(piece), _POINTS)] for piece in pieces if len(piece) > 1]


def _readings(got: Got, at: Array) -> Iterator[Points]:
    """Yield all that each axes shows over the range, either way round."""
    for _, axes in _latest(got):
        series = list(drawn_series(axes))
        if series:
            x, y = (np.concatenate(column) for column in zip(*series, strict=True))
            yield from (points for points in (_within(x, y, at), _within(y, x, at)) if points[0].size)


def _within(x: Array, y: Array, at: Array) -> Points:
    inside = Between(at[0], at[-1]).contains(x)
    return x[inside], y[inside]


def _in_units(points: Points, answer: Branches, at: Array, values: Array) -> Iterator[tuple[float, Array, Array]]:
    """Yield x and y in each unit, after how far they are from the nearest branch, typically; far if they are too few."""
    x, y = points
    expected = _interpolated(x, at, values)
    few = 1e3 if np.unique(x).size < answer.points else 0.0
    for scale in answer.scales:
        off = np.abs(y / scale - expected).min(axis=0)
        yield float(np.minimum(off, 1e3).mean()) + few, x, y / scale


def _interpolated(x: Array, at: Array, values: Array) -> Array:
    """Return each of the curves at x, of shape (curves, n)."""
    return np.array([np.interp(x, at, curve) for curve in values])


def phase_portrait(answer: PhasePortrait, got: Got, context: Context) -> Sequence[View | None]:
    """Return the paths in the plane, and of which share of the arrows the direction is right."""
    areas = _areas(answer, context)
    panels = [_Panel.of(figure, axes, areas) for figure, axes in _latest(got)]
    if not panels:
        return []
    shown: dict[int, int] = {}
    for panel in panels:
        shown[panel.figure] = shown.get(panel.figure, 0) + panel.inside
    best = max(reversed(shown), key=lambda figure: shown[figure])  # of those that show as much, the last one
    own = [panel for panel in panels if panel.figure == best]
    own = [panel for panel in own if panel.inside] or own
    paths = [path for panel in own for path in panel.paths]
    xlabel = f"u (band of the u-nullcline at I = {answer.current or 0.0:g})"
    found: list[View | None] = [Drawn(tuple(paths[:_PATHS]), areas, xlabel, "w")]
    if answer.flow:
        shares = [share for panel in own if (share := answer.flow.share(panel.arrows)) is not None]
        accepted = Between(100 * SHARE, 100.0)
        found.append(Number.of("arrows along the flow", "%", 100 * max(shares), 100.0, accepted) if shares else None)
    return found


@dataclass(frozen=True)
class _Panel:
    """Axes with u to the right, whichever way round they were drawn; `inside` counts the paths that lie in one of the areas."""

    figure: int
    inside: int
    paths: tuple[Array, ...]
    arrows: Arrows

    @classmethod
    def of(cls, figure: Figure, axes: Axes, areas: Sequence[Array]) -> _Panel:
        paths = tuple(_end(*points) for points in itertools.islice(drawn_series(axes), _SERIES) if points[0].size)
        found = axes.arrows
        points = np.array([_evenly(path) for path in paths]).reshape(-1, _LOOKED_AT, 2)
        count, other = _counts_inside(np.array([points, points[..., ::-1]]), areas)
        if other > count:
            turned = tuple(path[:, ::-1] for path in paths)
            return cls(id(figure), other, turned, Arrows(found.y, found.x, found.v, found.u))
        return cls(id(figure), count, paths, found)


def _counts_inside(paths: Array, areas: Sequence[Array]) -> list[int]:
    """Return of how many paths most points lie in one of the areas, for each set of paths, of shape (sets, n, points, 2)."""
    points = paths.reshape(-1, 2)
    shares = [_inside(points, area).reshape(paths.shape[:3]).mean(axis=2) for area in areas]
    return [int(count) for count in (np.max(shares, axis=0) > 0.5).sum(axis=1)]


def _evenly(path: Array) -> Array:
    """Return so many points of a path as are looked at: two points make a line."""
    before, after, beyond = _places(len(path))
    return path[before] + beyond * (path[after] - path[before])


@lru_cache(maxsize=2 * _POINTS)
def _places(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """Return between which points those lie that are looked at, and how far beyond the first, of shape (n, 1)."""
    at = np.linspace(0, size - 1, _LOOKED_AT)
    before = at.astype(int)
    return before, np.minimum(before + 1, size - 1), (at - before)[:, None]


def _inside(points: Array, area: Array) -> NDArray[np.bool_]:
    (left, low), (right, high) = area.min(axis=0), area.max(axis=0)
    x, y = points.T
    found = (x >= left) & (x <= right) & (y >= low) & (y <= high)
    found[found] = Path(area).contains_points(points[found])  # takes longer than all the rest
    return found


def _end(x: Array, y: Array) -> Array:
    """Return the last part of a path, thinned: of one that goes round and round, the last rounds."""
    steps = (np.diff(column) / max(np.ptp(column), 1e-12) for column in (x, y))
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*steps))])
    first = int(np.searchsorted(way, way[-1] - _WAY))
    chosen = first + evenly_spaced(x.size - first, _POINTS)
    return np.column_stack([x[chosen], y[chosen]])


def _areas(answer: PhasePortrait, context: Context) -> tuple[Array, ...]:
    u = np.linspace(*answer.range, 101)
    found = []
    for w in (answer.u_nullcline(u, answer.current or 0.0), answer.w_nullcline(u)):
        off = CONTOUR[0] + CONTOUR[1] * np.abs(w)
        found.append(_between(u, w - off, w + off))
    if answer.cycle is not None:
        found.append(_around(answer.cycle(context)))
    return tuple(found)


def _between(x: Array, low: Array, high: Array) -> Array:
    """Return the outline of a band."""
    return np.column_stack([np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])])


def _around(cycle: Array) -> Array:
    """Return the outline of what is near enough to a closed path: its outer edge, and back along its inner one."""
    extent = np.ptp(cycle, axis=0)
    plane = cycle / extent
    along = np.roll(plane, -1, axis=0) - np.roll(plane, 1, axis=0)
    across = np.column_stack([along[:, 1], -along[:, 0]]) / np.maximum(np.linalg.norm(along, axis=1), 1e-12)[:, None]
    outer, inner = (np.concatenate([side, side[:1]]) for side in (plane + NEAR * across, plane - NEAR * across))
    return np.concatenate([outer, inner[::-1]]) * extent

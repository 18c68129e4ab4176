"""A figure of several branches of values against one quantity, such as the real parts of eigenvalues against a current."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.answers.figure_answer import (
    Drawn,
    FigureAnswer,
    Points,
    axes_example,
    drawn_series,
    exchanged,
    figure_example,
)
from autograder.course import Context
from autograder.question import Case, Got, Verdict, passed
from autograder.sandbox import Axes
from autograder.tolerance import Array, Between
from neurodynex.answer_data.bounds import MAX_ARTISTS

MOST = 5000  # points of one line that are looked at


@dataclass(frozen=True, kw_only=True)
class Branches(FigureAnswer):
    """A figure that shows every branch; which points make up a line does not matter, nor in which order they come.

    Attributes
    ----------
    expected : callable
        Called with the context and x; returns the branches, an array of shape (branches, n).
    regions : tuple of tuple of float
        Each (low, high) holds some of the points, so that the plot shows what is of interest.
    points : int
        The smallest number of different x.
    absolute, relative : float
        How far a point may be from a branch.
    scales : tuple of float
        Factors of units in which y may be drawn.
    """

    expected: Callable[[Context, Array], Array]
    regions: tuple[tuple[float, float], ...]
    points: int = 10
    absolute: float = 0.01
    relative: float = 0.02
    scales: tuple[float, ...] = (1.0, 1e3)

    def judge_axes(self, context: Context, drawn: Drawn, got: Got) -> Verdict:
        # Panels of one figure may show a branch each.
        panels = {id(figure): [axes for other, axes in drawn if other is figure] for figure, _ in drawn}
        together = {name: self._together(context, axes) for name, axes in panels.items()}
        found = [
            (figure, axes)
            for figure, axes in drawn
            if self._shows(context, [axes]) or (together[id(figure)] and self._shows(context, [axes], one=True))
        ]
        if not found:
            return self.not_shown(drawn, f"none shows {self.what}. {self.think}")
        return self.unlabelled(self.what, found) or passed(f"The plot of {self.what}, with labels: accepted.")

    def _together(self, context: Context, panels: list[Axes]) -> bool:
        """Tell whether several panels show every branch together; a figure of more lines than one panel may have is not looked at."""
        lines = sum(len(axes.lines) + len(axes.points) for axes in panels)
        return len(panels) > 1 and lines <= MAX_ARTISTS and self._shows(context, panels)

    def _shows(self, context: Context, panels: list[Axes], one: bool = False) -> bool:
        """Tell whether the panels together show every branch, or one of them at least."""
        series = [points for axes in panels for points in drawn_series(axes)]
        either = series, exchanged(series)
        return any(self._complete(context, points, scale, one) for points in either for scale in self.scales)

    def _complete(self, context: Context, series: list[Points], scale: float, one: bool) -> bool:
        """Tell whether the lines that lie on the branches show each branch (or `one`), and points in each region.

        Where the branches coincide, as the real parts of a complex pair do, one line stands for all of them.
        """
        span = Between(self.regions[0][0], self.regions[-1][1])
        kept = [np.empty((2, 0))]
        for x, y in series:
            points = np.stack([x, y / scale])[:, span.contains(x)][:, :MOST]
            if points.size and self._near(context, *points)[0].any(axis=0).mean() >= 0.95:
                kept.append(points)
        x, y = np.concatenate(kept, axis=1)
        if np.unique(np.round(x, 9)).size < self.points:
            return False
        near, apart = self._near(context, x, y)
        shown = near[:, apart].any(axis=1) if apart.any() else near.any(axis=1)
        enough = shown.any() if one else shown.all()
        return bool(enough and all(Between(*region).contains(x).any() for region in self.regions))

    def _near(self, context: Context, x: Array, y: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell for each branch and point whether the point lies on it, and for each point whether the branches are apart."""
        distinct, where = np.unique(x, return_inverse=True)
        values = self.expected(context, distinct)[:, where]
        tolerance = self.absolute + self.relative * np.abs(values)
        return np.abs(y - values) <= tolerance, np.ptp(values, axis=0) > 3 * tolerance.max(axis=0)

    def cases(self, context: Context) -> Iterator[Case]:
        x = np.linspace(self.regions[0][0], self.regions[-1][1], 41)
        first, *others = self.expected(context, x)
        both = [(x, first), *((x, other) for other in others)]
        middle = (x >= self.regions[1][0]) & (x <= self.regions[1][1])
        in_one = (np.tile(x, 1 + len(others)), np.concatenate([first, *others]))
        panels = [axes_example("I", [line]) for line in both]
        yield Case("right", _figure(both), True)
        yield Case("right, as points of one line", _figure([in_one]), True)
        yield Case("right, in another unit", _figure([(a, 1e3 * b) for a, b in both]), True)
        yield Case("right, turned", _figure(exchanged(both)), True)
        yield Case("right, in panels", [figure_example(panels)], True)
        yield Case("one branch", _figure([(x, first)]))
        yield Case("one region", _figure([(a[middle], b[middle]) for a, b in both]))
        yield Case("too few points", _figure([(a[::5], b[::5]) for a, b in both]))
        yield Case("another curve", _figure([(x, first + 0.1), *both[1:]]))
        yield Case("in two figures", [figure_example([one]) for one in panels])
        yield Case("without a label", _figure(both, xlabel=""))
        yield Case("no figure", [])

    def form(self) -> dict[str, Any]:
        return {"kind": "drawn", "what": self.what, "series": 1}


def _figure(lines: list[Points], xlabel: str = "I") -> list[dict[str, Any]]:
    """Return one encoded figure with these lines in one axes."""
    return [figure_example([axes_example(xlabel, lines)])]

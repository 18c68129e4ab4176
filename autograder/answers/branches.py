"""A figure of several branches of values against one quantity, such as the real parts of eigenvalues against a current."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from autograder.answers.figure_answer import (
    Drawn,
    FigureAnswer,
    Points,
    axes_example,
    drawn_series,
    exchanged,
    figure_example,
    first_that,
)
from autograder.course import Context
from autograder.question import Case, Got, Verdict, passed
from autograder.sandbox import Axes, Figure
from autograder.tolerance import Array, Between
from neurodynex.answer_data.bounds import MAX_ARTISTS


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
        together = cache(lambda figure: self._together(context, panels[figure]))

        def shows(figure: Figure, axes: Axes) -> bool:
            share = self._share(context, [axes])
            return share == 1 or (share > 0 and together(id(figure)))

        showing = first_that(shows, drawn)
        if not showing:
            return self.not_shown(drawn, f"none shows {self.what}. {self.think}")
        return self.unlabelled(self.what, showing) or passed(f"The plot of {self.what}, with labels: accepted.")

    def _together(self, context: Context, panels: list[Axes]) -> bool:
        """Tell whether several panels show every branch together; a figure of more lines than one panel may have is not looked at."""
        lines = sum(len(axes.lines) + len(axes.points) for axes in panels)
        return len(panels) > 1 and lines <= MAX_ARTISTS and self._share(context, panels) == 1

    def _share(self, context: Context, panels: list[Axes]) -> float:
        """Return how large a share of the branches the panels show together, with points in each region."""
        series = [points for axes in panels for points in drawn_series(axes)]
        share = self._share_of(context, series)
        return share if share == 1 else max(share, self._share_of(context, exchanged(series)))

    def _share_of(self, context: Context, series: list[Points]) -> float:
        """Return how large a share of the branches is shown by those lines that lie on the branches.

        Where the branches coincide, as the real parts of a complex pair do, one line stands for all of them.
        """
        span = Between(self.regions[0][0], self.regions[-1][1])
        x, y = np.concatenate([np.empty((2, 0)), *map(np.stack, series)], axis=1)
        line = np.repeat(np.arange(len(series)), [xs.size for xs, _ in series])
        inside = span.contains(x)
        x, y, line = x[inside], y[inside], line[inside]
        if not self._enough(x):
            return 0.0
        values = self.expected(context, x)
        tolerance = self.absolute + self.relative * np.abs(values)
        apart = np.ptp(values, axis=0) > 3 * tolerance.max(axis=0)
        sizes = np.bincount(line)
        share = 0.0
        for scale in self.scales:
            near = np.abs(y / scale - values) <= tolerance
            on_branches = near.any(axis=0)
            kept = (np.bincount(line, on_branches) >= 0.95 * sizes)[line]
            if self._enough(x[kept]):
                telling = kept & apart if (kept & apart).any() else kept
                share = max(share, float(near[:, telling].any(axis=1).mean()))
        return share

    def _enough(self, x: Array) -> bool:
        """Tell whether there are enough different points, some of them in each region."""
        in_each = all(Between(*region).contains(x).any() for region in self.regions)
        return in_each and np.unique(np.round(x, 9)).size >= self.points

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

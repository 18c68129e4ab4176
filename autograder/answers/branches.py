"""A figure of several branches of values against one quantity, such as the real parts of eigenvalues against a current."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.answers.figure import all_axes, axes_example, drawn_series, figure_example, labelled
from autograder.course import Context
from autograder.question import Example, Got, Verdict, failed, passed
from autograder.sandbox import Axes, Figures, Request
from autograder.tolerance import Between
from neurodynex.answer_data.bounds import MAX_ARTISTS

Array = NDArray[np.float64]

MOST = 5000  # points of one line that are looked at


@dataclass(frozen=True)
class Branches:
    """A figure that shows every branch; which points make up a line does not matter, nor in which order they come.

    Attributes
    ----------
    branches : callable
        Called with x; returns an array of shape (branches, n).
    regions : tuple of tuple of float
        Each (low, high) holds some of the points, so that the plot shows what is of interest.
    points : int
        The smallest number of different x.
    absolute, relative : float
        How far a point may be from a branch.
    scales : tuple of float
        Factors of units in which y may be drawn.
    """

    what: str
    branches: Callable[[Array], Array]
    regions: tuple[tuple[float, float], ...]
    think: str
    points: int = 10
    absolute: float = 0.01
    relative: float = 0.02
    scales: tuple[float, ...] = (1.0, 1e3)
    name: str = "figure"
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Figures(),)

    def judge(self, got: Got, context: Context) -> Verdict:
        drawn = list(all_axes(got.get("figures")))
        if not drawn:
            return Verdict(
                "not reached", f"No figure was drawn up to here; the question asks for a plot of {self.what}."
            )
        # Panels of one figure may show a branch each.
        panels = {id(figure): [axes for other, axes in drawn if other is figure] for figure, _ in drawn}
        together = {name: self._together(axes) for name, axes in panels.items()}
        found = [
            (figure, axes)
            for figure, axes in drawn
            if self._shows([axes]) or (together[id(figure)] and self._shows([axes], one=True))
        ]
        if not found:
            return failed(f"{len(drawn)} plot(s) were found, but none shows {self.what}. {self.think}")
        if not any(labelled(figure, axes) for figure, axes in found):
            return failed(f"The plot of {self.what} lacks a label: give both axes one (plt.xlabel, plt.ylabel).")
        return passed(f"The plot of {self.what}, with labels: accepted.")

    def _together(self, panels: list[Axes]) -> bool:
        """Tell whether several panels show every branch together; a figure of more lines than one panel may have is not looked at."""
        lines = sum(len(axes.lines) + len(axes.points) for axes in panels)
        return len(panels) > 1 and lines <= MAX_ARTISTS and self._shows(panels)

    def _shows(self, panels: list[Axes], one: bool = False) -> bool:
        """Tell whether the panels together show every branch, or one of them at least."""
        series = [points for axes in panels for points in drawn_series(axes)]
        turned = [(y, x) for x, y in series]
        return any(self._complete(points, scale, one) for points in (series, turned) for scale in self.scales)

    def _complete(self, series: list[tuple[Array, Array]], scale: float, one: bool) -> bool:
        """Tell whether the lines that lie on the branches show each branch (or `one`), and points in each region.

        Where the branches coincide, as the real parts of a complex pair do, one line stands for all of them.
        """
        span = Between(self.regions[0][0], self.regions[-1][1])
        kept = [np.empty((2, 0))]
        for x, y in series:
            points = np.stack([x, y / scale])[:, span.contains(x)][:, :MOST]
            if points.size and self._near(*points)[0].any(axis=0).mean() >= 0.95:
                kept.append(points)
        x, y = np.concatenate(kept, axis=1)
        if np.unique(np.round(x, 9)).size < self.points:
            return False
        near, apart = self._near(x, y)
        shown = near[:, apart].any(axis=1) if apart.any() else near.any(axis=1)
        enough = shown.any() if one else shown.all()
        return bool(enough and all(Between(*region).contains(x).any() for region in self.regions))

    def _near(self, x: Array, y: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell for each branch and point whether the point lies on it, and for each point whether the branches are apart."""
        distinct, where = np.unique(x, return_inverse=True)
        values = self.branches(distinct)[:, where]
        room = self.absolute + self.relative * np.abs(values)
        return np.abs(y - values) <= room, np.ptp(values, axis=0) > 3 * room.max(axis=0)

    def examples(self, context: Context) -> Iterator[Example]:
        x = np.linspace(self.regions[0][0], self.regions[-1][1], 41)
        first, *others = self.branches(x)
        both = [(x, first), *((x, other) for other in others)]
        middle = (x >= self.regions[1][0]) & (x <= self.regions[1][1])
        cases: list[tuple[str, list[tuple[Array, Array]], bool]] = [
            ("right", both, True),
            ("right, as points of one line", [(np.tile(x, 1 + len(others)), np.concatenate([first, *others]))], True),
            ("right, in another unit", [(a, 1e3 * b) for a, b in both], True),
            ("right, turned", [(b, a) for a, b in both], True),
            ("one branch", [(x, first)], False),
            ("one region", [(a[middle], b[middle]) for a, b in both], False),
            ("too few points", [(a[::5], b[::5]) for a, b in both], False),
            ("another curve", [(x, first + 0.1), *both[1:]], False),
        ]
        for label, lines, passes in cases:
            yield Example(label, {"figures": {"figures": [figure_example([axes_example("I", lines)])]}}, passes)
        panels = [axes_example("I", [line]) for line in both]
        yield Example("right, in panels", {"figures": {"figures": [figure_example(panels)]}}, True)
        yield Example("in two figures", {"figures": {"figures": [figure_example([one]) for one in panels]}}, False)
        yield Example("without a label", {"figures": {"figures": [figure_example([axes_example("", both)])]}}, False)
        yield Example("no figure", {"figures": {"figures": []}}, False)

    def form(self) -> dict[str, Any]:
        return {"kind": "drawn", "what": self.what, "series": 1}

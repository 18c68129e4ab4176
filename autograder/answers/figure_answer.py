"""What the kinds of answers share that look at figures."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.course import Context
from autograder.facts import Facts
from autograder.question import Answer, Got, Verdict, failed
from autograder.sandbox import Axes, Figure, Figures, Request
from autograder.tolerance import Array

Points = tuple[Array, Array]
Drawn = list[tuple[Figure, Axes]]


@dataclass(frozen=True, kw_only=True)
class FigureAnswer(Answer):
    """An answer that is a figure.

    Attributes
    ----------
    what : str
        What the figure shows, for messages.
    """

    what: str
    name: str = "figure"
    unit: str = ""
    think: str = ""

    @property
    def asked(self) -> str:
        """What the question asks for, as a message says it."""
        return f"a plot of {self.what}"

    @abstractmethod
    def judge_axes(self, context: Context, drawn: Drawn, got: Got) -> Verdict:
        """Judge the axes that were drawn, of which there is one at least."""

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Figures(),)

    def decisive(self, context: Context) -> tuple[Request, ...]:
        return (Figures(),)

    def judge(self, context: Context, got: Got) -> Verdict:
        drawn = list(all_axes(got.get(Figures().key)))
        if not drawn:
            return Verdict("not reached", f"No figure was drawn up to here; the question asks for {self.asked}.")
        return self.judge_axes(context, drawn, got)

    def not_shown(self, drawn: Drawn, problem: str) -> Verdict:
        """Return the verdict on plots of which none shows what is asked for."""
        found = "1 plot was" if len(drawn) == 1 else f"{len(drawn)} plots were"
        return failed(f"{found} found, but {problem}")

    def unlabelled(self, what: str, showing: Drawn) -> Verdict | None:
        """Return the verdict on the axes that show something, if none of them has both labels."""
        if any(labelled(figure, axes) for figure, axes in showing):
            return None
        return failed(f"The plot of {what} lacks a label: give both axes one (plt.xlabel, plt.ylabel).")

    def encoded(self, value: Any) -> dict[str, Any]:
        """Return the answers of a student who has drawn these figures, which are encoded already."""
        return {Figures().key: {"figures": value}}

    def facts(self, context: Context) -> Facts:
        return Facts("a figure", self.what, "the asked relation, drawn from the data, with a label on both axes")


def all_axes(figures: Any) -> Iterator[tuple[Figure, Axes]]:
    """Yield the axes of all recorded figures, each with its figure."""
    for figure in figures if isinstance(figures, tuple) else ():
        for axes in figure.axes:
            yield figure, axes


def labelled(figure: Figure, axes: Axes) -> bool:
    """Tell whether both axes carry a label, in whatever language, of their own or of the whole figure."""
    return bool((axes.xlabel + figure.xlabel).strip() and (axes.ylabel + figure.ylabel).strip())


def first_that(shows: Callable[[Figure, Axes], bool], drawn: Drawn) -> Drawn:
    """Return axes that show what is asked for, labelled ones if there are such; an empty list if there are none.

    What was drawn last is looked at first, since figures of earlier questions come before it.
    """
    labelled_last = sorted(drawn, key=lambda one: labelled(*one))
    return next(([one] for one in reversed(labelled_last) if shows(*one)), [])


def drawn_series(axes: Axes) -> Iterator[Points]:
    """Yield x and y of every line and every set of points, without what is not finite."""
    for series in (*axes.lines, *axes.points):
        finite = np.isfinite(series.x) & np.isfinite(series.y)
        yield (series.x, series.y) if finite.all() else (series.x[finite], series.y[finite])


def exchanged(series: Iterable[Points]) -> list[Points]:
    """Return series with their other variable on the horizontal axis."""
    return [(y, x) for x, y in series]


def axes_example(xlabel: str, lines: list[Points]) -> dict[str, Any]:
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

"""Figures of the phase plane: nullclines, a trajectory and the flow, in any arrangement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
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
from autograder.answers.flow import FEWEST, Field, Flow, distances
from autograder.course import Context
from autograder.question import Case, Got, Verdict, failed, passed
from autograder.sandbox import Arrows, Axes
from autograder.tolerance import Array

# A nullcline that was drawn as a contour on a grid is off by that much, in mV and as a fraction.
CONTOUR = (0.12, 0.02)
# Of a trajectory's later part, how near to the cycle it has to be, and how much of the cycle's extent it has to show.
LATER, NEAR, SHOWN = 0.4, 0.08, 0.85
# For how many constant currents a plot may show the u-nullcline.
CURRENTS = 20
# A u-nullcline is off by more than a contour's error if its current differs by that much.
OTHER_CURRENT = 0.2
NO_FLOW = "none shows the flow"
U_NULLCLINE, W_NULLCLINE, TRAJECTORY, FLOW = "the u-nullcline", "the w-nullcline", "the trajectory", "the flow"


@dataclass(frozen=True)
class _Together:
    """The points of all series, so that one look tells which of them lie on a curve.

    Attributes
    ----------
    u, w : numpy.ndarray, shape (n,)
    line : numpy.ndarray, shape (n,)
        Index of the series that a point is of.
    near : numpy.ndarray, shape (n,)
        Which points tell anything.
    sizes : numpy.ndarray
        How many of each series do.
    """

    u: Array
    w: Array
    line: NDArray[np.intp]
    near: NDArray[np.bool_]
    sizes: NDArray[np.intp]

    @classmethod
    def of(cls, series: list[Points]) -> _Together:
        u, w = (np.concatenate([np.empty(0), *columns]) for columns in ([u for u, _ in series], [w for _, w in series]))
        line = np.repeat(np.arange(len(series)), [xs.size for xs, _ in series])
        near = np.abs(u) <= 3
        return cls(u, w, line, near, np.bincount(line[near], minlength=len(series)))

    def on(self, curve: Callable[[Array], Array]) -> NDArray[np.bool_]:
        """Tell of each series whether it lies on the curve."""
        u, w = self.u[self.near], self.w[self.near]
        expected = curve(u)
        close = np.abs(w - expected) <= CONTOUR[0] + CONTOUR[1] * np.abs(expected)
        counts = np.bincount(self.line[self.near], close, minlength=self.sizes.size)
        return (counts >= 0.95 * self.sizes) & (self.sizes > 0)


@dataclass(frozen=True, kw_only=True)
class PhasePortrait(FigureAnswer):
    """A figure in the plane of u and w, either of them on the horizontal axis.

    What is asked for has to be in one figure, in one axes or in several panels.

    Attributes
    ----------
    u_nullcline, w_nullcline : callable
        Called with u (and with `current`); return w.
    range : tuple of float
        The values of u for which both nullclines have to be drawn, as far as the axes' limits show them.
    current : float, optional
        Of the u-nullcline; any constant one if it is None.
    cycle : callable, optional
        Called with the context; returns points (u, w) once around the limit cycle on which the trajectory settles.
    flow : Flow, optional
        Along what the arrows have to point.
    slips : tuple of Slip
        `made` gets the list of (figure, axes).
    """

    u_nullcline: Callable[..., Array]
    w_nullcline: Callable[[Array], Array]
    range: tuple[float, float]
    current: float | None = None
    cycle: Callable[[Context], Array] | None = None
    flow: Flow | None = None

    @property
    def asked(self) -> str:
        return self.what

    @property
    def _wanted(self) -> set[str]:
        """All that has to be in the figure."""
        return {U_NULLCLINE, W_NULLCLINE} | ({TRAJECTORY} if self.cycle else set()) | ({FLOW} if self.flow else set())

    def judge_axes(self, context: Context, drawn: Drawn, got: Got) -> Verdict:
        by_figure: dict[int, set[str]] = {}
        arrows: list[Arrows] = []
        nullclines: Drawn = []
        complete, lacking_label = False, None
        for figure, axes in reversed(drawn):  # figures of earlier questions lie before what is asked for
            found, along = self._elements(context, axes)
            elements = by_figure.setdefault(id(figure), set())
            elements |= found
            arrows.append(along)
            complete |= elements >= self._wanted
            if {U_NULLCLINE, W_NULLCLINE} & found:
                nullclines.append((figure, axes))
            lacking_label = self.unlabelled("the nullclines", nullclines)
            if complete and not lacking_label:
                return passed(f"The figure of {self.what}, with labels: accepted.")
        if complete and lacking_label:
            return lacking_label
        lacking = self._lacking(list(by_figure.values()))
        for slip in self.slips:
            if slip.made(context, drawn):
                return failed(slip.message, slip.name)
        if lacking == NO_FLOW and self.flow and self.cycle:
            return self._arrows_found(context, [along for along in reversed(arrows) if along.x.size])
        return self.not_shown(drawn, f"{lacking}.{self._near_miss(drawn)}")

    def _lacking(self, shown: list[set[str]]) -> str:
        """Return what is not to be seen in any of the figures, none of which is complete, as a sentence."""
        nullclines = {U_NULLCLINE, W_NULLCLINE}
        if not any(nullclines <= elements for elements in shown):
            seen = sorted(nullclines & set().union(*shown))
            region = f"u from {self.range[0]:g} to {self.range[1]:g}"
            at = "" if self.current is None else f" at I = {self.current:g}"
            if seen:
                return f"none shows both nullclines{at} over {region}; {' and '.join(seen)} was found"
            return f"none shows a nullcline of this model{at} over {region}"
        if self.cycle and not any(nullclines | {TRAJECTORY} <= elements for elements in shown):
            return "none shows w against u of the trajectory together with the nullclines, until it has settled"
        return NO_FLOW

    def _arrows_found(self, context: Context, drawn: list[Arrows]) -> Verdict:
        """Return what is wrong with the arrows of the flow."""
        assert self.flow and self.cycle
        path = self.cycle(context)
        fields = [arrows for arrows in drawn if self.flow.enough(arrows, path)]
        if not drawn:
            return failed("No plot shows arrows of the flow in the phase plane; `plot_flow` adds them.", "no flow")
        if not fields:
            return failed(
                f"Arrows were found, but no flow: that takes {FEWEST} arrows or more all over the plane, not along the "
                "trajectory only. `plot_flow` draws them.",
                "no flow",
            )
        mistakes = {other.name: other for arrows in fields for other in self.flow.mistakes(arrows)}
        if not mistakes:
            return failed(
                "The arrows that were found do not point along the flow (du/dt, dw/dt), or not in the figure with the nullclines "
                "and the trajectory. Compare one of them with what the equations give there."
            )
        causes = " Or: ".join(other.message for other in mistakes.values())
        return failed(f"The arrows do not point along the flow that is asked for. {causes}", next(iter(mistakes)))

    def _near_miss(self, drawn: Drawn) -> str:
        """Return what may be said of a u-nullcline for another constant current."""
        if self.current is None:
            return ""
        series = [points for _, axes in drawn for points in drawn_series(axes)]
        for either in (series, exchanged(series)):
            others = [i for i in self._currents(either)[1:] if abs(i - self.current) > OTHER_CURRENT]
            if others:
                return f" A u-nullcline for another current was found (I is about {round(others[0], 1) + 0.0:g})."
        return ""

    def _elements(self, context: Context, axes: Axes) -> tuple[set[str], Arrows]:
        """Return what an axes shows, and its arrows, with u and w on whichever axis shows more."""
        series = list(drawn_series(axes))
        found = axes.arrows
        as_asked = self._found(context, series, axes.xlim, axes.ylim, found)
        if as_asked >= self._wanted:
            return as_asked, found
        turned = Arrows(found.y, found.x, found.v, found.u)
        other = self._found(context, exchanged(series), axes.ylim, axes.xlim, turned)
        return (other, turned) if len(other) > len(as_asked) else (as_asked, found)

    def _found(
        self,
        context: Context,
        series: list[Points],
        u_limits: tuple[float, float],
        w_limits: tuple[float, float],
        arrows: Arrows,
    ) -> set[str]:
        window = (sorted(u_limits), sorted(w_limits))
        currents = [self.current] if self.current is not None else self._currents(series)
        drawn = _Together.of(series)
        found = set()
        if any(self._covers(drawn, partial(self.u_nullcline, current=i), 10, window) for i in currents):
            found.add(U_NULLCLINE)
        if self._covers(drawn, self.w_nullcline, 2, window):
            found.add(W_NULLCLINE)
        if self.cycle is not None and any(settles_on(u, w, self.cycle(context)) for u, w in series):
            found.add(TRAJECTORY)
        if self.flow and self.cycle and self.flow.enough(arrows, self.cycle(context)) and self.flow.shown(arrows):
            found.add(FLOW)
        return found

    def _currents(self, series: list[Points]) -> list[float]:
        """Return the constant currents that the lines may have been drawn for, those of the widest lines first."""
        found = []
        for u, w in series:
            offset = float(np.median(w - self.u_nullcline(u, 0.0))) if u.size >= 10 else np.inf
            if abs(offset) < 10 and _Together.of([(u, w)]).on(partial(self.u_nullcline, current=offset)).any():
                found.append((float(np.ptp(u)), offset))
        return [0.0, *(offset for _, offset in sorted(found, reverse=True)[:CURRENTS])]

    def _covers(self, drawn: _Together, curve: Callable[[Array], Array], fewest: int, window: Any) -> bool:
        """Tell whether some of the series lie on the curve and together show all of it that the limits let see."""
        on_curve = drawn.on(curve)
        (left, right), (low, high) = window
        if not on_curve.any() or not (left <= self.range[0] and self.range[1] <= right):
            return False
        wanted = np.linspace(*self.range, 101)
        w = curve(wanted)
        # Limits that were set narrower hide a part of a curve, and a contour ends at its grid.
        visible = wanted[(w >= low) & (w <= high)]
        u = np.unique(drawn.u[on_curve[drawn.line]])
        short = 0.1 * (self.range[1] - self.range[0])
        return bool(
            visible.size > 10
            and u.size >= fewest
            and np.min(u) <= np.min(visible) + short
            and np.max(u) >= np.max(visible) - short
        )

    def cases(self, context: Context) -> Iterator[Case]:
        u = np.linspace(-2.5, 2.5, 51)
        current = 0.0 if self.current is None else self.current
        nullclines = [(u, self.u_nullcline(u, current)), (u[[0, -1]], self.w_nullcline(u[[0, -1]]))]
        path = self._path(context)
        full = [*nullclines, *path]
        flow = self.flow.field if self.flow else None
        yield Case("right", _figure(_plane(full, flow)), True)
        yield Case("right, with w on the horizontal axis", _figure(_turned(_plane(full, flow))), True)
        yield Case("right, beside another plot", _figure(_plane([(u, u**2)]), _plane(full, flow)), True)
        yield Case("right, from scattered points", _figure(_plane(path, flow, points=nullclines)), True)
        yield Case("right, in panels", _figure(*(_plane([line], flow) for line in full)), True)
        yield Case("without a label", _figure(_plane(full, flow, xlabel="")))
        yield Case("only the u-nullcline", _figure(_plane([nullclines[0], *path], flow)))
        yield Case("only the w-nullcline", _figure(_plane([nullclines[1], *path], flow)))
        half = (u[:26], self.u_nullcline(u[:26], current))
        yield Case("half of the range", _figure(_plane([half, *full[1:]], flow)))
        yield Case("another model", _figure(_plane([(u, u - u**3 / 3 + current), *full[1:]], flow)))
        yield Case("no axes", [])
        yield Case("in a figure each", [figure_example([_plane([line], flow)]) for line in full])
        if self.cycle:
            yield Case("without a trajectory", _figure(_plane(nullclines, flow)))
        if self.current is not None:
            other = (u, self.u_nullcline(u, current + 0.5))
            yield Case("another current", _figure(_plane([other, *full[1:]], flow)))
        if self.flow:
            yield Case("without the flow", _figure(_plane(full)), mistake="no flow")
            yield Case("one arrow", _figure(_plane(full, flow, arrows=1)), mistake="no flow")
            for wrong in self.flow.others:
                yield Case(f"slip: {wrong.name}", _figure(_plane(full, wrong.field)), mistake=wrong.name)

    def _path(self, context: Context) -> list[Points]:
        if self.cycle is None:
            return []
        around = self.cycle(context)
        path = np.concatenate([np.linspace([0.0, 0.0], around[0], 20), *[around] * 4])
        return [(path[:, 0], path[:, 1])]

    def form(self) -> dict[str, Any]:
        return {"kind": "drawn", "what": self.what, "series": 2 + (self.cycle is not None) + (self.flow is not None)}


def settles_on(u: Array, w: Array, cycle: Array) -> bool:
    """Tell whether the later part of a drawn path goes around the cycle."""
    if u.size < 30:
        return False
    extent = np.ptp(cycle, axis=0)
    later = [values[int(LATER * u.size) :] for values in (u, w)]
    if any(np.ptp(values) < SHOWN * wanted for values, wanted in zip(later, extent, strict=True)):
        return False
    chosen = np.linspace(0, later[0].size - 1, min(later[0].size, 400)).round().astype(int)
    thinned = np.column_stack([values[chosen] for values in later]) / extent
    # A path that is much longer than the cycle along an axis needs no closer look.
    within = bool((np.ptp(thinned, axis=0) < 1 + 3 * NEAR).all())
    return within and bool((distances(thinned, cycle / extent) <= NEAR).all())


def _plane(
    lines: list[Points],
    flow: Field | None = None,
    xlabel: str = "u",
    points: list[Points] | None = None,
    arrows: int = 12,
) -> dict[str, Any]:
    """Return an encoded axes with automatic limits, and so many arrows along each axis."""
    encoded = axes_example(xlabel, lines)
    encoded["points"] = [{"label": "", "x": x.tolist(), "y": y.tolist()} for x, y in points or []]
    for limits, index in (("xlim", 0), ("ylim", 1)):
        values = np.concatenate([series[index] for series in (*lines, *(points or []))])
        encoded[limits] = [float(np.min(values)), float(np.max(values))]
    if flow:
        u, w = (grid.ravel() for grid in np.meshgrid(np.linspace(-2.1, 2, arrows), np.linspace(-1, 3.1, arrows)))
        encoded["arrows"] = dict(zip("xyuv", (part.tolist() for part in (u, w, *flow(u, w))), strict=True))
    return encoded


def _turned(axes: dict[str, Any]) -> dict[str, Any]:
    """Return an encoded axes with the other variable on the horizontal axis."""
    exchanged = {"x": "y", "y": "x", "u": "v", "v": "u"}
    series = {name: [{**one, "x": one["y"], "y": one["x"]} for one in axes[name]] for name in ("lines", "points")}
    arrows = {name: axes["arrows"][other] for name, other in exchanged.items()}
    return {**axes, **series, "arrows": arrows, "xlim": axes["ylim"], "ylim": axes["xlim"]}


def _figure(*axes: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one encoded figure with such axes."""
    return [figure_example(list(axes))]

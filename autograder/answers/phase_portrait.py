"""Figures of the phase plane: nullclines, a trajectory and the flow, in any arrangement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.answers.figure import all_axes, axes_example, drawn_series, figure_example, labelled
from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, failed, passed
from autograder.sandbox import Axes, Figure, Figures, Request

Array = NDArray[np.float64]
Points = tuple[Array, Array]
Drawn = list[tuple[Figure, Axes]]

# A nullcline that was drawn as a contour on a grid is off by that much, in mV and as a fraction.
CONTOUR = (0.12, 0.02)
# Of a trajectory's later part, how near to the cycle it has to be, and how much of the cycle's extent it has to show.
LATER, NEAR, SHOWN = 0.4, 0.08, 0.85
# For how many constant currents a plot may show the u-nullcline.
CURRENTS = 20
U_NULLCLINE, W_NULLCLINE, TRAJECTORY, FLOW = "the u-nullcline", "the w-nullcline", "the trajectory", "the flow"


@dataclass(frozen=True)
class PhasePortrait:
    """A figure in the plane of u and w, either of them on the horizontal axis.

    Both nullclines have to be in one axes; the trajectory, where it is asked for, in one with both nullclines; and the
    flow in one with any of them.

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
    flow : bool
        Whether arrows of the flow have to be there.
    slips : tuple of Slip
        `made` gets the list of (figure, axes).
    """

    what: str
    u_nullcline: Callable[..., Array]
    w_nullcline: Callable[[Array], Array]
    range: tuple[float, float]
    current: float | None = None
    cycle: Callable[[Context], Array] | None = None
    flow: bool = False
    slips: tuple[Slip, ...] = ()
    name: str = "figure"
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Figures(),)

    def judge(self, got: Got, context: Context) -> Verdict:
        drawn: Drawn = list(all_axes(got.get("figures")))
        if not drawn:
            return Verdict("not reached", f"No figure was drawn up to here; the question asks for {self.what}.")
        shown = [(figure, axes, self._elements(axes, context)) for figure, axes in drawn]
        lacking = self._lacking([elements for *_, elements in shown])
        if lacking:
            for slip in self.slips:
                if slip.made(drawn, context):
                    return failed(slip.message, slip.name)
            return failed(f"{len(drawn)} plot(s) were found, but {lacking}.")
        if not any(
            labelled(figure, axes) for figure, axes, elements in shown if {U_NULLCLINE, W_NULLCLINE} <= elements
        ):
            return failed("The plot of the nullclines lacks a label: give both axes one (plt.xlabel, plt.ylabel).")
        return passed(f"The figure of {self.what}, with labels: accepted.")

    def _lacking(self, shown: list[set[str]]) -> str | None:
        """Return what is not to be seen, as a sentence."""
        nullclines = {U_NULLCLINE, W_NULLCLINE}
        if not any(nullclines <= elements for elements in shown):
            seen = sorted(nullclines & set().union(*shown))
            region = f"u from {self.range[0]:g} to {self.range[1]:g}"
            if seen:
                return f"none shows both nullclines over {region}; {' and '.join(seen)} was found"
            return f"none shows a nullcline of this model over {region}"
        if self.cycle and not any(nullclines | {TRAJECTORY} <= elements for elements in shown):
            return "none shows w against u of the trajectory together with the nullclines, until it has settled"
        if self.flow and not any(FLOW in elements and len(elements) > 1 for elements in shown):
            return "none shows the flow in the phase plane; `plot_flow` adds it"
        return None

    def _elements(self, axes: Axes, context: Context) -> set[str]:
        series = list(drawn_series(axes))
        turned = [(y, x) for x, y in series]
        return max(
            self._found(series, axes.xlim, axes.ylim, axes.fields, context),
            self._found(turned, axes.ylim, axes.xlim, axes.fields, context),
            key=len,
        )

    def _found(
        self,
        series: list[Points],
        u_limits: tuple[float, float],
        w_limits: tuple[float, float],
        fields: int,
        context: Context,
    ) -> set[str]:
        window = (sorted(u_limits), sorted(w_limits))
        currents = [self.current] if self.current is not None else self._currents(series)
        found = set()
        if any(self._covers(series, partial(self.u_nullcline, current=i), 10, window) for i in currents):
            found.add(U_NULLCLINE)
        if self._covers(series, self.w_nullcline, 2, window):
            found.add(W_NULLCLINE)
        if self.cycle is not None and any(settles_on(u, w, self.cycle(context)) for u, w in series):
            found.add(TRAJECTORY)
        if fields:
            found.add(FLOW)
        return found

    def _currents(self, series: list[Points]) -> list[float]:
        """Return the constant currents that the lines may have been drawn for, those of the widest lines first."""
        found = []
        for u, w in series:
            offset = float(np.median(w - self.u_nullcline(u, 0.0))) if u.size >= 10 else np.inf
            if abs(offset) < 10 and _lies_on(u, w, partial(self.u_nullcline, current=offset)):
                found.append((float(np.ptp(u)), offset))
        return [0.0, *(offset for _, offset in sorted(found, reverse=True)[:CURRENTS])]

    def _covers(self, series: list[Points], curve: Callable[[Array], Array], fewest: int, window: Any) -> bool:
        """Tell whether some of the series lie on the curve and together show all of it that the limits let see."""
        on_curve = [u for u, w in series if u.size and _lies_on(u, w, curve)]
        wanted = np.linspace(*self.range, 101)
        inside = (wanted >= window[0][0]) & (wanted <= window[0][1])
        if not on_curve or inside[[0, -1]].sum() < 2:
            return False
        w = curve(wanted)
        # Limits that were set narrower hide a part of a curve, and a contour ends at its grid.
        visible = wanted[(w >= window[1][0]) & (w <= window[1][1])]
        u = np.unique(np.concatenate(on_curve))
        room = 0.1 * (self.range[1] - self.range[0])
        return bool(
            visible.size > 10
            and u.size >= fewest
            and u.min() <= visible.min() + room
            and u.max() >= visible.max() - room
        )

    def examples(self, context: Context) -> Iterator[Example]:
        u = np.linspace(-2.5, 2.5, 51)
        current = 0.0 if self.current is None else self.current
        nullclines = [(u, self.u_nullcline(u, current)), (u[[0, -1]], self.w_nullcline(u[[0, -1]]))]
        path = self._path(context)
        full = [*nullclines, *path]
        cases: list[tuple[str, list[dict[str, Any]], bool]] = [
            ("right", [_plane(full, self.flow)], True),
            ("right, with w on the horizontal axis", [_plane([(w, u) for u, w in full], self.flow)], True),
            ("right, beside another plot", [_plane([(u, u**2)]), _plane(full, self.flow)], True),
            ("right, from scattered points", [_plane(path, self.flow, points=nullclines)], True),
            ("without a label", [_plane(full, self.flow, xlabel="")], False),
            ("only the u-nullcline", [_plane([nullclines[0], *path], self.flow)], False),
            ("only the w-nullcline", [_plane([nullclines[1], *path], self.flow)], False),
            ("the nullclines apart", [_plane([nullclines[0]]), _plane([nullclines[1], *path], self.flow)], False),
            ("half of the range", [_plane([(u[:26], self.u_nullcline(u[:26], current)), *full[1:]], self.flow)], False),
            ("another model", [_plane([(u, u - u**3 / 3 + current), *full[1:]], self.flow)], False),
            ("no axes", [], False),
        ]
        if self.cycle:
            cases.append(("without a trajectory", [_plane(nullclines, True)], False))
        if self.flow:
            cases += [
                ("without the flow", [_plane(full)], False),
                ("the flow beside it", [_plane(full), _plane(nullclines, True)], True),
            ]
        if self.current is not None:
            other = [(u, self.u_nullcline(u, current + 0.5)), *full[1:]]
            cases.append(("another current", [_plane(other, self.flow)], False))
        for label, axes, passes in cases:
            yield Example(label, {"figures": {"figures": [figure_example(axes)] if axes else []}}, passes)
        for slip in self.slips:
            yield Example(f"slip: {slip.name}", {"figures": {"figures": slip.example(context)}}, False, slip.name)

    def _path(self, context: Context) -> list[Points]:
        if self.cycle is None:
            return []
        around = self.cycle(context)
        path = np.concatenate([np.linspace([0.0, 0.0], around[0], 20), *[around] * 4])
        return [(path[:, 0], path[:, 1])]

    def form(self) -> dict[str, Any]:
        return {"kind": "drawn", "what": self.what, "series": 2 + (self.cycle is not None) + self.flow}


def _lies_on(u: Array, w: Array, curve: Callable[[Array], Array]) -> bool:
    near = np.abs(u) <= 3
    on = curve(u[near])
    return bool(near.any() and np.mean(np.abs(w[near] - on) <= CONTOUR[0] + CONTOUR[1] * np.abs(on)) >= 0.95)


def settles_on(u: Array, w: Array, cycle: Array) -> bool:
    """Tell whether the later part of a drawn path goes around the cycle."""
    if u.size < 30:
        return False
    extent = np.ptp(cycle, axis=0)
    later = np.column_stack([u, w])[int(LATER * u.size) :] / extent
    thinned = later[np.linspace(0, len(later) - 1, min(len(later), 400)).round().astype(int)]
    distance = np.linalg.norm(thinned[:, None] - cycle[None] / extent, axis=2).min(axis=1)
    return bool((distance <= NEAR).all() and (np.ptp(later, axis=0) >= SHOWN).all())


def _plane(
    lines: list[Points], flow: bool = False, xlabel: str = "u", points: list[Points] | None = None
) -> dict[str, Any]:
    """Return an encoded axes with automatic limits."""
    encoded = axes_example(xlabel, lines) | {"fields": int(flow)}
    encoded["points"] = [{"label": "", "x": x.tolist(), "y": y.tolist()} for x, y in points or []]
    for limits, index in (("xlim", 0), ("ylim", 1)):
        values: ArrayLike = np.concatenate([series[index] for series in (*lines, *(points or []))])
        encoded[limits] = [float(np.min(values)), float(np.max(values))]
    return encoded

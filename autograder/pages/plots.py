"""The plots of a class, as SVG that takes its colours from the page: each drawn once, of few artists."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from autograder.pages.shapes import Drawn, Line, Number, Offsets, Plane

Array = NDArray[np.float64]
#: Colours that stand for those of the page's style sheet, so that the dark page has its own.
INK, MUTED, BAND, EDGE, GOOD, BAD, PAPER = (f"#0a0b{number:02x}" for number in range(7))
_VARIABLES = dict(
    zip(
        (INK, MUTED, BAND, EDGE, GOOD, BAD, PAPER),
        ("ink", "muted", "band", "edge", "good", "bad", "paper"),
        strict=True,
    )
)
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "neurodynex",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "path.simplify": True,
    "path.simplify_threshold": 0.25,
}
#: Inches: on a telephone the text is still read.
WIDTH = 5.4
_BINS = 110
#: What a path's numbers have beyond a hundredth of a point.
_DECIMALS = re.compile(r"(\.\d\d)\d+")
#: Bands that a curve or a figure is drawn over, in a panel each.
PANELS = 3
#: So many half widths of the band an axis shows in proportion; farther off it is logarithmic.
LINEAR = 12.0


def draw_scores(values: Sequence[float], maximum: float) -> str:
    """Draw how many students have how many points."""
    count = int(min(max(np.ceil(maximum), 1), 25))
    edges = np.linspace(0, max(maximum, 1e-9), count + 1)
    heights, _ = np.histogram(np.clip(values, 0, maximum), edges)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        width = edges[1] - edges[0]
        axes.bar(edges[:-1] + width / 2, heights, width * 0.86, color=GOOD, alpha=0.85)
        middle = float(np.median(values))
        axes.axvline(middle, color=INK, linewidth=1, linestyle=(0, (4, 3)))
        side = "left" if middle < 0.7 * maximum else "right"
        axes.annotate(
            f"median {middle:g}",
            (middle, 1),
            (5 if side == "left" else -5, -2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="top",
            ha=side,
        )
        axes.set(xlim=(0, maximum), ylim=(0, max(heights) * 1.2 + 0.5), xlabel="points", ylabel="students")
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))

    return svg(
        draw, 2.3, f"Distribution of points of {len(values)} students, median {np.median(values):g} of {maximum:g}"
    )


def draw_numbers(found: Sequence[Number], accepted: Sequence[bool], label: str) -> str:
    """Draw all answers to one number on one axis, a row for each band that there is."""
    bands = list(dict.fromkeys((one.expected, one.low, one.high) for one in found))
    single = len(bands) == 1
    if len(bands) > 4:  # one for each student: in half widths of each one's own band
        bands = [(0.0, -1.0, 1.0)]
        values = np.array([(2 * one.value - one.low - one.high) / max(one.high - one.low, 1e-12) for one in found])
        rows = np.zeros(len(found), int)
        xlabel = f"{label}: offset from the middle of each student's own band, in half widths"
    else:
        values = np.array([one.value if single else one.value - one.expected for one in found])
        rows = np.array([bands.index((one.expected, one.low, one.high)) for one in found])
        unit = f" ({found[0].unit})" if found[0].unit else ""
        xlabel = f"{label}{unit}" if single else f"{label}, difference from the student's own expected value{unit}"
    shift = [0.0 if single or bands == [(0.0, -1.0, 1.0)] else expected for expected, _, _ in bands]
    edges = [(low - by, high - by) for (_, low, high), by in zip(bands, shift, strict=True)]
    half = max(max(high - low for low, high in edges) / 2, 1e-9 * max(abs(bands[0][0]), 1e-3))
    scale = Scale(float(np.mean(edges[0])), half, values)

    def draw(figure: Figure) -> None:
        all_axes = figure.subplots(len(bands), 1, sharex=True, squeeze=False)[:, 0]
        for row, axes in enumerate(all_axes):
            _row(axes, scale, values[rows == row], np.asarray(accepted)[rows == row], edges[row])
            if len(bands) > 1:
                text = f"expected {bands[row][0]:.4g} {found[0].unit}".strip()
                axes.set_title(text, loc="left", fontsize=9, color=INK)
        all_axes[-1].set_xlabel(xlabel)

    right = int(sum(accepted))
    return svg(draw, 0.55 + 1.25 * len(bands), f"{len(found)} answers on one axis, {right} accepted: {xlabel}")


class Scale:
    """An axis in proportion about a band, and logarithmic farther off where answers lie there."""

    def __init__(self, middle: float, half: float, values: Array) -> None:
        self.middle, self.half = middle, half
        far = float(np.max(np.abs(values - middle), initial=0))
        self.logarithmic = far > LINEAR * half
        low, high = (f(self(values)) for f in (np.min, np.max))
        edge = abs(float(self(middle + 2.2 * half) - self(middle)))
        centre = float(self(middle))
        self.limits = min(low, centre - edge), max(high, centre + edge)
        margin = 0.04 * (self.limits[1] - self.limits[0])
        self.limits = self.limits[0] - margin, self.limits[1] + margin

    def __call__(self, values: Array | float) -> Array:
        """Return places on the axis."""
        values = np.asarray(values, float)
        return np.arcsinh((values - self.middle) / (3 * self.half)) if self.logarithmic else values

    def ticks(self) -> tuple[list[float], list[str]]:
        """Return the places and the texts of round numbers."""
        low, high = self.limits
        if not self.logarithmic:
            found = marks(low, high, 6)
            return [place for place, _ in found], [text for _, text in found]
        places: list[float] = []
        texts = []
        for place in sorted(np.linspace(low, high, 13), key=abs):
            off = 3 * self.half * np.sinh(place)
            step = 10.0 ** np.floor(np.log10(max(abs(off), self.half)))
            value = float(np.round((self.middle + off) / step) * step)
            at = float(self(value))
            if low <= at <= high and all(abs(at - other) > 0.11 * (high - low) for other in places):
                places.append(at)
                texts.append(f"{value + 0.0:.4g}")  # no -0
        return places, texts


def _round_step(raw: float) -> float:
    unit = 10.0 ** np.floor(np.log10(raw))
    return float(unit * min(k for k in (1, 2, 5, 10) if k * unit >= raw))


def _row(axes: Axes, scale: Scale, values: Array, right: NDArray[np.bool_], edges: tuple[float, float]) -> None:
    """Draw answers as dots that are piled up, over their band."""
    low, high = (float(scale(edge)) for edge in edges)
    thin = 0.004 * (scale.limits[1] - scale.limits[0])
    if high - low < thin:
        low, high = low - thin / 2, high + thin / 2
    axes.axvspan(low, high, color=BAND, linewidth=0)
    axes.vlines([low, high], 0, 1, transform=axes.get_xaxis_transform(), color=EDGE, linewidth=0.8)
    place = scale(values)
    width = (scale.limits[1] - scale.limits[0]) / _BINS
    bins = np.floor((place - scale.limits[0]) / width).astype(int)
    order = np.lexsort((values, ~right, bins))
    pile = np.zeros(len(values), int)
    for before, one in itertools.pairwise(order):
        pile[one] = pile[before] + 1 if bins[before] == bins[one] else 0
    top = max(int(pile.max(initial=0)) + 1, 9)
    for chosen, face, edge in ((right, GOOD, GOOD), (~right, "none", BAD)):
        axes.scatter(
            scale.limits[0] + (bins[chosen] + 0.5) * width,
            pile[chosen] + 0.6,
            s=17,
            facecolors=face,
            edgecolors=edge,
            linewidths=1.1,
            clip_on=False,
        )
    axes.set(xlim=scale.limits, ylim=(0, top + 0.8), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.set_xticks(*scale.ticks())


def by_band(found: Sequence[Line | Drawn]) -> list[list[int]]:
    """Return the indices of the answers of which the same is expected, a list for each band, those of most answers first."""
    bands: dict[bytes, list[int]] = {}
    for index, one in enumerate(found):
        edges = (one.low, one.high) if isinstance(one, Line) else one.areas
        bands.setdefault(b"".join(edge.tobytes() for edge in edges), []).append(index)
    return sorted(bands.values(), key=len, reverse=True)


def draw_curves(found: Sequence[Line], accepted: Sequence[bool]) -> str:
    """Draw curves over their bands, in a panel for each of the first bands."""
    chosen = by_band(found)[:PANELS]

    def draw(figure: Figure) -> None:
        for number, (axes, members) in enumerate(
            zip(figure.subplots(1, len(chosen), squeeze=False)[0], chosen, strict=True)
        ):
            first = found[members[0]]
            axes.fill_between(first.at, first.low, first.high, color=BAND, linewidth=0)
            axes.plot(first.at, np.transpose([first.low, first.high]), color=EDGE, linewidth=0.8)
            for right, colour, alpha in ((False, BAD, 0.75), (True, GOOD, 0.4)):
                curves = [np.column_stack([found[i].x, found[i].y]) for i in members if accepted[i] is right]
                axes.add_collection(_thin_lines(curves, colour, alpha))
            axes.set(
                xlim=_span(first.at), ylim=_span(_usual(first, [found[i].y for i in members])), xlabel=first.xlabel
            )
            if number == 0:
                axes.set_ylabel(first.ylabel)

    right = [accepted[index] for members in chosen for index in members]
    label = f"{len(right)} curves of {found[0].ylabel} over {found[0].xlabel}, {sum(right)} accepted"
    return svg(draw, 3.0, label)


def _thin_lines(paths: Sequence[Array], colour: str, alpha: float) -> LineCollection:
    """Return lines of many students, without points that make no difference to see."""
    made = LineCollection(paths, colors=colour, linewidths=0.9, alpha=alpha)
    for path in made.get_paths():
        path.should_simplify = True  # by itself, matplotlib simplifies from 128 points on
    return made


def _usual(line: Line, curves: Sequence[Array]) -> Array:
    """Return y values that the frame holds: the band, and the curves as far as they are not far off."""
    low, high = float(np.min(line.low)), float(np.max(line.high))
    margin = 0.8 * (high - low)
    there = np.concatenate([*curves, [low, high]])
    return np.array([max(np.min(there), low - margin), min(np.max(there), high + margin)])


def _span(values: Array) -> tuple[float, float]:
    low, high = float(np.min(values)), float(np.max(values))
    margin = 0.04 * (high - low) or 0.5
    return low - margin, high + margin


def draw_figures(found: Sequence[Drawn], accepted: Sequence[bool]) -> str:
    """Draw what figures show over the areas in which it has to lie, in a panel for each of the first expectations."""
    chosen = by_band(found)[:PANELS]

    def draw(figure: Figure) -> None:
        for axes, members in zip(figure.subplots(1, len(chosen), squeeze=False)[0], chosen, strict=True):
            first = found[members[0]]
            axes.add_collection(PolyCollection(first.areas, facecolors=BAND, edgecolors=EDGE, linewidths=0.8))
            for right, colour, alpha in ((False, BAD, 0.75), (True, GOOD, 0.4)):
                paths = [path for i in members if accepted[i] is right for path in found[i].paths]
                axes.add_collection(_thin_lines(paths, colour, alpha))
            x, y = np.concatenate(first.areas).T
            axes.set(xlim=_span(x), ylim=_span(y), xlabel=first.xlabel)
        figure.axes[0].set_ylabel(found[0].ylabel)

    right = [accepted[index] for members in chosen for index in members]
    return svg(draw, 3.2, f"What {len(right)} figures show, {sum(right)} accepted")


def draw_offsets(found: Sequence[Offsets], accepted: Sequence[bool]) -> str:
    """Draw how far off all functions are at each input, in half widths of the band."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axhspan(-1, 1, color=BAND, linewidth=0)
        axes.axhline(-1, color=EDGE, linewidth=0.8)
        axes.axhline(1, color=EDGE, linewidth=0.8)
        for right, face, edge in ((False, "none", BAD), (True, GOOD, "none")):
            members = [one for one, passed in zip(found, accepted, strict=True) if passed is right]
            if members:
                x, y = (np.concatenate([getattr(one, side) for one in members]) for side in ("at", "off"))
                alpha = 0.45 if right else 0.9
                axes.scatter(x, y, s=11, facecolors=face, edgecolors=edge, linewidths=0.9, alpha=alpha)
        axes.set_yscale("symlog", linthresh=2, linscale=1.6)
        top = max(3.0, *(float(np.nanmax(np.abs(one.off), initial=0)) for one in found)) * 1.4
        decades = [10.0**n for n in range(1, 13) if 10.0**n < top]
        marks = [d for d in decades if len(decades) < 4 or d in decades[:: len(decades) // 2]]
        ticks = [*(-d for d in reversed(marks)), -1, 0, 1, *marks]
        axes.set_yticks(ticks, [f"{tick:g}" if abs(tick) < 1e5 else f"{tick:.0e}" for tick in ticks], minor=False)
        axes.minorticks_off()
        axes.set(ylim=(-top, top), xlabel=found[0].xlabel, ylabel="offset in half widths of the band")

    return svg(draw, 2.9, f"Offsets of {len(found)} functions at each input, {int(sum(accepted))} of them accepted")


def draw_plane(found: Sequence[Plane], accepted: Sequence[bool]) -> str:
    """Draw numbers of the complex plane about those that are expected."""
    expected = found[0].expected
    spread = max(float(np.max(np.abs(expected - expected.mean()))), 6 * found[0].radius)
    limits = [
        (float(part.mean()) - 2 * spread, float(part.mean()) + 2 * spread) for part in (expected.real, expected.imag)
    ]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        turn = np.exp(2j * np.pi * np.linspace(0, 1, 49))
        for centre in expected:
            ring = centre + max(found[0].radius, 0.012 * spread) * turn
            axes.fill(ring.real, ring.imag, facecolor=BAND, edgecolor=EDGE, linewidth=0.8)
        for right, face, edge in ((False, "none", BAD), (True, GOOD, "none")):
            members = [one.values for one, passed in zip(found, accepted, strict=True) if passed is right]
            if members:
                values = np.concatenate(members)
                axes.scatter(values.real, values.imag, s=13, facecolors=face, edgecolors=edge, linewidths=1, alpha=0.6)
        axes.set(xlim=limits[0], ylim=limits[1], xlabel="real part", ylabel="imaginary part")

    return svg(draw, 3.2, f"{len(found)} answers in the complex plane, {int(sum(accepted))} accepted")


def marks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Return round numbers within limits, at most one more than asked for, with their texts."""
    step = _round_step(max((high - low) / most, 1e-300))
    numbers = np.arange(np.ceil(low / step), np.floor(high / step) + 1)
    digits = max(6, len(f"{np.max(np.abs(numbers), initial=1):.0f}"))
    return [(float(number * step), f"{number * step + 0.0:.{digits}g}") for number in numbers]


def svg(draw: Callable[[Figure], None], height: float, label: str) -> str:
    """Return what is drawn, as an element of a page.

    Parameters
    ----------
    draw : callable
        Called with the figure.
    height : float
        In inches.
    label : str
        What the plot shows, in words.
    """
    with rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        figure.patch.set_visible(False)
        draw(figure)
        for axes in figure.axes:
            axes.patch.set_visible(False)
        made = io.StringIO()
        FigureCanvasSVG(figure).print_svg(made, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = made.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r' d="[^"]*"', lambda path: _DECIMALS.sub(r"\1", path[0]).replace("\n", ""), text)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    for colour, name in _VARIABLES.items():
        text = text.replace(colour, f"var(--{name})")
    text = re.sub(r'font: ([\d.]+)px [^;"]*', r"font-size: \1px", text)
    attributes = f'class="plot" role="img" aria-label="{_escaped(label)}"'
    return re.sub(r"<svg ([^>]*)>", lambda head: f"<svg {attributes} {_frame(head[1])}>", text, count=1).strip()


def _frame(attributes: str) -> str:
    """Return a drawing's own attributes without a fixed size."""
    kept = re.findall(r'(?:viewBox|xmlns|xmlns:xlink)="[^"]*"', attributes)
    return " ".join(kept)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")

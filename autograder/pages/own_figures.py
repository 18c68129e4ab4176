"""A student's own figures, drawn anew from the numbers and labels that the result keeps.

Nothing that a student has drawn, written as HTML or as SVG gets onto a page: of each figure, the sandbox gave back plain data. Paths are
clipped and simplified by matplotlib, and put into a template of an SVG element. A whole matplotlib figure takes forty times longer, for
which a class of hundreds, with some figures each, would wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle
from textwrap import shorten
from typing import Any

import numpy as np
from jinja2 import Template
from markupsafe import Markup
from matplotlib.path import Path
from matplotlib.transforms import nonsingular
from numpy.typing import NDArray

from autograder.formatting import without_controls
from autograder.pages.plots import WIDTH, marks
from autograder.pages.shapes import evenly_spaced
from autograder.question import Got
from autograder.result import Result
from autograder.sandbox import Arrows, Axes, Figure, Figures, Series
from autograder.tolerance import Array

#: Figures of a question that are drawn, the last ones; axes of a figure; series of an axes; points of a series, and arrows.
FIGURES, AXES, SERIES, POINTS = 6, 6, 20, 200
_COLOURS = ("good", "bad", "ink", "edge", "muted")
#: Of a figure, in the drawing's units, which are points: its width, and the height of a row of axes; what is beside, below and above axes.
_WIDTH, _ROW = 72 * WIDTH, 187.0
_LEFT, _RIGHT, _BELOW, _ABOVE = 48.0, 10.0, 38.0, 22.0
_COLUMNS = 2
#: Letters of a label at most, and how wide one is.
_LABEL, _LETTER = 60, 5.0
#: From one mark of a horizontal axis to the next, at least; marks of a vertical one; how far beyond the axes a path is kept, out of sight.
_APART, _MARKS, _OVERHANG = 42.0, 5, 9.0
_LETTERS = {int(Path.MOVETO): "M", int(Path.LINETO): "L"}
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Panel:
    """One axes as the template draws it: where it lies, its texts, its marks, and paths as SVG writes them.

    Attributes
    ----------
    x, y, width, height : float
    title, xlabel, ylabel : str
    xmarks, ymarks : list of (float, str)
        Places from the left and from the top, with their texts.
    lines, dots : list of (str, str)
        Path and colour.
    arrows : str
        A path.
    """

    x: float
    y: float
    width: float
    height: float
    title: str
    xlabel: str
    ylabel: str
    xmarks: list[tuple[float, str]]
    ymarks: list[tuple[float, str]]
    lines: list[tuple[str, str]]
    dots: list[tuple[str, str]]
    arrows: str


def of(result: Result, answers: Mapping[str, Got], template: Template) -> dict[str, list[Markup]]:
    """Return the drawings: question id -> its figures, without those that an earlier question has shown.

    Parameters
    ----------
    result : Result
    answers : mapping
        Question id -> answers as the judge reads them.
    template : Template
        Of a figure.
    """
    seen: list[Any] = []
    found = {}
    for question in result.questions:
        decoded = answers[question.id].get(Figures().key)
        if not isinstance(decoded, tuple):
            continue
        new = []
        for data, figure in zip(question.answers[Figures().key]["figures"], decoded, strict=True):
            if data not in seen:
                seen.append(data)
                new.append(figure)
        found[question.id] = [drawing for figure in new[-FIGURES:] if (drawing := draw(figure, template))]
    return found


def draw(figure: Figure, template: Template) -> Markup:
    """Return a figure's data as an SVG element of a page; an empty text where it cannot be drawn."""
    shown = [axes for axes in figure.axes if axes.lines or axes.points or axes.arrows.x.size][:AXES]
    if not shown:
        return Markup("")
    columns = min(len(shown), _COLUMNS)
    rows = -(-len(shown) // columns)
    wide = _WIDTH / columns
    says = " ".join(filter(None, (_text(figure.title), *(_label(axes) for axes in shown))))
    try:
        with np.errstate(all="ignore"):
            panels = [
                _panel(axes, number % columns * wide, number // columns * _ROW, wide)
                for number, axes in enumerate(shown)
            ]
        return Markup(template.render(width=_WIDTH, height=rows * _ROW, panels=panels, says=says))
    except Exception:  # whatever drawing does with what anybody may hand in
        return Markup("")


def _label(axes: Axes) -> str:
    return _text(axes.title) or f"{_text(axes.ylabel) or 'no label'} against {_text(axes.xlabel) or 'no label'}"


def _text(text: str, width: float = _LABEL * _LETTER) -> str:
    return shorten(without_controls(text), int(min(width / _LETTER, _LABEL)), placeholder=" …")


def _panel(axes: Axes, left: float, top: float, wide: float) -> Panel:
    """Return what one axes shows within its own limits."""
    width, height = wide - _LEFT - _RIGHT, _ROW - _BELOW - _ABOVE
    x0, x1 = nonsingular(*axes.xlim, increasing=False)
    y0, y1 = nonsingular(*axes.ylim, increasing=False)
    scale = np.array([width / (x1 - x0), height / (y0 - y1)])

    def places(series: Series | Arrows) -> Array:
        kept = evenly_spaced(series.x.size, POINTS)
        return (np.column_stack([series.x[kept], series.y[kept]]) - (x0, y1)) * scale

    clip = (-_OVERHANG, -_OVERHANG, width + _OVERHANG, height + _OVERHANG)
    return Panel(
        left + _LEFT,
        top + _ABOVE,
        width,
        height,
        _text(axes.title, wide),
        _text(axes.xlabel, wide),
        _text(axes.ylabel, _ROW),
        _marks(x0, x1, width, min(int(width / _APART), 6)),
        [(height - at, text) for at, text in _marks(y0, y1, height, _MARKS)],
        [(_line(places(one), clip), colour) for one, colour in zip(axes.lines[:SERIES], cycle(_COLOURS))],
        [(_dots(places(one), clip), colour) for one, colour in zip(axes.points[:SERIES], cycle(_COLOURS))],
        _arrows(axes.arrows, places(axes.arrows), scale, width, clip) if axes.arrows.x.size else "",
    )


def _marks(first: float, last: float, length: float, most: int) -> list[tuple[float, str]]:
    """Return places along an axis, from its beginning, with round numbers."""
    found = marks(min(first, last), max(first, last), most)
    return [((at - first) / (last - first) * length, text.replace("-", "−")) for at, text in found]


def _line(places: Array, clip: Box) -> str:
    """Return a line as SVG writes paths, without what lies outside and what nobody would see."""
    path = Path(places).cleaned(remove_nans=True, clip=clip, simplify=True)
    codes, places = np.asarray(path.codes), np.asarray(path.vertices)
    return "".join(
        f"{_LETTERS[code]}{x:.1f} {y:.1f}"
        for code, (x, y) in zip(codes.tolist(), places.tolist(), strict=True)
        if code in _LETTERS
    )


def _dots(places: Array, clip: Box) -> str:
    """Return points as lines of no length, which round ends make visible."""
    return "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places[_inside(places, clip)].tolist())


def _arrows(arrows: Arrows, places: Array, scale: Array, width: float, clip: Box) -> str:
    """Return arrows of a usual length, each in its direction in the axes, with a head of two strokes."""
    kept = evenly_spaced(arrows.x.size, POINTS)
    towards = np.column_stack([arrows.u[kept], arrows.v[kept]])
    length = np.hypot(*towards.T)
    usual = float(np.mean(length[np.isfinite(length)])) or 1.0
    drawn_length = length / usual * width / (1.8 * max(10.0, len(kept) ** 0.5))
    along = towards * scale
    along *= (drawn_length / np.maximum(np.hypot(*along.T), 1e-300))[:, None]
    across = np.column_stack([-along[:, 1], along[:, 0]])
    tips = places + along
    there = _inside(places, clip) & _inside(tips, clip)
    ends = (places, tips, tips - 0.3 * along + 0.15 * across, tips - 0.3 * along - 0.15 * across)
    return "".join(
        f"M{x:.1f} {y:.1f}L{tip_x:.1f} {tip_y:.1f}M{a:.1f} {b:.1f}L{tip_x:.1f} {tip_y:.1f}L{c:.1f} {d:.1f}"
        for (x, y), (tip_x, tip_y), (a, b), (c, d) in zip(*(end[there].tolist() for end in ends), strict=True)
    )


def _inside(places: Array, clip: Box) -> NDArray[np.bool_]:
    return np.all((places >= clip[:2]) & (places <= clip[2:]), axis=1)

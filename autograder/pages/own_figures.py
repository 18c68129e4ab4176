"""A student's own figures, drawn anew from the numbers and labels that the result keeps.

Nothing that a student has drawn, written as HTML or as SVG gets onto a page: of each figure, the sandbox gave back plain data.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import cycle
from pathlib import Path
from textwrap import shorten
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib import axes as mpl
from matplotlib import figure as mpl_figure

from autograder.files import write_again
from autograder.pages import plots
from autograder.pages.shapes import chosen
from autograder.pages.templating import clean
from autograder.question import Got
from autograder.result import Result
from autograder.sandbox import Axes, Figure, Figures

#: Figures of a question that are drawn, the last ones; axes of a figure; series of an axes; points of a series, and arrows.
FIGURES, AXES, SERIES, POINTS = 6, 6, 20, 200
_COLOURS = (plots.GOOD, plots.BAD, plots.INK, plots.EDGE, plots.MUTED)
_COLUMNS, _LABEL = 3, 60


class OwnFigures:
    """Draws figures, and keeps the drawings in a folder: of a class of hundreds, they take longer than all the rest of the pages.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[Path] = set()

    def of(self, result: Result, answers: Mapping[str, Got]) -> dict[str, list[Markup]]:
        """Return the drawings: question id -> its figures, without those that an earlier question has shown."""
        seen = set[str]()
        found: dict[str, list[Markup]] = {}
        for question in result.questions:
            decoded = answers[question.id].get(Figures().key)
            if not isinstance(decoded, tuple):
                continue
            stored = question.answers[Figures().key]["figures"]
            new = {digest: figure for digest, figure in self._named(stored, decoded) if digest not in seen}
            seen |= new.keys()
            last = list(new.items())[-FIGURES:]
            found[question.id] = [
                Markup(drawing) for digest, figure in last if (drawing := self._drawing(digest, figure))
            ]
        return found

    def remove_others(self) -> None:
        """Remove the drawings that no page has shown since this object was made."""
        for path in set(self.folder.glob("*.svg")) - self.used:
            path.unlink()

    def _named(self, stored: Sequence[Any], decoded: Sequence[Figure]) -> Iterator[tuple[str, Figure]]:
        for data, figure in zip(stored, decoded, strict=True):
            text = json.dumps([self._code, data], sort_keys=True)
            yield hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32], figure

    @cached_property
    def _code(self) -> str:
        """What the look of a drawing depends on beside its data."""
        files = (Path(__file__), Path(plots.__file__))
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

    def _drawing(self, digest: str, figure: Figure) -> str:
        path = self.folder / f"{digest}.svg"
        self.used.add(path)
        if not path.exists():
            write_again(path, draw(figure))
        return path.read_text(encoding="utf-8")


def draw(figure: Figure) -> str:
    """Return a figure's data as an SVG element of a page; "" where it cannot be drawn."""
    shown = [axes for axes in figure.axes if axes.lines or axes.points or axes.arrows.x.size][:AXES]
    if not shown:
        return ""
    columns = min(len(shown), _COLUMNS)
    rows = -(-len(shown) // columns)

    def fill(drawn: mpl_figure.Figure) -> None:
        panels = drawn.subplots(rows, columns, squeeze=False).ravel()
        drawn.subplots_adjust(left=0.13, right=0.97, bottom=0.2 / rows, top=1 - 0.13 / rows, wspace=0.45, hspace=0.75)
        for place, axes in zip(panels, shown, strict=False):
            _fill(place, axes)
        for place in panels[len(shown) :]:
            place.remove()

    says = " ".join(filter(None, (_text(figure.title), *(_label(axes) for axes in shown))))
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # of signs that the font lacks
            return plots.svg(fill, 2.6 * rows, f"Your figure: {says}", layout=None)
    except Exception:  # whatever drawing does with what anybody may hand in
        return ""


def _label(axes: Axes) -> str:
    return _text(axes.title) or f"{_text(axes.ylabel) or 'no label'} against {_text(axes.xlabel) or 'no label'}"


def _text(text: str) -> str:
    return shorten(clean(text), _LABEL, placeholder=" …")


def _fill(place: mpl.Axes, axes: Axes) -> None:
    """Draw what one axes shows within its own limits."""
    for drawn, style in ((axes.lines, "-"), (axes.points, ".")):
        for colour, series in zip(cycle(_COLOURS), drawn[:SERIES]):
            kept = chosen(series.x.size, POINTS)
            place.plot(series.x[kept], series.y[kept], style, color=colour, linewidth=1, markersize=3)
    if axes.arrows.x.size:
        kept = chosen(axes.arrows.x.size, POINTS)
        parts = (getattr(axes.arrows, name)[kept] for name in "xyuv")
        place.quiver(*parts, angles="xy", color=plots.MUTED, width=0.004)
    place.set_xlim(axes.xlim)
    place.set_ylim(axes.ylim)
    place.set_xticks(plots.round_marks(*sorted(axes.xlim)))
    place.set_yticks(plots.round_marks(*sorted(axes.ylim)))
    # Not as formulas: reading those may fail, and takes time.
    place.set_xlabel(_text(axes.xlabel), parse_math=False)
    place.set_ylabel(_text(axes.ylabel), parse_math=False)
    place.set_title(_text(axes.title), fontsize=9, parse_math=False)

"""Remembers the figures that a notebook draws, whatever becomes of them.

The inline backend closes a figure as soon as it is shown, and students close and clear figures themselves. So figures are noted when
they are made; of one that is closed, a copy of its data is kept in place of the figure with its canvas.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from matplotlib._pylab_helpers import Gcf
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .bounds import MAX_ELEMENTS, MAX_FIGURES, MAX_POINTS
from .encode import Encoded
from .figures import read_figure, size, thinned

#: So many of the newest figures stay alive: their code may still be drawing, without a name that refers to the figure.
_ALIVE = 10
#: So many of the newest figures are the last to be thinned.
_NEWEST = 10
#: Points of a series in the older and in the newest figures: thinned step by step, until all figures fit.
_THINNING = ((MAX_POINTS, MAX_POINTS), (1000, MAX_POINTS), (200, MAX_POINTS), (50, MAX_POINTS), (50, 1000), (50, 200))
_BY_LIBRARY = "_drawn_by_neurodynex"


def drawn_by_library(drawn: Figure) -> None:
    """Note that the library has drawn all of a figure so far; such a figure is nobody's answer, unless more is added."""
    setattr(drawn, _BY_LIBRARY, _artists(drawn))


def _artists(drawn: Figure) -> int:
    kinds = ("lines", "patches", "collections", "images", "texts")
    return sum(1 + sum(len(getattr(axes, kind)) for kind in kinds) for axes in drawn.axes)


@dataclass(eq=False)
class _Remembered:
    """A figure, alive or not, and its data when it was last read."""

    live: Callable[[], Figure | None]
    held: Figure | None = None
    copy: Encoded | None = None

    def read(self) -> Encoded | None:
        """Return what the figure shows; None if it has no axes, or only what the library drew."""
        drawn = self.live()
        if drawn is not None:
            self.copy = _read(drawn)
        return self.copy


def _read(drawn: Figure) -> Encoded | None:
    try:
        if not drawn.axes or getattr(drawn, _BY_LIBRARY, None) == _artists(drawn):
            return None
        return read_figure(drawn, MAX_POINTS)
    except Exception:  # one figure that cannot be read costs no other
        return None


class Tracker:
    """Knows the figures of this process, oldest first."""

    def __init__(self) -> None:
        self.figures: list[_Remembered] = []
        self.rendered: weakref.WeakSet[Figure] = weakref.WeakSet()

    def install(self) -> None:
        """Watch figures from now on."""
        tracker = self

        def made(original: Callable[..., Any], drawn: Figure, *args: Any, **kwargs: Any) -> Any:
            original(drawn, *args, **kwargs)
            tracker.note(drawn)

        def rendered(original: Callable[..., Any], drawn: Figure, *args: Any, **kwargs: Any) -> Any:
            tracker.rendered.add(drawn)
            return original(drawn, *args, **kwargs)

        def cleared(original: Callable[..., Any], drawn: Figure, *args: Any, **kwargs: Any) -> Any:
            tracker.before_clearing(drawn)
            return original(drawn, *args, **kwargs)

        def axes_cleared(original: Callable[..., Any], axes: Axes, *args: Any, **kwargs: Any) -> Any:
            drawn = axes.__dict__.get("figure") or axes.__dict__.get("_parent_figure")
            if isinstance(drawn, Figure) and axes in drawn.axes:
                tracker.before_clearing(drawn)
            return original(axes, *args, **kwargs)

        _wrap(Figure, "__init__", made)
        _wrap(Figure, "draw", rendered)
        _wrap(Figure, "clear", cleared)
        _wrap(Axes, "clear", axes_cleared)

    def note(self, drawn: Figure) -> None:
        """Remember a figure that was made; let go of older ones that are closed."""
        self.figures.append(_Remembered(weakref.ref(drawn), drawn))
        self._let_go()

    def before_clearing(self, drawn: Figure) -> None:
        """Keep a copy of what was shown of a figure; what nobody has seen goes."""
        own = next((entry for entry in reversed(self.figures) if entry.live() is drawn), None)
        if own is None:
            return
        self.figures.remove(own)
        if drawn in self.rendered and (copy := _read(drawn)):
            self.rendered.discard(drawn)
            self.figures.append(_Remembered(_nothing, copy=copy))
        self.figures.append(own)
        self._fit()

    def encode(self, elements: int = MAX_ELEMENTS) -> Encoded:
        """Encode the figures that show something, oldest first.

        Where they do not all fit, long series are thinned, those of older figures first; only then do the oldest figures go.
        """
        found = [copy for entry in self.figures if (copy := entry.read())]
        return {"figures": _fitting(found, elements)}

    def _let_go(self) -> None:
        closed = [entry for entry in self.figures if entry.held is not None and not _is_open(entry.held)]
        for entry in closed[:-_ALIVE]:
            entry.read()
            entry.held = None
        if len(closed) > _ALIVE:
            self._fit()

    def _fit(self) -> None:
        """Keep the copies of figures that are no longer alive within what is ever handed out."""
        self.figures = [entry for entry in self.figures if entry.copy or entry.live() is not None]
        if sum(size(entry.copy) for entry in self.figures if entry.copy) <= 2 * MAX_ELEMENTS:
            return
        copies = [entry.copy for entry in self.figures if entry.copy]
        fitting = _fitting(copies, MAX_ELEMENTS)
        dropped = len(copies) - len(fitting)
        with_copy = [entry for entry in self.figures if entry.copy]
        for entry, copy in zip(with_copy[dropped:], fitting, strict=True):
            entry.copy = copy
        for entry in with_copy[:dropped]:
            entry.copy = None


def _nothing() -> None:
    """Stand for a figure that has become another one."""


def _wrap(owner: type, name: str, around: Callable[..., Any]) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return around(original, self, *args, **kwargs)

    setattr(owner, name, method)


def _is_open(drawn: Figure) -> bool:
    manager = getattr(drawn.canvas, "manager", None)
    return manager is not None and Gcf.figs.get(manager.num) is manager


def _fitting(figures: list[Encoded], elements: int) -> list[Encoded]:
    older, newest = figures[:-_NEWEST], figures[-_NEWEST:]
    fitting = figures
    for points_older, points_newest in _THINNING:
        fitting = [thinned(one, points_older) for one in older] + [thinned(one, points_newest) for one in newest]
        if sum(map(size, fitting)) <= elements and len(fitting) <= MAX_FIGURES:
            return fitting
    fitting = fitting[-MAX_FIGURES:]
    left = elements
    for kept, one in enumerate(reversed(fitting)):
        left -= size(one)
        if left < 0:
            return fitting[len(fitting) - kept :]
    return fitting


_tracker = Tracker()
_watching = False


def watch() -> Tracker:
    """Return the one tracker of this process; from its first use on, every figure is noted."""
    global _watching
    if not _watching:
        _watching = True
        _tracker.install()
    return _tracker

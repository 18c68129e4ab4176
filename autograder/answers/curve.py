"""Two arrays that belong together: values at points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Bands, Facts, KeyTable, accepted_columns
from autograder.facts import format_number as short
from autograder.question import Case, Got, Verdict, explained, failed, passed
from autograder.sandbox import Request, Variable
from autograder.tolerance import Array, Between, any_contains, beyond_edges
from neurodynex.answer_data import columns
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import Unreadable, show


@dataclass(frozen=True, kw_only=True)
class Curve(VariableAnswer):
    """An array of values y, in the variable `name`, at the points `x`, in any order.

    Attributes
    ----------
    x : tuple of str
        Name and unit of the points.
    accept : callable
        Called with the context and x; returns bands over x, of which one must hold each y.
    at : callable
        Called with the context; returns points x to show and to prove the question at.
    points : int
        The smallest number of points.
    range : tuple of float
        Points outside it are not judged, and do not count.
    cover : callable, optional
        Called with the context and x (in range); returns what is missing, as a sentence, or None.
    divide_by : tuple of str, optional
        Name and unit of a number, or of one number a point, by which y is divided first.
    rising : bool
        Whether y must not fall when sorted by x.
    period : float, optional
        Of y, where values that differ by a multiple of it are the same (an angle).
    slips : tuple of Slip
        `made` gets x, y (divided as asked) and, where y is divided, the divisors. Those that are `sure` are looked for even
        where the tolerance would let them pass.
    """

    x: tuple[str, str]
    accept: Callable[[Context, Array], Sequence[Between]]
    at: Callable[[Context], Array]
    points: int = 10
    range: tuple[float, float] = (-np.inf, np.inf)
    cover: Callable[[Context, Array], str | None] | None = None
    divide_by: tuple[str, str] | None = None
    rising: bool = False
    period: float | None = None

    @property
    def y(self) -> tuple[str, str]:
        """Name and unit of the values."""
        return self.name, self.unit

    def requests(self, context: Context) -> tuple[Request, ...]:
        names = [self.x[0], self.name, *([self.divide_by[0]] if self.divide_by else [])]
        return tuple(Variable(name) for name in names)

    def judge(self, context: Context, got: Got) -> Verdict:
        found = self.read(got)
        x, y, *_ = found
        if missing := self._missing(context, x):
            if verdict := self._misplaced(context, got):
                return verdict
            raise Unreadable(missing)
        if verdict := explained(context, f"`{self.name}`", found, [slip for slip in self.slips if slip.sure]):
            return verdict
        right = self._inside(context, x, y)
        order = np.argsort(x, kind="stable")
        if right.all() and not (self.rising and (np.diff(y[order]) < -1e-9 * np.abs(y[order][1:]) - 1e-9).any()):
            return passed(f"`{self.name}` at {x.size} points of `{self.x[0]}`: accepted.")
        problem = f"`{self.name}` falls somewhere as `{self.x[0]}` grows."
        if not right.all():
            wrong = int(np.argmin(right))
            at = show(x[wrong], self.x[1])
            shown = "" if self.divide_by else f" ({show(y[wrong], self.unit)} at {at})"
            problem = (
                f"`{self.name}` is outside the tolerance at {int((~right).sum())} of {x.size} points, "
                f"the first at {self.x[0]} = {at}{shown}."
            )
        return self.refused(context, f"`{self.name}`", found, problem)

    def arrays(self, got: Got) -> tuple[Array, Array]:
        """Return x and y of all points, as the student gave them."""
        return columns.curve(got, self.x, self.y)

    def read(self, got: Got) -> tuple[Array, ...]:
        """Return x, y (divided as asked) and the divisors, if there are any, of the points in range."""
        x, y = self.arrays(got)
        arrays: tuple[Array, ...] = (x, y)
        if self.divide_by:
            divisor = columns.divisors(got, self.divide_by, y)
            arrays = (x, y / divisor, np.broadcast_to(divisor, y.shape))
        inside = Between(*self.range).contains(arrays[0])
        return tuple(array[inside] for array in arrays)

    def _missing(self, context: Context, x: Array) -> str | None:
        """Return what the points lack, as a sentence, or None."""
        distinct = np.unique(np.round(x, 9)).size
        if distinct < self.points:
            low, high = (show(edge) for edge in self.range)
            where = (
                f" up to {high} {self.x[1]}" if np.isinf(self.range[0]) else f" between {low} and {high} {self.x[1]}"
            )
            return (
                f"`{self.x[0]}` has {distinct} different points{'' if np.isinf(self.range[1]) else where}; "
                f"the question asks for {self.points} or more."
            )
        return self.cover(context, x) if self.cover else None

    def _misplaced(self, context: Context, got: Got) -> Verdict | None:
        """Say so if x and y are exchanged, or if x is right in another unit."""
        x, y = self.arrays(got)
        if not self.divide_by and self._mostly_right(context, y, x):
            return failed(f"`{self.x[0]}` and `{self.name}` are exchanged.", "exchanged")
        for power in (3, -3, 6, -6, 9, -9):
            if self._mostly_right(context, x / 10.0**power, y):
                times = f"{10 ** abs(power):,} times too {'large' if power > 0 else 'small'}"
                return failed(
                    f"`{self.x[0]}` is {times} for {self.x[1]}, the unit that the question asks for.",
                    f"unit of {self.x[0]}",
                )
        return None

    def _mostly_right(self, context: Context, x: Array, y: Array) -> bool:
        inside = Between(*self.range).contains(x)
        x, y = x[inside], y[inside]
        if self._missing(context, x):
            return False
        # An amplitude is known only over its current, so the place of its frequency has to do.
        return (bool(self.divide_by) and self.range[0] > 0) or bool(np.mean(self._inside(context, x, y)) > 0.8)

    def _inside(self, context: Context, x: Array, y: Array) -> NDArray[np.bool_]:
        bands = self.accept(context, x)
        if self.period is None:
            return any_contains(bands, y)
        turns = [self.period * np.round((y - band.middle) / self.period) for band in bands]
        return np.any([band.contains(y - turn) for band, turn in zip(bands, turns, strict=True)], axis=0)

    def cases(self, context: Context) -> Iterator[Case]:
        x = self.at(context)
        bands = self.accept(context, x)
        low, high = bands[0].edges
        middle = bands[0].middle
        yield Case("right", (x, middle), True)
        yield Case("right, in another order", (x[::-1], middle[::-1]), True)
        yield Case("a length does not match", (x, middle[:-1]), mistake="form")
        yield Case("too few points", (x[: self.points - 1], middle[: self.points - 1]), mistake="form")
        if not self.rising:  # edges next to middles may fall
            yield Case("at the lower edges", (x, low), True)
            yield Case("at the upper edges", (x, high), True)
        for label, values in beyond_edges(bands, x.size):
            yield Case(label, (x, values))

    def encoded(self, value: Sequence[Any]) -> dict[str, Any]:
        """Return the answers of a student who has these arrays: x, y (divided as asked) and perhaps the divisors."""
        x, y, divisor = (*value, 0.3)[:3]
        answers = {
            Variable(self.x[0]).key: encode(x),
            Variable(self.name).key: encode(y * divisor if self.divide_by else y),
        }
        if self.divide_by:
            answers[Variable(self.divide_by[0]).key] = encode(divisor)
        return answers

    def facts(self, context: Context) -> Facts:
        x = self.at(context)
        bands = self.accept(context, x)
        headings, rows = accepted_columns(bands, x.size)
        over = f" / {self.divide_by[0]}" if self.divide_by else ""
        xlabel = f"{self.x[0]} ({self.x[1]})"
        low, high = (tuple(np.broadcast_to(edge, x.shape).tolist()) for edge in bands[0].edges)
        table = KeyTable((xlabel, *headings), [(short(float(at)), *row) for at, row in zip(x, rows, strict=True)])
        more = [f"{self.points} points or more", *(["not falling"] if self.rising else [])]
        more += [f"modulo {short(self.period)}"] if self.period else []
        return Facts(
            f"an array over {xlabel}: {', '.join(more)}",
            "the middle of each band below",
            "the bands below" + (", of which one must hold each value" if len(bands) > 1 else ""),
            table,
            bands=Bands(tuple(x.tolist()), low, high, xlabel, f"{self.name}{over} ({self.unit})"),
        )

    def form(self) -> dict[str, Any]:
        form: dict[str, Any] = {"kind": "curve", "x": list(self.x), "y": list(self.y), "points": self.points}
        if self.divide_by:
            form["divide_by"] = list(self.divide_by)
        if np.isfinite(self.range).all():
            form["range"] = list(self.range)
        return form

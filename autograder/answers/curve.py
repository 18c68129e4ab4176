"""Two arrays that belong together: y at x."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Request, Variable
from autograder.tolerance import Between, any_contains
from neurodynex.answer_data import columns
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import Unreadable, show

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """An array `y` of values at the points `x`, in any order.

    Attributes
    ----------
    x, y : tuple of str
        Name and unit of each array.
    accept : callable
        Called with x and the context; returns bands over x, of which one must hold each y.
    at : callable
        Called with the context; returns points x to show and to prove the question at.
    points : int
        The smallest number of points.
    range : tuple of float
        Points outside it are not judged, and do not count.
    cover : callable, optional
        Called with x (in range) and the context; returns what is missing, as a sentence, or None.
    divide_by : tuple of str, optional
        Name and unit of a number, or of one number a point, by which y is divided first.
    rising : bool
        Whether y must not fall when sorted by x.
    period : float, optional
        Of y, where values that differ by a multiple of it are the same (an angle).
    slips : tuple of Slip
        `made` gets x, y (divided as asked) and, where y is divided, the divisors.
    sure : tuple of Slip
        Slips whose signature leaves no doubt: they are looked for even where the tolerance would let them pass.
    """

    x: tuple[str, str]
    y: tuple[str, str]
    accept: Callable[[Array, Context], Sequence[Between]]
    at: Callable[[Context], Array]
    think: str
    points: int = 10
    range: tuple[float, float] = (-np.inf, np.inf)
    cover: Callable[[Array, Context], str | None] | None = None
    divide_by: tuple[str, str] | None = None
    rising: bool = False
    period: float | None = None
    slips: tuple[Slip, ...] = ()
    sure: tuple[Slip, ...] = ()
    weight: float = 1.0

    @property
    def name(self) -> str:
        return self.y[0]

    def requests(self, context: Context) -> tuple[Request, ...]:
        names = [self.x[0], self.y[0], *([self.divide_by[0]] if self.divide_by else [])]
        return tuple(Variable(name) for name in names)

    def judge(self, got: Got, context: Context) -> Verdict:
        found = self._read(got)
        x, y, *_ = found
        if self._missing(x, context) and (verdict := self._misplaced(got, context)):
            return verdict
        self._enough(x, context)
        if verdict := explained(f"`{self.y[0]}`", found, self.sure, context):
            return verdict
        right = self._inside(x, y, context)
        order = np.argsort(x, kind="stable")
        if right.all() and not (self.rising and (np.diff(y[order]) < -1e-9 * np.abs(y[order][1:]) - 1e-9).any()):
            return passed(f"`{self.y[0]}` at {x.size} points of `{self.x[0]}`: accepted.")
        if verdict := explained(f"`{self.y[0]}`", found, self.slips, context):
            return verdict
        if right.all():
            return failed(f"`{self.y[0]}` falls somewhere as `{self.x[0]}` grows. {self.think}")
        wrong = int(np.argmin(right))
        at = show(x[wrong], self.x[1])
        shown = "" if self.divide_by else f" ({show(y[wrong], self.y[1])} at {at})"
        return failed(
            f"`{self.y[0]}` is outside the tolerance at {int((~right).sum())} of {x.size} points, "
            f"the first at {self.x[0]} = {at}{shown}. {self.think}"
        )

    def read(self, got: Got) -> tuple[Array, Array]:
        """Return x and y (divided as asked) of the points in range."""
        x, y, *_ = self._read(got)
        return x, y

    def arrays(self, got: Got) -> tuple[Array, Array]:
        """Return x and y of all points, as the student gave them."""
        return columns.curve(got, self.x, self.y)

    def _read(self, got: Got) -> tuple[Array, ...]:
        """Return x, y (divided as asked) and the divisors, if there are any, of the points in range."""
        x, y = self.arrays(got)
        arrays: tuple[Array, ...] = (x, y)
        if self.divide_by:
            divisor = columns.divisors(got, self.divide_by, y)
            arrays = (x, y / divisor, np.broadcast_to(divisor, y.shape))
        inside = Between(*self.range).contains(arrays[0])
        return tuple(array[inside] for array in arrays)

    def _missing(self, x: Array, context: Context) -> str | None:
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
        return self.cover(x, context) if self.cover else None

    def _enough(self, x: Array, context: Context) -> None:
        if missing := self._missing(x, context):
            raise Unreadable(missing)

    def _misplaced(self, got: Got, context: Context) -> Verdict | None:
        """Say so if x and y are exchanged, or if x is right in another unit."""
        x, y = self.arrays(got)
        if not self.divide_by and self._mostly_right(y, x, context):
            return failed(f"`{self.x[0]}` and `{self.y[0]}` are exchanged.", "exchanged")
        for power in (3, -3, 6, -6, 9, -9):
            if self._mostly_right(x / 10.0**power, y, context):
                times = f"{10 ** abs(power):,} times too {'large' if power > 0 else 'small'}"
                return failed(
                    f"`{self.x[0]}` is {times} for {self.x[1]}, the unit that the question asks for.",
                    f"unit of {self.x[0]}",
                )
        return None

    def _mostly_right(self, x: Array, y: Array, context: Context) -> bool:
        inside = Between(*self.range).contains(x)
        x, y = x[inside], y[inside]
        if self._missing(x, context):
            return False
        # An amplitude is known only over its current, so the place of its frequency has to do.
        return (bool(self.divide_by) and self.range[0] > 0) or bool(np.mean(self._inside(x, y, context)) > 0.8)

    def _inside(self, x: Array, y: Array, context: Context) -> NDArray[np.bool_]:
        bands = self.accept(x, context)
        if self.period is None:
            return any_contains(bands, y)
        middles = [(np.asarray(band.low) + np.asarray(band.high)) / 2 for band in bands]
        return np.any(
            [
                band.contains(y - self.period * np.round((y - middle) / self.period))
                for band, middle in zip(bands, middles, strict=True)
            ],
            axis=0,
        )

    def examples(self, context: Context) -> Iterator[Example]:
        x = self.at(context)
        bands = self.accept(x, context)
        low, high = np.array(bands[0].low, float), np.array(bands[0].high, float)
        middle = (low + high) / 2
        cases: list[tuple[str, tuple[Array, ...], bool, str | None]] = [
            ("right", (x, middle), True, None),
            ("right, in another order", (x[::-1], middle[::-1]), True, None),
            ("a length does not match", (x, middle[:-1]), False, "form"),
            ("too few points", (x[: self.points - 1], middle[: self.points - 1]), False, "form"),
            *((f"slip: {slip.name}", slip.example(context), False, slip.name) for slip in (*self.sure, *self.slips)),
        ]
        if not self.rising:  # edges next to middles may fall
            cases += [("at the lower edges", (x, low), True, None), ("at the upper edges", (x, high), True, None)]
        bottom = np.min([np.broadcast_to(np.asarray(b.low, float), x.shape) for b in bands], axis=0)
        top = np.max([np.broadcast_to(np.asarray(b.high, float), x.shape) for b in bands], axis=0)
        for index in range(x.size):
            beyond = 1e-6 * max(1.0, abs(top[index]))
            for side, value in (("below", bottom[index] - beyond), ("above", top[index] + beyond)):
                off = np.where(np.arange(x.size) == index, value, middle)
                cases.append((f"{side} the edge at point {index + 1}", (x, off), False, None))
        for label, arrays, passes, mistake in cases:
            yield Example(label, self.encoded(*arrays), passes, mistake)

    def encoded(self, x: Array, y: Array, divisor: Array | float = 0.3) -> dict[str, Any]:
        """Return the answers of a student who has these arrays."""
        answers = {
            f"variable:{self.x[0]}": encode(x),
            f"variable:{self.y[0]}": encode(y * divisor if self.divide_by else y),
        }
        if self.divide_by:
            answers[f"variable:{self.divide_by[0]}"] = encode(divisor)
        return answers

    def form(self) -> dict[str, Any]:
        form: dict[str, Any] = {"kind": "curve", "x": list(self.x), "y": list(self.y), "points": self.points}
        if self.divide_by:
            form["divide_by"] = list(self.divide_by)
        if np.isfinite(self.range).all():
            form["range"] = list(self.range)
        return form

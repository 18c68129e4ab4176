"""A trajectory in the phase plane that settles on a limit cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts, KeyTable, format_value
from autograder.facts import format_number as short
from autograder.question import Case, Got, Verdict, explained, failed, passed
from autograder.sandbox import Request, Variable
from autograder.tolerance import Array, within
from neurodynex.answer_data.columns import trajectory
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import Unreadable, show

UNITS = ("ms", "mV", "mV")
# A step of Euler's method may be left out at the start.
START_TOLERANCE = 0.2
# A solution that blew up is no nearer to the cycle for being held here, where slopes stay in the range of floats.
FAR = 1e6  # mV
# What is judged: this part of the trajectory, at its end, resampled to so many points a period.
LATE, FINE = 0.5, 400
# With fewer points a period the extrema are not seen to the 3 % that are accepted.
POINTS_PER_PERIOD = 7


class Cycle(Protocol):
    """What is known of the limit cycle: its period (ms) and its extent along each axis."""

    @property
    def period(self) -> float: ...

    @property
    def extent(self) -> Array: ...


@dataclass(frozen=True, kw_only=True)
class Trajectory(VariableAnswer):
    """Three arrays, time (ms) and the two variables of the plane (mV), with points at any spacing.

    Attributes
    ----------
    names : tuple of str
        Of the three variables.
    start : tuple of float
        Where it has to start.
    duration : float
        How long it has to last, at least (ms).
    expected : callable
        Called with the context; returns the limit cycle.
    solve : callable
        Called with the context and times (ms); returns a right trajectory, of shape (2, n), for the examples.
    relative : float
        How far period and extents may be off.
    slips : tuple of Slip
        `made` gets the three arrays.
    """

    names: tuple[str, str, str]
    start: tuple[float, float]
    duration: float
    expected: Callable[[Context], Cycle]
    solve: Callable[[Context, Array], Array]
    relative: float = 0.03
    name: str = field(init=False)
    unit: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", ", ".join(self.names))

    def requests(self, context: Context) -> tuple[Request, ...]:
        return tuple(Variable(name) for name in self.names)

    def judge(self, context: Context, got: Got) -> Verdict:
        cycle = self.expected(context)
        t, u, w = self.read(got, cycle)
        wrong = self._wrong(t, u, w, cycle)
        begins = [
            (name, values[0])
            for name, values, expected in zip(self.names[1:], (u, w), self.start, strict=True)
            if abs(values[0] - expected) > START_TOLERANCE
        ]
        if not wrong and not begins:
            return passed(
                f"`{self.name}`: {t.size} points up to {show(t[-1], 'ms')}, which settle on the limit cycle: accepted."
            )
        # a slip may look like a wrong start, and says more
        if verdict := explained(context, f"`{self.name}`", (t, u, w), self.slips):
            return verdict
        for name, value in begins:
            return failed(
                f"`{name}` starts at {show(value)}; the question asks for the whole trajectory from "
                f"({show(self.start[0])}, {show(self.start[1])})."
            )
        return failed(wrong)

    def _wrong(self, t: Array, u: Array, w: Array, cycle: Cycle) -> str:
        """Return what is not that of the limit cycle, as a sentence; nothing if all is."""
        period, *extent = measure(t, u, w, cycle.period)
        for what, found, expected in (
            (f"the period of `{self.names[1]}`", period, cycle.period),
            (f"the extent of `{self.names[1]}`", extent[0], cycle.extent[0]),
            (f"the extent of `{self.names[2]}`", extent[1], cycle.extent[1]),
        ):
            if not within(expected, relative=self.relative).contains(found):
                seen = "cannot be measured" if np.isnan(found) else f"is {show(found)}"
                return f"In the second half of the trajectory, {what} {seen}, which is not that of the limit cycle. {self.think}"
        return ""

    def read(self, got: Got, cycle: Cycle) -> tuple[Array, Array, Array]:
        """Return the three arrays."""
        t, u, w = trajectory(got, self.names, UNITS, self.duration)
        if t.size < POINTS_PER_PERIOD * (t[-1] - t[0]) / cycle.period:
            raise Unreadable(f"The trajectory has {t.size} points, too few to see how it goes on. Record more of them.")
        return t, u, w

    def cases(self, context: Context) -> Iterator[Case]:
        t = np.linspace(0, self.duration + 100, round(10 * self.duration) + 1001)
        # Dense here and sparse there, as an adaptive solver makes it.
        uneven: Array = self.duration * np.linspace(0, 1.2, 500) + 1.5 * np.sin(np.linspace(0, 40, 500))
        inside, beyond = 1 + 0.98 * self.relative, 1 + 1.05 * self.relative
        u, w = self.solve(context, t)
        yield Case("right", (t, u, w), True)
        yield Case("right, unevenly spaced", (uneven, *self.solve(context, uneven)), True)
        yield Case("right, without the first step", (t[1:], u[1:], w[1:]), True)
        yield Case("u inside the upper edge", (t, inside * u, w), True)
        yield Case("u beyond the upper edge", (t, beyond * u, w))
        yield Case("w inside the lower edge", (t, u, w / inside), True)
        yield Case("w beyond the lower edge", (t, u, w / beyond))
        yield Case("period inside the upper edge", (inside * t, u, w), True)
        yield Case("period beyond the upper edge", (beyond * t, u, w))
        yield Case("another start", (t[:-100], u[100:], w[100:]))
        yield Case("too short", (t[t < 200], u[t < 200], w[t < 200]), mistake="form")
        yield Case("backwards", (t[::-1], u, w), mistake="form")
        yield Case("a length does not match", (t, u[:-1], w), mistake="form")
        yield Case("too few points", (t[::100], u[::100], w[::100]), mistake="form")

    def encoded(self, value: Sequence[Array]) -> dict[str, Any]:
        return {Variable(name).key: encode(array) for name, array in zip(self.names, value, strict=True)}

    def facts(self, context: Context) -> Facts:
        cycle = self.expected(context)
        rows = []
        for what, value in (
            ("period (ms)", cycle.period),
            (f"extent of {self.names[1]}", float(cycle.extent[0])),
            (f"extent of {self.names[2]}", float(cycle.extent[1])),
        ):
            low, high = map(float, within(value, relative=self.relative).edges)
            rows.append((what, short(value), f"{short(low)} to {short(high)}"))
        asked = f"from {format_value(self.start)}, {short(self.duration)} ms or longer"
        table = KeyTable(("what", "expected", "accepted"), rows)
        return Facts(f"three arrays, {asked}", "the limit cycle", "as below", table)

    def form(self) -> dict[str, Any]:
        return {"kind": "trajectory", "names": list(self.names), "units": list(UNITS), "duration": self.duration}


def measure(t: Array, u: Array, w: Array, about: float) -> tuple[float, float, float]:
    """Return the period of u (NaN without one), and the extents of u and w, in the late part of a trajectory.

    Parameters
    ----------
    t, u, w : numpy.ndarray, shape (n,)
    about : float
        The period, roughly: how fine to look.
    """
    fine = np.linspace(t[-1] - LATE * (t[-1] - t[0]), t[-1], int(FINE * LATE * (t[-1] - t[0]) / about) + 2)
    from scipy.interpolate import PchipInterpolator  # as in `figure`: few processes that import this judge a trajectory

    # Each piece depends on the next points only, so that those long before need not be interpolated.
    late = slice(max(int(np.searchsorted(t, fine[0])) - 3, 0), None)
    us, ws = PchipInterpolator(t[late], np.stack([u[late], w[late]]).clip(-FAR, FAR), axis=1)(fine)
    level = (us.max() + us.min()) / 2
    crossings = fine[1:][(us[1:] >= level) & (us[:-1] < level)]
    period = float(np.diff(crossings).mean()) if crossings.size > 1 else float("nan")
    return period, float(np.ptp(us)), float(np.ptp(ws))

"""Rows of (pulse amplitude, latency of the spike)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts, KeyTable
from autograder.facts import format_number as short
from autograder.question import Case, Got, Verdict, explained, failed, passed
from autograder.tolerance import Array, Between, within
from neurodynex.answer_data.columns import pulses
from neurodynex.answer_data.reading import Unreadable, show

# Currents this near to the pulse threshold may go either way: dt decides there (Euler's method at 0.1 ms is 0.8 % off).
EITHER_WAY = 0.015
RELATIVE, ABSOLUTE = 0.05, 0.2  # of a latency; ms
# Each comparison solves the model's equations. Of a longer table, so many rows are compared, evenly spread.
COMPARED = 100


@dataclass(frozen=True, kw_only=True)
class Latencies(VariableAnswer):
    """A table of pulse amplitudes (pA) and spike latencies (ms).

    Attributes
    ----------
    threshold : callable
        Called with the context; returns the smallest pulse that makes the student's neuron fire.
    expected : callable
        Called with the context and a current; returns the time from the pulse's onset to the spike, NaN without one.
    rows : int
        The smallest number of rows.
    slips : tuple of Slip
        `made` gets currents and latencies, two arrays.
    """

    threshold: Callable[[Context], float]
    expected: Callable[[Context, float], float]
    rows: int = 4
    unit: str = ""

    def judge(self, context: Context, got: Got) -> Verdict:
        currents, latencies = pulses(got, self.name)
        # the other neuron's pulses are not even near this one's threshold
        if verdict := explained(context, f"`{self.name}`", (currents, latencies), self.slips):
            return verdict
        if verdict := self._no_spike_as_number(context, currents, latencies):
            return verdict
        self._enough(context, currents, latencies)
        right = right_latencies(currents, latencies, self.threshold(context), lambda i: self.expected(context, i))
        if right.all():
            return passed(f"`{self.name}`: {currents.size} pulses, accepted.")
        wrong = int(np.argmin(right))
        found = "no spike" if np.isnan(latencies[wrong]) else f"a latency of {show(latencies[wrong], 'ms')}"
        return failed(
            f"`{self.name}`: {int((~right).sum())} of {currents.size} rows are outside the tolerance, the first at "
            f"{show(currents[wrong], 'pA')} with {found}. {self.think}"
        )

    def _no_spike_as_number(self, context: Context, currents: Array, latencies: Array) -> Verdict | None:
        """Say so if 0 or a negative number stands where there is no spike, and nowhere else."""
        with np.errstate(invalid="ignore"):
            odd = latencies <= 0
        if not odd.any() or (currents[odd] / self.threshold(context) - 1 > EITHER_WAY).any():
            return None
        at = int(np.argmax(odd))
        return failed(
            f"`{self.name}` has a latency of {show(latencies[at], 'ms')} at {show(currents[at], 'pA')}, which would be a spike at or "
            "before the onset of the pulse. Write None or NaN where there is no spike.",
            "number for no spike",
        )

    def _enough(self, context: Context, currents: Array, latencies: Array) -> None:
        threshold = self.threshold(context)
        for k, unit in ((1e3, "fA"), (1e-3, "nA"), (1e-12, "A")):
            if (np.abs(currents / k / threshold - 1) <= 0.5).sum() >= self.rows:
                raise Unreadable(f"The currents of `{self.name}` look like {unit}; the question asks for pA.")
        near = np.abs(currents / threshold - 1) <= 0.5
        if np.unique(np.round(currents[near], 9)).size < self.rows or np.isfinite(latencies[near]).sum() < 2:
            raise Unreadable(
                f"`{self.name}` has too few pulses near the threshold of this neuron for a short pulse: give {self.rows} "
                "different currents or more about it, two of them with a spike."
            )

    def _example(self, context: Context, *fractions: float) -> tuple[Array, Array, Between]:
        """Return currents that are these fractions of the threshold, with the latencies and what is accepted."""
        currents = self.threshold(context) * np.array(fractions)
        latencies = np.array([self.expected(context, float(current)) for current in currents])
        return currents, latencies, accepted(latencies)

    def cases(self, context: Context) -> Iterator[Case]:
        currents, latencies, band = self._example(context, 0.9, 0.98, 1.02, 1.1, 1.3)
        low, high = band.edges
        silent, first, last = np.isnan(latencies), currents == currents[0], currents == currents[-1]
        yield Case("right", (currents, latencies), True)
        yield Case("at the lower edges", (currents, low), True)
        yield Case("at the upper edges", (currents, high), True)
        yield Case("below an edge", (currents, np.where(last, low - 1e-4 * (latencies - low), latencies)))
        yield Case("above an edge", (currents, np.where(last, high + 1e-4 * (high - latencies), latencies)))
        yield Case("a spike below the threshold", (currents, np.where(first, 5.0, latencies)))
        yield Case("infinity for no spike", (currents, np.where(silent, np.inf, latencies)), True)
        yield Case("0 for no spike", (currents, np.where(silent, 0, latencies)), mistake="number for no spike")
        yield Case("no spike above the threshold", (currents, np.where(last, np.nan, latencies)))
        yield Case("too few rows", (currents[2:], latencies[2:]), mistake="form")

    def encoded(self, value: tuple[Array, Array]) -> dict[str, Any]:
        rows = zip(*value, strict=True)
        return super().encoded([(float(i), None if np.isnan(t) else float(t)) for i, t in rows])

    def facts(self, context: Context) -> Facts:
        currents, latencies, band = self._example(context, 0.9, 0.98, 1.02, 1.1, 1.3, 1.5)
        rows = [
            (short(round(i, 4)), *(("none", "no spike") if np.isnan(t) else (f"{t:.2f}", f"{low:.2f} to {high:.2f}")))
            for i, t, low, high in zip(currents.tolist(), latencies.tolist(), *band.edges, strict=True)
        ]
        return Facts(
            f"{self.rows} rows or more of (pA, ms)",
            f"a pulse threshold of {short(self.threshold(context))} pA",
            f"as below; within {100 * EITHER_WAY:g} % of the pulse threshold a spike and none are both accepted",
            KeyTable(("pulse (pA)", "latency (ms)", "accepted"), rows),
        )

    def form(self) -> dict[str, Any]:
        return {"kind": "latencies", "name": self.name, "rows": self.rows}


def accepted(latencies: ArrayLike) -> Between:
    """Return what is accepted of latencies (ms), of which NaN is none."""
    return within(latencies, RELATIVE, ABSOLUTE)


def right_latencies(
    currents: Array,
    latencies: Array,
    threshold: float,
    expected: Callable[[float], float],
) -> NDArray[np.bool_]:
    """Tell for each row whether it holds: the latency within its margin, or rightly none."""
    beyond = currents / threshold - 1
    right = np.isnan(latencies) | ((latencies > 0) & (beyond >= -EITHER_WAY))
    firing = np.flatnonzero(beyond > EITHER_WAY)
    right[firing] = ~np.isnan(latencies[firing])
    for index in firing[np.linspace(0, firing.size - 1, min(firing.size, COMPARED)).round().astype(int)]:
        right[index] = accepted(expected(float(currents[index]))).contains(latencies[index])
    return right

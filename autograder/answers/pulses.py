"""Rows of (pulse amplitude, latency of the spike)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Request, Variable
from autograder.tolerance import within
from neurodynex.answer_data.columns import pulses
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import Unreadable, show

# Currents this near to the pulse threshold may go either way: dt decides there (Euler's method at 0.1 ms is 0.8 % off).
EITHER_WAY = 0.015
RELATIVE, ABSOLUTE = 0.05, 0.2  # of a latency; ms
# Each comparison solves the model's equations. Of a longer table, so many rows are compared, evenly spread.
COMPARED = 100


@dataclass(frozen=True)
class Latencies:
    """A table of pulse amplitudes (pA) and spike latencies (ms).

    Attributes
    ----------
    threshold, latency : callable
        Called with the context, and `latency` with a current too: the smallest pulse that makes the student's neuron
        fire, and the time from the pulse's onset to the spike.
    rows : int
        The smallest number of rows.
    """

    name: str
    threshold: Callable[[Context], float]
    latency: Callable[[Context, float], float]
    think: str
    rows: int = 4
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        currents, latencies = pulses(got, self.name)
        # the other neuron's pulses are not even near this one's threshold
        if verdict := explained(f"`{self.name}`", (currents, latencies), self.slips, context):
            return verdict
        if verdict := self._no_spike_as_number(currents, latencies, context):
            return verdict
        self._enough(currents, latencies, context)
        right = right_latencies(currents, latencies, self.threshold(context), lambda i: self.latency(context, i))
        if right.all():
            return passed(f"`{self.name}`: {currents.size} pulses, accepted.")
        wrong = int(np.argmin(right))
        found = "no spike" if np.isnan(latencies[wrong]) else f"a latency of {show(latencies[wrong], 'ms')}"
        return failed(
            f"`{self.name}`: {int((~right).sum())} of {currents.size} rows are outside the tolerance, the first at "
            f"{show(currents[wrong], 'pA')} with {found}. {self.think}"
        )

    def _no_spike_as_number(
        self, currents: NDArray[np.float64], latencies: NDArray[np.float64], context: Context
    ) -> Verdict | None:
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

    def _enough(self, currents: NDArray[np.float64], latencies: NDArray[np.float64], context: Context) -> None:
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

    def examples(self, context: Context) -> Iterator[Example]:
        threshold = self.threshold(context)
        currents = threshold * np.array([0.9, 0.98, 1.02, 1.1, 1.3])
        latencies = np.array([self.latency(context, float(current)) for current in currents])
        margin = np.maximum(RELATIVE * latencies, ABSOLUTE)
        cases: list[tuple[str, NDArray[np.float64], bool, str | None]] = [
            ("right", latencies, True, None),
            ("at the lower edges", latencies - margin, True, None),
            ("at the upper edges", latencies + margin, True, None),
            ("below an edge", np.where(currents == currents[-1], latencies - margin * 1.0001, latencies), False, None),
            ("above an edge", np.where(currents == currents[-1], latencies + margin * 1.0001, latencies), False, None),
            ("a spike below the threshold", np.where(currents == currents[0], 5.0, latencies), False, None),
            ("infinity for no spike", np.where(np.isnan(latencies), np.inf, latencies), True, None),
            ("0 for no spike", np.where(np.isnan(latencies), 0, latencies), False, "number for no spike"),
            ("no spike above the threshold", np.where(currents == currents[-1], np.nan, latencies), False, None),
        ]
        for label, found, passes, mistake in cases:
            yield Example(label, self._encoded(currents, found), passes, mistake)
        yield Example("too few rows", self._encoded(currents[2:], latencies[2:]), False, "form")
        for slip in (slip for slip in self.slips if slip.applies(context)):
            yield Example(f"slip: {slip.name}", self._encoded(*slip.example(context)), False, slip.name)

    def _encoded(self, currents: NDArray[np.float64], latencies: NDArray[np.float64]) -> dict[str, Any]:
        rows = [(float(i), None if np.isnan(t) else float(t)) for i, t in zip(currents, latencies, strict=True)]
        return {f"variable:{self.name}": encode(rows)}

    def form(self) -> dict[str, Any]:
        return {"kind": "latencies", "name": self.name, "rows": self.rows}


def right_latencies(
    currents: NDArray[np.float64],
    latencies: NDArray[np.float64],
    threshold: float,
    expected: Callable[[float], float],
) -> NDArray[np.bool_]:
    """Tell for each row whether it holds: the latency within its margin, or rightly none."""
    beyond = currents / threshold - 1
    right = np.isnan(latencies) | ((latencies > 0) & (beyond >= -EITHER_WAY))
    firing = np.flatnonzero(beyond > EITHER_WAY)
    right[firing] = ~np.isnan(latencies[firing])
    for index in firing[np.linspace(0, firing.size - 1, min(firing.size, COMPARED)).round().astype(int)]:
        right[index] = within(expected(float(currents[index])), RELATIVE, ABSOLUTE).contains(latencies[index])
    return right

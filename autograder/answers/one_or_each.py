"""One number, or a number for each of several runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts, of_a_number
from autograder.question import Case, Got, Verdict, passed
from autograder.sandbox import Request, Variable
from autograder.tolerance import Between
from neurodynex.answer_data.columns import one_or_each
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import show


@dataclass(frozen=True, kw_only=True)
class OneOrEach(VariableAnswer):
    """One number, or one for each run; all of them must be right.

    Attributes
    ----------
    runs : str
        Name of the variable with an element for each run.
    accept : callable
        Called with the context; returns what is accepted.
    expected : callable
        Called with the context; returns the expected number.
    slips : tuple of Slip
        `made` gets the numbers as an array.
    """

    runs: str
    accept: Callable[[Context], Between]
    expected: Callable[[Context], float]

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name), Variable(self.runs))

    def decisive(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, context: Context, got: Got) -> Verdict:
        values = one_or_each(got, self.name, self.unit, self.runs)
        right = self.accept(context).contains(values)
        if right.all():
            return passed(f"`{self.name}`, {values.size} of it: accepted.")
        first = show(float(values[int(np.argmin(right))]), self.unit)
        wrong = f"{int((~right).sum())} of {values.size} are outside the tolerance, the first is {first}."
        return self.refused(context, f"`{self.name}`", values, f"`{self.name}`: {wrong}")

    def cases(self, context: Context) -> Iterator[Case]:
        right, (low, high) = self.expected(context), map(float, self.accept(context).edges)
        yield Case("right", right, True)
        yield Case("right, one for each run", [right] * 10, True)
        yield Case("at the edges", [low, high] * 5, True)
        yield Case("below the lower edge", low - 1e-6)
        yield Case("one above the upper edge", [right] * 9 + [high + 1e-6])
        yield Case("another number than of runs", [right] * 9, mistake="form")
        yield Case("none", [], mistake="form")

    def encoded(self, value: Any) -> dict[str, Any]:
        return {**super().encoded(value), Variable(self.runs).key: encode([0.0] * 10)}

    def facts(self, context: Context) -> Facts:
        kind = f"one number, or one for each element of {self.runs}"
        return of_a_number(kind, expected=self.expected(context), band=self.accept(context), unit=self.unit)

    def form(self) -> dict[str, Any]:
        return {"kind": "one_or_each", "name": self.name, "unit": self.unit, "runs": self.runs}

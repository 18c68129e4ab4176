"""A function of the student's that returns one number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.answers.function_answer import FunctionAnswer, Inputs
from autograder.course import Context
from autograder.facts import Facts, accepted_columns
from autograder.question import Case, Got, Verdict, explained, failed, passed
from autograder.sandbox import Argument, Call, Calls, Error
from autograder.tolerance import Between, any_contains, beyond_edges
from neurodynex.answer_data.reading import Unreadable, number, shorten, show


@dataclass(frozen=True, kw_only=True)
class Function(FunctionAnswer):
    """A function that returns one number for each set of arguments.

    Attributes
    ----------
    accept : callable
        Called with the context and the inputs; returns bands over all inputs, of which one must hold each result.
    not_a_number : str
        What to say of a NaN, beside that it is one.
    refusals : tuple of (str, str)
        Name of a slip, and the text by which the error that it raises is known.
    slips : tuple of Slip
        `made` gets the results as an array.
    """

    accept: Callable[[Context, Inputs], Sequence[Between]]
    not_a_number: str = ""
    refusals: tuple[tuple[str, str], ...] = ()

    def judge(self, context: Context, got: Got) -> Verdict:
        if verdict := self._refusal(got):
            return verdict
        inputs = self.inputs(context)
        rounds = np.array(self.rounds(got, inputs))
        bands = self.accept(context, inputs)
        if verdict := explained(context, f"`{self.name}`", rounds[-1], [slip for slip in self.slips if slip.sure]):
            return verdict
        right = np.any([any_contains(bands, values) for values in rounds], axis=0)
        if right.all():
            return passed(f"`{self.name}` was called at {len(inputs)} inputs of our own choice: all accepted.")
        wrong = int(np.argmin(right))
        problem = (
            f"{self.shown(inputs[wrong])} gave {show(rounds[-1][wrong], self.unit)}, which is outside the tolerance "
            f"({int((~right).sum())} of {len(inputs)} inputs)."
        )
        return self.refused(context, f"`{self.name}`", rounds[-1], problem)

    def _refusal(self, got: Got) -> Verdict | None:
        """Return the verdict on an error that is known to come of a slip."""
        called = got.get(Call(self.name, ()).key)
        for value in (value for results in called.rounds for value in results) if isinstance(called, Calls) else ():
            for mistake, text in self.refusals:
                if isinstance(value, Error) and text in value.message:
                    return failed(f"`{self.name}` raised {shorten(value.type)}: {shorten(value.message, 300)}", mistake)
        return None

    def asked(self, expected: Any) -> str:
        return f"one number in {self.unit}" if self.unit else "one number"

    def read(self, value: Any, arguments: tuple[Argument, ...], expected: Any) -> float:
        if self.not_a_number and isinstance(value, float) and math.isnan(value):
            raise Unreadable(f"{self.shown(arguments)} gave NaN. {self.not_a_number}")
        return number(value, self.shown(arguments).strip("`"), self.unit)

    def cases(self, context: Context) -> Iterator[Case]:
        bands = self.accept(context, self.inputs(context))
        low, high = bands[0].edges
        yield Case("right", bands[0].middle, True)
        yield Case("at the lower edges", low, True)
        yield Case("at the upper edges", high, True)
        for label, values in beyond_edges(bands, len(low)):
            yield Case(label, values)

    def facts(self, context: Context) -> Facts:
        inputs = self.inputs(context)
        columns, rows = accepted_columns(self.accept(context, inputs), len(inputs))
        again = f"; the inputs are gone through {self.repeats} times, and each must be right once"
        return Facts(
            f"a function ({self.unit or 'no unit'})",
            "as below",
            f"the bands below{again if self.repeats > 1 else ''}",
            self.table(context, columns, rows),
        )

    def form(self) -> dict[str, Any]:
        return {"kind": "function", "name": self.name, "unit": self.unit, "call": self.call}

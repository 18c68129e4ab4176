"""Several numbers in no particular order, real or complex."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts, format_value
from autograder.facts import format_number as short
from autograder.formatting import format_count
from autograder.question import Case, Got, Verdict, explained, failed, passed
from neurodynex.answer_data.numbers import Complex, complex_numbers, same_set


@dataclass(frozen=True, kw_only=True)
class ValueSet(VariableAnswer):
    """A variable that holds a few numbers in any order, such as eigenvalues; each matches one that is expected.

    Attributes
    ----------
    expected : callable
        Called with the context; returns the expected numbers.
    size : int
        How many there are.
    absolute : float
        How far each may be from its partner, in the complex plane.
    slips : tuple of Slip
        `made` gets the numbers as an array.
    """

    expected: Callable[[Context], Complex]
    size: int
    absolute: float

    def judge(self, context: Context, got: Got) -> Verdict:
        expected = np.asarray(self.expected(context), dtype=complex)
        values = complex_numbers(self.value(got), self.name, self.unit, self.size)
        found = f"`{self.name}` = {', '.join(map(_show, values))}"
        if values.size == expected.size and same_set(values, expected, self.absolute):
            return passed(f"{found}: accepted.")
        if values.size != expected.size:
            problem = f"{found}: {format_count(values.size, 'number')}; the question asks for {expected.size}."
            return explained(context, found, values, self.slips) or failed(problem, "form")
        return self.refused(context, found, values, f"{found}: not all are within the tolerance.")

    def cases(self, context: Context) -> Iterator[Case]:
        right = np.asarray(self.expected(context), dtype=complex)
        shift = np.zeros(right.size)
        shift[0] = self.absolute
        yield Case("right", right, True)
        yield Case("right, in another order", right[::-1], True)
        yield Case("right, as a list", right.tolist(), True)
        yield Case("right, as a column", right[:, None], True)
        yield Case("at an edge", right + shift, True)
        yield Case("at an edge, sideways", right + 1j * shift, True)
        yield Case("beyond an edge", right + 1.001 * shift)
        yield Case("beyond an edge, sideways", right - 1.001j * shift)
        yield Case("one more", [*right.tolist(), 0.0], mistake="form")
        yield Case("as text", "right", mistake="form")

    def facts(self, context: Context) -> Facts:
        accepted = f"each within {short(self.absolute)} {self.unit} of its partner, in any order"
        expected = np.asarray(self.expected(context)).tolist()
        return Facts(f"{self.size} numbers, real or complex", format_value(expected), accepted)

    def form(self) -> dict[str, Any]:
        return {"kind": "value_set", "name": self.name, "unit": self.unit, "size": self.size}


def _show(value: complex) -> str:
    return f"{value.real:.4g}" if value.imag == 0 else f"{value:.4g}"

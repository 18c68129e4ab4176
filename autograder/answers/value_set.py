"""Several numbers in no particular order, real or complex."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Request, Variable
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.numbers import Complex, complex_numbers, same_set
from neurodynex.answer_data.reading import variable


@dataclass(frozen=True)
class ValueSet:
    """A variable that holds a few numbers in any order, such as eigenvalues; each matches one that is expected.

    Attributes
    ----------
    name, unit : str
        Of the variable, and in which a quantity is read; plain numbers are taken to be in it.
    reference : callable
        Called with the context; returns the expected numbers.
    size : int
        How many there are.
    absolute : float
        How far each may be from its partner, in the complex plane.
    slips : tuple of Slip
        `made` gets the numbers as an array.
    """

    name: str
    unit: str
    reference: Callable[[Context], Complex]
    size: int
    absolute: float
    think: str
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        expected = np.asarray(self.reference(context), dtype=complex)
        values = complex_numbers(variable(got, self.name), self.name, self.unit, self.size)
        found = f"`{self.name}` = {', '.join(map(_show, values))}"
        if values.size == expected.size and same_set(values, expected, self.absolute):
            return passed(f"{found}: accepted.")
        if verdict := explained(found, values, self.slips, context):
            return verdict
        if values.size != expected.size:
            return failed(f"{found}: {values.size} number(s); the question asks for {expected.size}.", "form")
        return failed(f"{found}: not all are within the tolerance. {self.think}")

    def examples(self, context: Context) -> Iterator[Example]:
        right = np.asarray(self.reference(context), dtype=complex)
        shift = np.zeros(right.size)
        shift[0] = self.absolute
        cases: list[tuple[str, Any, bool, str | None]] = [
            ("right", right, True, None),
            ("right, in another order", right[::-1], True, None),
            ("right, as a list", right.tolist(), True, None),
            ("right, as a column", right[:, None], True, None),
            ("at an edge", right + shift, True, None),
            ("at an edge, sideways", right + 1j * shift, True, None),
            ("beyond an edge", right + 1.001 * shift, False, None),
            ("beyond an edge, sideways", right - 1.001j * shift, False, None),
            ("one more", [*right.tolist(), 0.0], False, "form"),
            ("as text", "right", False, "form"),
            *((f"slip: {slip.name}", slip.example(context), False, slip.name) for slip in self.slips),
        ]
        for label, value, passes, mistake in cases:
            yield Example(label, {f"variable:{self.name}": encode(value)}, passes, mistake)

    def form(self) -> dict[str, Any]:
        return {"kind": "value_set", "name": self.name, "unit": self.unit, "size": self.size}


def _show(value: complex) -> str:
    return f"{value.real:.4g}" if value.imag == 0 else f"{value:.4g}"

"""A function of the student's that returns a matrix, called in the sandbox at inputs that the student has not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Argument, Call, Calls, Missing, Request
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.numbers import matrix
from neurodynex.answer_data.reading import Unreadable, describe, usable

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MatrixFunction:
    """A function that returns a nested list or an array for each set of arguments; every element is compared.

    Attributes
    ----------
    inputs : callable
        Called with the context; returns the hidden argument tuples.
    expected : callable
        Called with the inputs; returns an array of shape (inputs, rows, columns).
    call : str
        How the call looks to the student, with a `{}` for each argument.
    absolute : float
        How far each element may be from the expected one.
    slips : tuple of Slip
        `made` gets an array like `expected`'s.
    """

    name: str
    inputs: Callable[[Context], Sequence[tuple[float, ...]]]
    expected: Callable[[Sequence[tuple[float, ...]]], Array]
    call: str
    think: str
    absolute: float = 1e-6
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        points: tuple[tuple[Argument, ...], ...] = tuple(self.inputs(context))
        return (Call(self.name, points),)

    def judge(self, got: Got, context: Context) -> Verdict:
        inputs = self.inputs(context)
        expected = self.expected(inputs)
        found = self.read(got, inputs, expected.shape[1:])
        right = np.abs(found - expected) <= self.absolute * (1 + 1e-9) + 1e-12
        if right.all():
            return passed(f"`{self.name}` was called at {len(inputs)} points of our own choice: all accepted.")
        if verdict := explained(f"`{self.name}`", found, self.slips, context):
            return verdict
        index = int(np.argmin(right.all(axis=(1, 2))))
        row, column = (int(where[0]) + 1 for where in np.nonzero(~right[index]))
        return failed(
            f"{self._shown(inputs[index])} gave {found[index].tolist()}; among others the element in row {row}, column "
            f"{column} is not right. {self.think}"
        )

    def read(self, got: Got, inputs: Sequence[tuple[float, ...]], shape: tuple[int, ...]) -> Array:
        called = usable(got.get(f"call:{self.name}", Missing(self.name)), self.name)
        if not isinstance(called, Calls):
            raise Unreadable(f"`{self.name}` is {describe(called)}; the question asks for a function.")
        if not called.rounds or len(called.rounds[0]) != len(inputs):
            raise Unreadable(f"`{self.name}` could not be called at all points.")
        return np.array(
            [
                matrix(value, self._shown(point), self.name, shape)
                for value, point in zip(called.rounds[0], inputs, strict=True)
            ]
        )

    def _shown(self, point: tuple[float, ...]) -> str:
        return f"`{self.call.format(*(f'{value:.4g}' for value in point))}`"

    def examples(self, context: Context) -> Iterator[Example]:
        right = self.expected(self.inputs(context))
        cases: list[tuple[str, Array, bool, str | None]] = [
            ("right", right, True, None),
            ("at the upper edges", right + self.absolute, True, None),
            ("at the lower edges", right - self.absolute, True, None),
            *((f"slip: {slip.name}", slip.example(context), False, slip.name) for slip in self.slips),
        ]
        for place in np.ndindex(right.shape[1:]):
            off = right.copy()
            off[(-1, *place)] += 2 * self.absolute
            cases.append((f"beyond the edge at {place}", off, False, None))
        for label, values, passes, mistake in cases:
            yield self._example(label, values.tolist(), passes, mistake)
        yield self._example("right, as arrays", list(right), True, None)
        yield self._example("flat", [matrix.ravel() for matrix in right], False, "form")
        yield self._example("a column too many", [[[*row, 0.0] for row in matrix] for matrix in right], False, "form")
        yield self._example("None", [None] * len(right), False, "form")

    def _example(self, label: str, values: list[Any], passes: bool, mistake: str | None) -> Example:
        calls = {"calls": [[encode(value) for value in values]]}
        return Example(label, {f"call:{self.name}": calls}, passes, mistake)

    def form(self) -> dict[str, Any]:
        return {"kind": "function", "name": self.name, "unit": "", "call": self.call.replace("{}", "…")}

"""A function of the student's that returns a matrix, called in the sandbox at inputs that the student has not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.answers.reading import UNITS, Unreadable, describe, lone, shorten, usable, without_imaginary_part
from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Argument, Call, Calls, Error, Missing, Quantity, Request
from autograder.sandbox.runner.encode import encode

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
        found = self._read(got, inputs, expected.shape[1:])
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

    def _read(self, got: Got, inputs: Sequence[tuple[float, ...]], shape: tuple[int, ...]) -> Array:
        called = usable(got.get(f"call:{self.name}", Missing(self.name)), self.name)
        if not isinstance(called, Calls):
            raise Unreadable(f"`{self.name}` is {describe(called)}; the question asks for a function.")
        if not called.rounds or len(called.rounds[0]) != len(inputs):
            raise Unreadable(f"`{self.name}` could not be called at all points.")
        return np.array(
            [self._matrix(value, point, shape) for value, point in zip(called.rounds[0], inputs, strict=True)]
        )

    def _matrix(self, value: Any, point: tuple[float, ...], shape: tuple[int, ...]) -> Array:
        shown = self._shown(point)
        if isinstance(value, Error):
            raise Unreadable(f"{shown} raised {shorten(value.type)}: {shorten(value.message, 200)}".rstrip(": "))
        if value is None:
            raise Unreadable(f"{shown} returned None. Does `{self.name}` end with a return?")
        wanted = f"the question asks for {shape[0]} rows of {shape[1]} numbers, such as [[a, b], [c, d]]."
        if isinstance(value, Quantity):
            value = np.asarray(value.value) / _kilohertz(value, shown)
        rows = value.tolist() if isinstance(value, np.ndarray) else value
        if not isinstance(rows, (list, tuple)) or not all(isinstance(row, (list, tuple, np.ndarray)) for row in rows):
            raise Unreadable(f"{shown} returned {describe(value)}; {wanted}")
        if [len(row) if isinstance(row, (list, tuple)) or row.ndim else 0 for row in rows] != [shape[1]] * shape[0]:
            raise Unreadable(f"{shown} returned {describe(value)} of another shape; {wanted}")
        matrix = np.array([[_number(item, shown, wanted) for item in row] for row in rows])
        if not np.isfinite(matrix).all():
            raise Unreadable(f"{shown} returned a NaN or an infinity.")
        return matrix

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


def _number(item: Any, shown: str, wanted: str) -> float:
    item = lone(item)
    if isinstance(item, Quantity) and np.ndim(item.value) == 0:
        item = item.value / _kilohertz(item, shown)
    item = without_imaginary_part(item)
    if isinstance(item, bool) or not isinstance(item, (int, float)):
        raise Unreadable(f"{shown} returned a matrix that holds {describe(item)}; {wanted}")
    try:
        return float(item)
    except OverflowError:
        raise Unreadable(f"{shown} returned a number that is far too large.") from None


def _kilohertz(quantity: Quantity, shown: str) -> float:
    """Return the scale of 1/ms, in which derivatives of the equations are."""
    scale, dimension = UNITS["kHz"]
    if not np.allclose(quantity.dimension, dimension, rtol=0, atol=1e-9):
        raise Unreadable(f"{shown} returned a quantity of another dimension than 1/ms.")
    return scale

"""A function of the student's that returns a matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.answers.function_answer import FunctionAnswer, Inputs
from autograder.course import Context
from autograder.facts import Facts, format_value
from autograder.facts import format_number as short
from autograder.question import Case, Got, Verdict, passed
from autograder.sandbox import Argument
from autograder.tolerance import Array, within
from neurodynex.answer_data.numbers import matrix


@dataclass(frozen=True, kw_only=True)
class MatrixFunction(FunctionAnswer):
    """A function that returns a nested list or an array for each set of arguments; every element is compared.

    Attributes
    ----------
    expected : callable
        Called with the context and the inputs; returns an array of shape (inputs, rows, columns).
    absolute : float
        How far each element may be from the expected one.
    slips : tuple of Slip
        `made` gets an array like that of `expected`.
    """

    expected: Callable[[Context, Inputs], Array]
    absolute: float = 1e-6
    unit: str = ""

    def judge(self, context: Context, got: Got) -> Verdict:
        inputs = self.inputs(context)
        expected = self.expected(context, inputs)
        found = np.array(self.rounds(got, inputs, expected)[-1])
        right = within(expected, absolute=self.absolute).contains(found)
        if right.all():
            return passed(f"`{self.name}` was called at {len(inputs)} points of our own choice: all accepted.")
        index = int(np.argmin(right.all(axis=(1, 2))))
        row, column = (int(where[0]) + 1 for where in np.nonzero(~right[index]))
        problem = (
            f"{self.shown(inputs[index])} gave {found[index].tolist()}; among others the element in row {row}, column "
            f"{column} is not right."
        )
        return self.refused(context, f"`{self.name}`", found, problem)

    def asked(self, expected: Array) -> str:
        rows, columns = expected.shape
        return f"{rows} rows of {columns} numbers, such as [[a, b], [c, d]]"

    def read(self, value: Any, arguments: tuple[Argument, ...], expected: Array) -> Array:
        return matrix(value, self.shown(arguments), self.name, expected.shape)

    def cases(self, context: Context) -> Iterator[Case]:
        right = self.expected(context, self.inputs(context))
        yield Case("right", right.tolist(), True)
        yield Case("right, as arrays", list(right), True)
        yield Case("at the upper edges", right + self.absolute, True)
        yield Case("at the lower edges", right - self.absolute, True)
        for place in np.ndindex(right.shape[1:]):
            off = right.copy()
            off[(-1, *place)] += 2 * self.absolute
            yield Case(f"beyond the edge at {place}", off)
        yield Case("flat", [matrix.ravel() for matrix in right], mistake="form")
        yield Case("a column too many", [[[*row, 0.0] for row in matrix] for matrix in right], mistake="form")
        yield Case("None", [None] * len(right), mistake="form")

    def facts(self, context: Context) -> Facts:
        rows = [(format_value(matrix.tolist()),) for matrix in self.expected(context, self.inputs(context))]
        accepted = f"each element within {short(self.absolute)}"
        return Facts("a function that returns a matrix", "as below", accepted, self.table(context, ("expected",), rows))

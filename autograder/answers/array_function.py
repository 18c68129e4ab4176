"""A function of the student's that returns an array."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.answers.function_answer import FunctionAnswer, Inputs
from autograder.course import Context
from autograder.facts import Facts, format_value
from autograder.question import Case, Got, Verdict, passed
from autograder.sandbox import Argument
from autograder.tolerance import Array, Between
from neurodynex.answer_data.reading import Unreadable, describe, series


@dataclass(frozen=True, kw_only=True)
class ArrayFunction(FunctionAnswer):
    """A function that returns an array, or a list, of numbers for each set of arguments.

    Attributes
    ----------
    expected : callable
        Called with the context and the arguments of one call; returns the right array.
    accept : callable
        Called with the context and what `measure` makes of the right array; returns what is accepted.
    measure : callable, optional
        Called with an array that was returned; returns the numbers to compare, or None if it has none (the direction of
        a vector of length 0). By default the array itself.
    unmeasure : callable, optional
        The other way round, for the examples.
    slips : tuple of Slip
        `made` gets the list of arrays, one for each call.
    """

    expected: Callable[..., Array]
    accept: Callable[[Context, Array], Between]
    measure: Callable[[Array], Array | None] = lambda found: found
    unmeasure: Callable[[Array], Array] = lambda measured: measured
    unit: str = ""

    def judge(self, context: Context, got: Got) -> Verdict:
        inputs = self.inputs(context)
        expected = self.right(context, inputs)
        rounds = self.rounds(got, inputs, expected)
        right = np.any(
            [[self._right(context, *pair) for pair in zip(found, expected, strict=True)] for found in rounds], axis=0
        )
        if right.all():
            return passed(f"`{self.name}` was called with {len(expected)} inputs of our own choice: all accepted.")
        wrong = f"{int((~right).sum())} of {len(expected)} inputs"
        problem = f"`{self.call}` gave an array that is outside the tolerance for {wrong}."
        return self.refused(context, f"`{self.name}`", rounds[-1], problem)

    def right(self, context: Context, inputs: Inputs) -> list[Array]:
        """Return the right array for each input."""
        return [self.expected(context, *arguments) for arguments in inputs]

    def _measured(self, expected: Array) -> Array:
        measured = self.measure(expected)
        assert measured is not None
        return measured

    def _right(self, context: Context, found: Array, expected: Array) -> bool:
        measured = self.measure(found)
        return measured is not None and bool(self.accept(context, self._measured(expected)).contains(measured).all())

    def asked(self, expected: Array) -> str:
        return f"{expected.size} numbers for this input"

    def read(self, value: Any, arguments: tuple[Argument, ...], expected: Array) -> Array:
        nested = isinstance(value, (list, tuple)) and any(isinstance(row, (list, tuple, np.ndarray)) for row in value)
        picture = nested or np.ndim(value if isinstance(value, np.ndarray) else 0) > 1
        found = flattened(value, self.call) if picture else series(value, f"what {self.call} returned", "")
        if found.size != expected.size:
            raise Unreadable(
                f"`{self.call}` returned {describe(value)}; {expected.size} numbers were expected for this input."
            )
        return found

    def cases(self, context: Context) -> Iterator[Case]:
        right = self.right(context, self.inputs(context))
        yield Case("right", right, True)
        yield Case("right, as columns", [found[:, None] for found in right], True)
        yield Case("right, as lists", [found.tolist() for found in right], True)
        for index, found in enumerate(right):
            low, high = self.accept(context, self._measured(found)).edges
            for side, edge, off in (("lower", low, -1e-6), ("upper", high, 1e-6)):
                for label, values, passes in (("at", edge, True), ("beyond", edge + off, False)):
                    changed = [*right[:index], self.unmeasure(values), *right[index + 1 :]]
                    yield Case(f"{label} the {side} edge of input {index + 1}", changed, passes)
        yield Case("too short", [found[:-1] for found in right], mistake="form")

    def facts(self, context: Context) -> Facts:
        rows = []
        for expected in self.right(context, self.inputs(context)):
            measured = self._measured(expected)
            margin = float(np.max(self.accept(context, measured).edges[1] - measured))
            rows.append((format_value(measured), f"± {margin:.3g}"))
        note = "; where a direction is what counts, it is given, in degrees"
        table = self.table(context, ("expected", "accepted"), rows, note)
        return Facts("a function that returns an array", "as below", "the margins below", table)

    def form(self) -> dict[str, Any]:
        return {"kind": "function", "name": self.name, "call": self.call}


def flattened(value: Any, call: str) -> Array:
    """Return a column, a row or a picture of numbers as one row."""
    try:
        return series(np.asarray(value, dtype=object).reshape(-1).tolist(), f"what {call} returned", "")
    except ValueError:  # rows of different lengths
        raise Unreadable(f"`{call}` returned {describe(value)} whose rows differ in length.") from None

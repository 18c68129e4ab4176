"""A function of the student's that returns an array, called in the sandbox with arrays that the student has not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Argument, Call, Calls, Error, Missing, Request, TooLarge
from autograder.tolerance import Between
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import Unreadable, describe, series, shorten, usable

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ArrayFunction:
    """A function that returns an array, or a list, of numbers for each set of arguments.

    Attributes
    ----------
    name : str
    inputs : callable
        Called with the context; returns the hidden argument tuples, the same for the sandbox and for the judge. The arrays
        in them must be made afresh, since a student's function may change them.
    expected : callable
        Called with the arguments of one call; returns the right array.
    call : str
        How the call looks to the student, for the self-check and messages.
    accept : callable
        Called with what `measure` makes of the right array; returns what is accepted.
    measure : callable, optional
        Called with an array that was returned; returns the numbers to compare, or None if it has none (the direction of
        a vector of length 0). By default the array itself.
    unmeasure : callable, optional
        The other way round, for the examples.
    repeats : int
        How often the inputs are gone through: a statistical answer may miss once.
    slips : tuple of Slip
        Called with the list of arrays, one for each call.
    """

    name: str
    inputs: Callable[[Context], Sequence[tuple[Argument, ...]]]
    expected: Callable[..., Array]
    accept: Callable[[Array], Between]
    call: str
    think: str
    measure: Callable[[Array], Array | None] = lambda found: found
    unmeasure: Callable[[Array], Array] = lambda measured: measured
    slips: tuple[Slip, ...] = ()
    repeats: int = 1
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Call(self.name, tuple(self.inputs(context)), self.repeats),)

    def judge(self, got: Got, context: Context) -> Verdict:
        expected = [self.expected(*arguments) for arguments in self.inputs(context)]
        rounds = self.rounds(got, expected)
        right = np.any([[self._right(*pair) for pair in zip(found, expected, strict=True)] for found in rounds], axis=0)
        if right.all():
            return passed(f"`{self.name}` was called with {len(expected)} inputs of our own choice: all accepted.")
        return explained(f"`{self.name}`", rounds[-1], self.slips, context) or failed(
            f"`{self.call}` gave an array that is outside the tolerance for {int((~right).sum())} of {len(expected)} inputs. "
            f"{self.think}"
        )

    def _right(self, found: Array, expected: Array) -> bool:
        measured, wanted = self.measure(found), self.measure(expected)
        assert wanted is not None
        return measured is not None and bool(self.accept(wanted).contains(measured).all())

    def rounds(self, got: Got, expected: Sequence[Array]) -> list[list[Array]]:
        called = usable(got.get(f"call:{self.name}", Missing(self.name)), self.name)
        if not isinstance(called, Calls):
            raise Unreadable(f"`{self.name}` is {describe(called)}; the question asks for a function.")
        rounds: list[list[Array]] = []
        problem: Unreadable | None = None
        # More rounds than were asked for would be more guesses.
        for results in called.rounds[: self.repeats]:
            if len(results) != len(expected):
                raise Unreadable(f"`{self.name}` could not be called with all inputs.")
            try:
                rounds.append([self._array(v, e.size) for v, e in zip(results, expected, strict=True)])
            except Unreadable as error:
                problem = error
        if not rounds:
            raise problem or Unreadable(f"`{self.name}` was not called.")
        return rounds

    def _array(self, value: Any, size: int) -> Array:
        if isinstance(value, Error):
            raise Unreadable(f"`{self.call}` raised {shorten(value.type)}: {shorten(value.message, 200)}".rstrip(": "))
        if isinstance(value, TooLarge):
            raise Unreadable(
                f"`{self.call}` returned too much ({shorten(value.what)}); {size} numbers were expected for this input."
            )
        if value is None:
            raise Unreadable(f"`{self.call}` returned None. Does `{self.name}` return its result?")
        nested = isinstance(value, (list, tuple)) and any(isinstance(row, (list, tuple, np.ndarray)) for row in value)
        picture = nested or np.ndim(value if isinstance(value, np.ndarray) else 0) > 1
        found = _flat(value, self.call) if picture else series(value, f"what {self.call} returned", "")
        if found.size != size:
            raise Unreadable(f"`{self.call}` returned {describe(value)}; {size} numbers were expected for this input.")
        return found

    def examples(self, context: Context) -> Iterator[Example]:
        right = [self.expected(*arguments) for arguments in self.inputs(context)]
        yield self._example("right", right, True)
        yield self._example("right, as columns", [found[:, None] for found in right], True)
        yield self._example("right, as lists", [found.tolist() for found in right], True)
        for index, found in enumerate(right):
            measured = self.measure(found)
            assert measured is not None
            band = self.accept(measured)
            for side, edge, off in (("lower", np.asarray(band.low), -1e-6), ("upper", np.asarray(band.high), 1e-6)):
                for label, values, passes in (("at", edge, True), ("beyond", edge + off, False)):
                    changed = [*right[:index], self.unmeasure(values), *right[index + 1 :]]
                    yield self._example(f"{label} the {side} edge of input {index + 1}", changed, passes)
        yield self._example("too short", [found[:-1] for found in right], False, "form")
        for slip in self.slips:
            yield self._example(f"slip: {slip.name}", slip.example(context), False, slip.name)

    def _example(self, label: str, arrays: Sequence[Any], passes: bool, mistake: str | None = None) -> Example:
        rounds = [[encode(found) for found in arrays]] * self.repeats
        return Example(label, {f"call:{self.name}": {"calls": rounds}}, passes, mistake)

    def form(self) -> dict[str, Any]:
        return {"kind": "function", "name": self.name, "call": self.call}


def _flat(value: Any, call: str) -> Array:
    """Return a column, a row or a picture of numbers as one row."""
    try:
        return series(np.asarray(value, dtype=object).reshape(-1).tolist(), f"what {call} returned", "")
    except ValueError:  # rows of different lengths
        raise Unreadable(f"`{call}` returned {describe(value)} whose rows differ in length.") from None

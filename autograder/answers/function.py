"""A function of the student's, called in the sandbox at inputs that the student has not seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Argument, Call, Calls, Error, Missing, Request
from autograder.tolerance import Between, any_contains
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import Unreadable, describe, number, shorten, show, usable


@dataclass(frozen=True)
class Function:
    """A function that returns one number for each set of arguments.

    Attributes
    ----------
    name, unit : str
        Of the function and of what it returns.
    inputs : callable
        Called with the context; returns the hidden argument tuples, the same for the sandbox and for the judge.
    accept : callable
        Called with the inputs and the context; returns bands over all inputs, of which one must hold each result.
    call : str
        How the call looks to the student, for the self-check and messages, with `{}` for the last argument.
    sure : tuple of Slip
        Slips whose signature leaves no doubt: they are looked for even where the tolerance would let them pass.
    not_a_number : str
        What to say of a NaN, beside that it is one.
    refusals : tuple of (str, str)
        Name of a slip, and the text by which the error that it raises is known.
    repeats : int
        How often the inputs are gone through: a statistical answer may miss once.
    """

    name: str
    unit: str
    inputs: Callable[[Context], Sequence[tuple[Argument, ...]]]
    accept: Callable[[Sequence[tuple[Argument, ...]], Context], Sequence[Between]]
    call: str
    think: str
    slips: tuple[Slip, ...] = ()
    sure: tuple[Slip, ...] = ()
    not_a_number: str = ""
    refusals: tuple[tuple[str, str], ...] = ()
    repeats: int = 1
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Call(self.name, tuple(self.inputs(context)), self.repeats),)

    def judge(self, got: Got, context: Context) -> Verdict:
        inputs = self.inputs(context)
        if verdict := self._refused(got):
            return verdict
        rounds = self.rounds(got, inputs)
        bands = self.accept(inputs, context)
        if verdict := explained(f"`{self.name}`", rounds[-1], self.sure, context):
            return verdict
        right = np.any([any_contains(bands, values) for values in rounds], axis=0)
        if right.all():
            return passed(f"`{self.name}` was called at {len(inputs)} inputs of our own choice: all accepted.")
        if verdict := explained(f"`{self.name}`", rounds[-1], self.slips, context):
            return verdict
        wrong = int(np.argmin(right))
        return failed(
            f"{self._shown(inputs[wrong])} gave {show(rounds[-1][wrong], self.unit)}, which is outside the tolerance "
            f"({int((~right).sum())} of {len(inputs)} inputs). {self.think}"
        )

    def _refused(self, got: Got) -> Verdict | None:
        """Return the verdict on an error that is known to come of a slip."""
        called = got.get(f"call:{self.name}")
        for value in (value for results in called.rounds for value in results) if isinstance(called, Calls) else ():
            for mistake, text in self.refusals:
                if isinstance(value, Error) and text in value.message:
                    return failed(f"`{self.name}` raised {shorten(value.type)}: {shorten(value.message, 300)}", mistake)
        return None

    def rounds(self, got: Got, inputs: Sequence[tuple[Argument, ...]]) -> list[NDArray[np.float64]]:
        """Return what was returned in each round that can be read."""
        called = usable(got.get(f"call:{self.name}", Missing(self.name)), self.name)
        if not isinstance(called, Calls):
            raise Unreadable(f"`{self.name}` is {describe(called)}; the question asks for a function.")
        rounds: list[NDArray[np.float64]] = []
        problem: Unreadable | None = None
        # More rounds than were asked for would be more guesses.
        for results in called.rounds[: self.repeats]:
            if len(results) != len(inputs):
                raise Unreadable(f"`{self.name}` could not be called at all inputs.")
            try:
                rounds.append(np.array([self._result(v, i) for v, i in zip(results, inputs, strict=True)]))
            except Unreadable as error:
                problem = error
        if not rounds:
            raise problem or Unreadable(f"`{self.name}` was not called.")
        return rounds

    def _result(self, value: Any, arguments: tuple[Argument, ...]) -> float:
        if isinstance(value, Error):
            raise Unreadable(
                f"{self._shown(arguments)} raised {shorten(value.type)}: {shorten(value.message, 200)}".rstrip(": ")
            )
        if value is None:
            raise Unreadable(
                f"{self._shown(arguments)} returned None. Does every branch of `{self.name}` return a value?"
            )
        if self.not_a_number and isinstance(value, float) and math.isnan(value):
            raise Unreadable(f"{self._shown(arguments)} gave NaN. {self.not_a_number}")
        return number(value, self._shown(arguments).strip("`"), self.unit)

    def _shown(self, arguments: tuple[Argument, ...]) -> str:
        last = arguments[-1]
        return f"`{self.call.format(f'{last:.4g}' if isinstance(last, float) else '…')}`"

    def examples(self, context: Context) -> Iterator[Example]:
        inputs = self.inputs(context)
        band = self.accept(inputs, context)[0]
        low, high = np.array(band.low, float), np.array(band.high, float)
        cases: list[tuple[str, NDArray[np.float64], bool, str | None]] = [
            ("right", (low + high) / 2, True, None),
            ("at the lower edges", low, True, None),
            ("at the upper edges", high, True, None),
            *((f"slip: {slip.name}", slip.example(context), False, slip.name) for slip in (*self.sure, *self.slips)),
        ]
        # Of several bands any may hold a value, so that only the outermost edges are edges.
        bands = self.accept(inputs, context)
        bottom = np.min([np.asarray(b.low, float) for b in bands], axis=0)
        top = np.max([np.asarray(b.high, float) for b in bands], axis=0)
        for index in range(len(inputs)):
            beyond = 1e-6 * max(1.0, abs(top[index]))
            for side, value in (("below", bottom[index] - beyond), ("above", top[index] + beyond)):
                off = np.where(np.arange(len(inputs)) == index, value, (low + high) / 2)
                cases.append((f"{side} the edge at input {index + 1}", off, False, None))
        for label, values, passes, mistake in cases:
            rounds = [[encode(float(value)) for value in values]] * self.repeats
            yield Example(label, {f"call:{self.name}": {"calls": rounds}}, passes, mistake)

    def form(self) -> dict[str, Any]:
        return {"kind": "function", "name": self.name, "unit": self.unit, "call": self.call}

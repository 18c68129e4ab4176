"""What the kinds of answers share that call a function of the student's, at inputs that the student has not seen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.course import Context
from autograder.facts import KeyTable, format_value
from autograder.question import Answer
from autograder.sandbox import Argument, Call, Calls, Error, Missing, New, Request, TooLarge
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import Got, Unreadable, describe, shorten, usable

#: Arguments of each call, of which every question knows its own types; all are `Argument`.
Inputs = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class FunctionAnswer(Answer):
    """An answer that is a function.

    Attributes
    ----------
    inputs : callable
        Called with the context; returns the hidden argument tuples, the same for the sandbox and for the judge. Arrays in
        them must be made afresh, since a student's function may change them.
    call : str
        How the call looks to the student, with a `{}` for each of the last arguments that messages may show.
    repeats : int
        How often the inputs are gone through: a statistical answer may miss once.
    """

    inputs: Callable[[Context], Inputs]
    call: str
    repeats: int = 1

    @abstractmethod
    def read(self, value: Any, arguments: tuple[Argument, ...], expected: Any) -> Any:
        """Return what one call returned as the kind compares it, or raise `Unreadable`."""

    @abstractmethod
    def asked(self, expected: Any) -> str:
        """Return what a call should return: "one number"."""

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Call(self.name, tuple(self.inputs(context)), self.repeats),)

    def encoded(self, value: Sequence[Any]) -> dict[str, Any]:
        return self.encoded_rounds([value] * self.repeats)

    def encoded_rounds(self, rounds: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """Return the answers of a student whose function returns these values, each time that the inputs are gone through."""
        return {Call(self.name, ()).key: {"calls": [[encode(value) for value in values] for values in rounds]}}

    def rounds(self, got: Got, inputs: Inputs, expected: Iterable[Any] | None = None) -> list[list[Any]]:
        """Return what was returned in each round that can be read, as `read` makes it.

        Parameters
        ----------
        got : mapping
        inputs : sequence of tuple
        expected : iterable, optional
            What is right for each input, for kinds that compare its shape.

        Raises
        ------
        Unreadable
            If there is no such function, or no round can be read.
        """
        called = usable(got.get(Call(self.name, ()).key, Missing(self.name)), self.name)
        if not isinstance(called, Calls):
            raise Unreadable(f"`{self.name}` is {describe(called)}; the question asks for a function.")
        rights = [None] * len(inputs) if expected is None else list(expected)
        rounds: list[list[Any]] = []
        problem: Unreadable | None = None
        # More rounds than were asked for would be more guesses.
        for results in called.rounds[: self.repeats]:
            if len(results) != len(inputs):
                raise Unreadable(f"`{self.name}` could not be called at all inputs.")
            try:
                rounds.append([self._result(*call) for call in zip(results, inputs, rights, strict=True)])
            except Unreadable as error:
                problem = error
        if not rounds:
            raise problem or Unreadable(f"`{self.name}` was not called.")
        return rounds

    def _result(self, value: Any, arguments: tuple[Argument, ...], expected: Any) -> Any:
        if isinstance(value, Error):
            raised = f"{shorten(value.type)}: {shorten(value.message, 200)}".rstrip(": ")
            raise Unreadable(f"{self.shown(arguments)} raised {raised}")
        if isinstance(value, TooLarge):
            much = f"too much ({shorten(value.what)})"
            raise Unreadable(f"{self.shown(arguments)} returned {much}; the question asks for {self.asked(expected)}.")
        if value is None:
            raise Unreadable(
                f"{self.shown(arguments)} returned None. Does every branch of `{self.name}` return a value?"
            )
        return self.read(value, arguments, expected)

    def shown(self, arguments: tuple[Argument, ...]) -> str:
        """Return a call as the student reads it."""
        given = arguments[len(arguments) - self.call.count("{}") :]
        return f"`{self.call.format(*(f'{a:.4g}' if isinstance(a, float) else '…' for a in given))}`"

    def form(self) -> dict[str, Any]:
        return {"kind": "function", "name": self.name, "unit": self.unit, "call": self.call.replace("{}", "…")}

    def table(
        self, context: Context, columns: Sequence[str], rows: Sequence[Sequence[str]], note: str = ""
    ) -> KeyTable:
        """Return a table for the key, with a row for each hidden input, which comes first."""
        given = [", ".join(map(_argument, arguments)) for arguments in self.inputs(context)]
        return KeyTable(
            (f"hidden input of {self.call.replace('{}', '…')}", *columns),
            [(text, *row) for text, row in zip(given, rows, strict=True)],
            f"Hidden inputs of the example student {context.student}; each student has others{note}.",
        )


def _argument(argument: Argument) -> str:
    if isinstance(argument, New):
        return f"{argument.path.rpartition(':')[2]}()"
    return f"an array of shape {argument.shape}" if isinstance(argument, np.ndarray) else format_value(argument)

"""What the kinds of answers share that read variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.course import Context
from autograder.question import Answer
from autograder.sandbox import Request, Variable
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import Got, variable


@dataclass(frozen=True, kw_only=True)
class VariableAnswer(Answer):
    """An answer in the variable `name`; kinds that read several variables say which, and how they are encoded."""

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def encoded(self, value: Any) -> dict[str, Any]:
        return {Variable(self.name).key: encode(value)}

    def value(self, got: Got) -> Any:
        """Return what the variable holds; `Unreadable` where it is not there or cannot be read."""
        return variable(got, self.name)

"""One of several listed words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts
from autograder.question import Case, Got, Verdict, passed, slip_name
from neurodynex.answer_data.words import word as word_of


@dataclass(frozen=True, kw_only=True)
class Choice(VariableAnswer):
    """A variable that holds one of the words listed in the notebook.

    Attributes
    ----------
    options : tuple of str
        The listed words; case, spaces and hyphens do not count.
    expected : callable
        Called with the context; returns the right word.
    slips : tuple of Slip
        `made` gets the word.
    """

    options: tuple[str, ...]
    expected: Callable[[Context], str]
    unit: str = ""
    of_numbers: ClassVar[bool] = False

    def judge(self, context: Context, got: Got) -> Verdict:
        word = word_of(self.value(got), self.name, self.options)
        found = f"`{self.name}` = {word!r}"
        if word == self.expected(context):
            return passed(f"{found}: accepted.")
        return self.refused(context, found, word, f"{found} is not what was found.")

    def cases(self, context: Context) -> Iterator[Case]:
        right = self.expected(context)
        yield Case("right, in capitals", right.upper().replace(" ", "-"), True)
        for word in self.options:
            yield Case(f"word {word}", word, word == right, slip_name(context, word, self.slips))

    def facts(self, context: Context) -> Facts:
        listed = f"this only; the listed words are {', '.join(self.options)}"
        return Facts("a listed word", self.expected(context), listed)

    def form(self) -> dict[str, Any]:
        return {"kind": "choice", "name": self.name, "options": list(self.options)}

"""A dictionary of listed words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts, format_value
from autograder.question import Case, Got, Verdict, passed, slip_name
from neurodynex.answer_data.words import word_of_each


@dataclass(frozen=True, kw_only=True)
class Choices(VariableAnswer):
    """A dictionary with a listed word for each of several keys; all must be right.

    Attributes
    ----------
    keys, options : tuple of str
        The keys, and the listed words.
    expected : callable
        Called with the context; returns the right word of each key.
    slips : tuple of Slip
        `made` gets the dictionary.
    """

    keys: tuple[str, ...]
    options: tuple[str, ...]
    expected: Callable[[Context], Mapping[str, str]]
    unit: str = ""
    of_numbers: ClassVar[bool] = False

    def judge(self, context: Context, got: Got) -> Verdict:
        words = word_of_each(self.value(got), self.name, self.keys, self.options)
        found = f"`{self.name}` = {words}"
        if words == dict(self.expected(context)):
            return passed(f"{found}: accepted.")
        return self.refused(context, found, words, f"{found} is not what your neurons do.")

    def cases(self, context: Context) -> Iterator[Case]:
        right = dict(self.expected(context))
        yield Case("right", right, True)
        for words in product(self.options, repeat=len(self.keys)):
            chosen = dict(zip(self.keys, words, strict=True))
            if chosen != right:
                yield Case(f"words {', '.join(words)}", chosen, mistake=slip_name(context, chosen, self.slips))
        yield Case("an entry lacks", dict(list(right.items())[1:]), mistake="form")

    def facts(self, context: Context) -> Facts:
        listed = f"this only; the listed words are {', '.join(self.options)}"
        return Facts("a dictionary of listed words", format_value(dict(self.expected(context))), listed)

    def form(self) -> dict[str, Any]:
        return {"kind": "choices", "name": self.name, "keys": list(self.keys), "options": list(self.options)}

"""One or more of several listed words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, ClassVar

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts, format_value
from autograder.question import Case, Got, Verdict, passed, slip_name
from neurodynex.answer_data.words import words as words_of


@dataclass(frozen=True, kw_only=True)
class Words(VariableAnswer):
    """A variable that holds some of the words listed in the notebook: a word, or a list, tuple or set of words.

    Attributes
    ----------
    options : tuple of str
        The listed words.
    expected : callable
        Called with the context; returns every selection that is accepted.
    slips : tuple of Slip
        `made` gets the selection as a frozenset.
    """

    options: tuple[str, ...]
    expected: Callable[[Context], Collection[frozenset[str]]]
    unit: str = ""
    of_numbers: ClassVar[bool] = False

    def judge(self, context: Context, got: Got) -> Verdict:
        words = words_of(self.value(got), self.name, self.options)
        found = f"`{self.name}` = {', '.join(option for option in self.options if option in words)}"
        if words in self.expected(context):
            return passed(f"{found}: accepted.")
        return self.refused(context, found, words, f"{found} is not what was found.")

    def cases(self, context: Context) -> Iterator[Case]:
        subsets = chain.from_iterable(combinations(self.options, size) for size in range(1, len(self.options) + 1))
        right = self.expected(context)
        for words in sorted(subsets, key=lambda words: frozenset(words) not in right):
            chosen = frozenset(words)
            passes = chosen in right
            mistake = None if passes else slip_name(context, chosen, self.slips)
            for form in (list(words), set(words), ", ".join(words), " and ".join(words).upper()):
                yield Case(f"{', '.join(words)} as {form!r}", form, passes, mistake)
        no_words: tuple[Any, ...] = ([], "", "none of them", 3)
        for value in no_words:
            yield Case(f"no word: {value!r}", value, mistake="form")

    def facts(self, context: Context) -> Facts:
        right = " or ".join(format_value(words) for words in self.expected(context))
        return Facts("one or more listed words", right, f"any of these; the listed words are {', '.join(self.options)}")

    def form(self) -> dict[str, Any]:
        return {"kind": "words", "name": self.name, "options": list(self.options)}

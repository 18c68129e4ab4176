"""One or more of several listed words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed, slip_name
from autograder.sandbox import Request, Variable
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import variable
from neurodynex.answer_data.words import words as words_of


@dataclass(frozen=True)
class Words:
    """A variable that holds some of the words listed in the notebook: a word, or a list, tuple or set of words.

    Attributes
    ----------
    right : callable
        Called with the context; returns every selection that is accepted.
    slips : tuple of Slip
        `made` gets the selection as a frozenset.
    """

    name: str
    options: tuple[str, ...]
    right: Callable[[Context], Collection[frozenset[str]]]
    think: str
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        words = words_of(variable(got, self.name), self.name, self.options)
        found = f"`{self.name}` = {', '.join(option for option in self.options if option in words)}"
        if words in self.right(context):
            return passed(f"{found}: accepted.")
        return explained(found, words, self.slips, context) or failed(f"{found} is not what was found. {self.think}")

    def examples(self, context: Context) -> Iterator[Example]:
        subsets = chain.from_iterable(combinations(self.options, size) for size in range(1, len(self.options) + 1))
        right = self.right(context)
        for words in subsets:
            chosen = frozenset(words)
            passes = chosen in right
            mistake = None if passes else slip_name(chosen, self.slips, context)
            label = ", ".join(words)
            for form in (list(words), set(words), ", ".join(words), " and ".join(words).upper()):
                yield Example(f"{label} as {form!r}", {f"variable:{self.name}": encode(form)}, passes, mistake)
        for slip in self.slips:
            yield Example(
                f"slip: {slip.name}", {f"variable:{self.name}": encode(set(slip.example(context)))}, False, slip.name
            )
        wrong: list[Any] = [[], "", "none of them", 3]
        for value in wrong:
            yield Example(f"no word: {value!r}", {f"variable:{self.name}": encode(value)}, False, "form")

    def form(self) -> dict[str, Any]:
        return {"kind": "words", "name": self.name, "options": list(self.options)}

"""One of several listed words, or a dictionary of such."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed, slip_name
from autograder.sandbox import Request, Variable
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import variable
from neurodynex.answer_data.words import word as word_of
from neurodynex.answer_data.words import word_of_each


@dataclass(frozen=True)
class Choice:
    """A variable that holds one of the words listed in the notebook."""

    name: str
    options: tuple[str, ...]
    right: Callable[[Context], str]
    think: str
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        word = word_of(variable(got, self.name), self.name, self.options)
        if word == self.right(context):
            return passed(f"`{self.name}` = {word!r}: accepted.")
        return explained(f"`{self.name}` = {word!r}", word, self.slips, context) or failed(
            f"`{self.name}` = {word!r} is not what was found. {self.think}"
        )

    def examples(self, context: Context) -> Iterator[Example]:
        right = self.right(context)
        for word in self.options:
            mistake = slip_name(word, self.slips, context)
            yield Example(f"word {word}", {f"variable:{self.name}": encode(word)}, word == right, mistake)
        shouted = right.upper().replace(" ", "-")
        yield Example("right, in capitals", {f"variable:{self.name}": encode(shouted)}, True)

    def form(self) -> dict[str, Any]:
        return {"kind": "choice", "name": self.name, "options": list(self.options)}


@dataclass(frozen=True)
class Choices:
    """A dictionary with a listed word for each of several keys; all must be right."""

    name: str
    keys: tuple[str, ...]
    options: tuple[str, ...]
    right: Callable[[Context], Mapping[str, str]]
    think: str
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        words = word_of_each(variable(got, self.name), self.name, self.keys, self.options)
        found = f"`{self.name}` = {words}"
        if words == dict(self.right(context)):
            return passed(f"{found}: accepted.")
        return explained(found, words, self.slips, context) or failed(
            f"{found} is not what your neurons do. {self.think}"
        )

    def examples(self, context: Context) -> Iterator[Example]:
        right = dict(self.right(context))
        for words in product(self.options, repeat=len(self.keys)):
            chosen = dict(zip(self.keys, words, strict=True))
            mistake = slip_name(chosen, self.slips, context)
            passes = chosen == right
            answers = {f"variable:{self.name}": encode(chosen)}
            yield Example(
                "right" if passes else f"words {', '.join(words)}", answers, passes, None if passes else mistake
            )
        lacking = dict(list(right.items())[1:])
        yield Example("an entry lacks", {f"variable:{self.name}": encode(lacking)}, False, "form")

    def form(self) -> dict[str, Any]:
        return {"kind": "choices", "name": self.name, "keys": list(self.keys), "options": list(self.options)}

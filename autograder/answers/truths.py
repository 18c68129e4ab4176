"""A table of truth values: for each of several numbers, whether something happens there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed, slip_name
from autograder.sandbox import Request, Variable
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.numbers import truths as truths_of
from neurodynex.answer_data.reading import variable


@dataclass(frozen=True)
class Truths:
    """A dictionary with True or False for each of several numbers; all must be right.

    Attributes
    ----------
    keys : tuple of float
        The numbers, in `unit`.
    right : callable
        Called with the context; returns what is true.
    slips : tuple of Slip
        `made` gets the dictionary, with `keys` as its keys.
    """

    name: str
    unit: str
    keys: tuple[float, ...]
    right: Callable[[Context], Mapping[float, bool]]
    think: str
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        truths = truths_of(variable(got, self.name), self.name, self.unit, self.keys)
        found = f"`{self.name}` = {{{', '.join(f'{key:g}: {truths[key]}' for key in self.keys)}}}"
        if truths == dict(self.right(context)):
            return passed(f"{found}: accepted.")
        return explained(found, truths, self.slips, context) or failed(f"{found} is not what was found. {self.think}")

    def examples(self, context: Context) -> Iterator[Example]:
        right = dict(self.right(context))
        for truths in product((False, True), repeat=len(self.keys)):
            chosen = dict(zip(self.keys, truths, strict=True))
            passes = chosen == right
            mistake = None if passes else slip_name(chosen, self.slips, context)
            for label, value in (
                ("", chosen),
                (" from numpy", {np.float64(key): np.bool_(truth) for key, truth in chosen.items()}),
                (" as numbers", {round(key) if key % 1 == 0 else key: int(truth) for key, truth in chosen.items()}),
            ):
                yield Example(f"{chosen}{label}", {f"variable:{self.name}": encode(value)}, passes, mistake)
        for slip in self.slips:
            yield Example(
                f"slip: {slip.name}", {f"variable:{self.name}": encode(slip.example(context))}, False, slip.name
            )
        lacking = dict(list(right.items())[1:])
        wrong: dict[str, Any] = {"an entry lacks": lacking, "a list": list(right.values()), "a text": "True"}
        for label, value in wrong.items():
            yield Example(label, {f"variable:{self.name}": encode(value)}, False, "form")

    def form(self) -> dict[str, Any]:
        return {"kind": "truths", "name": self.name, "unit": self.unit, "keys": list(self.keys)}

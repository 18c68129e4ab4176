"""A table of truth values: for each of several numbers, whether something happens there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

import numpy as np

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts, format_value
from autograder.question import Case, Got, Verdict, passed, slip_name
from neurodynex.answer_data.numbers import truths as truths_of


@dataclass(frozen=True, kw_only=True)
class Truths(VariableAnswer):
    """A dictionary with True or False for each of several numbers; all must be right.

    Attributes
    ----------
    keys : tuple of float
        The numbers, in `unit`.
    expected : callable
        Called with the context; returns what is true.
    slips : tuple of Slip
        `made` gets the dictionary, with `keys` as its keys.
    """

    keys: tuple[float, ...]
    expected: Callable[[Context], Mapping[float, bool]]
    of_numbers: ClassVar[bool] = False

    def judge(self, context: Context, got: Got) -> Verdict:
        truths = truths_of(self.value(got), self.name, self.unit, self.keys)
        found = f"`{self.name}` = {{{', '.join(f'{key:g}: {truths[key]}' for key in self.keys)}}}"
        if truths == dict(self.expected(context)):
            return passed(f"{found}: accepted.")
        return self.refused(context, found, truths, f"{found} is not what was found.")

    def cases(self, context: Context) -> Iterator[Case]:
        right = dict(self.expected(context))
        tables = [dict(zip(self.keys, row, strict=True)) for row in product((False, True), repeat=len(self.keys))]
        for chosen in sorted(tables, key=lambda table: table != right):
            passes = chosen == right
            mistake = None if passes else slip_name(context, chosen, self.slips)
            for label, value in (
                ("", chosen),
                (" from numpy", {np.float64(key): np.bool_(truth) for key, truth in chosen.items()}),
                (" as numbers", {round(key) if key % 1 == 0 else key: int(truth) for key, truth in chosen.items()}),
            ):
                yield Case(f"{chosen}{label}", value, passes, mistake)
        yield Case("an entry lacks", dict(list(right.items())[1:]), mistake="form")
        yield Case("a list", list(right.values()), mistake="form")
        yield Case("a text", "True", mistake="form")

    def facts(self, context: Context) -> Facts:
        return Facts("a dictionary of True or False", format_value(dict(self.expected(context))), "this only")

    def form(self) -> dict[str, Any]:
        return {"kind": "truths", "name": self.name, "unit": self.unit, "keys": list(self.keys)}

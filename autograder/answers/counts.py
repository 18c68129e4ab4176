"""A dictionary of whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts, KeyTable, format_interval, format_value
from autograder.question import Case, Got, Verdict, passed
from autograder.tolerance import Between
from neurodynex.answer_data.numbers import counts as counts_of


@dataclass(frozen=True, kw_only=True)
class Counts(VariableAnswer):
    """A dictionary with a count for each of several keys; all must be right.

    Attributes
    ----------
    keys : tuple of str
        Case and spaces do not count.
    accept : callable
        Called with the context and a key; returns what is accepted.
    expected : callable
        Called with the context; returns the expected counts.
    slips : tuple of Slip
        `made` gets the dictionary.
    """

    keys: tuple[str, ...]
    accept: Callable[[Context, str], Between]
    expected: Callable[[Context], Mapping[str, int]]
    unit: str = ""

    def judge(self, context: Context, got: Got) -> Verdict:
        counts = counts_of(self.value(got), self.name, self.keys)
        found = f"`{self.name}` = {counts}"
        wrong = [key for key in self.keys if not self.accept(context, key).contains(counts[key])]
        if not wrong:
            return passed(f"{found}: accepted.")
        problem = f"{found} is outside the tolerance for {' and '.join(map(repr, wrong))}."
        return self.refused(context, found, counts, problem)

    def cases(self, context: Context) -> Iterator[Case]:
        right = dict(self.expected(context))
        yield Case("right", right, True)
        yield Case("right, in capitals", {key.upper(): float(count) for key, count in right.items()}, True)
        for key in self.keys:
            low, high = map(int, self.accept(context, key).edges)
            yield Case(f"{key} at the lower edge", {**right, key: low}, True)
            yield Case(f"{key} at the upper edge", {**right, key: high}, True)
            yield Case(f"{key} below the lower edge", {**right, key: low - 1})
            yield Case(f"{key} above the upper edge", {**right, key: high + 1})
        yield Case("not whole", {**right, self.keys[0]: 0.5}, mistake="form")
        yield Case("an entry lacks", dict(list(right.items())[1:]), mistake="form")

    def facts(self, context: Context) -> Facts:
        expected = self.expected(context)
        rows = [(key, str(expected[key]), format_interval(self.accept(context, key), "")) for key in self.keys]
        table = KeyTable(("entry", "expected", "accepted"), rows)
        return Facts("a dictionary of whole numbers", format_value(dict(expected)), "as below", table)

    def form(self) -> dict[str, Any]:
        return {"kind": "counts", "name": self.name, "keys": list(self.keys)}

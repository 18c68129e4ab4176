"""A dictionary of whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Request, Variable
from autograder.tolerance import Between
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.numbers import counts as counts_of
from neurodynex.answer_data.reading import variable


@dataclass(frozen=True)
class Counts:
    """A dictionary with a count for each of several keys; all must be right.

    Attributes
    ----------
    keys : tuple of str
        Case and spaces do not count.
    accept : callable
        Called with a key and the context; returns what is accepted.
    reference : callable
        Called with the context; returns the expected counts.
    """

    name: str
    keys: tuple[str, ...]
    accept: Callable[[str, Context], Between]
    reference: Callable[[Context], Mapping[str, int]]
    think: str
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        counts = counts_of(variable(got, self.name), self.name, self.keys)
        found = f"`{self.name}` = {counts}"
        wrong = [key for key in self.keys if not self.accept(key, context).contains(counts[key])]
        if not wrong:
            return passed(f"{found}: accepted.")
        if verdict := explained(found, counts, self.slips, context):
            return verdict
        return failed(f"{found} is outside the tolerance for {' and '.join(map(repr, wrong))}. {self.think}")

    def examples(self, context: Context) -> Iterator[Example]:
        right = dict(self.reference(context))
        yield self._example("right", right, True)
        yield self._example("right, in capitals", {key.upper(): float(count) for key, count in right.items()}, True)
        for key in self.keys:
            band = self.accept(key, context)
            low, high = int(np.asarray(band.low)), int(np.asarray(band.high))
            for label, count, passes in (
                ("at the lower edge", low, True),
                ("at the upper edge", high, True),
                ("below the lower edge", low - 1, False),
                ("above the upper edge", high + 1, False),
            ):
                yield self._example(f"{key} {label}", {**right, key: count}, passes)
        for slip in self.slips:
            yield self._example(f"slip: {slip.name}", slip.example(context), False, slip.name)
        yield self._example("not whole", {**right, self.keys[0]: 0.5}, False, "form")
        yield self._example("an entry lacks", dict(list(right.items())[1:]), False, "form")

    def _example(self, label: str, counts: Mapping[str, float], passes: bool, mistake: str | None = None) -> Example:
        return Example(label, {f"variable:{self.name}": encode(dict(counts))}, passes, mistake)

    def form(self) -> dict[str, Any]:
        return {"kind": "counts", "name": self.name, "keys": list(self.keys)}

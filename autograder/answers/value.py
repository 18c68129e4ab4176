"""One number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.course import Context
from autograder.question import Example, Got, Slip, UnitSlip, Verdict, explained, failed, passed
from autograder.sandbox import Quantity, Request, Variable
from autograder.tolerance import Between
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.reading import lone as unwrap
from neurodynex.answer_data.reading import number, show_quantity, variable


@dataclass(frozen=True)
class Value:
    """A variable that holds one number, plain in the stated unit or a quantity.

    Attributes
    ----------
    name, unit : str
    accept : callable
        Called with the context; returns what is accepted.
    reference : callable
        Called with the context; returns the expected value, for the answer key. It lies inside `accept`.
    think : str
        What to think about next, where no slip explains the value.
    plausible : tuple of float
        The range that the self-check reports as plausible.
    simulated : tuple of float, optional
        How far above the answer the self-check simulates a response, and how far below it none. These are widths, rounded up
        from the tolerance: they tell nothing of where the answer lies, and contradict no accepted one.
    """

    name: str
    unit: str
    accept: Callable[[Context], Between]
    reference: Callable[[Context], float]
    think: str
    plausible: tuple[float, float]
    simulated: tuple[float, float] | None = None
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        answer = unwrap(variable(got, self.name))
        value = number(answer, self.name, self.unit)
        found = f"`{self.name}` = {show_quantity(answer, self.unit)}"
        if self.accept(context).contains(value):
            return passed(f"{found}: accepted.")
        if isinstance(answer, Quantity) and (verdict := self._wrong_prefix(answer, value, context)):
            return verdict
        return explained(found, value, self.slips, context) or failed(f"{found} is outside the tolerance. {self.think}")

    def _wrong_prefix(self, answer: Quantity, value: float, context: Context) -> Verdict | None:
        """Say so if a quantity's number would be right in the unit that is asked for."""
        if not any(isinstance(slip, UnitSlip) and slip.made(value, context) for slip in self.slips):
            return None
        shown = show_quantity(answer, self.unit)
        return failed(
            f"`{self.name}` is a quantity of {shown}, which is a power of 1000 away from what is accepted. Was the right "
            f"number multiplied by another unit than its own? A number in {self.unit} needs no unit here.",
            shown.rpartition(" ")[2],
        )

    def examples(self, context: Context) -> Iterator[Example]:
        band = self.accept(context)
        low, high = float(np.asarray(band.low)), float(np.asarray(band.high))
        beyond = 1e-6 * max(abs(low), abs(high))
        cases: list[tuple[str, float, bool, str | None]] = [
            ("right", self.reference(context), True, None),
            ("at the lower edge", low, True, None),
            ("at the upper edge", high, True, None),
            ("below the lower edge", low - beyond, False, None),
            ("above the upper edge", high + beyond, False, None),
            *(
                (f"slip: {slip.name}", slip.example(context), False, slip.name)
                for slip in self.slips
                if slip.applies(context)
            ),
        ]
        for label, value, passes, mistake in cases:
            yield Example(label, {f"variable:{self.name}": encode(value)}, passes, mistake)

    def form(self) -> dict[str, Any]:
        form = {"kind": "value", "name": self.name, "unit": self.unit, "plausible": list(self.plausible)}
        return {**form, "simulated": list(self.simulated)} if self.simulated else form

"""One number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.answers.variable_answer import VariableAnswer
from autograder.course import Context
from autograder.facts import Facts, of_a_number
from autograder.question import Case, Got, UnitSlip, Verdict, failed, passed
from autograder.sandbox import Quantity
from autograder.tolerance import Between
from neurodynex.answer_data.reading import number, show_quantity, unwrap_single


@dataclass(frozen=True, kw_only=True)
class Value(VariableAnswer):
    """A variable that holds one number, plain in the stated unit or a quantity.

    Attributes
    ----------
    accept : callable
        Called with the context; returns what is accepted.
    expected : callable
        Called with the context; returns the expected value, for the answer key. It lies inside `accept`.
    plausible : tuple of float
        The range that the self-check reports as plausible.
    simulated : tuple of float, optional
        How far above the answer the self-check simulates a response, and how far below it none. These are widths, rounded up
        from the tolerance: they tell nothing of where the answer lies, and contradict no accepted one.
    """

    accept: Callable[[Context], Between]
    expected: Callable[[Context], float]
    plausible: tuple[float, float]
    simulated: tuple[float, float] | None = None

    def judge(self, context: Context, got: Got) -> Verdict:
        answer = unwrap_single(self.value(got))
        value = number(answer, self.name, self.unit)
        found = f"`{self.name}` = {show_quantity(answer, self.unit)}"
        if self.accept(context).contains(value):
            return passed(f"{found}: accepted.")
        if isinstance(answer, Quantity) and (verdict := self._wrong_prefix(context, answer, value)):
            return verdict
        return self.refused(context, found, value, f"{found} is outside the tolerance.")

    def _wrong_prefix(self, context: Context, answer: Quantity, value: float) -> Verdict | None:
        """Say so if a quantity's number would be right in the unit that is asked for."""
        if not any(isinstance(slip, UnitSlip) and slip.made(context, value) for slip in self.slips):
            return None
        shown = show_quantity(answer, self.unit)
        return failed(
            f"`{self.name}` is a quantity of {shown}, which is a power of 1000 away from what is accepted. Was the right "
            f"number multiplied by another unit than its own? A number in {self.unit} needs no unit here.",
            shown.rpartition(" ")[2],
        )

    def cases(self, context: Context) -> Iterator[Case]:
        low, high = map(float, self.accept(context).edges)
        beyond = 1e-6 * max(abs(low), abs(high))
        yield Case("right", self.expected(context), True)
        yield Case("at the lower edge", low, True)
        yield Case("at the upper edge", high, True)
        yield Case("below the lower edge", low - beyond)
        yield Case("above the upper edge", high + beyond)

    def undisclosed(self, context: Context) -> tuple[Between, ...]:
        return (self.accept(context),)

    def facts(self, context: Context) -> Facts:
        slips = [(slip.name, float(slip.example(context))) for slip in self.slips if slip.applies(context)]
        band, expected = self.accept(context), self.expected(context)
        return of_a_number("a number", expected=expected, band=band, unit=self.unit, slips=slips)

    def form(self) -> dict[str, Any]:
        form = {"kind": "value", "name": self.name, "unit": self.unit, "plausible": list(self.plausible)}
        return {**form, "simulated": list(self.simulated)} if self.simulated else form

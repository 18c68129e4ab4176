"""Several numbers in no particular order, real or complex."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.answers.reading import UNITS, Unreadable, describe, lone, variable
from autograder.course import Context
from autograder.question import Example, Got, Slip, Verdict, explained, failed, passed
from autograder.sandbox import Quantity, Request, Variable
from autograder.sandbox.runner.encode import encode

Complex = NDArray[np.complex128]


@dataclass(frozen=True)
class ValueSet:
    """A variable that holds a few numbers in any order, such as eigenvalues; each matches one that is expected.

    Attributes
    ----------
    name, unit : str
        Of the variable, and in which a quantity is read; plain numbers are taken to be in it.
    reference : callable
        Called with the context; returns the expected numbers.
    size : int
        How many there are.
    absolute : float
        How far each may be from its partner, in the complex plane.
    slips : tuple of Slip
        `made` gets the numbers as an array.
    """

    name: str
    unit: str
    reference: Callable[[Context], Complex]
    size: int
    absolute: float
    think: str
    slips: tuple[Slip, ...] = ()
    weight: float = 1.0

    def requests(self, context: Context) -> tuple[Request, ...]:
        return (Variable(self.name),)

    def judge(self, got: Got, context: Context) -> Verdict:
        expected = np.asarray(self.reference(context), dtype=complex)
        values = read_complex(variable(got, self.name), self.name, self.unit, self.size)
        found = f"`{self.name}` = {', '.join(map(_show, values))}"
        if values.size == expected.size and same_set(values, expected, self.absolute):
            return passed(f"{found}: accepted.")
        if verdict := explained(found, values, self.slips, context):
            return verdict
        if values.size != expected.size:
            return failed(f"{found}: {values.size} number(s); the question asks for {expected.size}.", "form")
        return failed(f"{found}: not all are within the tolerance. {self.think}")

    def examples(self, context: Context) -> Iterator[Example]:
        right = np.asarray(self.reference(context), dtype=complex)
        shift = np.zeros(right.size)
        shift[0] = self.absolute
        cases: list[tuple[str, Any, bool, str | None]] = [
            ("right", right, True, None),
            ("right, in another order", right[::-1], True, None),
            ("right, as a list", right.tolist(), True, None),
            ("right, as a column", right[:, None], True, None),
            ("at an edge", right + shift, True, None),
            ("at an edge, sideways", right + 1j * shift, True, None),
            ("beyond an edge", right + 1.001 * shift, False, None),
            ("beyond an edge, sideways", right - 1.001j * shift, False, None),
            ("one more", [*right.tolist(), 0.0], False, "form"),
            ("as text", "right", False, "form"),
            *((f"slip: {slip.name}", slip.example(context), False, slip.name) for slip in self.slips),
        ]
        for label, value, passes, mistake in cases:
            yield Example(label, {f"variable:{self.name}": encode(value)}, passes, mistake)

    def form(self) -> dict[str, Any]:
        return {"kind": "value_set", "name": self.name, "size": self.size}


def same_set(values: Complex, expected: Complex, absolute: float) -> bool:
    """Tell whether the numbers can be paired off so that no pair is further apart than `absolute`."""
    room = absolute * (1 + 1e-9) + 1e-12
    return any((np.abs(values[list(order)] - expected) <= room).all() for order in permutations(range(values.size)))


def read_complex(value: Any, name: str, unit: str, size: int) -> Complex:
    """Return a decoded value as a flat array of finite complex numbers.

    Raises
    ------
    Unreadable
        If it holds anything else, or many more numbers than the `size` expected ones.
    """
    if isinstance(value, dict):
        # An eigenvalue with its multiplicity, as SymPy has it; or a name with its value.
        keys = all(isinstance(key, (int, float, complex)) for key in value)
        value = [key for key, times in value.items() for _ in range(_times(times))] if keys else list(value.values())
    inner = lone(value)
    single = not isinstance(inner, (list, tuple, frozenset)) and np.ndim(getattr(inner, "value", inner)) == 0
    value, scale = _plain(value if single else inner, name, unit)
    items = list(value) if isinstance(value, (list, tuple, set, frozenset)) else value
    if isinstance(items, list) and [_shape(item) for item in items] == [(size,), (size, size)]:
        raise Unreadable(
            f"`{name}` holds {size} numbers and a matrix, as `np.linalg.eig` returns; keep the numbers only."
        )
    if not isinstance(items, (list, np.ndarray)):
        raise Unreadable(f"`{name}` is {describe(value)}; the question asks for {size} numbers, as a list or an array.")
    flat = []
    for item in items if isinstance(items, list) else items.reshape(-1).tolist():
        single, own = _plain(item, name, unit)
        single = lone(single)
        if isinstance(single, bool) or not isinstance(single, (int, float, complex)):
            raise Unreadable(f"`{name}` holds {describe(single)}; the question asks for {size} numbers.")
        flat.append(complex(single) * (own or scale or 1.0))
    if not 0 < len(flat) <= 10 * size:
        raise Unreadable(f"`{name}` holds {len(flat)} numbers; the question asks for {size}.")
    if not np.isfinite(flat).all():
        raise Unreadable(f"`{name}` holds a NaN or an infinity.")
    return np.array(flat, dtype=complex)


def _shape(item: Any) -> tuple[int, ...]:
    return item.shape if isinstance(item, np.ndarray) else (len(item),) if isinstance(item, (list, tuple)) else ()


def _times(multiplicity: Any) -> int:
    return multiplicity if isinstance(multiplicity, int) and 0 < multiplicity < 10 else 1


def _plain(value: Any, name: str, unit: str) -> tuple[Any, float]:
    """Return a quantity's bare value and its scale to `unit`; anything else as it is, with no scale."""
    if not isinstance(value, Quantity):
        return value, 0.0
    scale, dimension = UNITS[unit]
    if not np.allclose(value.dimension, dimension, rtol=0, atol=1e-9):
        raise Unreadable(f"`{name}` is a quantity of another dimension than these numbers have.")
    return value.value, 1.0 / scale


def _show(value: complex) -> str:
    return f"{value.real:.4g}" if value.imag == 0 else f"{value:.4g}"

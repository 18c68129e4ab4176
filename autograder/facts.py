"""What a kind of answer says for the key: the expected value, what is accepted, a table, a number line or a plot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.tolerance import HALF_TURN, Axis, Between


@dataclass(frozen=True)
class KeyTable:
    """Rows below a heading; all cells are text."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    caption: str = ""


@dataclass(frozen=True)
class Marker:
    """A point on a number line.

    Attributes
    ----------
    value : float
    shape : str
        "expected", "slip", or one for each time step: "0", "1", ...
    title : str
        What it is.
    inside : bool
        Whether the value is accepted.
    """

    value: float
    shape: str
    title: str
    inside: bool = True


@dataclass(frozen=True)
class NumberLine:
    """A tolerance band, with one row of marks for the answer and one for each method."""

    low: float
    high: float
    unit: str
    rows: list[tuple[str, list[Marker]]]
    unseen: list[str] = field(default_factory=list)

    @property
    def limits(self) -> tuple[float, float]:
        values = [self.low, self.high, *(m.value for _, marks in self.rows for m in marks)]
        margin = 0.15 * (max(values) - min(values)) or 0.5
        return min(values) - margin, max(values) + margin

    @property
    def ticks(self) -> list[float]:
        first, last = self.limits
        raw = (last - first) / 6
        unit = 10 ** np.floor(np.log10(raw))
        step = unit * min(k for k in (1, 2, 5, 10) if k * unit >= raw)
        return [float(round(k * step, 10)) for k in range(int(np.ceil(first / step)), int(np.floor(last / step)) + 1)]


@dataclass(frozen=True)
class Bands:
    """Accepted bands over x, for a plot: each is (x, low, high)."""

    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    xlabel: str
    ylabel: str


@dataclass(frozen=True)
class Facts:
    """What the key says of one answer, for one variant."""

    kind: str
    expected: str
    accepted: str
    table: KeyTable | None = None
    line: NumberLine | None = None
    bands: Bands | None = None


def format_number(value: Any) -> str:
    """Return a number as the key writes it: six digits, without those that say nothing."""
    if isinstance(value, complex):
        return f"{value:.6g}" if value.imag else f"{value.real:.6g}"
    return f"{value:.6g}"


def format_value(value: Any) -> str:
    """Return any expected value or slip's example, shortened."""
    if isinstance(value, (bool, str)) or value is None:
        return str(value)
    if isinstance(value, (int, float, complex, np.number)):
        return format_number(value.item() if isinstance(value, np.number) else value)
    if isinstance(value, dict) and "axes" in value:
        return "a figure"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{format_value(key)}: {format_value(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(map(format_value, value)))
    items = list(value)
    text = ", ".join(map(format_value, items if len(items) <= 12 else items[:3]))
    text += f", … ({len(items)} in all)" if len(items) > 12 else ""
    return f"({text})" if isinstance(value, tuple) else f"[{text}]"


def format_interval(band: Between, unit: str) -> str:
    """Return a band of one number as text; a very narrow one by its middle and margin."""
    low, high = map(float, band.edges)
    text = f"{format_number(low)} to {format_number(high)}"
    if low == high:
        text = format_number(low)
    elif high - low < 1e-4 * max(abs(low), abs(high)):
        text = f"{format_number((low + high) / 2)} ± {(high - low) / 2:.3g}"
    return f"{text} {unit}".strip() + (f", modulo {HALF_TURN:g}" if isinstance(band, Axis) else "")


def of_a_number(
    kind: str, *, expected: float, band: Between, unit: str = "", slips: Iterable[tuple[str, float]] = ()
) -> Facts:
    """Return the facts on one number, with a number line.

    Parameters
    ----------
    kind : str
        What is asked for.
    expected : float
    band : Between
        What is accepted.
    unit : str
    slips : iterable of (str, float)
        Name of each slip and a number that it leads to; those far from the band are listed below the line.
    """
    low, high = map(float, band.edges)
    width = max(high - low, 1e-3 * abs(high))
    marks, unseen = [Marker(float(expected), "expected", f"expected: {format_number(expected)} {unit}".strip())], []
    for name, value in slips:
        if low - 2 * width <= value <= high + 2 * width:
            marks.append(Marker(value, "slip", f"slip “{name}”: {format_number(value)} {unit}".strip(), False))
        else:
            unseen.append(f"{name} ({format_number(value)} {unit})".replace(" )", ")"))
    line = NumberLine(low, high, unit, [("answer", marks)], unseen)
    return Facts(kind, f"{format_number(expected)} {unit}".strip(), format_interval(band, unit), line=line)


def accepted_columns(bands: Sequence[Between], size: int) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return headings and rows, one for each of `size` values, of what several bands accept."""
    edges = [[np.broadcast_to(edge, (size,)) for edge in band.edges] for band in bands]
    columns = ["accepted", *(["or"] * (len(bands) - 1))]
    return columns, [
        tuple(format_interval(type(band)(low[k], high[k]), "") for band, (low, high) in zip(bands, edges, strict=True))
        for k in range(size)
    ]

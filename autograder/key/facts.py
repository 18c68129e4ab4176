"""What the key says of one answer: expected value, what is accepted, a table or a plot. One function a kind of answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

import numpy as np

from autograder import answers
from autograder.answers.angles import HALF_TURN, Axis
from autograder.answers.pulses import ABSOLUTE, EITHER_WAY, RELATIVE, Latencies
from autograder.course import Context
from autograder.tolerance import Between


@dataclass(frozen=True)
class Table:
    """Rows below a heading; all cells are text."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    caption: str = ""


@dataclass(frozen=True)
class Mark:
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
    rows: list[tuple[str, list[Mark]]]
    unseen: list[str] = field(default_factory=list)

    @property
    def limits(self) -> tuple[float, float]:
        values = [self.low, self.high, *(m.value for _, marks in self.rows for m in marks)]
        room = 0.15 * (max(values) - min(values)) or 0.5
        return min(values) - room, max(values) + room

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
    table: Table | None = None
    line: NumberLine | None = None
    bands: Bands | None = None


def number(value: Any) -> str:
    """Return a number as the key writes it: six digits, without those that say nothing."""
    if isinstance(value, complex):
        return f"{value:.6g}" if value.imag else f"{value.real:.6g}"
    return f"{value:.6g}"


def shown(value: Any) -> str:
    """Return any expected value or slip's example, shortened."""
    if isinstance(value, (bool, str)) or value is None:
        return str(value)
    if isinstance(value, (int, float, complex, np.number)):
        return number(value.item() if isinstance(value, np.number) else value)
    if isinstance(value, dict) and "axes" in value:
        return "a figure"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{shown(key)}: {shown(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, (set, frozenset)):
        return ", ".join(sorted(map(shown, value)))
    items = list(value)
    text = ", ".join(map(shown, items if len(items) <= 12 else items[:3]))
    text += f", … ({len(items)} in all)" if len(items) > 12 else ""
    return f"({text})" if isinstance(value, tuple) else f"[{text}]"


def interval(band: Between, unit: str) -> str:
    """Return a band of one number as text; a very narrow one by its middle and margin."""
    low, high = (float(np.asarray(edge)) for edge in (band.low, band.high))
    text = f"{number(low)} to {number(high)}"
    if low == high:
        text = number(low)
    elif high - low < 1e-4 * max(abs(low), abs(high)):
        text = f"{number((low + high) / 2)} ± {(high - low) / 2:.3g}"
    return f"{text} {unit}".strip() + (f", modulo {HALF_TURN:g}" if isinstance(band, Axis) else "")


@singledispatch
def facts(answer: Any, context: Context) -> Facts:
    """Return what the key says of an answer; one implementation for each kind."""
    raise TypeError(f"The answer key does not know answers of the kind {type(answer).__name__}.")


@facts.register(answers.Value)
@facts.register(answers.Typical)
def _number(answer: Any, context: Context) -> Facts:
    unit = getattr(answer, "unit", "")
    band, expected = answer.accept(context), answer.reference(context)
    low, high = (float(np.asarray(edge)) for edge in (band.low, band.high))
    width = max(high - low, 1e-3 * abs(high))
    marks, unseen = [Mark(float(expected), "expected", f"expected: {number(expected)} {unit}".strip())], []
    for slip in (slip for slip in answer.slips if slip.applies(context)):
        example = float(slip.example(context))
        if low - 2 * width <= example <= high + 2 * width:
            marks.append(Mark(example, "slip", f"slip “{slip.name}”: {number(example)} {unit}".strip(), False))
        else:
            unseen.append(f"{slip.name} ({number(example)} {unit})".replace(" )", ")"))
    kind = "a number" if isinstance(answer, answers.Value) else "a whole number"
    line = NumberLine(low, high, unit, [("answer", marks)], unseen)
    return Facts(kind, f"{number(expected)} {unit}".strip(), interval(band, unit), line=line)


@facts.register
def _one_or_each(answer: answers.OneOrEach, context: Context) -> Facts:
    return Facts(
        f"one number, or one for each element of {answer.runs}",
        f"{number(answer.reference(context))} {answer.unit}".strip(),
        interval(answer.accept(context), answer.unit),
    )


@facts.register
def _spread_angles(answer: answers.SpreadAngles, context: Context) -> Facts:
    return Facts(
        f"an array of {answer.at_least} angles or more (degrees)",
        "directions that are spread over the half turn",
        f"an axial resultant of up to {number(answer.resultant)} (1: all on one axis; about 0: spread evenly)",
    )


@facts.register
def _counts(answer: answers.Counts, context: Context) -> Facts:
    expected = answer.reference(context)
    rows = [(key, str(expected[key]), interval(answer.accept(key, context), "")) for key in answer.keys]
    return Facts(
        "a dictionary of whole numbers",
        shown(dict(expected)),
        "as below",
        Table(("entry", "expected", "accepted"), rows),
    )


@facts.register(answers.Choice)
@facts.register(answers.Choices)
@facts.register(answers.Truths)
def _words(answer: Any, context: Context) -> Facts:
    right = answer.right(context)
    kind = {
        "Choice": "a listed word",
        "Choices": "a dictionary of listed words",
        "Truths": "a dictionary of True or False",
    }
    listed = f"; the listed words are {', '.join(answer.options)}" if hasattr(answer, "options") else ""
    return Facts(kind[type(answer).__name__], shown(right), f"this only{listed}")


@facts.register
def _some_words(answer: answers.Words, context: Context) -> Facts:
    right = [shown(words) for words in answer.right(context)]
    listed = ", ".join(answer.options)
    return Facts("one or more listed words", " or ".join(right), f"any of these; the listed words are {listed}")


@facts.register
def _value_set(answer: answers.ValueSet, context: Context) -> Facts:
    room = f"each within {number(answer.absolute)} {answer.unit} of its partner, in any order"
    return Facts(f"{answer.size} numbers, real or complex", shown(answer.reference(context).tolist()), room)


@facts.register
def _function(answer: answers.Function, context: Context) -> Facts:
    inputs, bands = answer.inputs(context), answer.accept(answer.inputs(context), context)
    columns, rows = _edges(bands, len(inputs))
    given = [", ".join(_argument(argument) for argument in arguments) for arguments in inputs]
    table = Table(
        (f"hidden input of {answer.call.format('…')}", *columns),
        [(text, *row) for text, row in zip(given, rows, strict=True)],
        f"Hidden inputs of the example student {context.student}; each student has others.",
    )
    again = (
        f"; the inputs are gone through {answer.repeats} times, and each must be right once"
        if answer.repeats > 1
        else ""
    )
    return Facts(f"a function ({answer.unit or 'no unit'})", "as below", f"the bands below{again}", table)


@facts.register
def _learned_direction(answer: answers.LearnedDirection, context: Context) -> Facts:
    inputs = answer.inputs(context)
    rows = [
        (", ".join(_argument(argument) for argument in arguments), f"{number(right)} ± {number(margin)}")
        for arguments, right, margin in zip(inputs, answer.expected(inputs), answer.margins(inputs), strict=True)
    ]
    table = Table(
        (f"hidden input of {answer.name}", "accepted (degrees, modulo 180)"),
        rows,
        f"Hidden inputs of the example student {context.student}; each student has others.",
    )
    accepted = (
        f"the bands below; each input is tried {answer.repeats} times, and {answer.misses} of all runs may miss; what is computed "
        "from the arguments, exactly, is refused"
    )
    return Facts("a function (degrees)", "as below", accepted, table)


@facts.register
def _matrix_function(answer: answers.MatrixFunction, context: Context) -> Facts:
    inputs = answer.inputs(context)
    rows = [
        (shown(tuple(point)), shown(matrix.tolist()))
        for point, matrix in zip(inputs, answer.expected(inputs), strict=True)
    ]
    table = Table(("hidden input", "expected"), rows, f"Hidden inputs of the example student {context.student}.")
    return Facts(
        "a function that returns a matrix", "as below", f"each element within {number(answer.absolute)}", table
    )


@facts.register
def _array_function(answer: answers.ArrayFunction, context: Context) -> Facts:
    rows = []
    for arguments in answer.inputs(context):
        measured = answer.measure(answer.expected(*arguments))
        assert measured is not None
        band = answer.accept(measured)
        margin = float(np.max(np.asarray(band.high) - np.asarray(measured)))
        rows.append((", ".join(map(_argument, arguments)), shown(measured), f"± {margin:.3g}"))
    table = Table(
        (f"hidden input of {answer.call}", "expected", "accepted"),
        rows,
        f"Hidden inputs of the example student {context.student}; where a direction is what counts, it is given, in degrees.",
    )
    return Facts("a function that returns an array", "as below", "the margins below", table)


@facts.register
def _curve(answer: answers.Curve, context: Context) -> Facts:
    x, (y_name, y_unit) = answer.at(context), answer.y
    bands = answer.accept(x, context)
    columns, rows = _edges(bands, x.size)
    over = f" / {answer.divide_by[0]}" if answer.divide_by else ""
    xlabel = f"{answer.x[0]} ({answer.x[1]})"
    low, high = (tuple(np.broadcast_to(np.asarray(e, float), x.shape).tolist()) for e in (bands[0].low, bands[0].high))
    table = Table((xlabel, *columns), [(number(float(at)), *row) for at, row in zip(x, rows, strict=True)])
    more = [f"{answer.points} points or more", *(["not falling"] if answer.rising else [])]
    more += [f"modulo {number(answer.period)}"] if answer.period else []
    return Facts(
        f"an array over {xlabel}: {', '.join(more)}",
        "the middle of each band below",
        "the bands below" + (", of which one must hold each value" if len(bands) > 1 else ""),
        table,
        bands=Bands(tuple(x.tolist()), low, high, xlabel, f"{y_name}{over} ({y_unit})"),
    )


@facts.register
def _latencies(answer: Latencies, context: Context) -> Facts:
    threshold = answer.threshold(context)
    currents = threshold * np.array([0.9, 0.98, 1.02, 1.1, 1.3, 1.5])
    expected = np.array([answer.latency(context, float(current)) for current in currents])
    margin = np.maximum(RELATIVE * expected, ABSOLUTE)
    rows = [
        (number(round(i, 4)), *(("none", "no spike") if np.isnan(t) else (f"{t:.2f}", f"{t - m:.2f} to {t + m:.2f}")))
        for i, t, m in zip(currents.tolist(), expected.tolist(), margin.tolist(), strict=True)
    ]
    return Facts(
        f"{answer.rows} rows or more of (pA, ms)",
        f"a pulse threshold of {number(threshold)} pA",
        f"as below; within {100 * EITHER_WAY:g} % of the pulse threshold a spike and none are both accepted",
        Table(("pulse (pA)", "latency (ms)", "accepted"), rows),
    )


@facts.register
def _trajectory(answer: answers.Trajectory, context: Context) -> Facts:
    cycle, room = answer.cycle(context), answer.relative
    rows = [
        (what, number(value), f"{number(value * (1 - room))} to {number(value * (1 + room))}")
        for what, value in (
            ("period (ms)", cycle.period),
            (f"extent of {answer.names[1]}", float(cycle.extent[0])),
            (f"extent of {answer.names[2]}", float(cycle.extent[1])),
        )
    ]
    asked = f"from {shown(answer.start)}, {number(answer.duration)} ms or longer"
    return Facts(f"three arrays, {asked}", "the limit cycle", "as below", Table(("what", "expected", "accepted"), rows))


@facts.register(answers.Plot)
@facts.register(answers.Branches)
@facts.register(answers.PhasePortrait)
def _figure(answer: Any, context: Context) -> Facts:
    return Facts("a figure", answer.what, "the asked relation, drawn from the data, with a label on both axes")


def _edges(bands: Sequence[Between], size: int) -> tuple[list[str], list[tuple[str, ...]]]:
    edges = [[np.broadcast_to(np.asarray(edge, float), (size,)) for edge in (band.low, band.high)] for band in bands]
    columns = ["accepted", *(["or"] * (len(bands) - 1))]
    return columns, [
        tuple(interval(type(band)(low[k], high[k]), "") for band, (low, high) in zip(bands, edges, strict=True))
        for k in range(size)
    ]


def _argument(argument: Any) -> str:
    if hasattr(argument, "path"):
        return f"{argument.path.rpartition(':')[2]}()"
    return f"an array of shape {argument.shape}" if isinstance(argument, np.ndarray) else shown(argument)

"""How the self-check looks at an answer: it reads it as the judge does, and then asks whether it is plausible and was drawn.

One function for each kind of answer, which returns a sentence, or raises a complaint or `Unreadable`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from neurodynex.answer_data import columns, numbers, words
from neurodynex.answer_data.reading import (
    Got,
    describe,
    number,
    show,
    show_quantity,
    unwrap_single,
    variable,
)
from neurodynex.answer_data.values import Axes, Figure, Function

Form = Mapping[str, Any]


class Complaint(Exception):
    """What is not in order; the message is for the student."""


def value(form: Form, got: Got) -> str:
    """Check one number."""
    answer = unwrap_single(variable(got, form["name"]))
    found = number(answer, form["name"], form["unit"])
    shown = f"`{form['name']}` = {show_quantity(answer, form['unit'])}"
    # An angle is the same after any number of turns.
    size = abs(found) % 360 if form["unit"] == "degrees" else abs(found)
    low, high = form["plausible"]
    if not low <= size <= high:
        raise Complaint(
            f"{shown} is far from what is plausible in {form['unit'] or 'plain numbers'}. Is it the right unit?"
        )
    return shown


def choice(form: Form, got: Got) -> str:
    """Check one of several words."""
    return f"`{form['name']}` = {words.word(variable(got, form['name']), form['name'], form['options'])!r}"


def choices(form: Form, got: Got) -> str:
    """Check a dictionary of words."""
    words.word_of_each(variable(got, form["name"]), form["name"], form["keys"], form["options"])
    return f"`{form['name']}` has an entry for each of {', '.join(form['keys'])}"


def function(form: Form, got: Got) -> str:
    """Check that there is a function; it is called by the grader only."""
    found = variable(got, form["name"])
    if not isinstance(found, Function):
        raise Complaint(f"`{form['name']}` is {describe(found)}; the question asks for a function.")
    return f"`{form['name']}` is a function; it will be called as `{form['call'].format('…')}`"


def curve(form: Form, got: Got) -> str:
    """Check two arrays that belong together."""
    (x_name, x_unit), (y_name, y_unit) = form["x"], form["y"]
    x, y = columns.curve(got, form["x"], form["y"])
    if "divide_by" in form:
        columns.divisors(got, form["divide_by"], y)
    low, high = form.get("range", (-np.inf, np.inf))
    inside = np.unique(np.round(x[(x >= low * (1 - 1e-9)) & (x <= high * (1 + 1e-9))], 9)).size
    if inside < form["points"]:
        raise Complaint(f"`{x_name}` has {inside} different points that count; {form['points']} or more are asked for.")
    return f"`{y_name}` ({y_unit}) at {inside} points of `{x_name}` ({x_unit})"


def latencies(form: Form, got: Got) -> str:
    """Check rows of (current, latency)."""
    currents, found = columns.pulses(got, form["name"])
    if currents.size < form["rows"]:
        raise Complaint(f"`{form['name']}` needs {form['rows']} rows (I, latency) or more; it has {currents.size}.")
    spikes = found[~np.isnan(found)]
    if (spikes < 0).any():
        raise Complaint(f"`{form['name']}` holds a negative latency; count from the onset of the pulse.")
    return f"`{form['name']}`: {currents.size} pulses, {spikes.size} with a spike"


def figure(form: Form, got: Got) -> str:
    """Check that something with as many points as are asked for was drawn for each curve, with labels."""
    for x_name, y_name in form["curves"]:
        drawn = [(fig, ax) for fig, ax in _drawn(got) if _largest(ax) >= form["points"]]
        if not drawn:
            raise Complaint(f"No plot of `{y_name}` against `{x_name}` was drawn in this session yet.")
        if not any(_labelled(fig, ax) for fig, ax in drawn):
            raise Complaint(f"The plot of {form['what']} wants a label on both axes.")
    return f"a plot of {form['what']} with labels was drawn"


def _drawn(got: Got) -> list[tuple[Figure, Axes]]:
    figures = got.get("figures")
    return [(fig, ax) for fig in figures for ax in fig.axes] if isinstance(figures, tuple) else []


def _labelled(fig: Figure, ax: Axes) -> bool:
    return bool((ax.xlabel + fig.xlabel).strip() and (ax.ylabel + fig.ylabel).strip())


def _largest(axes: Axes) -> int:
    """Return how many points the axes shows, whether in one series or in many, as a loop draws them."""
    return sum(drawn.x.size for drawn in axes.lines + axes.points)


def value_set(form: Form, got: Got) -> str:
    """Check a few numbers, which may be complex."""
    found = numbers.complex_numbers(variable(got, form["name"]), form["name"], form["unit"], form["size"])
    if found.size != form["size"]:
        raise Complaint(f"`{form['name']}` has {found.size} elements; {form['size']} numbers are asked for.")
    return f"`{form['name']}` holds {found.size} numbers"


def several_words(form: Form, got: Got) -> str:
    """Check one or more of several words."""
    chosen = words.words(variable(got, form["name"]), form["name"], form["options"])
    return f"`{form['name']}` names {', '.join(option for option in form['options'] if option in chosen)}"


def truths(form: Form, got: Got) -> str:
    """Check a dictionary of truth values with numbers as keys."""
    numbers.truths(variable(got, form["name"]), form["name"], form["unit"], form["keys"])
    return f"`{form['name']}` has an entry for each of {', '.join(f'{key:g}' for key in form['keys'])}"


def trajectory(form: Form, got: Got) -> str:
    """Check a time and the variables that belong to it."""
    t, *_ = columns.trajectory(got, form["names"], form["units"], form["duration"])
    return f"`{', '.join(form['names'])}`: {t.size} points up to {t[-1]:g} ms"


def drawn(form: Form, got: Got) -> str:
    """Check that a figure with so many series of data, in one plot or in panels, and with labels, was drawn."""
    figures = got.get("figures")
    found = [fig for fig in figures if _series(fig) >= form["series"]] if isinstance(figures, tuple) else []
    if not found:
        raise Complaint(f"No plot of {form['what']} was drawn in this session yet.")
    if not any(_labelled(fig, ax) for fig in found for ax in fig.axes):
        raise Complaint(f"The plot of {form['what']} wants a label on both axes.")
    return "a plot with labels was drawn"


def _series(fig: Figure) -> int:
    return sum(len(ax.lines) + len(ax.points) + bool(ax.arrows.x.size) for ax in fig.axes)


def typical(form: Form, got: Got) -> str:
    """Check a count for each of many runs, or their median."""
    median, found = numbers.median(variable(got, form["name"]), form["name"], form["what"], form["at_least"])
    numbers.whole_or_half(median, found)
    low, high = form["plausible"]
    if not low <= median <= high:
        raise Complaint(f"{found}, which is far from what is plausible. What does it count?")
    return found


def counts(form: Form, got: Got) -> str:
    """Check a dictionary of whole numbers."""
    numbers.counts(variable(got, form["name"]), form["name"], form["keys"])
    return f"`{form['name']}` has a count for each of {', '.join(form['keys'])}"


def runs(form: Form, got: Got) -> str:
    """Check a number for each of several runs."""
    found = columns.runs(variable(got, form["name"]), form["name"], form["unit"], form["at_least"])
    return _extent(form, found)


def one_or_each(form: Form, got: Got) -> str:
    """Check one number, or one for each run."""
    found = columns.one_or_each(got, form["name"], form["unit"], form["runs"])
    return _extent(form, found)


def _extent(form: Form, found: columns.Array) -> str:
    return f"`{form['name']}`: {found.size} of them, from {np.min(found):.4g} to {show(float(np.max(found)), form['unit'])}"


CHECKS: dict[str, Callable[[Form, Got], str]] = {
    "words": several_words,
    "numbers": runs,
    **{
        check.__name__: check
        for check in (
            value,
            choice,
            choices,
            function,
            curve,
            latencies,
            figure,
            value_set,
            truths,
            trajectory,
            drawn,
            counts,
            typical,
            one_or_each,
        )
    },
}

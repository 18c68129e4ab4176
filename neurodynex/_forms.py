"""How the self-check looks at an answer: one function for each kind, which returns a sentence or raises a complaint."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from neurodynex.answer_data.decoder import decode
from neurodynex.answer_data.tracker import watch
from neurodynex.answer_data.values import Axes, Figure

Form = Mapping[str, Any]
Names = Mapping[str, Any]


class Complaint(Exception):
    """What is not in order; the message is for the student."""


def value(form: Form, names: Names) -> str:
    """Check one number."""
    found = number(get(names, form["name"]), form["name"], form["unit"])
    low, high = form["plausible"]
    if not low <= abs(found) <= high:
        raise Complaint(
            f"`{form['name']}` = {found:g} is far from what is plausible in {form['unit'] or 'plain numbers'}. Is it the right unit?"
        )
    return f"`{form['name']}` = {found:g} {form['unit']}".rstrip()


def choice(form: Form, names: Names) -> str:
    """Check one of several words."""
    found = get(names, form["name"])
    _word(found, form["name"], form["options"])
    return f"`{form['name']}` = {found!r}"


def choices(form: Form, names: Names) -> str:
    """Check a dictionary of words."""
    found = get(names, form["name"])
    if not isinstance(found, dict):
        raise Complaint(f"`{form['name']}` is a {type(found).__name__}; a dictionary is asked for.")
    for key in form["keys"]:
        if key not in found:
            raise Complaint(f"`{form['name']}` has no entry {key!r}.")
        _word(found[key], f"{form['name']}[{key!r}]", form["options"])
    return f"`{form['name']}` has an entry for each of {', '.join(form['keys'])}"


def function(form: Form, names: Names) -> str:
    """Check that there is a function; it is called by the grader only."""
    found = get(names, form["name"])
    if not callable(found):
        raise Complaint(f"`{form['name']}` is a {type(found).__name__}; a function is asked for.")
    return f"`{form['name']}` is a function; it will be called as `{form['call'].format('…')}`"


def curve(form: Form, names: Names) -> str:
    """Check two arrays that belong together."""
    (x_name, x_unit), (y_name, y_unit) = form["x"], form["y"]
    x, y = (series(get(names, name), name, unit) for name, unit in (form["x"], form["y"]))
    if x.size != y.size:
        raise Complaint(f"`{x_name}` has {x.size} elements and `{y_name}` has {y.size}; they must match.")
    if "divide_by" in form:
        name, unit = form["divide_by"]
        divisor = series(np.atleast_1d(get(names, name)), name, unit)
        if divisor.size not in (1, x.size):
            raise Complaint(f"`{name}` must be one number, or one for each point.")
    low, high = form.get("range", (-np.inf, np.inf))
    inside = np.unique(x[(x >= low * (1 - 1e-9)) & (x <= high * (1 + 1e-9))]).size
    if inside < form["points"]:
        raise Complaint(f"`{x_name}` has {inside} different points that count; {form['points']} or more are asked for.")
    return f"`{y_name}` ({y_unit}) at {inside} points of `{x_name}` ({x_unit})"


def latencies(form: Form, names: Names) -> str:
    """Check rows of (current, latency)."""
    rows = get(names, form["name"])
    rows = list(rows.items()) if isinstance(rows, dict) else list(rows)
    if len(rows) < form["rows"] or any(len(row) != 2 for row in rows):
        raise Complaint(f"`{form['name']}` needs {form['rows']} rows (I, latency) or more; it has {len(rows)}.")
    spikes = [float(row[1]) for row in rows if row[1] is not None and not np.isnan(float(row[1]))]
    if any(latency < 0 for latency in spikes):
        raise Complaint(f"`{form['name']}` holds a negative latency; count from the onset of the pulse.")
    return f"`{form['name']}`: {len(rows)} pulses, {len(spikes)} with a spike"


def figure(form: Form, names: Names) -> str:
    """Check that a figure of the asked arrays was drawn, with labels."""
    for x_name, y_name in form["curves"]:
        points = np.size(get(names, x_name))
        drawn = [(fig, ax) for fig, ax in _drawn() if points in _sizes(ax)]
        if not drawn:
            raise Complaint(f"No plot of `{y_name}` against `{x_name}` was drawn in this session yet.")
        if not any(_labelled(fig, ax) for fig, ax in drawn):
            raise Complaint(f"The plot of {form['what']} wants a label on both axes.")
    return f"a plot of {form['what']} with labels was drawn"


def _drawn() -> list[tuple[Figure, Axes]]:
    figures: Any = decode(watch().encode())
    return [(fig, ax) for fig in figures for ax in fig.axes]


def _labelled(fig: Figure, ax: Axes) -> bool:
    return bool((ax.xlabel + fig.xlabel).strip() and (ax.ylabel + fig.ylabel).strip())


def _sizes(axes: Axes) -> set[int]:
    return {series.x.size for series in axes.lines + axes.points}


def value_set(form: Form, names: Names) -> str:
    """Check a few numbers, which may be complex."""
    found = np.ravel(get(names, form["name"]))
    if found.dtype.kind not in "iufc" or not np.isfinite(found).all():
        raise Complaint(f"`{form['name']}` holds something that is no finite number.")
    if found.size != form["size"]:
        raise Complaint(f"`{form['name']}` has {found.size} elements; {form['size']} numbers are asked for.")
    return f"`{form['name']}` holds {found.size} numbers"


def words(form: Form, names: Names) -> str:
    """Check one or more of several words."""
    found = get(names, form["name"])
    chosen = re.split(r"[,;/&+|]|\band\b", found) if isinstance(found, str) else list(found)
    if not chosen:
        raise Complaint(f"`{form['name']}` is empty.")
    for word in chosen:
        _word(word, form["name"], form["options"])
    return f"`{form['name']}` names {', '.join(map(str.strip, chosen))}"


def truths(form: Form, names: Names) -> str:
    """Check a dictionary of truth values with numbers as keys."""
    found = get(names, form["name"])
    if not isinstance(found, dict):
        raise Complaint(f"`{form['name']}` is a {type(found).__name__}; a dictionary is asked for.")
    for key in form["keys"]:
        if key not in found:
            raise Complaint(f"`{form['name']}` has no entry {key:g}.")
        if found[key] not in (True, False):
            raise Complaint(f"`{form['name']}[{key:g}]` is {found[key]!r}; True or False is asked for.")
    return f"`{form['name']}` has an entry for each of {', '.join(f'{key:g}' for key in form['keys'])}"


def trajectory(form: Form, names: Names) -> str:
    """Check a time and the variables that belong to it."""
    t, *others = (series(get(names, name), name, unit) for name, unit in zip(form["names"], form["units"], strict=True))
    if any(other.size != t.size for other in others):
        raise Complaint(f"`{', '.join(form['names'])}` must have the same number of elements.")
    if t.size < 2 or not (np.diff(t) > 0).all():
        raise Complaint(f"`{form['names'][0]}` must hold times that increase.")
    if t[-1] - t[0] < form["duration"] - 1:
        raise Complaint(f"The trajectory lasts {t[-1] - t[0]:g} ms; {form['duration']:g} ms or more are asked for.")
    return f"`{', '.join(form['names'])}`: {t.size} points up to {t[-1]:g} ms"


def drawn(form: Form, names: Names) -> str:
    """Check that a figure with so many series of data, and with labels, was drawn."""
    found = [
        (fig, ax) for fig, ax in _drawn() if len(ax.lines) + len(ax.points) + bool(ax.arrows.x.size) >= form["series"]
    ]
    if not found:
        raise Complaint(f"No plot of {form['what']} was drawn in this session yet.")
    if not any(_labelled(fig, ax) for fig, ax in found):
        raise Complaint(f"The plot of {form['what']} wants a label on both axes.")
    return "a plot with labels was drawn"


def count(form: Form, names: Names) -> str:
    """Check one whole number."""
    found = _whole(number(get(names, form["name"]), form["name"], ""), form["name"])
    low, high = form["plausible"]
    if not low <= found <= high:
        raise Complaint(f"`{form['name']}` = {found} is far from what is plausible. What does it count?")
    return f"`{form['name']}` = {found}"


def typical(form: Form, names: Names) -> str:
    """Check a count for each of many runs, or their median."""
    found = series(get(names, form["name"]), form["name"], "")
    if found.size > 1:
        if found.size < form["at_least"]:
            raise Complaint(
                f"`{form['name']}` has {found.size} counts; {form['at_least']} or more are asked for, or their median."
            )
        for count in found:
            _whole(float(count), form["name"])
    median = float(np.median(found))
    _whole(2 * median, f"two times `{form['name']}`")
    low, high = form["plausible"]
    if not low <= median <= high:
        raise Complaint(f"`{form['name']}`: {median:g} is far from what is plausible. What does it count?")
    return f"`{form['name']}`: the median is {median:g}"


def counts(form: Form, names: Names) -> str:
    """Check a dictionary of whole numbers."""
    found = get(names, form["name"])
    if not isinstance(found, dict):
        raise Complaint(f"`{form['name']}` is a {type(found).__name__}; a dictionary is asked for.")
    lower = {str(key).casefold(): entry for key, entry in found.items()}
    for key in form["keys"]:
        if key.casefold() not in lower:
            raise Complaint(f"`{form['name']}` has no entry {key!r}.")
        shown = f"{form['name']}[{key!r}]"
        _whole(number(lower[key.casefold()], shown, ""), shown)
    return f"`{form['name']}` has a count for each of {', '.join(form['keys'])}"


def numbers(form: Form, names: Names) -> str:
    """Check several numbers, such as one for each run."""
    flat = series(get(names, form["name"]), form["name"], form["unit"])
    if flat.size < form["at_least"]:
        raise Complaint(f"`{form['name']}` has {flat.size} elements; {form['at_least']} or more are asked for.")
    return f"`{form['name']}`: {flat.size} of them, from {flat.min():.4g} to {flat.max():.4g} {form['unit']}".rstrip()


CHECKS: dict[str, Callable[[Form, Names], str]] = {
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
        words,
        truths,
        trajectory,
        drawn,
        count,
        counts,
        typical,
        numbers,
    )
}


def get(names: Names, name: str) -> Any:
    """Return the notebook's variable `name`."""
    if name not in names:
        near = difflib.get_close_matches(name, [n for n in names if not n.startswith("_")], n=1)
        raise Complaint(f"`{name}` is not defined yet." + (f" There is `{near[0]}`; was that meant?" if near else ""))
    if names[name] is None or names[name] is Ellipsis:
        raise Complaint(f"`{name}` has no value yet.")
    return names[name]


def number(found: Any, name: str, unit: str) -> float:
    """Return one number in `unit`."""
    flat = series(found, name, unit)
    if flat.size != 1:
        raise Complaint(f"`{name}` has {flat.size} elements; one number is asked for.")
    return float(flat[0])


def series(found: Any, name: str, unit: str) -> np.ndarray:
    """Return numbers in `unit` as a one-dimensional array."""
    if isinstance(found, str) or callable(found):
        raise Complaint(f"`{name}` is a {type(found).__name__}; numbers are asked for.")
    try:
        items = [_in_unit(item, name, unit) for item in np.atleast_1d(found)]
        flat = np.array(items, dtype=float).reshape(-1)
    except (TypeError, ValueError):
        raise Complaint(f"`{name}` holds something that is no number.") from None
    if not np.isfinite(flat).all():
        raise Complaint(f"`{name}` holds a NaN or an infinity.")
    return flat


def _in_unit(item: Any, name: str, unit: str) -> Any:
    dimensions = getattr(item, "dim", None)
    if dimensions is None or dimensions.is_dimensionless:
        return item
    import brian2

    expected = getattr(
        brian2, unit.replace("pA", "pamp").replace("nA", "namp").replace("uA", "uamp").replace("mV", "mvolt")
    )
    if dimensions is not expected.dim:
        raise Complaint(f"`{name}` is a quantity of another dimension than {unit}.")
    return float(item / expected)


def _whole(found: float, name: str) -> int:
    if abs(found - round(found)) > 1e-9 * max(1.0, abs(found)):
        raise Complaint(f"`{name}` is {found:g}; a whole number is asked for.")
    return round(found)


def _word(found: Any, name: str, options: list[str]) -> None:
    def plain(text: str) -> str:
        return "".join(ch for ch in text.casefold() if ch not in " -_\t\n")

    if not isinstance(found, str) or plain(found) not in map(plain, options):
        raise Complaint(f"`{name}` is {found!r}; one of these words is asked for: {', '.join(options)}.")

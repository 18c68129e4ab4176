"""The pages of the key, and the spread of honest values that they show beside each tolerance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from autograder import __version__, assignments, notebook, report
from autograder.course import Context, Course
from autograder.facts import Facts, KeyTable, Marker, NumberLine, format_number, format_value
from autograder.formatting import format_points
from autograder.key import solvers
from autograder.mutation import COLUMNS, Kind, Row
from autograder.question import Answer, Question
from autograder.result import write_atomically
from autograder.tolerance import Between

# What measures imports Brian2, which takes a second; the preview shows pages without.
if TYPE_CHECKING:
    from autograder.key.spread import Found

NOTHING: Mapping[Kind, Sequence[Row]] = MappingProxyType({})
STUDENTS = 20  # that are looked at for one of each variant
# Question id -> name of its threshold in `autograder.key.spread`.
THRESHOLDS: dict[str, Callable[[str, Context], str]] = {
    **{
        question: lambda name, context, question=question: question  # type: ignore[misc]
        for question in (
            "lif_threshold",
            "hh_threshold",
            "hh_repetitive",
            "hh_ramp",
            "hh_sodium",
            "fhn_critical_current",
        )
    },
    "type_thresholds": lambda name, context: f"type_thresholds {context.variant[f'Neuron{name[-1]}']}",
}


@dataclass(frozen=True)
class SpreadTable:
    table: KeyTable
    outside: list[str]


def variants(name: str, course: Course) -> list[Context]:
    """Return the context of an example student for each variant of an assignment."""
    contexts: dict[str, Context] = {}
    for index in range(STUDENTS):
        context = Context.of(f"student{index}", name, course)
        contexts.setdefault(repr(sorted(context.variant.items())), context)
    return [contexts[key] for key in sorted(contexts)]


def thresholds(name: str, course: Course) -> set[str]:
    """Return the thresholds whose spread an assignment's key shows."""
    return {
        THRESHOLDS[question.id](answer.name, context)
        for question in assignments.load(name).questions
        if question.id in THRESHOLDS
        for answer in question.answers
        for context in variants(name, course)
    }


def outside(found: Iterable[Found], band: Between) -> list[Found]:
    """Return what was measured and is not accepted."""
    return [one for one in found if one.value is not None and not band.contains(one.value)]


def with_spread(line: NumberLine, found: Sequence[Found]) -> tuple[NumberLine, SpreadTable]:
    """Add what the methods find to a number line, and make a table of it."""
    lines, rows = list(line.rows), []
    bad = {id(one) for one in outside(found, Between(line.low, line.high))}
    criteria = list(dict.fromkeys(one.criterion for one in found))
    groups: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        groups.setdefault((one.criterion, one.method), []).append(one)
    for (criterion, method), group in groups.items():
        marks = [
            Marker(one.value, _shape(one), _described(one, line.unit, id(one) in bad), id(one) not in bad)
            for one in group
            if one.value is not None
        ]
        lines.append((f"{method}\n{criterion}" if len(criteria) > 1 else method, marks))
        for one in group:
            none = "no spike on the grid" if one.method in solvers.METHODS else "not stable"
            value = none if one.value is None else f"{format_number(one.value)} {line.unit}".strip()
            verdict = "–" if one.value is None else "OUTSIDE" if id(one) in bad else "accepted"
            rows.append((criterion, method, one.setting, value, verdict))
    table = KeyTable(("criterion", "method", "step or tolerance", "first value on the grid", "judged"), rows)
    outliers = [_described(one, line.unit, True) for one in found if id(one) in bad]
    return NumberLine(line.low, line.high, line.unit, lines, line.unseen), SpreadTable(table, outliers)


def _shape(one: Found) -> str:
    """Return the place of a setting in its list, which gives the mark its shape."""
    from autograder.key.spread import STEPS, time_step

    settings = list(solvers.SETTINGS) if one.method in solvers.METHODS else list(map(time_step, STEPS))
    return str(settings.index(one.setting))


def _described(one: Found, unit: str, bad: bool) -> str:
    end = ", OUTSIDE the accepted band" if bad else ""
    return f"{one.method}, {one.setting}, {one.criterion}: {format_number(one.value)} {unit}".strip() + end


def _answer(
    question: Question, answer: Answer, contexts: Sequence[Context], found: dict[str, list[Found]]
) -> list[dict[str, Any]]:
    """Return what the page says of an answer: once, or for each variant where that makes a difference."""
    views: list[dict[str, Any]] = []
    for context in contexts:
        facts, measured = answer.facts(context), None
        if question.id in THRESHOLDS and facts.line is not None:
            line, measured = with_spread(facts.line, found.get(THRESHOLDS[question.id](answer.name, context), []))
            facts = replace(facts, line=line)
        slips = [(s.name, format_value(s.example(context)), s.message) for s in answer.slips if s.applies(context)]
        view = {"facts": facts, "slips": slips, "spread": measured, "think": answer.think}
        if all({**view, "variant": ""} != {**other, "variant": ""} for other in views):
            variant = ", ".join(f"{key} is of type {value}" for key, value in sorted(context.variant.items()))
            views.append({**view, "variant": variant})
    return views


def _changes(question: str, tested: Mapping[Kind, Sequence[Row]]) -> list[tuple[Kind, KeyTable, list[tuple[str, str]]]]:
    """Return what became of a question's mutants and variations: kind, table, and what may stand with its reason."""
    found = []
    for kind, rows in tested.items():
        for row in rows:
            if row.question == question:
                columns = COLUMNS[kind]
                counts = tuple(str(row.counts[key]) for key in columns)
                listed = [(str(outcome.change), reason) for outcome, reason in row.listed]
                listed += [(str(outcome.change), "no reason is listed") for outcome in row.found]
                found.append((kind, KeyTable(("made", *columns.values()), [(str(row.made), *counts)]), listed))
    return found


def _assignment(
    name: str, course: Course, found: dict[str, list[Found]], tested: Mapping[Kind, Sequence[Row]]
) -> dict[str, Any]:
    definition, worth, contexts = assignments.load(name), notebook.points_of(name), variants(name, course)
    questions: list[dict[str, Any]] = [
        {
            "question": question,
            "points": worth.points[question.id],
            "changes": _changes(question.id, tested),
            "answers": [
                {
                    "name": answer.name,
                    "unit": answer.unit,
                    "weight": answer.weight,
                    "views": _answer(question, answer, contexts, found),
                }
                for answer in question.answers
            ],
        }
        for question in definition.questions
    ]
    warnings = [
        (q["question"].id, text)
        for q in questions
        for a in q["answers"]
        for view in a["views"]
        if view["spread"]
        for text in view["spread"].outside
    ]
    return {"definition": definition, "questions": questions, "by_hand": worth.by_hand, "warnings": warnings}


def render(
    name: str, course: Course, found: dict[str, list[Found]], tested: Mapping[Kind, Sequence[Row]] = NOTHING
) -> str:
    """Return the page of an assignment.

    Parameters
    ----------
    name : str
    course : Course
    found : dict
        Name of a threshold -> what was measured, as `autograder.key.spread.spread` returns it; where there is
        nothing of a threshold, its number line shows the answer alone.
    tested : mapping, optional
        What became of the mutants and of the honest variations of the reference solutions.
    """
    return _template().render(
        page=_assignment(name, course, found, tested), index=None, points=format_points, version=__version__
    )


def plot_html(facts: Facts, name: str) -> str:
    """Return the plot of an answer's facts as HTML with its style, as the page shows it; "" where there is none.

    Parameters
    ----------
    facts : Facts
    name : str
        The answer's name.
    """
    plots = _environment().get_template("key_plots.html").module
    line = plots.number_line(facts.line, name) if facts.line else ""  # type: ignore[attr-defined]
    bands = plots.band_plot(facts.bands) if facts.bands else ""  # type: ignore[attr-defined]
    return f"<style>{plots.plot_style()}</style>{line}{bands}" if line or bands else ""  # type: ignore[attr-defined]


def _template() -> Template:
    return _environment().get_template("key.html")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = format_number
    environment.filters["tick"] = lambda value: f"{float(f'{value:.3g}'):g}"
    environment.filters["breakable"] = lambda name: Markup(report.breakable(name))
    environment.filters["code"] = lambda text: Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))
    return environment


def count_steps(names: Iterable[str], course: Course) -> int:
    """Return how many steps `write` takes for these assignments."""
    from autograder.key.spread import simulations

    names = list(names)
    return len(names) + len(simulations(_wanted(names, course)))


def write_key(
    names: Iterable[str],
    out: Path,
    course: Course,
    on_done: Callable[[str], None] = lambda _: None,
    tested: Mapping[Kind, Sequence[Row]] = NOTHING,
) -> list[Path]:
    """Write the answer key.

    Parameters
    ----------
    names : iterable of str
        Assignments.
    out : Path
        Gets `<assignment>.html` and `index.html`.
    course : Course
    on_done : callable
        Called after each step with what was done.
    tested : mapping, optional
        As for `render`.

    Returns
    -------
    list of Path
        What was written, the index first.
    """
    from autograder.key.spread import spread

    names = list(names)
    found = spread(_wanted(names, course), on_done=lambda: on_done("simulations"))
    pages = []
    for name in names:
        write_atomically(out / f"{name}.html", render(name, course, found, tested))
        pages.append(out / f"{name}.html")
        on_done(name)
    # Pages of an earlier run stay in the index.
    there = [name for name in assignments.NAMES if (out / f"{name}.html").exists()]
    titles = [(name, assignments.load(name).title, *_sums(name)) for name in there]
    write_atomically(
        out / "index.html",
        _template().render(page=None, index=titles, points=format_points, version=__version__),
    )
    return [out / "index.html", *pages]


def _sums(name: str) -> tuple[float, float, float]:
    """Return the points of an assignment without the bonus, those of them given by hand, and the bonus."""
    worth, bonus = notebook.points_of(name), [q.id for q in assignments.load(name).questions if q.bonus]
    extra, by_hand = sum(worth.points[question] for question in bonus), sum(worth.by_hand.values())
    return sum(worth.points.values()) - extra + by_hand, by_hand, extra


def _wanted(names: Iterable[str], course: Course) -> Callable[[str], bool]:
    chosen: set[str] = set().union(*(thresholds(name, course) for name in names))
    return chosen.__contains__

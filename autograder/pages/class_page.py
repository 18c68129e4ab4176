"""The page of a class in one assignment: scores, questions, every answer beside its band, students."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from jinja2 import Environment
from markupsafe import Markup

from autograder import assignments
from autograder.answers.figure_answer import FigureAnswer
from autograder.formatting import format_count
from autograder.pages import plots, statistics
from autograder.pages.gather import Group, Seen
from autograder.pages.shapes import ChosenWords, Drawn, Line, Number, Offsets, Plane
from autograder.portions import Processes
from autograder.question import Question
from autograder.titles import titles

#: Of listed words, so many answers are shown.
_SHOWN = 8
#: Numbers just outside a band that are named.
_NEAREST = 12


@dataclass(frozen=True)
class Picture:
    """A plot of all students' answers, with what it says in words.

    Attributes
    ----------
    draw : callable or None
        Returns the plot, as an SVG element; picklable. None for a table of words.
    name : str
    caption : list of str
    changes : list of Change
    inside : list of Inside
        Of the last picture of an answer.
    is_untold : bool
        Whether it stays open what another width of the band would do.
    outside : list of (Seen, str)
        The nearest numbers just outside the band, and how they read.
    more_outside : int
        How many more there are.
    words : list of (str, int, int)
        What was chosen, by how many, and of how many it was accepted.
    plot : str
        What `draw` has returned.
    """

    draw: Callable[[], str] | None
    name: str
    caption: list[str]
    changes: list[statistics.BandChange] = field(default_factory=list)
    inside: list[statistics.Inside] = field(default_factory=list)
    is_untold: bool = False
    outside: list[tuple[Seen, str]] = field(default_factory=list)
    more_outside: int = 0
    words: list[tuple[str, int, int]] = field(default_factory=list)
    plot: str = ""


def render(templates: Environment, group: Group, links: dict[str, Any], processes: Processes) -> str:
    """Return the page; the plots are drawn by several processes."""
    definition = assignments.load(group.assignment)
    results = [entry.result for entry in group.entries]
    by_id = {question.id: question for question in definition.questions}
    items = [statistics.item(question, results) for question in definition.questions]
    final = all(entry.totals.is_final for entry in group.entries)
    values = [entry.totals.total if final else entry.result.score for entry in group.entries]
    maximum = max(entry.totals.maximum if final else entry.result.max_score for entry in group.entries)
    return templates.get_template("class.html").render(
        group=group,
        title=group.title,
        items=items,
        titles=titles(group.assignment),
        questions=by_id,
        pictures=_drawn({question.id: _pictures(question, group) for question in definition.questions}, processes),
        distribution=Markup(plots.draw_scores(values, maximum)),
        final=final,
        maximum=maximum,
        mean=float(np.mean(values)),
        median=float(np.median(values)),
        still=Counter(name for entry in group.entries for name in entry.totals.to_mark),
        not_judged=Counter(question.id for result in results for question in result.not_judged),
        by_hand=any(entry.totals.maximum_by_hand for entry in group.entries),
        bonus=any(question.bonus for question in definition.questions),
        late=any(entry.totals.late for entry in group.entries),
        **links,
    )


def _drawn(pictures: dict[str, list[Picture]], processes: Processes) -> dict[str, list[Picture]]:
    """Return the pictures with their plots."""
    made = processes.each(_draw, [picture.draw for of_question in pictures.values() for picture in of_question])
    return {
        name: [replace(picture, plot=Markup(next(made))) for picture in of_question]
        for name, of_question in pictures.items()
    }


def _draw(draw: Callable[[], str] | None) -> str:
    return draw() if draw else ""


def _pictures(question: Question, group: Group) -> list[Picture]:
    found = []
    keys = sorted(key for key in group.seen if key[0] == question.id)
    for _, index, number in keys:
        seen = group.seen[question.id, index, number]
        worth = next(
            (
                found.parts[index].max_score
                for entry in group.entries
                for found in entry.result.questions
                if found.id == question.id and len(found.parts) > index
            ),
            0.0,
        )
        answer = question.answers[index]
        name = f"Figure: {answer.what}" if isinstance(answer, FigureAnswer) else f"`{answer.name}`"
        own = [other for other in keys if other[1] == index]
        picture = _picture(name, seen, worth, len(group.entries), alone=len(own) == 1)
        if own[-1][2] == number and not picture.changes and not picture.words:
            inside = statistics.inside([group.seen[key] for key in own])
            picture = replace(picture, inside=inside, is_untold=not inside)
        found.append(picture)
    return found


def _picture(name: str, seen: Sequence[Seen], worth: float, students: int, *, alone: bool) -> Picture:
    """Return the plot of one view; `alone` tells whether it is the only one of its answer."""
    views: list[Any] = [one.view for one in seen]
    right = [one.passed for one in seen]
    count = f"{format_count(len(seen), 'answer')}, {sum(right)} accepted."
    first = views[0]
    if isinstance(first, Number):
        near = statistics.just_outside(seen)
        outside = [(one, _reads(one)) for one in near[:_NEAREST]]
        caption = [count, _scale(views), "Shaded: the accepted band. ● accepted, ○ not accepted."]
        caption += [] if alone else ["More than this number is judged of the answer."]
        changes = statistics.band_changes(seen, worth, students) if alone else []
        return Picture(
            partial(plots.draw_numbers, views, right, first.label),
            f"`{first.label}`",
            caption,
            changes,
            outside=outside,
            more_outside=len(near) - len(outside),
        )
    if isinstance(first, ChosenWords):
        chosen = Counter(view.text for view in views)
        accepted = Counter(view.text for view, passed in zip(views, right, strict=True) if passed)
        caption = [count, *([f"Shown are the {_SHOWN} most usual of {len(chosen)}."] if len(chosen) > _SHOWN else [])]
        return Picture(None, name, caption, words=[(text, n, accepted[text]) for text, n in chosen.most_common(_SHOWN)])
    if isinstance(first, Line):
        caption = [count, "Shaded: the accepted band. Thin lines in the second colour are not accepted."]
        caption += ["Curves that lie far off leave the frame.", *_panels(views)]
        return Picture(partial(plots.draw_curves, views, right), name, caption)
    if isinstance(first, Offsets):
        caption = [
            count,
            "Each student's function is called at inputs of its own; 0 is the middle of the band there, -1 and 1 are its edges. In "
            "proportion from -2 to 2, logarithmic beyond. Where a band has no width, the narrowest other one counts. ● function accepted, ○ not accepted.",
        ]
        return Picture(partial(plots.draw_offsets, views, right), name, caption)
    if isinstance(first, Drawn):
        caption = [
            count,
            "Shaded: where the asked lines lie. Thin lines in the second colour are of figures that are not accepted; what lies far "
            "off leaves the frame, and of a path that goes round and round the last rounds are shown.",
            *_panels(views),
        ]
        return Picture(partial(plots.draw_figures, views, right), name, caption)
    assert isinstance(first, Plane)
    caption = [
        count,
        f"Shaded: within {first.radius:g} of an expected number. Numbers that lie far off leave the frame.",
    ]
    return Picture(partial(plots.draw_plane, views, right), name, caption)


def _panels(views: Sequence[Line | Drawn]) -> list[str]:
    """Say that there are several panels, and what is not drawn."""
    bands = plots.by_band(views)
    if len(bands) == 1:
        return []
    caption = ["A panel for each band: what is expected depends on the variant."]
    if left := bands[plots.PANELS :]:
        others = format_count(len(left), "other band")
        answers = format_count(sum(map(len, left)), "answer")
        caption.append(f"Not drawn: {others} with {answers}; those that are drawn have the most answers.")
    return caption


def _scale(views: Sequence[Number]) -> str:
    """Say of what the axis is, and how it is divided."""
    bands = {(view.expected, view.low, view.high) for view in views}
    unit = f" {views[0].unit}" if views[0].unit else ""
    offsets = [abs(view.value - (view.low + view.high) / 2) for view in views]
    half = max((view.high - view.low) / 2 for view in views)
    beyond = max(offsets) > plots.LINEAR * half
    if len(bands) == 1:
        (one,) = bands
        caption = f"Expected {one[0]:.6g}{unit}, accepted from {one[1]:.6g} to {one[2]:.6g}{unit}, for everybody."
    elif len(bands) <= 4:
        caption = f"The axis is the difference from each student's own expected value, in{unit or ' the number itself'}; a row for each."
    else:
        caption = "The axis is the offset from the middle of each student's own band, in half widths of it."
    return (
        f"{caption} The scale is {'in proportion near the band and logarithmic farther off' if beyond else 'linear'}."
    )


def _reads(one: Seen) -> str:
    view = one.view
    assert isinstance(view, Number)
    side, edge = ("below", view.low) if view.value < view.low else ("above", view.high)
    return f"{view.value:.6g} {view.unit}".strip() + f", {abs(view.value - edge):.2g} {side}"

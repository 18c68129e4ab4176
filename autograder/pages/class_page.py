"""The page of a class in one assignment: scores, questions, every answer beside its band, students."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
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
from autograder.question import Question
from autograder.titles import titles

#: Of listed words, so many answers are shown.
_SHOWN = 8


@dataclass(frozen=True)
class Picture:
    """A plot of all students' answers, with what it says in words.

    Attributes
    ----------
    plot : str
        An SVG element; empty for a table of words.
    name : str
    caption : list of str
    changes : list of Change
    outside : list of (Seen, str)
        Numbers just outside the band, and how they read.
    words : list of (str, int, int)
        What was chosen, by how many, and of how many it was accepted.
    """

    plot: str
    name: str
    caption: list[str]
    changes: list[statistics.BandChange] = field(default_factory=list)
    outside: list[tuple[Seen, str]] = field(default_factory=list)
    words: list[tuple[str, int, int]] = field(default_factory=list)


def render(templates: Environment, group: Group, links: dict[str, Any]) -> str:
    """Return the page."""
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
        pictures={question.id: _pictures(question, group) for question in definition.questions},
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
        alone = sum(other[1] == index for other in keys) == 1
        found.append(_picture(name, seen, worth, len(group.entries), alone=alone))
    return found


def _picture(name: str, seen: Sequence[Seen], worth: float, students: int, *, alone: bool) -> Picture:
    """Return the plot of one view; `alone` tells whether it is the only one of its answer."""
    views: list[Any] = [one.view for one in seen]
    right = [one.passed for one in seen]
    count = f"{format_count(len(seen), 'answer')}, {sum(right)} accepted."
    first = views[0]
    if isinstance(first, Number):
        outside = [(one, _reads(one)) for one in statistics.just_outside(seen)]
        caption = [count, _scale(views), "Shaded: the accepted band. ● accepted, ○ not accepted."]
        caption += [] if alone else ["More than this number is judged of the answer."]
        changes = statistics.band_changes(seen, worth, students) if alone else []
        return Picture(
            Markup(plots.draw_numbers(views, right, first.label)), f"`{first.label}`", caption, changes, outside
        )
    if isinstance(first, ChosenWords):
        chosen = Counter(view.text for view in views)
        accepted = Counter(view.text for view, passed in zip(views, right, strict=True) if passed)
        return Picture("", name, [count], words=[(text, n, accepted[text]) for text, n in chosen.most_common(_SHOWN)])
    if isinstance(first, Line):
        bands = len({view.low.tobytes() + view.high.tobytes() for view in views})
        caption = [count, "Shaded: the accepted band. Thin lines in the second colour are not accepted."]
        caption += ["One panel for each variant of the neurons."] if bands > 1 else []
        caption += ["Curves that lie far off leave the frame."]
        return Picture(Markup(plots.draw_curves(views, right)), name, caption)
    if isinstance(first, Offsets):
        caption = [
            count,
            "Each student's function is called at inputs of its own; 0 is the middle of the band there, -1 and 1 are its edges. In "
            "proportion from -2 to 2, logarithmic beyond. Where a band has no width, the narrowest other one counts. ● function accepted, ○ not accepted.",
        ]
        return Picture(Markup(plots.draw_offsets(views, right)), name, caption)
    if isinstance(first, Drawn):
        caption = [
            count,
            "Shaded: where the asked lines lie. Thin lines in the second colour are of figures that are not accepted; what lies far "
            "off leaves the frame, and of a path that goes round and round the last rounds are shown.",
        ]
        return Picture(Markup(plots.draw_figures(views, right)), name, caption)
    assert isinstance(first, Plane)
    caption = [
        count,
        f"Shaded: within {first.radius:g} of an expected number. Numbers that lie far off leave the frame.",
    ]
    return Picture(Markup(plots.draw_plane(views, right)), name, caption)


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

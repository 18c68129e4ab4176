"""What a class's grades say of each question: how hard it is, how well it tells apart, and which slips were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder import report
from autograder.pages.bands import width_needed
from autograder.pages.gather import Seen
from autograder.pages.shapes import Line, Number, Offsets, Plane, View
from autograder.question import Question
from autograder.result import QuestionResult, Result
from autograder.tolerance import Between

#: Below so many students a correlation says nothing.
FEWEST = 8
#: So many times as wide as it is the band is tried.
FACTORS = (0.5, 0.75, 1.5, 2.0, 3.0)
WIDTHS = (0.5, 1.0, 1.5, 2.0)


@dataclass(frozen=True)
class Item:
    """One question over the class.

    Attributes
    ----------
    question : str
    students : int
    states : dict
        What `report.status` says -> of how many.
    mean : float
        Mean share of the question's points.
    discrimination : float or None
        Correlation of the question's score with that of all other questions; None where it says nothing.
    slips : list of (report.SlipMade, int)
        What was got wrong, and by how many students, the most usual first.
    """

    question: str
    students: int
    states: Counter[str]
    mean: float
    discrimination: float | None
    slips: list[tuple[report.SlipMade, int]]

    def share(self, state: str) -> float:
        """Return the share of students in a state."""
        return self.states[state] / self.students if self.students else 0.0


def item(question: Question, results: Sequence[Result]) -> Item:
    """Return the statistics of a question."""
    there = [(result, found) for result in results for found in result.questions if found.id == question.id]
    scores = np.array([found.score for _, found in there])
    rest = np.array([result.score - found.score for result, found in there])
    worth = max((sum(part.max_score for part in found.parts) for _, found in there), default=0.0)
    return Item(
        question.id,
        len(there),
        Counter(report.status(found) for _, found in there),
        float(scores.mean() / worth) if worth and len(there) else 0.0,
        _correlation(scores, rest),
        _slips(question, [found for _, found in there]),
    )


def _slips(question: Question, there: Sequence[QuestionResult]) -> list[tuple[report.SlipMade, int]]:
    """Return the slips by how many made them; what only the kind of answer names may quote the student, so that its name counts."""
    first: dict[tuple[str, str], report.SlipMade] = {}
    counts = Counter[tuple[str, str]]()
    for found in there:
        made = {(slip.name, slip.words if slip.is_known else ""): slip for slip in report.slips(found, question)}
        first = made | first
        counts.update(made.keys())
    return [(first[key], count) for key, count in counts.most_common()]


def _correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    if one.size < FEWEST or np.ptp(one) < 1e-9 or np.ptp(other) < 1e-9:
        return None
    return float(np.corrcoef(one, other)[0, 1])


@dataclass(frozen=True)
class BandChange:
    """What another width of the band would do.

    Attributes
    ----------
    factor : float
        How many times as wide, about the same middle.
    accepted, more : int
        How many answers it would hold, and how many more than now.
    mean : float
        By how many points the class's mean would change.
    """

    factor: float
    accepted: int
    more: int
    mean: float


def band_changes(seen: Sequence[Seen], worth: float, students: int) -> list[BandChange]:
    """Return what narrower and wider bands would do to a number that is asked for.

    Parameters
    ----------
    seen : sequence of Seen
        All of numbers.
    worth : float
        Points of the answer.
    students : int
        Of the class.
    """
    now = int(sum(one.passed for one in seen))
    far = np.array([abs(offset(one)) for one in seen])
    right = np.array([one.passed for one in seen])
    found = []
    for factor in FACTORS:
        # What a slip's signature refuses inside the band stays refused; what was accepted stays so in a wider one.
        inside = (
            (far <= factor * (1 + 1e-9)) & (right | (far > 1)) if factor < 1 else right | ((far > 1) & (far <= factor))
        )
        count = int(inside.sum())
        found.append(BandChange(factor, count, count - now, (count - now) * worth / max(students, 1)))
    return found


@dataclass(frozen=True)
class Inside:
    """How many answers lie wholly inside bands that are `factor` times as wide, and how many of those are accepted today."""

    factor: float
    answers: int
    accepted: int
    among: int


def inside(views: Sequence[Sequence[Seen]]) -> list[Inside]:
    """Return how many answers lie wholly inside narrower and wider bands, about the same middles; nothing where that is not known.

    Parameters
    ----------
    views : sequence of sequence of Seen
        All views of one answer, each of all students.
    """
    needed: dict[str, list[float | None]] = {}
    passed: dict[str, bool] = {}
    for one in (one for seen in views for one in seen):
        needed.setdefault(one.entry.result.student, []).append(width_needed_by(one.view))
        passed[one.entry.result.student] = one.passed
    # A number that cannot be measured is in no band.
    most = {
        student: max(known) if len(known) == len(views) else np.inf
        for student, widths in needed.items()
        if len(known := [width for width in widths if width is not None]) == len(widths)
    }
    found = []
    for factor in WIDTHS if most else ():
        held = [student for student, width in most.items() if width <= factor * (1 + 1e-9)]
        found.append(Inside(factor, len(held), sum(passed[student] for student in held), len(most)))
    return found


def width_needed_by(view: View) -> float | None:
    """Return how many times as wide the band has to be to hold what is seen; None where that is not known."""
    if isinstance(view, Number):
        return float(width_needed([Between(view.low, view.high)], view.value))
    return view.needed if isinstance(view, Line | Offsets | Plane) else None


def just_outside(seen: Sequence[Seen]) -> list[Seen]:
    """Return the refused numbers that lie within half a width of the band beside it, the nearest first."""
    near = [one for one in seen if not one.passed and 1 < abs(offset(one)) <= 2]
    return sorted(near, key=lambda one: abs(offset(one)))


def offset(one: Seen) -> float:
    """Return how far a number is from the middle of its band, in half widths."""
    assert isinstance(one.view, Number)
    half = max((one.view.high - one.view.low) / 2, 1e-300)
    return float((one.view.value - (one.view.high + one.view.low) / 2) / half)

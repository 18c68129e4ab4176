"""What a student gets for an assignment, by its parts: automatic, by hand, bonus, late; and what is not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from autograder import marks as marking
from autograder.course import Course
from autograder.formatting import format_count, format_points
from autograder.marks import Mark, Marks
from autograder.notebook import POINT_DECIMALS
from autograder.platforms import late, tree
from autograder.platforms.people import Roster, comparable
from autograder.result import Result
from autograder.titles import titles
from neurodynex import variant


@dataclass(frozen=True)
class Totals:
    """The points of one student in one assignment.

    Attributes
    ----------
    automatic : float
        Of the questions that are graded automatically, without bonus points.
    by_hand : float
        Given by a person so far.
    bonus : float
        Beyond the maximum.
    late : float
        What is lost for being late; 0 or more.
    total : float
        All of these together, less what is lost.
    maximum : float
        Of the automatic questions and the texts, marked or not; without bonus.
    maximum_by_hand : float
        Of the texts.
    to_mark : dict
        Id of a text without points yet -> what it is worth. While there are any, the total is not final.
    days_late : int
    marks : dict
        Id of a text -> its mark, also one that has a comment only.
    """

    automatic: float
    by_hand: float
    bonus: float
    late: float
    total: float
    maximum: float
    maximum_by_hand: float
    to_mark: dict[str, float]
    days_late: int = 0
    marks: dict[str, Mark] = field(default_factory=dict)

    @property
    def is_final(self) -> bool:
        """Whether no text is still to be graded by hand."""
        return not self.to_mark

    def in_words(self) -> str:
        """Return the total with its parts: "13.5 of 15 points: 12 automatic, 1.5 by hand, ...; 2 points still to be graded by hand"."""
        parts = [f"{format_points(self.automatic)} automatic"]
        if self.maximum_by_hand > sum(self.to_mark.values()):
            parts.append(f"{format_points(self.by_hand)} by hand")
        if self.bonus:
            parts.append(f"{format_points(self.bonus)} bonus")
        if self.late:
            parts.append(f"{format_points(self.late)} lost for {self.days_late} day{'s' * (self.days_late != 1)} late")
        head = f"{format_points(self.total)} of {format_count(self.maximum, 'point')}"
        head += f" ({', '.join(parts)})" if len(parts) > 1 else ""
        left = sum(self.to_mark.values())
        return f"{head}; {format_count(left, 'point')} still to be graded by hand" if left else head


def of(result: Result, marks: Mapping[str, Mark] | None = None, *, share_lost: float = 0, days_late: int = 0) -> Totals:
    """Return the totals of a result.

    Parameters
    ----------
    result : Result
    marks : mapping, optional
        Id of a text -> its mark.
    share_lost : float
        Which share of all points is lost for being late.
    days_late : int
    """
    found = {name: mark for name, mark in (marks or {}).items() if name in result.by_hand}
    given = {name: mark.points for name, mark in found.items() if mark.points is not None}
    bonus = sum(question.score for question in result.questions if question.bonus)
    by_hand = sum(given.values())
    worth = sum(result.by_hand.values())
    lost = _rounded((result.score + by_hand) * share_lost)
    return Totals(
        automatic=_rounded(result.score - bonus),
        by_hand=_rounded(by_hand),
        bonus=_rounded(bonus),
        late=lost,
        total=_rounded(result.score + by_hand - lost),
        maximum=_rounded(result.max_score + worth),
        maximum_by_hand=_rounded(worth),
        to_mark={name: points for name, points in result.by_hand.items() if name not in given},
        days_late=days_late,
        marks=found,
    )


@dataclass
class ClassTotals:
    """All that beside the results decides what a class gets: marks, times, days that somebody has more.

    Attributes
    ----------
    course : Course
    marks : Marks
    roster : Roster or None
    trees : tuple of Path
        Trees of submissions, in which the times lie; of a student in several, the last counts.
    """

    course: Course
    marks: Marks
    roster: Roster | None = None
    trees: tuple[Path, ...] = ()
    _times: dict[str, dict[str, datetime]] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        grades: Path,
        course: Course,
        roster: Roster | None = None,
        submitted: Iterable[Path] = (Path("submitted"),),
    ) -> ClassTotals:
        """Read what lies beside the grades.

        Parameters
        ----------
        grades : Path
            The folder that `grade` has filled.
        course : Course
        roster : Roster, optional
        submitted : iterable of Path
            Trees of submissions beside the one that `grade` itself has made of an export.

        Raises
        ------
        InstructorError
            If marks cannot be.
        """
        return cls(course, marking.read_all(grades, course), roster, (grades / "submitted", *submitted))

    def of(self, result: Result, student: str | None = None) -> Totals:
        """Return the totals of a result, for its student or for another one of the same group."""
        who = student or result.student
        days = self._days_late(result, who)
        return of(
            result,
            self.marks.of(result.student, result.assignment),
            share_lost=late.share_lost(self.course, days),
            days_late=days,
        )

    def handed_in(self, result: Result) -> datetime | None:
        """Return when a submission was handed in, if that is known."""
        return self.times(result.assignment).get(self.key(result.student))

    def times(self, assignment: str) -> dict[str, datetime]:
        """Return when the submissions of an assignment were handed in: normalised student -> time."""
        if assignment not in self._times:
            self._times[assignment] = {
                self.key(student): when for root in self.trees for student, when in tree.handed_in(root, assignment)
            }
        return self._times[assignment]

    def key(self, student: str) -> str:
        """Return the form of an id that counts."""
        return comparable(student, self._students)

    def still_to_mark(self, results: Iterable[Result]) -> dict[str, int]:
        """Return of how many results each text is still to be graded by hand: id -> number; none that has none."""
        counts: dict[str, int] = {}
        for result in results:
            for name in self.of(result).to_mark:
                counts[name] = counts.get(name, 0) + 1
        return counts

    def _days_late(self, result: Result, student: str) -> int:
        when = self.handed_in(result)
        if when is None:
            return 0
        extra = late.extra_days(self.course, self.roster, student)
        return late.days_late(self.course, result.assignment, when, extra)

    @cached_property
    def _students(self) -> variant.Course:
        return self.course.for_students(overrides=False)


def to_be_marked(counts: Mapping[str, int], assignments: Iterable[str], head: str = "") -> list[str]:
    """Return a line, with what it begins with, for each text that is still to be graded by hand."""
    named = {name: title for assignment in assignments for name, title in titles(assignment).items()}
    return [
        f"{head}Still to be graded by hand: {named[name]}, of {count} student{'s' * (count != 1)}: `python -m autograder mark {name}`"
        for name, count in counts.items()
    ]


def _rounded(points: float) -> float:
    return round(points, POINT_DECIMALS)

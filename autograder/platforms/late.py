"""What a late submission costs, by `[late]` in `course.toml`."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from autograder.course import Course
from autograder.platforms.people import Roster, comparable

DAY = timedelta(days=1)


def days_late(course: Course, assignment: str, when: datetime, extra_days: float = 0) -> int:
    """Return how many days late a submission is, each that has begun counted as a whole one.

    Parameters
    ----------
    course : Course
    assignment : str
    when : datetime
        When it was handed in, with its zone.
    extra_days : float
        By how many days this student's due date is later.

    Returns
    -------
    int
        0 where there is no due date, or within the grace time after it.
    """
    due = course.late.due.get(assignment)
    if due is None:
        return 0
    after = when - (due + extra_days * DAY)
    return 0 if after <= timedelta(minutes=course.late.grace_minutes) else math.ceil(after / DAY)


def extra_days(course: Course, roster: Roster | None, student: str) -> float:
    """Return by how many days a student's due dates are later, by the roster or the course; the larger number counts."""
    students = course.for_students(overrides=False)
    own = {comparable(name, students): days for name, days in course.late.extra_days.items()}
    person = roster.by_id(student) if roster else None
    return max(person.extra_days if person else 0, own.get(comparable(student, students), 0))


def due_in_words(course: Course, assignment: str) -> str:
    """Return the sentences that tell students when an assignment is due, and what a late day costs; empty if it is not due."""
    due = course.late.due.get(assignment)
    if due is None:
        return ""
    zone = f"{due:%z}"
    words = f"Due: {due:%A}, {due.day} {due:%B %Y}, {due:%H:%M} (UTC{zone[:3]}:{zone[3:5]})."
    if share := course.late.share_per_day:
        words += f" Each day late that has begun costs {share * 100:g} % of the points"
        words += f", {course.late.most * 100:g} % at most." if course.late.most < 1 else "."
    return words


def share_lost(course: Course, days: int) -> float:
    """Return which share of its points a submission loses that is late by so many days."""
    return min(course.late.most, days * course.late.share_per_day)

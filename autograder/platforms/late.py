"""What a late submission costs, by `[late]` in `course.toml`."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from autograder.course import Course

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


def share_lost(course: Course, days: int) -> float:
    """Return which share of its points a submission loses that is late by so many days."""
    return min(course.late.most, days * course.late.share_per_day)

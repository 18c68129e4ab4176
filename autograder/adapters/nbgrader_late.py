"""nbgrader: what a late submission loses, by `[late]` in `course.toml` as on every other route.

`nbgrader_config.py` puts `CourseLatePenalties` in place of nbgrader's own preprocessor.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Type

from autograder.course import Course, read_course_toml
from autograder.notebook import POINT_DECIMALS
from autograder.platforms import late
from autograder.platforms import roster as rosters


class CoursePenalty(BasePlugin):
    """Takes off the share that the course says, of what a submission has when it is graded."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points that are lost; None where none are."""
        preprocessor: Any = self.parent
        course, assignment = preprocessor.course, preprocessor.assignment_id
        when = course.late.due[assignment] + timedelta(seconds=total_seconds_late)
        days = late.days_late(course, assignment, when, _extra_days(course, student_id))
        return round(score * late.share_lost(course, days), POINT_DECIMALS) or None


class CourseLatePenalties(AssignLatePenalties):
    """Tell nbgrader the course's due date before it looks who is late.

    A course without due dates keeps those that are set in nbgrader, and nbgrader's own plugin.
    """

    plugin_class = Type(AssignLatePenalties.plugin_class.default_value, klass=BasePlugin).tag(config=True)
    course: Course

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        self.course = read_course_toml()
        about = resources["nbgrader"]
        if due := self.course.late.due.get(about["assignment"]):
            self.plugin_class = CoursePenalty
            with Gradebook(about["db_url"]) as gradebook:
                gradebook.find_assignment(about["assignment"]).duedate = due.astimezone(UTC).replace(tzinfo=None)
                gradebook.db.commit()
        found: tuple[NotebookNode, ResourcesDict] = super().preprocess(nb, resources)
        return found


def _extra_days(course: Course, student: str) -> float:
    """Return by how many days a student's due dates are later, by the roster or the course; the larger number counts."""
    return late.extra_days(course, rosters.of_course(course), student)


def rules(course: Course, assignment: str, student: str) -> list[Any]:
    """Return all that decides what a student loses for being late; nothing where there is no due date."""
    due = course.late.due.get(assignment)
    if due is None:
        return []
    table = course.late
    return [due.isoformat(), table.grace_minutes, table.share_per_day, table.most, _extra_days(course, student)]

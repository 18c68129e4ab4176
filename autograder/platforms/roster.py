"""The roster of a course: ours, or a file that a platform hands out; known by its columns."""

from __future__ import annotations

from pathlib import Path

from autograder.course import Course, course_file
from autograder.errors import InstructorError
from autograder.platforms import canvas, gradescope, moodle, ours, table
from autograder.platforms.people import Person, Roster

PLATFORMS = {
    "Canvas's gradebook export": canvas,
    "Moodle's grading worksheet or participants": moodle,
    "Gradescope's roster": gradescope,
    "a roster of ours": ours,
}


def read(path: Path, course: Course) -> Roster:
    """Read a roster.

    Parameters
    ----------
    path : Path
    course : Course
        Tells how ids are compared.

    Raises
    ------
    InstructorError
        If it cannot be read, is in no known format, names nobody, or if two of its rows claim one id.
    """
    read_in = table.read(path)
    for known in PLATFORMS.values():
        if known.is_roster(read_in):
            people: list[Person] = known.people(read_in)
            break
    else:
        there = ", ".join(repr(title) for title in read_in.columns[:12])
        raise InstructorError(
            f"The roster {path} is not known by its columns: {there}. Expected {', '.join(PLATFORMS)} "
            f"({','.join(ours.COLUMNS)})."
        )
    if not people:
        raise InstructorError(f"The roster {path} names nobody: there is no row of a student below its titles.")
    try:
        return Roster(people, course.for_students(overrides=False))
    except InstructorError as problem:
        raise InstructorError(f"{path}: {problem}") from None


def of_course(course: Course, given: Path | None = None) -> Roster | None:
    """Return the roster that is given, else the one that `course.toml` names beside it; None if there is neither."""
    if given is None and course.course.roster is not None:
        given = course_file().parent / course.course.roster
    return None if given is None else read(given, course)

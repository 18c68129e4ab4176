"""nbgrader: names and addresses of the roster go into the gradebook, so that formgrader shows who a student is."""

from __future__ import annotations

from collections.abc import Iterable

from nbgrader.api import Gradebook, Student

from autograder.platforms.people import Roster


def name_students(db_url: str, roster: Roster | None, students: Iterable[str]) -> None:
    """Write who the students are, as far as the roster tells.

    Parameters
    ----------
    db_url : str
        The gradebook.
    roster : Roster or None
    students : iterable of str
        nbgrader's ids of those who are about to be graded. Those whom the gradebook has already are named, too.
    """
    if roster is None:
        return
    with Gradebook(db_url) as gradebook:
        known = {student.id for student in gradebook.db.query(Student).all()}
        for student in sorted(known.union(students)):
            person = roster.by_id(student)
            if person and (person.name or person.email):
                first, last = parts_of(person.name)
                gradebook.update_or_create_student(
                    student, first_name=first or None, last_name=last or None, email=person.email or None
                )


def parts_of(name: str) -> tuple[str, str]:
    """Return the first and the last name of "Lovelace, Ada" or "Ada Lovelace"."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.strip().rpartition(" ")
    return first.strip(), last.strip()

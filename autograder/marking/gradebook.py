"""nbgrader's gradebook: what was given in formgrader comes in, and our marks go there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder import assignments, notebook
from autograder.errors import InstructorError
from autograder.marks import Mark, Marks


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SQLAlchemyError

    if not path.is_file():  # nbgrader would make one
        raise InstructorError(
            f"There is no gradebook {path}. nbgrader keeps it in the course's folder, as gradebook.db."
        )
    # nbgrader starts alembic, which lies beside this Python, whether or not its environment is activated.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    try:
        with Gradebook(f"sqlite:///{path.resolve()}") as gradebook:
            yield gradebook
    except SQLAlchemyError as problem:
        reason = str(getattr(problem, "orig", problem)).splitlines()[0]
        raise InstructorError(f"{path} is no gradebook of nbgrader's ({reason}).") from None


def read_marks(path: Path) -> tuple[list[Mark], list[str]]:
    """Return the marks that people gave for texts in formgrader, and what of theirs is not taken.

    Parameters
    ----------
    path : Path
        `gradebook.db`.

    Raises
    ------
    InstructorError
    """
    from nbgrader.api import Grade

    found, notes = list[Mark](), list[str]()
    with _opened(path) as gradebook:
        for grade in gradebook.db.query(Grade).all():
            assignment, question, student = grade.assignment.name, grade.cell.name, grade.student.id
            if assignment not in assignments.NAMES or (grade.manual_score is None and not grade.extra_credit):
                continue
            whose = f"{student}, {question}"
            known = notebook.points_of(assignment).by_hand
            if grade.extra_credit:
                notes.append(f"{whose}: {grade.extra_credit:g} points of extra credit are not taken in.")
            if question not in known:
                if grade.manual_score is not None:
                    notes.append(
                        f"{whose}: {grade.manual_score:g} points in place of the automatic ones are not taken in."
                    )
                continue
            if grade.manual_score is None:
                continue
            if not 0 <= grade.manual_score <= known[question]:
                notes.append(
                    f"{whose}: {grade.manual_score:g} points are not taken in; there are {known[question]:g} at most."
                )
                continue
            comment = _comment(gradebook, grade)
            found.append(Mark(student, assignment, question, float(grade.manual_score), comment, str(path)))
    return found, notes


def write_marks(path: Path, marks: Marks) -> tuple[int, list[str]]:
    """Put marks into a gradebook; return how many, and those for which there is no submission in it.

    Parameters
    ----------
    path : Path
        `gradebook.db`.
    marks : Marks

    Raises
    ------
    InstructorError
    """
    from nbgrader.api import Grade

    given, there = 0, set()
    with _opened(path) as gradebook:
        for grade in gradebook.db.query(Grade).all():
            assignment, question, student = grade.assignment.name, grade.cell.name, grade.student.id
            key = marks.student(student), assignment, question
            mark = marks.by_answer.get(key)
            if mark is None:
                continue
            there.add(key)
            if mark.points is not None:
                grade.manual_score = mark.points
                grade.needs_manual_grade = False
                given += 1
            if mark.comment and (comment := _stored_comment(gradebook, grade)):
                comment.manual_comment = mark.comment
        gradebook.db.commit()
    left = [mark for key, mark in marks.by_answer.items() if key not in there and mark.points is not None]
    return given, [f"{mark.student}, {mark.question}: there is no such submission in {path.name}." for mark in left]


def _stored_comment(gradebook: Any, grade: Any) -> Any:
    """Return what nbgrader keeps of comments to an answer; None if it keeps nothing."""
    from nbgrader.api import MissingEntry

    try:  # comments belong to the cell as one of a solution, which is another row than the one of points
        return gradebook.find_comment(grade.cell.name, grade.notebook.name, grade.assignment.name, grade.student.id)
    except MissingEntry:
        return None


def _comment(gradebook: Any, grade: Any) -> str:
    found = _stored_comment(gradebook, grade)
    return str(found.manual_comment or "").strip() if found else ""

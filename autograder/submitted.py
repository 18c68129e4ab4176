"""What was handed in: the submissions in an nbgrader `submitted/` tree, and what lies there beside them.

No link is followed: whoever filled a folder of the tree does not decide what else is read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from autograder import assignments, hand_in
from autograder.course import Course
from autograder.errors import InstructorError
from autograder.extra_files import ExtraFiles
from autograder.find_extra_files import find_extra_files
from autograder.hand_in import HandIn

LINK = "is a link; links are not followed"


#: Submissions that are named where the one that was asked for is not there.
_NAMED = 8


@dataclass(frozen=True)
class Job:
    """One submission to grade.

    Attributes
    ----------
    path : Path
        The notebook, the zip file that holds it, or where it should have been.
    student, assignment : str
    problem : str or None
        What is wrong with the hand-in, where that shows from outside already.
    member : str or None
        The notebook's name in the zip file.
    note : str or None
        What the result should say of the choice of the notebook.
    has_extra_files : bool
        Whether the files beside the notebook were handed in, too.
    """

    path: Path
    student: str
    assignment: str
    problem: str | None = None
    member: str | None = None
    note: str | None = None
    has_extra_files: bool = True

    @classmethod
    def of(cls, found: HandIn, student: str, assignment: str) -> Job:
        return cls(found.path, student, assignment, found.problem, found.member, found.note, found.has_extra_files)

    def read(self, attachments: int = 0) -> bytes:
        """Return the notebook as `notebook.read` does.

        Raises
        ------
        BadSubmission
        """
        return self._hand_in().read(attachments)

    def extra_files(self, course: Course, content: bytes) -> ExtraFiles:
        """Return the files beside the notebook, of which `content` is what `read` returned."""
        return find_extra_files(self._hand_in(), course, content)

    def _hand_in(self) -> HandIn:
        return HandIn(self.path, self.member, self.problem, has_extra_files=self.has_extra_files)


def find_jobs(path: Path, student: str | None = None, only: str | None = None) -> list[Job]:
    """Find the submissions at `path`: a notebook, or an nbgrader `submitted/` tree.

    Parameters
    ----------
    path : Path
        A file `<assignment>.ipynb`, or a folder `submitted/<student>/<assignment>/`.
    student : str, optional
        For one notebook, whose it is; by default the folder `<student>` of such a tree, else the user's own choice is asked.
    only : str, optional
        One assignment's name.

    Raises
    ------
    InstructorError
        If there is nothing to grade there.
    """
    if path.is_file():
        assignment = only or assignment_of(path)
        return [Job.of(hand_in.find_notebook(path, assignment), student or _student_of(path, assignment), assignment)]
    if not path.is_dir():
        raise InstructorError(f"There is no notebook and no folder at {path}.")
    jobs = [
        _job(folder, _name_of(who), folder.name)
        for who in _entries(path)
        if student in (None, _name_of(who)) and not who.is_symlink()
        for folder in _assignments_in(who, only)
    ]
    if not jobs and (student or only):
        asked = " ".join(filter(None, (f"of {student}" if student else "", f"to {only}" if only else "")))
        others = [f"{job.assignment} by {job.student}" for job in find_jobs(path)]
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        raise InstructorError(
            f"There is no submission {asked} in {path}. There are: {', '.join(others[:_NAMED])}{more}."
        )
    if not jobs:
        raise InstructorError(
            f"No submission was found in {path}. Expected a notebook, or a tree <student>/<assignment>/<assignment>.ipynb, "
            f"where the assignment is one of: {', '.join(assignments.NAMES)}."
        )
    return jobs


def overlooked(path: Path, student: str | None = None, only: str | None = None) -> dict[Path, str]:
    """Return what may have been meant as a submission but lies in no place for one, and what is wrong with it.

    Parameters are as in `find`.
    """
    found = {}
    for who in _entries(path):
        if student in (None, _name_of(who)) and (problem := _no_student(who, only)):
            found[who] = problem
    return found


def _no_student(who: Path, only: str | None) -> str | None:
    if who.is_symlink():
        return LINK
    if who.suffix == ".ipynb":
        return "a notebook belongs into a folder <student>/<assignment>/"
    if not who.is_dir() or _assignments_in(who, only):
        return None
    if problem := _closed(who):
        return f"the folder cannot be opened ({problem})"
    names = ", ".join(map(_name_of, _entries(who)[:5]))
    return f"no assignment has the name of what is in there: {names}" if names and not only else None


def _assignments_in(who: Path, only: str | None) -> list[Path]:
    names = assignments.NAMES if only is None else (only,)
    return [entry for entry in _entries(who) if entry.name in names and os.path.isdir(entry)]


def _job(folder: Path, student: str, assignment: str) -> Job:
    wanted = folder / f"{assignment}.ipynb"
    if folder.is_symlink():
        return Job(wanted, student, assignment, f"The folder {LINK}.")
    if problem := _closed(folder):
        return Job(wanted, student, assignment, f"The folder of the submission cannot be opened: {problem}.")
    return Job.of(hand_in.find_notebook(folder, assignment), student, assignment)


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder, if it is one that can be opened, without hidden files."""
    try:
        return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError:
        return []


def _closed(folder: Path) -> str | None:
    return None if os.access(folder, os.R_OK | os.X_OK) else "Permission denied"


def _name_of(path: Path) -> str:
    """Return a file's name as text, whatever bytes it is made of."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def find_one(path: Path, student: str, assignment: str | None = None) -> Job:
    """Find one student's hand-in: a notebook, a zip file, or a folder.

    Raises
    ------
    InstructorError
        If there is nothing, or if it does not tell its assignment.
    """
    if not os.path.lexists(path):
        raise InstructorError(f"There is no notebook and no folder at {path}.")
    name = assignment or assignment_of(path)
    return _job(path, student, name) if path.is_dir() else Job.of(hand_in.find_notebook(path, name), student, name)


def assignment_of(path: Path) -> str:
    """Return the assignment of a hand-in, by its name, its folder's, or its cells.

    Raises
    ------
    InstructorError
    """
    for name in (path.stem, path.parent.name):
        if name in assignments.NAMES:
            return name
    if len(names := hand_in.assignments_of(path)) == 1:
        return names[0]
    raise InstructorError(
        f"{path} does not tell its assignment, neither by its name nor by its cells. Give it with --assignment; there are: {', '.join(assignments.NAMES)}."
    )


def _student_of(path: Path, assignment: str) -> str:
    folders = path.resolve().parent
    if folders.name == assignment and folders.parent.parent.name == "submitted":
        return _name_of(folders.parent)
    raise InstructorError(f"{path} does not tell whose it is. Give the student's id with --student.")

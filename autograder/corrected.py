"""A copy of a broken hand-in that an instructor has corrected: it is graded in the original's place, and the result says so.

It lies in `mended/<student>/<assignment>/`, with a `reason.txt`, beside the tree of submissions or in the course's folder. The original
stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder import hand_in
from autograder.errors import BadSubmission, InstructorError
from autograder.hand_in import HandIn
from autograder.notebook import open_nofollow
from autograder.result import CORRECTED
from autograder.submitted import Job

FOLDER = "mended"
REASON = "reason.txt"
MAX_REASON = 2_000
NOTE = f"{CORRECTED} a copy that your instructor has corrected. The original is kept."


@dataclass(frozen=True)
class Copy:
    """A corrected copy.

    Attributes
    ----------
    folder : Path
    note : str
        What the result says of it.
    """

    folder: Path
    note: str


def find_copy(student: str, assignment: str, roots: Iterable[Path]) -> Copy | None:
    """Return the corrected copy of a submission; None if there is none.

    Parameters
    ----------
    student, assignment : str
    roots : iterable of Path
        Folders in which `mended` may lie; the first that has a copy counts.

    Raises
    ------
    InstructorError
        If it does not say why it was made.
    """
    for root in roots:
        folder = root / FOLDER / student / assignment
        if folder.is_dir() and not folder.is_symlink():
            return Copy(folder, f"{NOTE} Reason: {_reason(folder / REASON)}")
    return None


def _reason(path: Path) -> str:
    try:
        with open_nofollow(path) as file:
            reason = file.read(MAX_REASON).decode("utf-8", "replace")
    except OSError:
        reason = ""
    if not reason.strip():
        raise InstructorError(
            f"{path.parent} holds a corrected copy that does not say why it was made. Write the reason into {path}."
        )
    return " ".join(reason.split())


def in_place(jobs: Iterable[Job], roots: Iterable[Path]) -> list[Job]:
    """Return the jobs, with each corrected copy in the place of what was handed in.

    Raises
    ------
    InstructorError
        If a copy does not say why it was made.
    """
    folders = list(dict.fromkeys(roots))
    return [_in_place(job, folders) for job in jobs]


def _in_place(job: Job, roots: Iterable[Path]) -> Job:
    copy = find_copy(job.student, job.assignment, roots)
    if copy is None:
        return job
    chosen = Job.of(_chosen(copy, job.assignment), job.student, job.assignment)
    return replace(chosen, note=" ".join(filter(None, (copy.note, chosen.note))))


def _chosen(copy: Copy, assignment: str) -> HandIn:
    found = hand_in.find_notebook(copy.folder, assignment)
    if found.problem:
        raise InstructorError(f"The corrected copy in {copy.folder} cannot be graded. {found.problem}")
    return found


def check_copy(student: str, assignment: str, root: Path) -> None:
    """Make sure that a corrected copy in the course at `root`, if there is one, can be graded.

    Raises
    ------
    InstructorError
    """
    if copy := find_copy(student, assignment, [root]):
        _chosen(copy, assignment)


def hand_in_or_copy(folder: Path, student: str, assignment: str, root: Path) -> tuple[HandIn, str]:
    """Return what counts of a submission in a folder of nbgrader's, and what is to be said of that.

    Raises
    ------
    InstructorError, BadSubmission
    """
    if copy := find_copy(student, assignment, [root]):
        return _chosen(copy, assignment), copy.note
    found = hand_in.find_notebook(folder, assignment)
    if found.problem:
        raise BadSubmission(found.problem)
    return found, found.note or ""

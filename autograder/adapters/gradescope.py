"""Gradescope: its folder, its metadata, and its results.json."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder import assignments, hand_in, notebook
from autograder.adapters.gradescope_page import View, faults, results_json
from autograder.course import Context, Course, read_course_toml
from autograder.errors import BadSubmission, InstructorError
from autograder.result import Result, write_atomically
from autograder.sandbox import NoIsolation, backend
from autograder.sources import Sources
from autograder.submitted import Job
from autograder.workers import Rules, grade_job
from neurodynex.variant import normalise

PLUGIN = "autograder.adapters.otter_plugin.SandboxPlugin"


def identity(metadata: Any, course: Course) -> str | None:
    """Return who handed in: of a group, the address that comes first however they are written, so that it has one variant.

    Parameters
    ----------
    metadata : dict
        `submission_metadata.json`.
    course : Course
        Tells which addresses are the same student's.
    """
    users = metadata.get("users") if isinstance(metadata, Mapping) else None
    if not isinstance(users, list):
        return None
    emails = [str(user["email"]).strip() for user in users if isinstance(user, Mapping) and user.get("email")]
    return min(emails, key=lambda email: (_normalised(email, course), email), default=None)


def _normalised(email: str, course: Course) -> str:
    try:
        return normalise(email, course.for_students())
    except ValueError:  # reported where this address is the one that counts
        return email.casefold()


def full_result(root: Path) -> Path:
    """Return where the grade's own document is kept."""
    return root / "results" / "grade.json"


def write_results(
    root: Path,
    result: Result,
    *,
    finished: bool = False,
    seconds: float | None = None,
    note: str = "",
    view: View | None = None,
) -> None:
    """Write `results/results.json` by atomic rename.

    Parameters are those of `results_json`; `root` is the folder that holds `results`, on Gradescope `/autograder`.
    """
    page = results_json(result, finished=finished, seconds=seconds, note=note, view=view)
    write_atomically(
        root / "results" / "results.json", json.dumps(page, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    )


def main(root: Path, assignment: str) -> int:
    """Grade what lies in `root` as Gradescope lays it out, through Otter; always leave a `results.json`.

    Returns
    -------
    int
        0, or 1 where the grading or the judging itself failed: the page then tells the student, and staff what to do.
    """
    begun = time.monotonic()
    _close_to_others(root)
    (root / "results").mkdir(exist_ok=True)
    try:
        course = read_course_toml()
        student, notes = _student(_metadata(root / "submission_metadata.json"), assignment, course)
        found = hand_in.find_notebook(root / "submission", assignment)
        return _exit_code(*grade_hand_in(root, Job.of(found, student, assignment), course, notes, begun=begun))
    except (InstructorError, NoIsolation, OSError, ValueError) as error:
        print(f"Error: {error}", file=sys.stderr)
        _write_failure(root, assignment, str(error))
        return 1


def grade_hand_in(
    root: Path, job: Job, course: Course, notes: Sequence[str] = (), *, begun: float, otter_run: bool = False
) -> tuple[Result, str]:
    """Grade a hand-in through Otter, in a folder laid out as Gradescope's; write its `results.json`.

    Parameters
    ----------
    root : Path
        With the unpacked autograder.zip in `source`, a folder `submission` that is emptied, and a folder `results`.
    job : Job
    course : Course
    notes : sequence of str
        What the result should say besides.
    begun : float
        When the grading began, by the monotonic clock.
    otter_run : bool
        Whether Otter runs as `otter run` does, not as on Gradescope.

    Returns
    -------
    Result
    str
        How Otter failed after the grading; empty if it did not.

    Raises
    ------
    InstructorError
        If Otter ended before there was a grade.
    """
    view = view_of(root, course)
    try:  # the ways Otter would stumble over, with its own traceback
        content = job.read()
        extra_files = job.extra_files(course, content)
        notebook.parse_submission(content, notebook.points_of(job.assignment))
    except BadSubmission as problem:
        result = grade_job(replace(job, problem=str(problem)), Rules(course, backend().name, Sources.now(), cold=True))
        result = result.model_copy(update={"errors": (*notes, *result.errors)})
        write_results(root, result, finished=True, seconds=time.monotonic() - begun, view=view)
        return result, ""
    _leave_only(root / "submission", f"{job.assignment}.ipynb", content)
    all_notes = [*notes, *([job.note] if job.note else [])]
    files = {name: base64.b64encode(data).decode() for name, data in extra_files.files.items()}
    all_notes += extra_files.notes
    settings = {"assignment": job.assignment, "student": job.student, "notes": all_notes, "files": files}
    return _through_otter(root, settings, begun, otter_run, view)


def view_of(root: Path, course: Course) -> View:
    """Return what the student may see of the submission in `root`."""
    return View.of(course, _metadata(root / "submission_metadata.json"))


def _student(metadata: Any, assignment: str, course: Course) -> tuple[str, list[str]]:
    """Return who handed in, and what the result should say of that.

    Raises
    ------
    InstructorError
        If Gradescope does not tell, and the variant depends on it.
    """
    if student := identity(metadata, course):
        return student, []
    users = metadata.get("users") if isinstance(metadata, Mapping) else None
    known = [user for user in users if isinstance(user, Mapping)] if isinstance(users, list) else []
    names = ", ".join(str(user.get("name") or user.get("id") or "one without a name") for user in known)
    if not known or Context.of("somebody", assignment, course).variant:
        raise InstructorError(
            f"submission_metadata.json names no user with an email (users: {names or 'none'}), so that there is no variant to "
            "grade. Give the student an email in Gradescope's roster, and rerun the autograder."
        )
    numbers = sorted(str(user.get("id") or user.get("name") or "") for user in known)
    return f"gradescope-user-{numbers[0]}", [
        f"Gradescope knows no email of {names}. Nothing in this assignment depends on it."
    ]


def _through_otter(
    root: Path, settings: Mapping[str, Any], begun: float, otter_run: bool, view: View
) -> tuple[Result, str]:
    from otter.run.run_autograder import main as otter

    note = ""
    try:
        otter(str(root), logo=False, otter_run=otter_run, plugins=[{PLUGIN: dict(settings)}])
    except Exception as error:
        note = f"Otter failed: {type(error).__name__}: {error}"
        if not full_result(root).exists():
            raise InstructorError(note) from None
    result = Result.from_json(full_result(root).read_text(encoding="utf-8"))
    write_results(root, result, finished=True, seconds=time.monotonic() - begun, note=note, view=view)
    return result, note


def _exit_code(result: Result, note: str) -> int:
    for fault in [*([note] if note else []), *faults(result)]:
        print(fault, file=sys.stderr)
    return 1 if note or result.not_judged else 0


def _metadata(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InstructorError(
            f"submission_metadata.json cannot be read ({error}), so that there is no variant to grade."
        ) from None


def _leave_only(folder: Path, name: str, content: bytes) -> None:
    """Leave one file in a folder, with that content."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)
    (folder / name).write_bytes(content)


def _close_to_others(root: Path) -> None:
    """Keep everything from the uid that the submission runs as: sources, other submissions' results, this one's metadata."""
    for name, mode in (
        ("source", 0o700),
        ("submission", 0o700),
        ("results", 0o700),
        ("submission_metadata.json", 0o600),
    ):
        if (root / name).exists():
            (root / name).chmod(mode)


def _write_failure(root: Path, assignment: str, reason: str) -> None:
    page = {
        "score": 0,
        "output": "The grading failed, through no fault of yours. Please show this to your instructor.",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "name": "For the instructor",
                "output": f"{assignments.load(assignment).title}: {reason}",
                "output_format": "text",
                "visibility": "hidden",
            }
        ],
    }
    write_atomically(root / "results" / "results.json", json.dumps(page, indent=1, allow_nan=False) + "\n")

"""nbgrader: which of the submissions that it graded before are current. What is not is graded again.

nbgrader skips a submission that has a folder in `autograded/`, even if it was killed in the middle, and whatever has changed since.
So `FinishGrade` stamps a notebook when its grading is finished, and `remove_outdated` removes the folders without a current stamp.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder import assignments, corrected, notebook
from autograder.adapters import nbgrader_late
from autograder.course import Course
from autograder.errors import BadSubmission
from autograder.extra_files import ExtraFiles
from autograder.find_extra_files import find_extra_files
from autograder.inert import MAX_PICTURES
from autograder.running import limits
from autograder.sources import Sources, judging_key, run_key

# The files that this process has loaded. formgrader's goes on for days, while they may be edited.
LOADED = Sources.now()
# In a notebook's metadata: what its grade depended on.
STAMP = "neurodynex"
# Among nbgrader's resources of a notebook: questions on which the judge failed.
NOT_JUDGED = "not_judged"


class FinishGrade(NbGraderPreprocessor):
    """Mark what could not be judged as to be looked at, and stamp a notebook whose grade is final."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        about = resources["nbgrader"]
        if about["assignment"] not in assignments.NAMES:
            return nb, resources
        if about.get(NOT_JUDGED):
            _mark(about, about[NOT_JUDGED])
        nb.metadata[STAMP] = nbformat.from_dict({} if about.get(NOT_JUDGED) else about.get(STAMP, {}))
        return nb, resources


def _mark(about: dict[str, Any], questions: list[str]) -> None:
    with Gradebook(about["db_url"]) as gradebook:
        for question in questions:
            grade = gradebook.find_grade(question, about["notebook"], about["assignment"], about["student"])
            grade.auto_score = None
            grade.needs_manual_grade = True
        gradebook.db.commit()


def stamp(
    notebook_sha256: str, course: Course, known: notebook.Points, assignment: str, student: str
) -> dict[str, Any]:
    """Return all that a grade depends on.

    Parameters
    ----------
    notebook_sha256 : str
        Of the file as it was handed in.
    course : Course
    known : Points
        With the points of the gradebook.
    assignment, student : str
    """
    late = nbgrader_late.rules(course, assignment, student)
    return {
        **({"late": late} if late else {}),
        "notebook_sha256": notebook_sha256,
        "run_key": run_key(LOADED, course, known, limits(course)),
        "judging_key": judging_key(LOADED, course, known),
    }


def remove_outdated(converter: Any, course: Course) -> None:
    """Remove what nbgrader would take for finished although it is not, or not by today's rules; say so for each.

    Parameters
    ----------
    converter : nbgrader.converters.Autograde
        Before it has touched anything.
    course : Course
    """
    folders = converter.coursedir
    for submitted, student, assignment in submissions(converter):
        graded = Path(folders.format_path(folders.autograded_directory, student, assignment))
        if not os.path.lexists(graded):
            continue
        known = points_in_gradebook(assignment, folders.db_url)
        sha256 = digest_of(submitted, student, assignment, course, Path(folders.root))
        if _stamp_of(graded / f"{assignment}.ipynb") == stamp(sha256, course, known, assignment, student):
            continue
        converter.log.warning(
            "%s of %s is graded again: its grade was not finished, or is outdated.", assignment, student
        )
        # The feedback too, which nbgrader would not make anew.
        for folder in (graded, Path(folders.format_path(folders.feedback_directory, student, assignment))):
            if os.path.lexists(folder):
                shutil.rmtree(folder)


def submissions(converter: Any) -> Iterator[tuple[Path, str, str]]:
    """Yield the folder, the student and the assignment of each submission of ours that nbgrader is about to grade."""
    course = converter.coursedir
    form = course.format_path(course.submitted_directory, "(?P<student>.*)", "(?P<assignment>.*)", escape=True)
    excluded = course.student_id_exclude.split(",") if course.student_id_exclude else ()
    for folder in converter.assignments:
        found = re.fullmatch(form, folder)
        student, assignment = found.group("student", "assignment") if found else ("", "")
        if assignment in assignments.NAMES and student not in excluded:
            yield Path(folder), student, assignment


def points_in_gradebook(assignment: str, db_url: str) -> notebook.Points:
    """Return an assignment's points as the gradebook has them, by which nbgrader grades; else those of the source notebook."""
    known = notebook.points_of(assignment)
    with Gradebook(db_url) as gradebook:
        try:
            cells = gradebook.find_notebook(assignment, assignment).grade_cells
        except MissingEntry:
            return known
        worth = {cell.name: float(cell.max_score) for cell in cells if cell.name in known.points}
    return replace(known, points={**known.points, **worth})


def digest_of(folder: Path, student: str, assignment: str, course: Course, root: Path) -> str:
    """Return the digest of what counts of a submission in the course at `root`; of what cannot be read, nothing."""
    try:
        found, _ = corrected.hand_in_or_copy(folder, student, assignment, root)
        return submission_digest(found.read(MAX_PICTURES), find_extra_files(found, course))
    except BadSubmission:
        return ""


def submission_digest(content: bytes, files: ExtraFiles) -> str:
    """Return the digest of a notebook and the files beside it."""
    own = notebook.digest(content)
    return notebook.digest(json.dumps([own, files.digests]).encode()) if files.files else own


def _stamp_of(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))["metadata"].get(STAMP)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None

"""Otter: `otter run`, for a hand-in as people make them.

Otter itself takes one notebook, reads it whole and with its outputs, in UTF-8 only, follows links, and writes its result through one.
"""

from __future__ import annotations

import json
import tempfile
import time
import zipfile
from pathlib import Path

from autograder.adapters import gradescope
from autograder.course import Course
from autograder.errors import InstructorError
from autograder.result import Result, write_atomically
from autograder.submitted import Job


def grade_with_otter(job: Job, autograder: Path, out: Path, course: Course) -> tuple[Result, str]:
    """Grade a hand-in with Otter, in a fresh folder that holds nothing else; write `results.json`.

    Parameters
    ----------
    job : Job
    autograder : Path
        The zip file that `build` made.
    out : Path
        The folder for `results.json`.
    course : Course

    Returns
    -------
    Result
    str
        How Otter failed after the grading; empty if it did not.

    Raises
    ------
    InstructorError
        If there is no such zip file, or if Otter ended before there was a grade.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="otter-") as folder:
        root = Path(folder).resolve()
        for name in ("source", "submission", "results"):
            (root / name).mkdir()
        (root / "submission_metadata.json").write_text("{}", encoding="utf-8")
        _unpack(autograder, root / "source", job.assignment)
        graded = gradescope.grade_hand_in(root, job, course, begun=begun, otter_run=True)
        out.mkdir(parents=True, exist_ok=True)
        write_atomically(out / "results.json", (root / "results" / "results.json").read_text(encoding="utf-8"))
        return graded


def _unpack(autograder: Path, folder: Path, assignment: str) -> None:
    try:
        with zipfile.ZipFile(autograder) as archive:
            archive.extractall(folder)
        config = json.loads((folder / "otter_config.json").read_text(encoding="utf-8"))
        [settings] = [plugin[gradescope.PLUGIN] for plugin in config["plugins"] if gradescope.PLUGIN in plugin]
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise InstructorError(
            f"{autograder} is no autograder.zip of ours ({getattr(error, 'strerror', None) or error}). "
            "`python -m autograder build` makes it in dist/; give another place with --autograder."
        ) from None
    if settings["assignment"] != assignment:
        raise InstructorError(f"{autograder} is for {settings['assignment']}, and the hand-in is of {assignment}.")

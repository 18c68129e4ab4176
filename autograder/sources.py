"""What a grade depends on: one key for the run in the sandbox, and one for the judging of what the run brought back.

A stored result holds both. Where only the second one differs today, its answers are judged again, and nothing is run.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from autograder import __version__
from autograder.course import FILES, ROOT, Course, own_folder
from autograder.errors import InstructorError
from autograder.notebook import Points
from autograder.sandbox import Call, Limits, Request

# What takes part in the run beside the sandbox and the students' library.
RUN_MODULES = ("elsewhere.py", "extra_files.py", "notebook.py", "running.py")
# What takes part in neither the run nor the judging; any other module may, and so does one that is new.
APART = (
    "__main__.py",
    "adapters",
    "authoring",
    "batch.py",
    "build.py",
    "checkout",
    "cluster.py",
    "commands",
    "corrected.py",
    "demo.py",
    "files.py",
    "find_extra_files.py",
    "graded_notebooks.py",
    "hand_in.py",
    "inert.py",
    "kernels.py",
    "key",
    "loopback.py",
    "marking",
    "marks.py",
    "mutation",
    "package.py",
    "pages",
    "platforms",
    "points_in_text.py",
    "portions.py",
    "regrade.py",
    "report.py",
    "samples.py",
    "solutions.py",
    "submitted.py",
    "tables.py",
    "templates",
    "titles.py",
    "totals.py",
    "verify.py",
    "workers.py",
    "zipped.py",
)
# Of the course's settings, those on which no answer's verdict depends.
APART_SETTINGS: Any = {"limits": True, "late": True, "gradescope": True, "course": {"roster"}, "grading": {"files_mb"}}
# Made by `build`. The course is a part of both keys by itself; the forms and the cells are for the self-check, which decides what is
# printed, never an answer.
DERIVED = ("course.json", "due.json", "forms.json", "cells.json", "given.json")


@dataclass(frozen=True)
class Sources:
    """Digests of the files that grade.

    Attributes
    ----------
    run, judging : str
        Of the code that runs a submission, and of the code that judges its answers.
    notebooks : str
        Of the source notebooks, from which points and cell types are read.
    """

    run: str
    judging: str
    notebooks: str

    @classmethod
    def now(cls) -> Sources:
        """Return the digests of the files as they lie there now."""
        run: list[Path] = [path for path in _files(ROOT / "neurodynex") if path.name not in DERIVED]
        judging: list[Path] = []
        package = ROOT / "autograder"
        for path in _files(package):
            top = path.relative_to(package).parts[0]
            if top == "sandbox" or top in RUN_MODULES:
                run.append(path)
            elif top not in APART and "samples" not in path.parts:
                judging.append(path)
        home = own_folder() or FILES
        return cls(_digest_of(run), _digest_of(judging), _digest_of((home / "source").glob("*/*.ipynb"), home))

    def require_unchanged(self) -> None:
        """Make sure that the files are still those that were loaded, so that no two grades of a class follow different rules.

        Raises
        ------
        InstructorError
        """
        if Sources.now() != self:
            raise InstructorError(
                "The grader, the library or a source notebook was changed while this process was grading. Run the command again: "
                "whatever was graded by the old files is graded anew then."
            )

    def require_same_code(self) -> None:
        """Make sure of it for the code alone, where source notebooks may be edited as they are in formgrader.

        Raises
        ------
        InstructorError
        """
        now = Sources.now()
        if (now.run, now.judging) != (self.run, self.judging):
            raise InstructorError(
                "The grader or the library was changed since this process loaded it. Restart it (Jupyter, if this is formgrader) and "
                "autograde again: whatever was graded by the old files is graded anew then."
            )


def run_key(sources: Sources, course: Course, known: Points, limits: Limits) -> str:
    """Return the key of all that a run depends on beside the submission, its student and the inputs of its functions."""
    settings = asdict(course.for_students())
    return _key(sources.run, environment_digest(), asdict(limits), settings, sorted(known.points), known.cell_types)


def judging_key(sources: Sources, course: Course, known: Points) -> str:
    """Return the key of all that judging depends on beside the answers and the student."""
    settings = course.model_dump(mode="json", exclude=APART_SETTINGS)
    return _key(sources.judging, __version__, settings, known.points, known.by_hand)


def input_digests(requests: Iterable[Request]) -> dict[str, str]:
    """Return a digest of the inputs of each function that is called: request key -> digest."""
    return {request.key: _key(vars(request)) for request in requests if isinstance(request, Call)}


@cache
def environment_digest() -> str:
    """Return a digest of this Python and of every package that is installed in it, any of which a submission may import."""
    # Not every folder on the path: importing setuptools, for one, adds one with packages of its own.
    on_path = [Path(folder) for folder in sys.path if os.path.isdir(folder)]
    folders = [folder for folder in on_path if folder.name in ("site-packages", "dist-packages")]
    installed = {
        entry.name for folder in folders for entry in folder.iterdir() if entry.suffix in (".dist-info", ".egg-info")
    }
    return _key(platform.python_implementation(), platform.python_version(), platform.machine(), sorted(installed))


def _files(folder: Path) -> list[Path]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        found += [Path(place, name) for name in names if not name.endswith(".pyc") and not name.startswith(".")]
    return [path for path in sorted(found) if path.is_file()]


def _digest_of(paths: Iterable[Path], root: Path | None = None) -> str:
    hashed = hashlib.sha256()
    for path in sorted(paths):
        status = path.stat()
        # The time of its last change, which no program can set back.
        content = _content(path, status.st_ctime_ns, status.st_size, status.st_ino)
        hashed.update(f"{path.relative_to(root or ROOT).as_posix()}\0{content}\0".encode())
    return hashed.hexdigest()[:16]


@cache
def _content(path: Path, *_: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _key(*values: Any) -> str:
    text = json.dumps(values, sort_keys=True, default=_as_json)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _as_json(value: Any) -> Any:
    """Return what stands for an argument of a call that JSON does not know."""
    if isinstance(value, np.ndarray):
        return {"dtype": str(value.dtype), "shape": value.shape, "data": hashlib.sha256(value.tobytes()).hexdigest()}
    if isinstance(value, np.generic):
        return value.item()
    return {type(value).__name__: vars(value)}

"""The worked solutions, to hand out after the deadline: the source notebooks as they are solved, run, with their figures."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbgrader.preprocessors import ClearHiddenTests, ClearOutput

from autograder import notebook
from autograder.adapters.nbgrader_release import PointsInText
from autograder.batch import folder_of
from autograder.build import IDENTIFY
from autograder.course import Context, Course
from autograder.errors import InstructorError
from autograder.files import write_together
from neurodynex._run import ThisPython
from neurodynex.variant import load_course

FOLDER = "solutions"
_MARKS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)
#: For those who grade; what the points are given for is not handed out.
_SCHEME = re.compile(r"^\*\*Mark scheme\*\*.*\Z", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r"\A# (.*)$", re.MULTILINE)
#: Seconds for each cell. The longest take ten.
CELL_SECONDS = 600


def build_solutions(
    names: Iterable[str],
    dist: Path,
    course: Course,
    student: str | None = None,
    on_built: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Run the worked solution of each assignment, and write it for everybody or for one student.

    Parameters
    ----------
    names : iterable of str
    dist : Path
        Gets `<assignment>/solutions/<assignment>.ipynb`, or `<assignment>/solutions/<student>/<assignment>.ipynb`.
    course : Course
    student : str, optional
        Whose variants the solution is for; by default the example's.
    on_built : callable
        Called with each assignment's name when its solution is there.

    Returns
    -------
    list of Path

    Raises
    ------
    InstructorError
        If a solution does not run, or if the students' package was built for another course. Nothing is written then.
    """
    if course.for_students() != load_course():
        raise InstructorError(
            "course.toml has changed since neurodynex/course.json was made from it, so that the solutions would be for other variants. "
            "Run `python -m autograder build` first."
        )
    made: dict[Path, bytes] = {}
    for name in names:
        folder = dist / name / FOLDER
        if student is not None:
            Context.of(student, name, course)  # says what is wrong with an id
            folder = folder_of(folder, student)
        made[folder / f"{name}.ipynb"] = (nbformat.writes(_run(solution(name, student), name)) + "\n").encode()
        on_built(name)
    write_together(made)
    return list(made)


def solution(name: str, student: str | None = None) -> nbformat.NotebookNode:
    """Return an assignment's worked solution, not run: without hidden tests, mark schemes and marks of nbgrader's."""
    notebook.points(name)  # says clearly what is wrong with the file
    made: Any = nbformat.read(notebook.source_path(name), as_version=4)
    resources: Any = {"nbgrader": {"assignment": name}}
    for step in (PointsInText, ClearOutput, ClearHiddenTests):
        made, resources = step()(made, resources)
    for cell in made.cells:
        is_answer = (cell.metadata.get("nbgrader") or {}).get("solution")
        if is_answer:
            cell.source = _MARKS.sub("", cell.source)
        if is_answer and cell.cell_type == "markdown":
            cell.source = _SCHEME.sub("", cell.source)
        cell.source = cell.source.rstrip()
        if student is not None and IDENTIFY in cell.source:
            cell.source = cell.source.replace(IDENTIFY, f"identify({student!r})")
        cell.metadata.pop("nbgrader", None)
    own = f" for {student}" if student is not None else ""
    made.cells[0].source = _TITLE.sub(lambda title: f"# {title[1]}: a worked solution{own}", made.cells[0].source, 1)
    return made


def _run(made: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Return a notebook with its outputs."""
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=ThisPython())
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        client = NotebookClient(made, km=manager, timeout=CELL_SECONDS, resources=resources, record_timing=False)
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
            reason = type(problem).__name__
            if isinstance(problem, CellExecutionError):
                reason = f"{problem.ename}: {problem.evalue}"
            raise InstructorError(
                f"The solution of {name} does not run: {reason}. Correct {notebook.source_path(name)}; nothing was written."
            ) from None
    return made

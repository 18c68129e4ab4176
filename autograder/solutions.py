"""The worked solutions, to hand out after the deadline: the source notebooks as they are solved, run, with their figures."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import asdict
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
from autograder.course import Context, Course, check_built
from autograder.errors import InstructorError
from autograder.files import write_together
from autograder.titles import model_answer, without_solution_markers
from neurodynex._run import ThisPython

FOLDER = "solutions"
_TITLE = re.compile(r"\A# (.*)$", re.MULTILINE)
#: Seconds for each cell. The longest take ten.
CELL_SECONDS = 600


def build_solutions(
    names: Iterable[str],
    dist: Path,
    course: Course,
    students: Sequence[str] = (),
    on_built: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Run the worked solution of each assignment, and write it for everybody or for students of their own variants.

    A variant is run once, however many students have it.

    Parameters
    ----------
    names : iterable of str
    dist : Path
        Gets `<assignment>/solutions/<assignment>.ipynb`, or `<assignment>/solutions/<student>/<assignment>.ipynb`.
    course : Course
    students : sequence of str
        Whose variants the solutions are for; by default the example's. An assignment without variants has one for all, unless only one
        student is named.
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
    check_built(course)
    made: dict[Path, bytes] = {}
    for name in names:
        for student, solved in _solved(name, students, course):
            folder = dist / name / FOLDER
            folder = folder if student is None else folder_of(folder, student)
            made[folder / f"{name}.ipynb"] = (nbformat.writes(solved) + "\n").encode()
        on_built(name)
    write_together(made)
    return list(made)


def _solved(name: str, students: Sequence[str], course: Course) -> Iterator[tuple[str | None, nbformat.NotebookNode]]:
    """Yield solutions that were run: whose, None for everybody's; and the notebook."""
    variants = {student: sorted(Context.of(student, name, course).variant.items()) for student in students}
    if not students or (len(students) > 1 and not any(variants.values())):
        yield None, _run(solution(name), name, course)
        return
    done: dict[str, tuple[str, nbformat.NotebookNode]] = {}
    for student, variant in variants.items():
        key = repr(variant)
        if key not in done:
            done[key] = student, _run(solution(name, student), name, course)
        yield student, _renamed(solution(name, student), *done[key], student)


def _renamed(
    made: nbformat.NotebookNode, first: str, run: nbformat.NotebookNode, student: str
) -> nbformat.NotebookNode:
    """Give a solution what came out of another student's with the same variant; only who it is for is printed anew."""
    for cell, known in zip(made.cells, run.cells, strict=True):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = deepcopy(known.outputs), known.execution_count
            for output in cell.outputs if f"identify({student!r})" in cell.source else ():
                if output.output_type == "stream":
                    output.text = output.text.replace(first, student)
    return made


def solution(name: str, student: str | None = None) -> nbformat.NotebookNode:
    """Return an assignment's worked solution, not run: without hidden tests, mark schemes and marks of nbgrader's."""
    notebook.points_of(name)  # says clearly what is wrong with the file
    made: Any = nbformat.read(notebook.source_path(name), as_version=4)
    resources: Any = {"nbgrader": {"assignment": name}}
    for step in (PointsInText, ClearOutput, ClearHiddenTests):
        made, resources = step()(made, resources)
    for cell in made.cells:
        is_answer = (cell.metadata.get("nbgrader") or {}).get("solution")
        if is_answer:
            cell.source = without_solution_markers(cell.source)
        if is_answer and cell.cell_type == "markdown":
            cell.source = model_answer(cell.source)
        cell.source = cell.source.rstrip()
        if student is not None and IDENTIFY in cell.source:
            cell.source = cell.source.replace(IDENTIFY, f"identify({student!r})")
        cell.metadata.pop("nbgrader", None)
    own = f" for {student}" if student is not None else ""
    made.cells[0].source = _TITLE.sub(lambda title: f"# {title[1]}: a worked solution{own}", made.cells[0].source, 1)
    return made


def _run(made: nbformat.NotebookNode, name: str, course: Course) -> nbformat.NotebookNode:
    """Return a notebook with its outputs, run with the variants of that course, whatever course the package was built for."""
    environment = {**os.environ, "NEURODYNEX_COURSE": json.dumps(asdict(course.for_students()))}
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=ThisPython())
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        client = NotebookClient(made, km=manager, timeout=CELL_SECONDS, resources=resources, record_timing=False)
        try:
            client.execute(env=environment)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
            reason = type(problem).__name__
            if isinstance(problem, CellExecutionError):
                reason = f"{problem.ename}: {problem.evalue}"
            raise InstructorError(
                f"The solution of {name} does not run: {reason}. Correct {notebook.source_path(name)}; nothing was written."
            ) from None
    return made

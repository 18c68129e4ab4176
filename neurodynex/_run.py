"""Runs a notebook as the grader does, with the self-check at the place of each question's test cell.

The code of a test cell is not run, and an answer below it comes too late, there and here. Of a notebook's metadata only the ids of
cells count, so it runs in this Python, whatever kernel it was saved with.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from neurodynex._notebook import assigned, counting, grade_id, placeholders
from neurodynex.check import FINDINGS, cells, forms

_ASK = "import neurodynex.check as _\n_.display_findings({question!r})\n"


class ThisPython(KernelSpecManager):
    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the Python that runs this code, whatever the name."""
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=ERROR"]
        return KernelSpec(argv=command, display_name="Python 3", language="python")


def run(notebook: NotebookNode, folder: Path, seconds: int) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Run a notebook's cells and check each question at its place.

    Parameters
    ----------
    notebook : NotebookNode
    folder : Path
        Where its cells run.
    seconds : int
        Time for each cell.

    Returns
    -------
    findings : dict
        Question id -> what `neurodynex.check.display_findings` gave, for each question that was reached, and whether it is
        `attempted`.
    problems : list of str
        What stopped a cell, or the whole run.
    """
    plan, places = _plan(notebook)
    shown = new_notebook(cells=[new_code_cell(source) for _, source in plan])
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=ThisPython())
    client = NotebookClient(
        shown, km=manager, timeout=seconds, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    problems = []
    try:
        client.execute()
    except CellTimeoutError:
        problems.append(f"A cell did not end within {seconds} s, so the run stopped there.")
    except DeadKernelError:
        problems.append("The kernel died, so the run stopped there.")
    findings: dict[str, dict[str, Any]] = {}
    failed = []
    for (number, _), cell in zip(plan, shown.cells, strict=True):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                failed.append(number)
                first = output.evalue.splitlines()[0] if output.evalue else ""
                problems.append(f"Cell {number} stopped with {output.ename}: {first}")
            elif number in places.values() and FINDINGS in output.get("data", {}):
                found = output["data"][FINDINGS]
                findings[found["question"]] = found
    _add_places(findings, places, notebook)
    _add_attempted(findings, places, plan, failed)
    return findings, problems


def _plan(notebook: NotebookNode) -> tuple[list[tuple[int, str]], dict[str, int]]:
    """Return what to run, each with its cell's number, and the number of each question's test cell."""
    own = {grade_id(cell) for cell in notebook.cells}
    assignments = [name for name, cell_types in cells().items() if not own.isdisjoint(cell_types)]
    cell_types = {cell: kind for name in assignments for cell, kind in cells()[name].items()}
    questions = [name for name, form in forms().items() if form["assignment"] in assignments]
    plan = []
    places: dict[str, int] = {}
    for index, question, source in counting(notebook.cells, questions, cell_types):
        if question is not None:
            places[question] = index + 1
        plan.append((index + 1, source if question is None else _ASK.format(question=question)))
    # As for the grader, a question without its test cell is asked at the end.
    gone = [question for question in questions if question not in places]
    for end, question in enumerate(gone, start=len(notebook.cells) + 1):
        places[question] = end
        plan.append((end, _ASK.format(question=question)))
    return plan, places


def _add_attempted(
    findings: dict[str, dict[str, Any]], places: Mapping[str, int], plan: list[tuple[int, str]], failed: list[int]
) -> None:
    """Say of each question whether there is anything of the student's, as the grader does: in doubt there is."""
    asked = {name for found in findings.values() for name in found["asked"]}
    as_handed_out = placeholders([source for _, source in plan], asked)
    known: set[str] = set()
    begin = 0
    for question, found in sorted(findings.items(), key=lambda pair: places[pair[0]]):
        own = [name for name in found["asked"] if name not in known.union(found["given"])] or found["asked"]
        crashed = any(begin < number < places[question] for number in failed)
        empty = {*found["empty"], *as_handed_out} - found["elsewhere"]
        found["attempted"] = crashed or not empty.issuperset(own)
        if not found["attempted"]:
            found["lines"][0] = f"{question}: not attempted yet"
        known.update(found["asked"])
        begin = places[question]


def _add_places(findings: dict[str, dict[str, Any]], places: Mapping[str, int], notebook: NotebookNode) -> None:
    """Say of each name that a question lacks where it is given a value: in the question's test cell, or below it."""
    names = {
        number: assigned(cell.source) for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"
    }
    for question, found in findings.items():
        place, found["elsewhere"] = places[question], set()
        for name in found["missing"]:
            number = next((number for number, given in names.items() if number >= place and name in given), None)
            if number is None:
                continue
            found["elsewhere"].add(name)
            where = (
                "in the test cell itself, whose code the grader does not run"
                if number == place
                else f"in cell {number}, below the test cell, where the grader does not look"
            )
            found["lines"].append(f"  ✗ `{name}` stands {where}: move it up into the answer cell.")

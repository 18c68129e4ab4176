"""Honest solutions, written in many ways, get full marks: all points, with the bonus, and no complaint.

Each file `<assignment>/honest/<student>.py` has the form of a sample submission, and fills in every graded question itself.
"""

from pathlib import Path

import nbformat
import pytest

from autograder import assignments, notebook, samples
from autograder.grade import grade
from autograder.sandbox import backend
from tests.conftest import COURSE, student_with

HERE = Path(__file__).parent
# One of each by default; `--thorough` runs the others too.
BY_DEFAULT = {
    "hodgkin_huxley": "katherine",
    "hopfield_network": "hedy",
    "leaky_integrate_and_fire": "hedy",
    "neuron_type": "hedy",
    "ojas_rule": "hedy",
    "phase_plane_analysis": "hedy",
}
# Whose NeuronX is of type I; the others have it the other way round.
TYPE_I_FIRST = ("alan", "lise")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    everything = metafunc.config.getoption("--thorough")
    cases = [
        (path.parent.parent.name, path.stem)
        for path in sorted(HERE.glob("*/honest/*.py"))
        if everything or BY_DEFAULT[path.parent.parent.name] == path.stem
    ]
    if "name" in metafunc.fixturenames:
        metafunc.parametrize(("assignment", "name"), cases)


def code_to_fill_in(assignment: str) -> set[str]:
    cells = nbformat.read(notebook.source_path(assignment), as_version=4).cells
    metadata = [cell.metadata.get("nbgrader", {}) for cell in cells if cell.cell_type == "code"]
    return {meta["grade_id"] for meta in metadata if meta.get("solution")}


def test_there_are_four_or_more_for_each_assignment():
    assert {name: len(list((HERE / name / "honest").glob("*.py"))) >= 4 for name in assignments.NAMES} == dict.fromkeys(
        assignments.NAMES, True
    )


def test_an_honest_solution_gets_all_points(assignment: str, name: str):
    solution = samples.read(HERE / assignment / "honest" / f"{name}.py")
    assert set(solution.cells) == code_to_fill_in(assignment)
    student = student_with("I" if name in TYPE_I_FIRST else "II") if assignment == "neuron_type" else name
    content = solution.notebook(notebook.source_path(assignment), student)

    result = grade(content, assignment, student, backend(), course=COURSE).result

    points = notebook.points_of(assignment).points
    missed = {q.id: (q.score, q.message) for q in result.questions if q.score != points[q.id]}
    assert not missed
    assert result.errors == ()

"""Otter's public tests, as students run them: form and consistency, no right answers."""

import json
from pathlib import Path

import nbformat
import pytest

from autograder import notebook, samples
from tests.conftest import ROOT, questions_only
from tests.routes.routes import command

LIF = "leaky_integrate_and_fire"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tests").symlink_to(ROOT / "release" / LIF / "tests")
    return tmp_path


def test_otter_check_tells_what_is_not_in_order_over_a_whole_notebook(folder: Path):
    blank = samples.load(LIF)["blank"].notebook(notebook.source_path(LIF), "blank")
    (folder / f"{LIF}.ipynb").write_bytes(questions_only(blank))
    said = command("otter", "check", f"{LIF}.ipynb", cwd=folder)
    assert "lif_threshold results" in said and "`I_min` is not defined yet" in said and "All tests passed" not in said


@pytest.mark.thorough
def test_otter_check_says_that_passed_tests_do_not_mean_right_answers(tmp_path: Path):
    (tmp_path / "tests").symlink_to(ROOT / "release" / "ojas_rule" / "tests")
    wrong = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("oja_finds = 'mean'")])
    (tmp_path / "own.ipynb").write_text(nbformat.writes(wrong))
    said = command("otter", "check", "-q", "oja_what", "own.ipynb", cwd=tmp_path)
    assert "All tests passed!" in said and said.count("Whether they are right is judged after you hand in.") == 1, said


@pytest.mark.thorough
def test_grader_check_works_in_the_notebook(folder: Path):
    cells = ["import otter; grader = otter.Notebook()", "I_min = 1.01", 'grader.check("lif_threshold")']
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    made.cells.append(nbformat.v4.new_code_cell('I_min = 1010.0\ngrader.check("lif_threshold")'))
    (folder / "own.ipynb").write_text(nbformat.writes(made))
    command("jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace", "own.ipynb", cwd=folder)
    right, wrong = nbformat.read(folder / "own.ipynb", as_version=4).cells[2:]
    assert "passed" in json.dumps(right.outputs)
    assert "Only form" not in json.dumps(right.outputs)
    assert "plausible" in json.dumps(wrong.outputs)

"""`neurodynex check NOTEBOOK`: a whole notebook at the student's own desk."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import assignments, notebook, samples
from neurodynex._notebook import placeholders
from neurodynex.check import forms
from tests.conftest import ROOT

LIF = "leaky_integrate_and_fire"


def run(*words: str | Path, code: int) -> str:
    done = subprocess.run([sys.executable, "-m", "neurodynex", *map(str, words)], capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def asked(name: str) -> list[dict]:
    """Return what the self-check knows of an assignment's answers."""
    return [form for question in forms().values() if question["assignment"] == name for form in question["answers"]]


@pytest.mark.parametrize(
    "name",
    [
        name if name == "hopfield_network" else pytest.param(name, marks=pytest.mark.thorough)
        for name in assignments.NAMES
    ],
)
def test_a_blank_notebook_is_not_attempted_in_any_question(tmp_path, name):
    path = tmp_path / f"{name}.ipynb"
    shutil.copy(ROOT / "release" / name / path.name, path)
    said = run("check", path, code=1)
    count = len(assignments.load(name).questions)
    assert f"0 of {count} questions are in order so far, {count} not attempted." in said
    assert said.count(": not attempted yet") == count and "was that meant?" not in said
    sources = [cell["source"] for cell in nbformat.read(path, 4).cells if cell["cell_type"] == "code"]
    handed_out = placeholders(sources, {form["name"] for form in asked(name) if "call" in form})
    assert bool(handed_out) is (name != "hodgkin_huxley")
    assert all(f"✗ `{function}` has nothing in it yet." in said for function in handed_out)
    blocks = [block.splitlines()[1:] for block in said.split(": not attempted yet")[1:]]
    assert all(block and len(block) == len(set(block)) for block in blocks)


@pytest.mark.parametrize(
    ("student", "code", "words"),
    [
        (
            "errors",
            1,
            [
                "Cell 14 stopped with NameError",
                "lif_threshold: in order so far",
                "3 of 5 questions are in order so far.",
            ],
        ),
    ],
)
def test_a_notebook_is_run_from_the_top_and_reported_question_by_question(tmp_path, student, code, words):
    path = tmp_path / f"{LIF}.ipynb"
    path.write_bytes(samples.load(LIF)[student].notebook(notebook.source_path(LIF), student))
    before = path.read_bytes()
    said = run("check", path, code=code)
    assert all(word in said for word in words), said
    assert path.read_bytes() == before
    # The same receipt as in the result of this file.
    digest = notebook.parse_submission(notebook.read(path), notebook.points_of(LIF)).sha256
    assert f"Receipt: {LIF}; notebook without its outputs, SHA-256 {digest}; checked by version" in said


def test_what_is_no_notebook_is_a_message(tmp_path):
    (tmp_path / "a.ipynb").write_text("no")
    assert "not a notebook" in run("check", tmp_path / "a.ipynb", code=2)
    assert "not a notebook" in run("check", tmp_path / "missing.ipynb", code=2)


def test_help_helps():
    assert "check" in run("--help", code=0) and "NOTEBOOK" in run("check", "--help", code=0).upper()

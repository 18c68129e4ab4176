"""`neurodynex check NOTEBOOK`: a whole notebook at the student's own desk."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder import notebook, samples

LIF = "leaky_integrate_and_fire"


def run(*words: str | Path, code: int) -> str:
    done = subprocess.run([sys.executable, "-m", "neurodynex", *map(str, words)], capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("student", "code", "words"),
    [
        pytest.param(
            "blank",
            1,
            [
                "`I_min` is not defined yet",
                "lif_firing_rate: not attempted yet",
                "0 of 5 questions are in order so far, 5 not attempted.",
            ],
            marks=pytest.mark.thorough,
        ),
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

"""The commands: help, exit codes, and messages instead of tracebacks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import notebook, samples
from autograder.build import autograder_members, write_zip
from autograder.course import read_course_toml
from autograder.result import Result
from tests.conftest import ROOT, questions_only

LIF = "leaky_integrate_and_fire"


def run(*words: str | Path, code: int = 0) -> str:
    """Run a command in a process of its own, as people do."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, words)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("words", [(), ("grade",), ("build",), ("demo",), ("otter",)])
def test_help_helps(words, command):
    assert "Usage: python -m autograder" in command(*words, "--help").out


def test_one_notebook_is_graded_and_reported_in_words(tmp_path):
    path = tmp_path / f"{LIF}.ipynb"
    path.write_bytes(questions_only(samples.load(LIF)["blank"].notebook(notebook.source_path(LIF), "ada")))
    said = run("grade", path, "--student", "ada", "--out", tmp_path / "out")
    assert "0 of 14 points" in said and "`I_min` is not defined" in said
    result = Result.from_json((tmp_path / "out" / "ada" / f"{LIF}.json").read_text())
    assert result.score == 0 and (tmp_path / "out" / "report" / "index.html").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("grade", "nowhere.ipynb", "--student", "ada"), "There is no notebook and no folder"),
        (("grade", f"release/{LIF}/{LIF}.ipynb"), "--student"),
        (("grade", "README.md", "--student", "ada"), "--assignment"),
        (("grade", "README.md", "--student", "ada", "--assignment", "lif"), "There is no assignment 'lif'"),
        (("grade", f"release/{LIF}/{LIF}.ipynb", "--student", "ada", "--sandbox", "docker"), "docker"),
        (("otter", f"release/{LIF}/{LIF}.ipynb", "--student", "ada", "--autograder", "no.zip"), "autograder build"),
        (("otter", "README.md", "--student", "ada", "--autograder", "no.zip"), "--assignment"),
        (("otter", "nowhere", "--student", "ada"), "There is no notebook and no folder"),
    ],
)
def test_an_instructors_mistake_is_a_message(words, message, command):
    assert message in command(*words, code=2).err


def test_a_mistake_is_a_message_and_an_exit_code_in_a_process_of_its_own():
    assert "There is no assignment 'lif'" in run("build", "lif", code=2)


@pytest.mark.parametrize(
    ("text", "message"),
    [("[course]\nid = 'x'", "salt"), ("not toml", "TOML"), ("[curse]\nid = 'x'", "curse")],
)
def test_a_mistake_in_the_course_file_is_named(tmp_path, text, message, command, monkeypatch):
    course = tmp_path / "course.toml"
    course.write_text(text)
    words = ("grade", f"release/{LIF}/{LIF}.ipynb", "--student", "ada", "--out", tmp_path)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course))
    assert message in command(*words, code=2).err


def test_a_broken_submission_shows_in_the_exit_code(tmp_path):
    path = tmp_path / f"{LIF}.ipynb"
    path.write_bytes(b"{")
    assert "not a notebook" in run("grade", path, "--student", "ada", "--out", tmp_path / "out", code=1)


def test_the_class_page_stays_the_class_when_one_student_is_graded(tmp_path, command, in_one_process):
    for student in ("ada", "bob"):
        folder = tmp_path / "submitted" / student / LIF
        folder.mkdir(parents=True)
        (folder / f"{LIF}.ipynb").write_bytes(b"")
    out, page = ("--out", tmp_path / "out"), tmp_path / "out" / "report" / "index.html"
    command("grade", tmp_path / "submitted", *out, code=1)
    whole = page.read_text(encoding="utf-8")
    assert "ada" in whole and "bob" in whole and "other code" not in whole
    one = json.loads((tmp_path / "out" / "ada" / f"{LIF}.json").read_text())
    one["judging_key"] = "of another day"
    (tmp_path / "out" / "ada" / f"{LIF}.json").write_text(json.dumps(one))
    command("grade", tmp_path / "submitted", "--student", "bob", *out, code=1)
    after = page.read_text(encoding="utf-8")
    assert "1 grade, marked *," in after and "ada</a> *" in after and "bob</a> *" not in after
    command("grade", tmp_path / "submitted", *out, code=1)
    assert page.read_text(encoding="utf-8") == whole


def test_the_otter_command_says_what_was_handed_in_where_there_is_no_notebook(tmp_path, command):
    folder = tmp_path / LIF
    folder.mkdir()
    (folder / "work.py").write_text("I_min = 1")
    secret = tmp_path / "secret.txt"
    secret.write_text("mine")
    (tmp_path / "results.json").symlink_to(secret)
    zip_file = write_zip(tmp_path / "autograder.zip", autograder_members(LIF, read_course_toml()))
    said = command("otter", folder, "--student", "ada", "--autograder", zip_file, "--out", tmp_path, code=1).text
    page = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert "work.py" in said and "work.py" in page["output"] and page["score"] == 0
    assert secret.read_text() == "mine"


def test_the_otter_command_does_not_take_another_assignments_zip_file(tmp_path, command):
    zip_file = write_zip(tmp_path / "autograder.zip", autograder_members("ojas_rule", read_course_toml()))
    words = ("otter", f"release/{LIF}/{LIF}.ipynb", "--student", "ada", "--autograder", zip_file, "--out", tmp_path)
    assert "is for ojas_rule" in command(*words, code=2).err
    assert not (tmp_path / "results.json").exists()

"""The doctor names what is missing with what to type, and its exit code says whether grading works."""

import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import __main__ as command
from autograder.commands import doctor
from autograder.course import VARIABLE
from autograder.sandbox import Cell, NoIsolation, backend, run_notebook
from tests.conftest import ROOT


def output(*, code: int) -> str:
    done = CliRunner().invoke(command.app, ["doctor"])
    assert done.exit_code == code, done.output
    return done.output


def test_where_notebooks_run_in_isolation_grading_works():
    try:
        chosen = backend()
    except NoIsolation:
        assert "Grading does not work here yet" in output(code=1)
        return
    assert run_notebook([Cell(0, "x = 1")], backend=chosen).cells[0].status == "ok"
    text = output(code=0)
    assert "Grading works here." in text and f"a notebook runs in {chosen.name}" in text


def test_without_any_sandbox_it_says_what_to_install(monkeypatch):
    def refused(name=None, *, cold=None):
        raise NoIsolation("Install bubblewrap (`apt install bubblewrap`).")

    monkeypatch.setattr(doctor, "backend", refused)
    monkeypatch.setattr(
        doctor, "available", lambda: {"bubblewrap": "not installed", "other-uid": "no root", "none": None}
    )
    text = output(code=1)
    assert "Grading does not work here yet: Grading." in text and "apt install bubblewrap" in text


def test_a_missing_package_is_named_and_stops_grading(monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda name: None if name == "brian2" else "1")
    found = doctor.check_packages()
    assert found.state == doctor.MISSING and "brian2" in found.found
    assert found.remedy.startswith(f"{sys.executable} -m pip install")


def test_another_version_is_a_note():
    absent, other = doctor.differences({"pytest": "0.0.1", "no-such-package": "1"})
    assert absent == ["no-such-package"]
    assert other[0].startswith("pytest ") and other[0].endswith("(tested: 0.0.1)")


def test_pins_are_those_of_this_python_and_machine():
    lock = 'one==1.0 \\\n    --hash=sha256:00\ntwo==2 ; python_full_version < "3" \\\n# via one\nthree==3 ; python_full_version >= "3.11"\n'
    assert doctor.pins(lock) == {"one": "1.0", "three": "3"}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"APPARMOR": "1"}, "apparmor_parser -r"),
        ({"USER_NAMESPACES": "0"}, "sysctl -w user.max_user_namespaces"),
        ({"UNPRIVILEGED": "0"}, "sysctl -w kernel.unprivileged_userns_clone"),
    ],
)
def test_forbidden_namespaces_have_their_own_remedy(monkeypatch, tmp_path: Path, files, words):
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    monkeypatch.setattr(doctor.os, "geteuid", lambda: 1000)
    for name in ("APPARMOR", "USER_NAMESPACES", "UNPRIVILEGED"):
        path = tmp_path / name
        if name in files:
            path.write_text(files[name])
        monkeypatch.setattr(doctor, name, path)
    found = next(finding for finding in doctor.check_layers() if finding.what == "User namespaces")
    assert found.state == doctor.NOTE and words in found.remedy


def test_where_a_course_gets_its_own_salt_depends_on_where_its_settings_lie(monkeypatch, tmp_path):
    settings = shutil.copy(ROOT / "course.toml", tmp_path)
    monkeypatch.setenv(VARIABLE, str(settings))
    assert f"set salt and hidden_inputs in {settings}" in doctor.check_course().remedy
    monkeypatch.setattr(doctor, "FILES", tmp_path)  # as in the instructors' wheel
    assert (
        "autograder new course NAME" in doctor.check_course().remedy
        and str(tmp_path) not in doctor.check_course().remedy
    )

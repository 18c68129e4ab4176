"""What is installed: two wheels, for students and for instructors, and what they say of themselves."""

import email
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from autograder import __version__
from autograder.package import build_wheel
from tests.conftest import COURSE, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pythons() -> list[str]:
    """The Pythons that may be used, of those there are or will be."""
    allowed = SpecifierSet(PROJECT["requires-python"])
    return [f"3.{minor}" for minor in range(8, 30) if f"3.{minor}" in allowed]


@pytest.fixture(scope="module")
def students(tmp_path_factory) -> zipfile.ZipFile:
    return zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel"), COURSE))


def member(wheel: zipfile.ZipFile, name: str) -> str:
    return wheel.read(next(path for path in wheel.namelist() if path.endswith(name))).decode()


@pytest.mark.parametrize("command", ["autograder", "neurodynex"])
def test_both_commands_are_there_and_say_their_version(command):
    assert command in {point.name for point in metadata.distribution("neurodynex-assignments").entry_points}
    line = [sys.executable, "-m", command, "--version"]
    assert subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == __version__


def test_the_command_completes_in_a_shell_under_its_name():
    script = "import sys; sys.argv = ['autograder', '--show-completion', 'bash']; from autograder.__main__ import main; main()"
    line, plain = [sys.executable, "-c", script], {"PATH": "/usr/bin:/bin", "SHELL": "/bin/bash", "HOME": "/"}
    # The shell is named here; where none of them runs the tests, there is none to be detected.
    plain["_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"] = "1"
    shown = subprocess.run(line, cwd=ROOT, env=plain, capture_output=True, text=True)
    assert "_AUTOGRADER_COMPLETE=complete_bash autograder" in shown.stdout.replace("$1", "autograder"), shown.stderr


def test_students_get_the_library_without_the_grader(students):
    assert {path.split("/")[0] for path in students.namelist() if ".dist-info" not in path} == {"neurodynex"}
    assert "neurodynex/py.typed" in students.namelist()
    scripts = member(students, "entry_points.txt")
    assert "neurodynex = " in scripts and "autograder" not in scripts
    about = email.message_from_string(member(students, "METADATA"))
    assert about.get_all("Provides-Extra") == ["notebook"] and "grader" not in about["Summary"]


def test_the_metadata_is_complete():
    assert {"authors", "classifiers", "description", "keywords", "license", "license-files", "readme"} <= PROJECT.keys()
    assert {"docs", "grading", "notebook", "test"} <= PROJECT["optional-dependencies"].keys()
    assert [word for word in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", word)] == [
        f"Programming Language :: Python :: {version}" for version in pythons()
    ]


def test_the_changelog_and_the_citation_name_this_version():
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{PROJECT['version']}]" in changes or "## [Unreleased]" in changes
    assert f"version: {PROJECT['version']}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory, request) -> Path:
    if not request.config.getoption("--thorough"):
        pytest.skip("packages are built with --thorough, and by `make package`")
    folder = tmp_path_factory.mktemp("packages")
    line = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(line, capture_output=True, check=True)
    return folder


def test_the_instructors_wheel_holds_all_that_grading_reads(made):
    wheel = zipfile.ZipFile(next(made.glob("*.whl")))
    names = set(wheel.namelist())
    for name in ("LICENSE", "course.toml", "nbgrader_config.py", "pyproject.toml", "source/ojas_rule/ojas_rule.ipynb"):
        assert wheel.read(f"autograder/checkout/{name}") == (ROOT / name).read_bytes()
    assert {"autograder/judge.py", "autograder/py.typed", "neurodynex/check.py", "neurodynex/py.typed"} <= names
    assert "autograder = autograder.__main__:main" in member(wheel, "entry_points.txt")
    assert "neurodynex/course.json" not in names, "a course's salt goes to its students only"


def test_twine_finds_nothing_wrong(made):
    pytest.importorskip("twine", reason="twine comes with `make package`")
    files = [str(path) for path in made.iterdir()]
    done = subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.count("PASSED") == 2, done.stdout + done.stderr


def test_the_public_ci_runs_our_command_on_each_python_that_is_allowed():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == pythons()
    assert {"run": ".ci/run"} in job["steps"]
    for form in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"):
        assert {"name", "description", "body"} <= yaml.safe_load(form.read_text(encoding="utf-8")).keys()

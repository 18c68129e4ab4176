"""A test run makes dear fixtures once, and its last lines count what was not tried."""

import subprocess
import sys

from tests import matrix
from tests.conftest import ROOT

CONFTEST = "from tests.conftest import pytest_terminal_summary, pytest_xdist_make_scheduler\n"
TESTS = """
import pytest

@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    with open("made", "a") as file:
        file.write("once\\n")

@pytest.mark.parametrize("number", range(8))
def test_with_a_dear_fixture(measured, number):
    pass

@pytest.mark.parametrize("number", range(8))
def test_without(number):
    if number < 3:
        pytest.skip("needs a\\n  spoon" if number else "needs a fork")
"""


def test_a_run_makes_a_dear_fixture_once_and_its_last_lines_count_what_was_not_tried(tmp_path):
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_batch.py").write_text(TESTS, encoding="utf-8")
    words = ["-m", "pytest", "-p", "no:cacheprovider", "-c", "/dev/null", "-n", "2", "--dist", "loadgroup", "--rootdir"]
    done = subprocess.run(
        [sys.executable, *words, str(tmp_path), str(tmp_path)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    lines = done.stdout.splitlines()
    assert (tmp_path / "made").read_text() == "once\n", done.stdout + done.stderr
    assert lines[-4:-1] == ["Not tried: 3 tests.", "    2  needs a spoon", "    1  needs a fork"]
    assert "13 passed, 3 skipped" in lines[-1]


def test_every_python_that_is_allowed_is_named_where_people_look_for_it():
    allowed = matrix.versions()
    named = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
    for path in ("README.md", "autograder/templates/START.md"):
        assert named in (ROOT / path).read_text(encoding="utf-8"), path
    assert f"Python {allowed[0]} to {allowed[-1]} is needed" in (ROOT / "Makefile").read_text(encoding="utf-8")
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    python, _ = matrix.find(here)
    assert here in allowed and matrix.works(python, here)


def test_a_python_that_is_not_to_be_had_is_named_with_the_reason(tmp_path):
    python, reason = matrix.find("3.99")
    assert python is None and reason.startswith("it is not on this machine, and uv cannot bring it (")
    broken = tmp_path / "python3.99"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    assert not matrix.works(str(broken), "3.99")


def test_the_installations_test_passes_without_a_warning(tmp_path):
    start = (ROOT / "autograder/templates/START.md").read_text(encoding="utf-8")
    words = next(line.split() for line in start.splitlines() if "--pyargs" in line)
    few = ["-p", "no:cacheprovider", "-k", "test_runnable_Step"]
    done = subprocess.run([sys.executable, "-m", *words, *few], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()

"""A test run makes dear fixtures once, and its last lines count what was not tried."""

import subprocess
import sys

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

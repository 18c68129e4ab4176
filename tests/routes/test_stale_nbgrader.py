"""nbgrader: what a killed run left, and what was graded by other rules or with a fault, is graded again by the next run."""

import os
import subprocess
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.conftest import COURSE
from tests.routes.routes import NBGRADER, Routes, command
from tests.test_nothing_lost import LIF, SLEEPS, all_ended, below, solved, until
from tests.test_stale import ACCEPTED, QUESTIONS, Copy

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own


class Class:
    """One student's submission in an nbgrader course."""

    def __init__(self, folder: Path) -> None:
        self.routes = Routes(folder)
        self.folder = self.routes.nbgrader
        command(NBGRADER, "generate_assignment", LIF, cwd=self.folder, **self.routes.environment)
        place = self.folder / "submitted" / "ada" / LIF
        place.mkdir(parents=True)
        (place / f"{LIF}.ipynb").write_bytes(solved(SLEEPS.format(3)))
        self.graded = self.folder / "autograded" / "ada" / LIF / f"{LIF}.ipynb"

    def autograde(self, **environment: str) -> str:
        words = (NBGRADER, "autograde", LIF)
        return command(*words, cwd=self.folder, **{**self.routes.environment, **environment})

    def threshold(self) -> tuple[float | None, bool]:
        """Return the automatic score of the first question, and whether somebody has to look at it."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            grade = gradebook.find_grade("lif_threshold", LIF, LIF, "ada")
            return grade.auto_score, grade.needs_manual_grade


@pytest.mark.thorough
def test_nbgrader_grades_again_what_was_killed_changed_or_had_a_fault_and_nothing_else(tmp_path):
    course = Class(tmp_path)
    environment = {**os.environ, **course.routes.environment}
    process = subprocess.Popen(
        [NBGRADER, "autograde", LIF], cwd=course.folder, env=environment, stderr=subprocess.DEVNULL
    )
    until(lambda: below(process, "sleep"), 120)
    assert course.graded.exists()
    everything = below(process)
    process.kill()
    process.wait()
    until(lambda: all_ended(everything), 15)

    assert "its grade was not finished, or is outdated" in course.autograde()
    score, marked = course.threshold()
    assert score and not marked

    before = course.graded.stat().st_mtime_ns
    assert "outdated" not in course.autograde()
    assert course.graded.stat().st_mtime_ns == before

    (course.folder / "feedback" / "ada" / LIF).mkdir(parents=True)
    other = tmp_path / "other.toml"
    other.write_text(COURSE.with_limits(cell_seconds=41).to_toml(), encoding="utf-8")
    assert "outdated" in course.autograde(AUTOGRADER_COURSE=str(other))
    assert course.graded.stat().st_mtime_ns > before
    assert not (course.folder / "feedback" / "ada" / LIF).exists()

    broken = Copy(tmp_path / "broken")
    broken.edit(QUESTIONS, ACCEPTED, "accept=lambda c: 1 / 0,")
    said = course.autograde(AUTOGRADER_COURSE=str(other), PYTHONPATH=str(broken.root))
    assert "lif_threshold of ada could not be judged" in said and "ZeroDivisionError" in said
    assert course.threshold() == (None, True)
    assert "outdated" in course.autograde(AUTOGRADER_COURSE=str(other), PYTHONPATH=str(broken.root))
    assert course.threshold() == (None, True)

    assert "outdated" in course.autograde(AUTOGRADER_COURSE=str(other))
    assert course.threshold() == (score, False)

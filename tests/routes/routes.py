"""The four ways a submission is graded, each for real: returns question id -> score."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder import assignments
from autograder.build import autograder_members, write_zip
from autograder.course import Course
from autograder.result import Result
from tests.conftest import COURSE, ROOT

BIN = Path(sys.executable).parent
Scores = dict[str, float]
# The endless loop among the samples need not run as long as a course would let it.
SHORT_LIMITS = COURSE.with_limits(cell_seconds=40)


def command(*words: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command of the virtual environment; return what it printed."""
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **environment}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, f"{words} ended with {done.returncode}:\n{done.stdout[-4000:]}"
    return done.stdout


# Where our configuration has nbgrader put what it releases.
RELEASE = Path("build/release")
NBGRADER = BIN / "nbgrader"
# As in a shell in which no environment is activated.
PLAIN_PATH = {"PATH": "/usr/local/bin:/usr/bin:/bin"}


@dataclass
class Routes:
    """An nbgrader course and the autograder zips, made once; and the ways through them."""

    folder: Path
    course: Course = SHORT_LIMITS

    def __post_init__(self) -> None:
        path = self.folder / "course.toml"
        path.write_text(self.course.to_toml(), encoding="utf-8")
        self.environment = {"AUTOGRADER_COURSE": str(path)}
        self.nbgrader = self.folder / "nbgrader"
        self.nbgrader.mkdir()
        (self.nbgrader / "nbgrader_config.py").symlink_to(ROOT / "nbgrader_config.py")
        (self.nbgrader / "source").symlink_to(ROOT / "source")

    def zip_of(self, assignment: str) -> Path:
        path = self.folder / "dist" / assignment / "autograder.zip"
        return path if path.exists() else write_zip(path, autograder_members(assignment, self.course))

    def by_grade(self, assignment: str, student: str, content: bytes, *options: str) -> Result:
        """`python -m autograder grade NOTEBOOK`, by default in a sandbox that is started afresh; the whole result."""
        folder = self.folder / "grade" / student
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{assignment}.ipynb").write_bytes(content)
        words = ("grade", folder / f"{assignment}.ipynb", "--student", student, "--out", folder / "out")
        command(sys.executable, "-m", "autograder", *words, *options, cwd=self.folder, **self.environment)
        return Result.from_json((folder / "out" / student / f"{assignment}.json").read_text(encoding="utf-8"))

    def by_nbgrader(self, assignment: str, student: str, content: bytes) -> Scores:
        """`nbgrader generate_assignment`, `nbgrader autograde`; the scores in the gradebook."""
        if not (self.nbgrader / RELEASE / assignment).exists():
            self.run_nbgrader("generate_assignment", assignment)
        self.submit(assignment, student, {f"{assignment}.ipynb": content})
        self.run_nbgrader("autograde", assignment, "--student", student)
        return self.scores(assignment, student)

    def run_nbgrader(self, *words: str) -> str:
        return command(NBGRADER, *words, cwd=self.nbgrader, **self.environment, **PLAIN_PATH)

    def submit(self, assignment: str, student: str, files: dict[str, bytes]) -> None:
        """Lay files where nbgrader collects them."""
        for name, content in files.items():
            path = self.nbgrader / "submitted" / student / assignment / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def scores(self, assignment: str, student: str) -> Scores:
        """The scores in nbgrader's gradebook."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.nbgrader / 'gradebook.db'}") as gradebook:
            notebook = gradebook.find_submission_notebook(assignment, assignment, student)
            # A free-text answer has a grade too, which a person gives.
            questions = {question.id for question in assignments.load(assignment).questions}
            return {grade.name: float(grade.score) for grade in notebook.grades if grade.name in questions}

    def by_otter(self, assignment: str, student: str, content: bytes) -> Scores:
        """`otter run -a autograder.zip NOTEBOOK`."""
        folder = self.folder / "otter" / student / assignment
        folder.mkdir(parents=True)
        (folder / f"{assignment}.ipynb").write_bytes(content)
        words = ("otter", "run", "-a", self.zip_of(assignment), f"{assignment}.ipynb")
        command(*words, cwd=folder, NEURODYNEX_STUDENT=student, **self.environment)
        return self._scores(folder / "results.json")

    def by_our_otter(self, assignment: str, student: str, files: dict[str, bytes]) -> tuple[Scores, str]:
        """`python -m autograder otter FOLDER`; the scores, and `results.json` as it is."""
        folder = self.folder / "our-otter" / student
        for name, content in files.items():
            (folder / "handed-in" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "handed-in" / name).write_bytes(content)
        words = ("otter", folder / "handed-in", "--student", student, "--out", folder)
        words += ("--autograder", self.zip_of(assignment))
        command(sys.executable, "-m", "autograder", *words, cwd=self.folder, **self.environment)
        page = folder / "results.json"
        return self._scores(page), page.read_text(encoding="utf-8")

    def by_gradescope(self, assignment: str, student: str, content: bytes) -> Scores:
        """The zip unpacked and run as Gradescope would."""
        root = self.gradescope_tree(assignment, student, content)
        command(root / "run_autograder", cwd=root, NEURODYNEX_PYTHON=sys.executable, **self.environment)
        return self._scores(root / "results" / "results.json")

    def gradescope_tree(self, assignment: str, student: str, content: bytes) -> Path:
        """Lay out `source`, `submission`, the metadata and `run_autograder`."""
        root = self.folder / "gradescope" / student / assignment
        for name in ("source", "submission", "results"):
            (root / name).mkdir(parents=True)
        command(sys.executable, "-m", "zipfile", "-e", self.zip_of(assignment), root / "source", cwd=root)
        (root / "run_autograder").write_bytes((root / "source" / "run_autograder").read_bytes())
        (root / "run_autograder").chmod(0o755)
        (root / "submission" / "my notebook.ipynb").write_bytes(content)
        users = [{"email": f"{student.title()}@uni.edu", "id": 1, "name": student.title()}]
        metadata = {"id": 1, "users": users, "created_at": "2030-01-01T00:00:00Z", "previous_submissions": []}
        (root / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
        return root

    @staticmethod
    def _scores(path: Path) -> Scores:
        tests = json.loads(path.read_text(encoding="utf-8"))["tests"]
        return {
            test.get("extra_data", {}).get("id", test["name"]): float(test["score"])
            for test in tests
            if "score" in test
        }


def gradebook_export(course: Path) -> list[dict[str, str]]:
    """`nbgrader export`."""
    command("nbgrader", "export", cwd=course)
    with (course / "grades.csv").open(newline="") as file:
        return list(csv.DictReader(file))

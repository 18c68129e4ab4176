"""nbgrader: a submission whose grading fails does not keep the scores of the one before it."""

import subprocess
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import assignments, notebook, samples
from tests.routes.routes import BIN, Routes, command

OJA = "ojas_rule"
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own
QUESTIONS = {question.id for question in assignments.load(OJA).questions}


@pytest.fixture(scope="module")
def scores(tmp_path_factory) -> dict[str, list]:
    """Regrade submissions that had scores, each of which fails in its way: student -> its grades afterwards."""
    routes = Routes(tmp_path_factory.mktemp("nbgrader"))
    command("nbgrader", "generate_assignment", OJA, cwd=routes.nbgrader, **routes.environment)
    url = f"sqlite:///{routes.nbgrader / 'gradebook.db'}"
    hand_in(routes.nbgrader, "garbage", b"{")
    hand_in(routes.nbgrader, "renamed", blank(), "final.ipynb")
    hand_in(routes.nbgrader, "fine", blank())
    with Gradebook(url) as gradebook:
        for student in ("garbage", "renamed", "fine"):
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(OJA, student)
            for grade in gradebook.find_submission_notebook(OJA, OJA, student).grades:
                grade.auto_score, grade.manual_score, grade.needs_manual_grade = 1.0, None, False
                if grade.name not in QUESTIONS:
                    grade.manual_score = 0.5
        gradebook.db.commit()
    # No sandbox of this name can be started, so that grading fails for a notebook that is fine as well.
    words = [str(BIN / "nbgrader"), "autograde", OJA, "--force", "--SandboxExecute.sandbox=missing"]
    done = subprocess.run(words, cwd=routes.nbgrader, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "fine could not be graded. Earlier scores" in done.stderr, done.stderr[-3000:]
    with Gradebook(url) as gradebook:
        return {
            student: [
                (grade.name, grade.score, grade.needs_manual_grade)
                for grade in gradebook.find_submission_notebook(OJA, OJA, student).grades
            ]
            for student in ("garbage", "renamed", "fine")
        }


def blank() -> bytes:
    return samples.load(OJA)["blank"].notebook(notebook.source_path(OJA), "blank")


def hand_in(course: Path, student: str, content: bytes, name: str = f"{OJA}.ipynb") -> None:
    folder = course / "submitted" / student / OJA
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)


@pytest.mark.parametrize("student", ["garbage", "renamed", "fine"])
def test_no_old_score_stands_and_each_is_marked_to_be_looked_at(scores, student):
    found = {name: (score, marked) for name, score, marked in scores[student] if name in QUESTIONS}
    assert found == dict.fromkeys(QUESTIONS, (0.0, True))


def test_what_a_person_has_given_stays(scores):
    given = {score for grades in scores.values() for name, score, _ in grades if name not in QUESTIONS}
    assert given == {0.5}

"""No stale score: a grade is current only as long as all that it depends on is unchanged.

What a changed grader does is shown on a copy of the checkout, whose files are edited between, and during, real runs.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import assignments, notebook, running, sources, workers
from autograder.answers import Value
from autograder.course import Context
from autograder.errors import InstructorError
from autograder.grade import grade, judge_again
from autograder.result import Result
from autograder.sandbox import backend
from autograder.sources import Sources, input_digests, judging_key, run_key
from autograder.submitted import Job
from autograder.tolerance import Between
from tests.conftest import COURSE, ROOT
from tests.copies import copy_parts
from tests.test_nothing_lost import LIF, SLEEPS, solved, until

QUESTIONS = f"autograder/assignments/{LIF}/questions.py"


# What the first question accepts, and what it might.
ACCEPTED, OTHER = "accept=lambda c: THRESHOLD,", "accept=lambda c: Between(500, 501),"


class Copy:
    """A copy of the checkout, and a class whose submissions it grades."""

    def __init__(self, folder: Path) -> None:
        self.root, self.tree, self.out = folder / "checkout", folder / "submitted", folder / "out"
        names = ("autograder", "neurodynex", "source", "course.toml", "pyproject.toml")
        copy_parts(names, self.root, leave_out=["samples"])

    def hand_in(self, student: str, content: bytes) -> None:
        folder = self.tree / student / LIF
        folder.mkdir(parents=True)
        (folder / f"{LIF}.ipynb").write_bytes(content)

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text, f"{path} has no {old!r}"
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def start(self, *words: str) -> subprocess.Popen:
        # What is forked takes longer to start than these few submissions take.
        line = [sys.executable, "-m", "autograder", "grade", str(self.tree), "--out", str(self.out), "--cold", *words]
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        pipe = subprocess.PIPE
        return subprocess.Popen(line, cwd=self.root, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True)

    def grade(self, *words: str, code: int = 0) -> str:
        process = self.start("--workers", "1", *words)
        said, _ = process.communicate()
        assert process.returncode == code, said
        return said

    def place(self, student: str) -> Path:
        return self.out / student / f"{LIF}.json"

    def score(self, student: str) -> float:
        return float(json.loads(self.place(student).read_text(encoding="utf-8"))["score"])


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_a_changed_tolerance_is_judged_anew_from_the_stored_answers_and_a_changed_library_by_a_new_run(copy):
    copy.hand_in("ada", solved())
    assert "1 run, 0 judged again" in copy.grade()
    before, first = copy.score("ada"), copy.place("ada").read_bytes()
    assert before > 0
    assert "0 run, 0 judged again" in copy.grade()

    copy.edit(QUESTIONS, ACCEPTED, OTHER)
    assert "0 run, 1 judged again" in copy.grade()
    assert copy.score("ada") == 0

    copy.edit(QUESTIONS, OTHER, ACCEPTED)
    assert "0 run, 1 judged again" in copy.grade()
    again = Result.from_json(copy.place("ada").read_text(encoding="utf-8"))
    assert again.model_copy(update={"history": ()}).to_json().encode() == first
    assert [entry.score for entry in again.history] == [before, 0]
    assert {entry.reason for entry in again.history} == {"questions, tolerances or points changed"}

    copy.edit(f"neurodynex/{LIF}/LIF.py", '"""', '"""Changed. ')
    assert "1 run, 0 judged again" in copy.grade()
    assert copy.score("ada") == before
    again = Result.from_json(copy.place("ada").read_text(encoding="utf-8"))
    assert len(again.history) == 2  # no score changed


def test_an_edit_in_the_middle_of_a_batch_ends_it_and_the_next_run_grades_all_by_the_new_rule(copy):
    copy.hand_in("student0", solved())
    copy.hand_in("student1", solved(SLEEPS.format(3)))
    copy.hand_in("student2", solved())
    process = copy.start("--workers", "1")
    until(copy.place("student0").exists, 120)
    copy.edit(QUESTIONS, ACCEPTED, OTHER)
    said, _ = process.communicate()
    assert process.returncode == 2 and "was changed while this process was grading" in said, said
    assert not (copy.out / "report").exists()
    said = copy.grade()
    assert "2 run, 1 judged again" in said, said
    assert [copy.score(f"student{number}") for number in range(3)] == [0, 0, 0]


def test_a_worker_that_loaded_other_sources_than_its_batch_grades_nothing(tmp_path):
    rules = workers.Rules(COURSE, "none", replace(Sources.now(), judging="another"))
    with pytest.raises(InstructorError, match="was changed"):
        next(workers.in_parallel({Job(tmp_path / "x.ipynb", "ada", LIF): None}, rules, 1))


GRADES = """
import sys
from autograder import assignments, notebook
from autograder.course import Context, read_course_toml
from autograder.grade import grade, judge_all
from autograder.sandbox import backend

course, thorough = read_course_toml(), sys.argv[1:] == ["thorough"]
for name in assignments.NAMES:
    if thorough or name == assignments.NAMES[0]:
        grade(b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}', name, 'ada', backend('none'), course=course)
    else:  # without a sandbox, of which nothing is loaded here that was not loaded for the first one
        definition, context = assignments.load(name), Context.of('ada', name, course)
        for question in definition.questions:
            list(question.requests(context))
        judge_all(definition, notebook.points_of(name), {question.id: {} for question in definition.questions}, context)
for name, module in sorted(sys.modules.items()):
    if name.split('.')[0] in ('autograder', 'neurodynex'):
        print(module.__file__)
"""


def loaded_modules(*words: str) -> list[Path]:
    """Return the files of ours that a process has loaded once it has graded something of each assignment."""
    line = [sys.executable, "-c", GRADES, *words]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    return [Path(line) for line in done.stdout.split()]


def test_whatever_file_of_ours_grading_loads_a_change_in_it_changes_a_key(copy, monkeypatch, pytestconfig):
    monkeypatch.setattr(sources, "ROOT", copy.root)
    monkeypatch.setattr(sources, "FILES", copy.root)
    found = loaded_modules(*["thorough"] * pytestconfig.getoption("--thorough"))
    assert len(found) > 60
    before, unnoticed = Sources.now(), []
    for path in found:
        place = copy.root / path.relative_to(ROOT)
        text = place.read_text(encoding="utf-8")
        place.write_text(text + "\n", encoding="utf-8")
        changed = Sources.now()
        if (changed.run, changed.judging) == (before.run, before.judging):
            unnoticed.append(path)
        place.write_text(text, encoding="utf-8")
    assert unnoticed == []
    assert Sources.now() == before


def test_the_two_keys_are_apart(copy, monkeypatch):
    monkeypatch.setattr(sources, "ROOT", copy.root)
    monkeypatch.setattr(sources, "FILES", copy.root)
    known, before = notebook.points_of(LIF), Sources.now()

    def changed(path: str) -> tuple[bool, bool]:
        (copy.root / path).write_text((copy.root / path).read_text(encoding="utf-8") + "\n", encoding="utf-8")
        now = Sources.now()
        different = now.run != before.run, now.judging != before.judging
        shutil.copy(ROOT / path, copy.root / path)
        return different

    judging = [
        *(
            QUESTIONS,
            f"autograder/assignments/{LIF}/reference.py",
            "autograder/answers/value.py",
            "autograder/judge.py",
        ),
        *("autograder/slips/__init__.py", "autograder/tolerance.py", "autograder/question.py", "autograder/grade.py"),
    ]
    assert {path: changed(path) for path in judging} == dict.fromkeys(judging, (False, True))
    run = [
        *("neurodynex/answer_data/decoder.py", "autograder/sandbox/runner/serve.py", "autograder/notebook.py"),
        *("autograder/running.py", f"neurodynex/{LIF}/LIF.py"),
    ]
    assert {path: changed(path) for path in run} == dict.fromkeys(run, (True, False))
    neither = ["autograder/report.py", "autograder/adapters/gradescope.py", "neurodynex/forms.json"]
    assert {path: changed(path) for path in neither} == dict.fromkeys(neither, (False, False))

    short = COURSE.with_limits(cell_seconds=3)
    limits = [running.limits(course) for course in (COURSE, short)]
    assert run_key(before, COURSE, known, limits[0]) != run_key(before, short, known, limits[1])
    assert judging_key(before, COURSE, known) == judging_key(before, short, known)
    richer = replace(known, points={**known.points, "lif_threshold": 9.0})
    assert run_key(before, COURSE, known, limits[0]) == run_key(before, COURSE, richer, limits[0])
    assert judging_key(before, COURSE, known) != judging_key(before, COURSE, richer)


def test_inputs_of_a_function_are_distinguished_by_their_values():
    of = {
        (name, student): input_digests(
            request
            for question in assignments.load(name).questions
            for request in question.requests(Context.of(student, name, COURSE))
        )
        for name in assignments.NAMES
        for student in ("ada", "bob")
    }
    assert sum(len(found) for found in of.values()) > 10
    hidden = [name for name in assignments.NAMES if of[name, "ada"] != of[name, "bob"]]
    assert {"hopfield_network", "ojas_rule"} <= set(hidden)


@pytest.fixture(scope="module")
def result() -> Result:
    return grade(solved("1 / 0"), LIF, "ada", backend(), course=COURSE).result


def test_judging_again_by_the_same_rules_changes_no_byte(result):
    assert result.errors and result.score > 0
    stored = Result.from_json(result.to_json())
    again = judge_again(stored, course=COURSE)
    assert again is not None and again.to_json() == result.to_json()


@pytest.fixture
def changed_question(monkeypatch):
    """Return a function that changes the first question's answers."""
    from autograder.assignments.leaky_integrate_and_fire import questions as module

    def change(*answers) -> None:
        first, *others = module.ASSIGNMENT.questions
        questions = (replace(first, answers=answers or first.answers), *others)
        monkeypatch.setattr(module, "ASSIGNMENT", replace(module.ASSIGNMENT, questions=questions))

    return change


def test_what_the_stored_answers_do_not_hold_has_to_be_run(result, changed_question):
    (answer,) = assignments.load(LIF).questions[0].answers
    assert isinstance(answer, Value)
    changed_question(replace(answer, accept=lambda context: Between(500.0, 501.0)))
    again = judge_again(result, course=COURSE)
    assert again is not None and again.score == 0
    changed_question(answer, replace(answer, name="another_variable"))
    assert judge_again(result, course=COURSE) is None


def test_other_inputs_for_a_function_have_to_be_run(result):
    asked = next(question for question in result.questions if question.inputs)
    other = asked.model_copy(update={"inputs": dict.fromkeys(asked.inputs, "of other inputs")})
    questions = tuple(other if question.id == asked.id else question for question in result.questions)
    assert judge_again(result.model_copy(update={"questions": questions}), course=COURSE) is None


def test_what_is_installed_is_the_same_whatever_was_imported_before():
    digest = "print(environment_digest.__wrapped__())\n"
    code = (
        f"from autograder.sources import environment_digest\n{digest}"
        f"import setuptools, brian2\n{digest}import sys; sys.path.append('/nowhere')\n{digest}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    printed = done.stdout.split()
    assert len(printed) == 3 and len(set(printed)) == 1

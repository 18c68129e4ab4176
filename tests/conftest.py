"""What many tests share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder import assignments, notebook
from autograder.course import Context, load
from autograder.judge import judge
from autograder.result import QuestionResult
from autograder.sandbox.runner.encode import encode

ROOT = Path(__file__).parent.parent
# The course of this checkout, for tests that do not make one of their own.
COURSE = load()


def student_with(neuron_x: str) -> str:
    """Return a student whose NeuronX is of that type."""
    for number in range(100):
        student = f"student{number}"
        if Context.of(student, "neuron_type", COURSE).variant["NeuronX"] == neuron_x:
            return student
    raise AssertionError("no such student among a hundred")


def judged(question_id: str, values: dict[str, Any], student: str = "ada", **more: Any) -> QuestionResult:
    """Judge a question from plain Python values of the student's variables.

    `more` holds encoded answers under their request keys, where a variable is not enough.
    """
    name = next(n for n in assignments.NAMES if any(q.id == question_id for q in assignments.load(n).questions))
    context = Context.of(student, name, COURSE)
    question = assignments.load(name).question(question_id)
    answers = {f"variable:{key}": encode(value) for key, value in values.items()} | more
    return judge(question, notebook.points(name).points[question_id], answers, context, {})


@pytest.fixture
def context_lif() -> Context:
    return Context.of("ada", "leaky_integrate_and_fire", COURSE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="Every sample, honest solution and attack on every route; more random cases, more kills at random moments.",
    )

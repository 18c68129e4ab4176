"""Every question proves itself, for students of either variant: right passes, edges hold, slips are named."""

from dataclasses import replace

import pytest

from autograder import assignments
from autograder.course import Context
from autograder.judge import judge
from autograder.question import Question
from tests.conftest import COURSE, student_with

CASES = [
    pytest.param(name, question.id, index, id=f"{question.id}-{answer.name}")
    for name in assignments.NAMES
    for question in assignments.load(name).questions
    for index, answer in enumerate(question.answers)
]


def alone(question: Question, index: int) -> Question:
    return replace(question, answers=(question.answers[index],), supported_by=())


@pytest.mark.parametrize("x", ["I", "II"])
@pytest.mark.parametrize(("name", "question_id", "index"), CASES)
def test_a_question_judges_its_own_examples_as_they_are_meant(name: str, question_id: str, index: int, x: str):
    context = Context.of(student_with(x), name, COURSE)
    question = alone(assignments.load(name).question(question_id), index)
    for example in question.answers[0].examples(context):
        result = judge(question, 3.0, example.answers, context, {})
        assert result.passed == example.passes, (example.label, result.message)
        assert example.mistake is None or result.mistake == example.mistake, (example.label, result.message)

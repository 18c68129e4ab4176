"""The document of a grade: what is in it, and that it reads back."""

import json

import pytest

from autograder.answers.figure_answer import axes_example, figure_example
from autograder.result import Result
from neurodynex.answer_data.encode import encode
from tests.pages import classes

PLANE = "phase_plane_analysis"


def with_figures(*drawn: list[int]) -> Result:
    """Return a result whose questions have these figures, told by their numbers."""
    (result,) = classes.make(PLANE, ["ada"])
    made = {number: figure_example([axes_example(str(number), [])]) for numbers in drawn for number in numbers}
    questions = [
        question.model_copy(update={"answers": {"figures": {"figures": [made[number] for number in numbers]}}})
        for question, numbers in zip(result.questions, drawn, strict=False)
    ]
    return result.model_copy(update={"questions": tuple(questions)})


def test_figures_that_several_questions_have_are_there_once_and_come_back_whole():
    result = with_figures([1, 2], [1, 2, 3], [])
    text = result.to_json()
    document = json.loads(text)
    assert [axes["xlabel"] for figure in document["figures"] for axes in figure["axes"]] == ["1", "2", "3"]
    assert [question["answers"]["figures"]["figures"] for question in document["questions"]] == [[0, 1], [0, 1, 2], []]
    read = Result.from_json(text)
    assert read == result and read.to_json() == text
    first, second, _ = (question.answers["figures"]["figures"] for question in read.questions)
    assert first[0] is second[0]  # and so it is decoded once


def test_a_field_a_question_and_a_figure_have_a_line_each():
    lines = with_figures([1], [1, 2]).to_json().splitlines()
    assert sum(line.startswith('  {"id":') for line in lines) == 2
    assert sum(line.startswith('  {"title":') for line in lines) == 2
    assert any(line.startswith(' "score": ') for line in lines)


def test_a_result_from_before_figures_had_a_field_of_their_own_is_read():
    result = with_figures([1], [1, 2])
    document = {"schema": 1, **result.model_dump(mode="json", exclude={"schema_"})}
    read = Result.from_json(json.dumps(document))
    assert read.questions == result.questions and read.to_json() == result.to_json()


@pytest.mark.parametrize("number", [1, -1, True])
def test_a_figure_that_is_not_there_is_no_result(number):
    document = json.loads(with_figures([1]).to_json())
    document["questions"][0]["answers"]["figures"]["figures"] = [number]
    with pytest.raises(ValueError, match="a figure that is not among"):
        Result.from_json(json.dumps(document))


def test_an_answer_that_looks_like_figures_stays_as_it_is():
    (result,) = classes.make(PLANE, ["ada"])
    value = encode({"figures": [0, 1]})
    question = result.questions[0].model_copy(update={"answers": {"variable:x": value}})
    result = result.model_copy(update={"questions": (question,)})
    assert Result.from_json(result.to_json()) == result

"""The document of a grade: what is in it, and that it reads back."""

import json
import math
from base64 import b64encode
from dataclasses import asdict

import jsonschema
import numpy as np
import pytest

from autograder import assignments
from autograder.answers.figure_answer import axes_example, figure_example
from autograder.result import Result, document_schema
from autograder.stored_answers import MANY
from neurodynex.answer_data.decoder import decode
from neurodynex.answer_data.encode import encode, number
from neurodynex.answer_data.values import Quantity
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


@pytest.mark.parametrize("name", assignments.NAMES)
def test_a_document_is_as_its_schema_says(name):
    schema = document_schema()
    for result in classes.make(name, ["ada"]):
        document = json.loads(result.to_json())
        jsonschema.validate(document, schema)
        assert list(document) == list(schema["properties"])
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document | {"score": "full"}, schema)


def with_answer(value) -> Result:
    """Return a result of one question with one answer."""
    (result,) = classes.make(PLANE, ["ada"])
    question = result.questions[0].model_copy(update={"answers": {"variable:x": value}})
    return result.model_copy(update={"questions": (question,)})


def test_an_answer_that_looks_like_figures_stays_as_it_is():
    result = with_answer(encode({"figures": [0, 1]}))
    assert Result.from_json(result.to_json()) == result


def drawn(x: np.ndarray, y: np.ndarray) -> dict:
    """Return figures with a line, a set of points and arrows."""
    xs, ys = ([number(item) for item in column.tolist()] for column in (x, y))
    axes = axes_example("x", []) | {
        "lines": [{"label": "", "x": xs, "y": ys}],
        "points": [{"label": "", "x": ys, "y": xs}],
    }
    return {"figures": [figure_example([axes | {"arrows": dict(zip("xyuv", (xs, ys, ys, xs), strict=True))}])]}


COLUMN = np.sqrt(np.arange(1.0, 1 + MANY)) * np.resize([1, -1e300, 1e-300, -0.0], MANY)
LARGE = {
    "figures": drawn(COLUMN, COLUMN[::-1]),
    "array": encode(COLUMN),
    "table": encode(COLUMN.reshape(2, -1)),
    "quantity": {"quantity": {"dimension": [2.0, 1.0, -3.0, -1.0, 0.0, 0.0, 0.0], "value": encode(COLUMN)}},
}


def plain(encoded) -> object:
    """Return what an answer is decoded as, as arrays in lists and dictionaries."""
    value = decode(encoded)
    if isinstance(value, Quantity):
        return asdict(value)
    return [asdict(figure) for figure in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", LARGE)
def test_many_numbers_are_written_as_bytes_and_decoded_as_before(name):
    text = with_answer(LARGE[name]).to_json()
    read = Result.from_json(text)
    assert b64encode(COLUMN.astype("<f8").tobytes()).decode() in text and str(COLUMN[1]) not in text
    np.testing.assert_equal(plain(read.questions[0].answers["variable:x"]), plain(LARGE[name]))  # to the last digit
    assert read.to_json() == text


@pytest.mark.parametrize(
    "column", [COLUMN[1:], np.append(COLUMN, math.nan), np.append(COLUMN, math.inf)], ids=["few", "NaN", "infinity"]
)
@pytest.mark.parametrize("form", [encode, lambda column: drawn(column, column)], ids=["array", "figures"])
def test_few_numbers_and_those_that_are_not_finite_stay_a_list(form, column):
    text = with_answer(form(column)).to_json()
    assert str(COLUMN[1]) in text
    assert Result.from_json(text) == with_answer(form(column))


@pytest.mark.parametrize("data", [None, 1.5, "nan", "not Base64"])
def test_a_document_whose_bytes_were_changed_holds_an_answer_that_is_not_read(data):
    document = json.loads(with_answer(LARGE["array"]).to_json())
    payload = document["questions"][0]["answers"]["variable:x"]["array"]
    payload["data"] = payload["data"][:-4] if data is None else data
    with pytest.raises(ValueError):
        decode(Result.from_json(json.dumps(document)).questions[0].answers["variable:x"])

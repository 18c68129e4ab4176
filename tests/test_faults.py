"""A fault of the grader's own is loud and costs nobody a point in silence: the grade says so, and is never current."""

from dataclasses import replace

import pytest

from autograder import assignments, notebook, pages, report, tables
from autograder.adapters import gradescope
from autograder.course import Context
from autograder.grade import judge_all
from autograder.result import Result
from neurodynex.answer_data.encode import encode
from tests.conftest import COURSE
from tests.pages import classes
from tests.test_nothing_lost import LIF, solved
from tests.test_stale import ACCEPTED, QUESTIONS, Copy

TYPES = "neuron_type"


def breaks(*_):
    raise ZeroDivisionError("a slip of the pen")


@pytest.fixture
def faulty(monkeypatch):
    """Return a function that breaks what a question accepts, and judges answers to the assignment."""

    def judge_with(name: str, question_id: str, values: dict) -> Result:
        definition = assignments.load(name)
        questions = tuple(
            replace(q, answers=tuple(_Broken(answer) for answer in q.answers)) if q.id == question_id else q
            for q in definition.questions
        )
        definition = replace(definition, questions=questions)
        context, known = Context.of("ada", name, COURSE), notebook.points_of(name)
        encoded = {f"variable:{key}": encode(value) for key, value in values.items()}
        judged = judge_all(definition, known, {q.id: encoded for q in questions}, context)
        return Result(
            assignment=name,
            student="ada",
            score=sum(question.score for question in judged.values()),
            max_score=sum(question.max_score for question in judged.values()),
            questions=tuple(judged.values()),
            variant={},
            notebook_sha256="",
            package="0",
            run_key="",
            judging_key="",
            sandbox="none",
            seconds=1,
        )

    return judge_with


class _Broken:
    """An answer whose judging raises."""

    def __init__(self, answer) -> None:
        self.name, self.weight = answer.name, answer.weight

    judge = breaks


def test_a_judge_that_raises_is_an_error_with_a_traceback_and_no_verdict(faulty):
    result = faulty(LIF, "lif_threshold", {"I_min": 1.005})
    question = result.question("lif_threshold")
    assert [part.status for part in question.parts] == ["error"]
    assert question.score == 0 and question.mistake is None
    (fault,) = question.faults
    assert "Traceback" in fault and "ZeroDivisionError: a slip of the pen" in fault and "in breaks" in fault
    assert [question.id for question in result.not_judged] == ["lif_threshold"]
    assert Result.from_json(result.to_json()) == result
    assert "fault of the grader and not of yours" in question.message and "slip of the pen" not in question.message


def test_what_only_a_measurement_with_a_fault_could_support_is_not_judged_either(faulty):
    supported = next(q for q in assignments.load(TYPES).questions if q.supported_by)
    variant = Context.of("ada", TYPES, COURSE).variant
    right = {f"neuron_{name[-1].lower()}": f"type {kind}" for name, kind in variant.items()}
    answers = {answer.name for answer in supported.answers}
    values = {name: dict(variant) for name in answers} | {name: right[name] for name in answers & right.keys()}
    result = faulty(TYPES, supported.supported_by[0], values)
    question = result.question(supported.id)
    assert [part.status for part in question.parts] == ["passed"] * (len(question.parts) - 1) + ["error"], question
    assert question in result.not_judged


def test_a_fault_shows_in_the_report_the_table_and_the_pages(faulty, tmp_path):
    result = faulty(LIF, "lif_threshold", {"I_min": 1.005})
    assert report.status(result.question("lif_threshold")) == "not judged"
    assert "not judged, through a fault of the grader: lif_threshold" in report.submission_text(result)
    (notes,) = tables.class_table([result]).columns[-1].cells
    assert "not judged: lif_threshold" in str(notes)
    pages.write_pages(classes.write([result], tmp_path), COURSE)
    shown, own = ((tmp_path / "report" / name).read_text() for name in ("index.html", f"students/ada/{LIF}.html"))
    assert "Not judged" in shown and "slip of the pen" not in shown
    assert "This is no final grade" in own and "slip of the pen" not in own


def test_on_gradescope_staff_see_the_traceback_and_students_neither_it_nor_a_total(faulty):
    made = gradescope.results_json(faulty(LIF, "lif_threshold", {"I_min": 1.005}), finished=True)
    assert "could not be judged, through no fault of yours" in made["output"]
    hidden = [test for test in made["tests"] if test["visibility"] == "hidden"]
    assert len(hidden) == 1 and "slip of the pen" in hidden[0]["output"] and "max_score" not in hidden[0]
    assert "slip of the pen" not in str([made["output"], [t for t in made["tests"] if t["visibility"] == "visible"]])
    whole = gradescope.results_json(faulty(LIF, "no_question", {"I_min": 1.005}), finished=True)
    assert all(test["visibility"] == "visible" for test in whole["tests"])


def test_a_question_that_cannot_be_judged_is_reported_logged_and_tried_again(tmp_path):
    copy = Copy(tmp_path)
    copy.hand_in("ada", solved())
    copy.edit(QUESTIONS, ACCEPTED, "accept=lambda c: 1 / 0,")
    for how in ("1 run, 0 judged again", "0 run, 1 judged again"):
        said = copy.grade(code=1)
        assert how in said and "Not judged: ada" in said and "lif_threshold" in said
        assert "Traceback" in said and "ZeroDivisionError" in said and "accept=lambda c: 1 / 0" in said
    log = (copy.out / "faults.log").read_text(encoding="utf-8")
    assert log.count("lif_threshold of ada could not be judged") == 2 and log.count("ZeroDivisionError") == 2
    copy.edit(QUESTIONS, "accept=lambda c: 1 / 0,", ACCEPTED)
    assert "0 run, 1 judged again" in copy.grade(code=0)
    assert copy.score("ada") > 0

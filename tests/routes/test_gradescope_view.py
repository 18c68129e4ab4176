"""What a student sees on Gradescope: when, how often a day, by titles, and what a person is still to grade."""

import jsonschema
import pytest

from autograder.adapters.gradescope_page import View, results_json
from autograder.course import Course, read_course_toml
from autograder.errors import InstructorError
from autograder.result import PartResult
from tests.conftest import COURSE
from tests.routes.test_gradescope import SCHEMA
from tests.test_totals import result


def course(**table) -> Course:
    return Course.model_validate(COURSE.model_dump() | {"gradescope": table})


def page(view: View, **fields) -> dict:
    made = result(**fields)
    part = PartResult(name="w", score=0, max_score=1, status="failed", message="Not accepted.")
    said = tuple(question.model_copy(update={"parts": (part,)}) for question in made.questions)
    made = results_json(made.model_copy(update={"questions": said}), finished=True, view=view)
    jsonschema.validate(made, SCHEMA)
    return made


def metadata(*before: tuple[str, str | None], created: str = "2026-11-24T16:00:00.000000+01:00") -> dict:
    """Return Gradescope's description of a submission after others, each with its time and whether it was answered in full."""
    earlier = [
        {"submission_time": time, "results": {"extra_data": {"details": details}} if details else {}, "score": "1.0"}
        for time, details in before
    ]
    return {"users": [{"email": "ada@uni.edu"}], "created_at": created, "previous_submissions": earlier}


def test_tests_carry_titles_and_texts_appear_as_to_be_graded_by_hand():
    tests = page(View())["tests"]
    assert [test["name"] for test in tests] == [
        "What does Oja's rule find?",
        "Bonus: a rule for non-centred data",
        "What does Oja's rule find? (your text): graded by hand",
        "Non-centred data (your text): graded by hand",
    ]
    assert [test["number"] for test in tests] == ["3", "2", "3", "4"]  # of the headings, else the place
    assert not any(test["extra_data"]["id"] in test["name"] + test["output"] for test in tests)
    assert "score" not in tests[2] and "Worth 2 points, which a person gives" in tests[2]["output"]


@pytest.mark.parametrize(
    ("visible", "of_tests", "messages"),
    [("now", "visible", True), ("after_due_date", "after_due_date", True), ("scores_only", "visible", False)],
)
def test_scores_and_messages_are_visible_as_the_course_says(visible, of_tests, messages):
    made = page(View.of(course(visible=visible), metadata()))
    for test in made["tests"][:2]:
        assert test["visibility"] == of_tests and bool(test["output"]) == messages
    assert made["score"] == 5 and made["visibility"] == "visible"


def test_messages_that_students_do_not_see_are_kept_for_staff():
    made = page(View.of(course(visible="scores_only"), metadata()))
    hidden = [test for test in made["tests"] if test["visibility"] == "hidden"]
    assert len(hidden) == 1 and "oja\\_what" in hidden[0]["output"] and "3 of 4 points" in made["output"]
    never = page(View.of(course(visible="never"), metadata()))
    assert {test["visibility"] for test in never["tests"][:2]} == {"hidden"} and "not shown" in never["output"]


def test_beyond_so_many_a_day_a_submission_counts_and_only_staff_see_how():
    limited = course(details_per_day=2)
    two = (("2026-11-23T15:30:00.000000+01:00", "shown"), ("2026-11-24T09:00:00.000000+01:00", "shown"))
    made = page(View.of(limited, metadata(*two)))
    assert {test["visibility"] for test in made["tests"][:2]} == {"visible"}  # the first is more than a day ago
    two = (("2026-11-23T16:30:00.000000+01:00", "shown"), two[1])
    made = page(View.of(limited, metadata(*two)))
    assert {test["visibility"] for test in made["tests"][:2]} == {"hidden"} and made["score"] == 5
    assert all(test["output"] for test in made["tests"][:2]) and made["extra_data"]["details"] == "withheld"
    assert "graded, and counts" in made["output"] and "after 2026-11-24 15:30 UTC" in made["output"]
    assert "3 of 4" not in made["output"]


@pytest.mark.parametrize("details", ["withheld", "nothing"])
def test_only_full_answers_count(details):
    before = [(f"2026-11-24T1{hour}:00:00.000000+01:00", details) for hour in range(5)]
    limited = course(details_per_day=1)
    assert not View.of(limited, metadata(*before)).withheld
    assert View.of(limited, metadata(*before, ("2026-11-24T15:00:00.000000+01:00", None))).withheld


def test_a_hand_in_that_cannot_be_read_says_so_whatever_is_hidden():
    view = View.of(course(visible="never"), metadata())
    made = page(view, readable=False, errors=("There is no notebook at all.",))
    assert made["output"] == "There is no notebook at all." and made["extra_data"]["details"] == "nothing"
    assert {test["visibility"] for test in made["tests"][:2]} == {"visible"}


@pytest.mark.parametrize("change", [{"created_at": None}, {"previous_submissions": "?"}, {"created_at": "now"}])
def test_metadata_without_times_withholds_nothing_and_tells_staff(change):
    view = View.of(course(details_per_day=1), metadata(("2026-11-24T15:00:00.000000+01:00", "shown")) | change)
    made = page(view)
    assert made["tests"][0]["visibility"] == "visible"
    assert (
        made["tests"][-1]["visibility"] == "hidden" and "details_per_day has no effect" in made["tests"][-1]["output"]
    )


def test_otter_run_shows_everything():
    assert View.of(course(visible="never", details_per_day=1), {}) == View()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('visible = "later"', 'gradescope.visible must be .*now.*, but "later" stands there'),
        ("details_per_day = 0", "gradescope.details_per_day must be 1 or more, but 0 stands there"),
        ("detail_per_day = 1", "has no setting 'detail_per_day'. Did you mean 'details_per_day'"),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_what_can(tmp_path, line, message):
    path = tmp_path / "course.toml"
    path.write_text(COURSE.to_toml().partition("[gradescope]")[0] + f"[gradescope]\n{line}\n", encoding="utf-8")
    with pytest.raises(InstructorError, match=message):
        read_course_toml(path)

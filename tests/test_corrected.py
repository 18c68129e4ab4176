"""A corrected copy is graded in the place of a broken hand-in; both are kept, and the result says so."""

import pytest

from autograder import batch, corrected
from autograder.errors import InstructorError
from autograder.result import CORRECTED
from tests.conftest import COURSE
from tests.test_nothing_lost import LIF, solved


@pytest.fixture
def course(tmp_path):
    original = tmp_path / "submitted" / "ada" / LIF / f"{LIF}.ipynb"
    original.parent.mkdir(parents=True)
    original.write_bytes(b'{"cells": [')
    copy = tmp_path / "mended" / "ada" / LIF
    copy.mkdir(parents=True)
    (copy / "work.ipynb").write_bytes(solved())
    (copy / "reason.txt").write_text("The file was\ncut off at its end.\n", encoding="utf-8")
    return tmp_path


def graded(course):
    jobs = corrected.in_place(batch.find_jobs(course / "submitted"), [course])
    return batch.run(jobs, course / "grades", course=COURSE, workers=1)


def test_the_copy_counts_and_the_result_says_why(course, in_one_process):
    result = graded(course).results[0]
    assert result.readable and result.question("lif_threshold").passed
    assert result.errors[0].startswith(CORRECTED) and result.errors[0].endswith(
        "Reason: The file was cut off at its end."
    )
    assert (course / "submitted" / "ada" / LIF / f"{LIF}.ipynb").read_bytes() == b'{"cells": ['
    assert graded(course).kept == 1
    (course / "mended" / "ada" / LIF / "reason.txt").write_text("Another reason.")
    assert graded(course).results[0].errors[0].endswith("Reason: Another reason.")
    (course / "mended").rename(course / "withdrawn")
    again = graded(course).results[0]
    assert not again.readable and again.score == 0 and not any(error.startswith(CORRECTED) for error in again.errors)
    (course / "withdrawn").rename(course / "mended")
    reason = "a corrected copy was graded in place of what was handed in"
    assert graded(course).results[0].history[-1].reason == reason


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_a_copy_without_a_reason_is_refused_and_says_what_to_write(course, text):
    reason = course / "mended" / "ada" / LIF / "reason.txt"
    reason.unlink()
    if text is not None:
        reason.write_text(text)
    with pytest.raises(InstructorError, match=r"Write the reason into .*reason\.txt"):
        graded(course)


def test_a_copy_that_holds_no_notebook_is_refused(course):
    (course / "mended" / "ada" / LIF / "work.ipynb").unlink()
    with pytest.raises(InstructorError, match=r"cannot be graded\. The submission holds no file"):
        graded(course)


def test_others_are_graded_as_they_handed_in(course):
    jobs = batch.find_jobs(course / "submitted")
    assert corrected.in_place(jobs, [course / "elsewhere"]) == jobs

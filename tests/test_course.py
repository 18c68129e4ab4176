"""The course: loaded once, handed on as a value, and the same in every process."""

import zipfile

import pytest
from pydantic import ValidationError

from autograder import batch, notebook, samples
from autograder.build import autograder_members, write_zip
from autograder.course import Course, read_course_toml
from autograder.running import limits
from autograder.sources import Sources, run_key
from tests.conftest import COURSE, questions_only

LIF = "leaky_integrate_and_fire"


def unusual() -> Course:
    """Return a course with all that its file can hold, in characters that a TOML file must escape."""
    tables = COURSE.model_dump()
    tables["course"] |= {"id": 'quote " backslash \\ tab \t delete \x7f', "salt": "ż🧠"}
    tables["identity"] = {"match": "whole"}
    tables["variant"] = {
        "neuron_type_answers": False,
        "overrides": {"neuron_type": {'zoë "z" [x]@uni.edu': {"NeuronX": "II", "NeuronY": "I"}}},
    }
    return Course.model_validate(tables).with_limits(cell_seconds=0.5, memory_mb=400)


def test_a_course_that_is_written_to_a_file_is_loaded_as_the_same_course(tmp_path):
    path = tmp_path / "course.toml"
    for course in (COURSE, unusual()):
        path.write_text(course.to_toml(), encoding="utf-8")
        assert read_course_toml(path) == course


def test_other_limits_change_nothing_else_and_a_misspelt_one_is_refused():
    changed = COURSE.with_limits(cell_seconds=3)
    assert changed.limits.cell_seconds == 3
    assert changed.with_limits(cell_seconds=COURSE.limits.cell_seconds) == COURSE
    for wrong in ({"cel_seconds": 3.0}, {"cell_seconds": -1.0}):
        with pytest.raises(ValidationError):
            COURSE.with_limits(**wrong)


def test_workers_grade_by_the_course_that_they_are_given_whatever_the_environment_names(tmp_path, monkeypatch):
    path = tmp_path / "submitted" / "ada" / LIF / f"{LIF}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(questions_only(samples.load(LIF)["blank"].notebook(notebook.source_path(LIF), "ada")))
    other = tmp_path / "course.toml"
    other.write_text(COURSE.with_limits(cell_seconds=7).to_toml(), encoding="utf-8")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(other))
    given = COURSE.with_limits(cell_seconds=11)
    graded = batch.run(batch.find_jobs(tmp_path / "submitted"), tmp_path / "out", course=given, workers=1)
    assert not graded.failures
    known, now = notebook.points_of(LIF), Sources.now()
    by_given, by_other = (run_key(now, course, known, limits(course)) for course in (given, read_course_toml()))
    assert [result.run_key for result in graded.results] == [by_given] and by_given != by_other
    assert read_course_toml().limits.cell_seconds == 7


def test_the_autograder_zip_carries_the_course_that_was_loaded(tmp_path):
    made = write_zip(tmp_path / "autograder.zip", autograder_members(LIF, COURSE.with_limits(cell_seconds=11)))
    (tmp_path / "course.toml").write_bytes(zipfile.ZipFile(made).read("course.toml"))
    assert read_course_toml(tmp_path / "course.toml") == COURSE.with_limits(cell_seconds=11)

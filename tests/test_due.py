"""When an assignment is due is told to students in the notebook's head, in START and by `neurodynex check`."""

import json
from datetime import datetime, timedelta, timezone

import nbformat

from autograder import notebook
from autograder.build import release_notebook, student_members
from autograder.course import Course
from autograder.package import package_data
from autograder.platforms.late import due_in_words
from tests.conftest import COURSE

OJA = "ojas_rule"
DUE = datetime(2026, 11, 24, 16, tzinfo=timezone(timedelta(hours=1)))
SENTENCE = "Due: Tuesday, 24 November 2026, 16:00 (UTC+01:00)."


def due(**more) -> Course:
    return Course.model_validate(COURSE.model_dump() | {"late": {"due": {OJA: DUE}, **more}})


def test_what_a_late_day_costs_is_shown_with_the_due_date():
    assert due_in_words(due(), OJA) == SENTENCE and due_in_words(COURSE, OJA) == ""
    said = due_in_words(due(share_per_day=0.1, most=0.5), OJA)
    assert said == f"{SENTENCE} Each day late that has begun costs 10 % of the points, 50 % at most."


def test_students_read_it_in_the_notebooks_head_in_start_and_in_their_package(tmp_path, monkeypatch):
    (tmp_path / "course.toml").write_text(due().to_toml(), encoding="utf-8")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path / "course.toml"))
    source = nbformat.read(notebook.source_path(OJA), as_version=4)
    head = json.loads(release_notebook(OJA, source))["cells"][0]
    assert "".join(head["source"]).endswith(f"**{SENTENCE}**")
    wheel = tmp_path / "neurodynex_assignments-0.1.0+0123456789-py3-none-any.whl"
    wheel.write_bytes(b"")
    assert SENTENCE in student_members(OJA, wheel, due())["START.md"].decode()
    assert "Due:" not in student_members(OJA, wheel, COURSE)["START.md"].decode()
    (told,) = [text for path, text in package_data(due()).items() if path.name == "due.json"]
    assert json.loads(told) == {OJA: SENTENCE}

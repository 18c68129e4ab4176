"""nbgrader: late penalties are the course's, and the gradebook knows who a student is."""

from datetime import UTC, datetime

import pytest
from nbgrader.api import Gradebook

from autograder.adapters.nbgrader_people import parts_of
from autograder.course import Course
from tests.conftest import COURSE
from tests.routes.routes import Routes, command
from tests.test_nothing_lost import LIF, solved

ROSTER = 'id,name,email,extra_days\nada,"Lovelace, Ada",ada@uni.edu,{days}\n'


@pytest.mark.thorough
def test_a_late_submission_loses_what_the_course_says_and_a_changed_extra_day_counts(tmp_path):
    late = {"due": {LIF: datetime(2026, 11, 24, 16, tzinfo=UTC)}, "share_per_day": 0.1}
    tables = COURSE.model_dump()
    tables["course"]["roster"] = "roster.csv"
    routes = Routes(tmp_path, Course.model_validate(tables | {"late": late}))
    (tmp_path / "roster.csv").write_text(ROSTER.format(days=0), encoding="utf-8")
    stamp = routes.nbgrader / "submitted" / "ada" / LIF / "timestamp.txt"
    stamp.parent.mkdir(parents=True)
    stamp.write_text("2026-11-26 15:00:00.000000 UTC")
    score = sum(routes.by_nbgrader(LIF, "ada", solved()).values())
    with Gradebook(f"sqlite:///{routes.nbgrader / 'gradebook.db'}") as book:
        student = book.find_student("ada")
        assert (student.first_name, student.last_name, student.email) == ("Ada", "Lovelace", "ada@uni.edu")
        assert score > 0 and book.find_submission(LIF, "ada").late_submission_penalty == round(0.2 * score, 4)
    (tmp_path / "roster.csv").write_text(ROSTER.format(days=1), encoding="utf-8")
    said = command("nbgrader", "autograde", LIF, cwd=routes.nbgrader, **routes.environment)
    assert "is graded again" in said
    with Gradebook(f"sqlite:///{routes.nbgrader / 'gradebook.db'}") as book:
        assert book.find_submission(LIF, "ada").late_submission_penalty == round(0.1 * score, 4)


def test_a_name_is_taken_apart_as_rosters_write_it():
    assert parts_of("Lovelace, Ada") == ("Ada", "Lovelace") == parts_of("Ada Lovelace")
    assert parts_of("Ada King Lovelace") == ("Ada King", "Lovelace") and parts_of("小龍") == ("", "小龍")

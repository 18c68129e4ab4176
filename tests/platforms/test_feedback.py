"""Students' pages go back by the names that the platform gave to what was handed in."""

import io
import zipfile

import pytest
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.errors import InstructorError
from autograder.platforms import roster as rosters
from autograder.platforms.collect import collect
from autograder.platforms.feedback import pack_feedback
from tests.conftest import COURSE
from tests.platforms.exports import CANVAS, LIF, MOODLE, blank, zipped
from tests.platforms.test_export import graded as graded


def collected(tmp_path, names, table):
    (tmp_path / "roster.csv").write_text(table, encoding="utf-8")
    people = rosters.read(tmp_path / "roster.csv", COURSE)
    collect(zipped(tmp_path / "a.zip", dict.fromkeys(names, blank())), tmp_path / "tree", course=COURSE, roster=people)
    for page in ("ada/leaky_integrate_and_fire.html", "ada/leaky_integrate_and_fire.md", "eve.html", "index.html"):
        (tmp_path / "students" / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "students" / page).write_text(page)


def back(tmp_path, platform):
    content, count, notes = pack_feedback(
        tmp_path / "students", [tmp_path / "tree"], platform, LIF, lambda name: name.partition("@")[0].casefold()
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert len(found) == count
    return found, notes


def test_canvas_gets_the_names_with_the_numbers_that_it_had_given(tmp_path):
    collected(tmp_path, ["lovelaceada_LATE_101_7_my_work-1.ipynb", "e_103_9_x.ipynb"], CANVAS)
    found, notes = back(tmp_path, "canvas")
    assert found == {
        "lovelaceada_LATE_101_7_my_work-1.html": "ada/leaky_integrate_and_fire.html",
        "e_103_9_x.html": "eve.html",
    }
    assert not notes


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Ada Lovelace_11_assignsubmission_file/x.ipynb"], "Ada Lovelace_11_assignsubmission_file/feedback.html"),
        (
            ["G1-Ada Lovelace_11_assignsubmission_file_/d/x.ipynb"],
            "G1-Ada Lovelace_11_assignsubmission_file_/feedback.html",
        ),
        (["Ada Lovelace_11_assignsubmission_file_x.ipynb"], "Ada Lovelace_11_assignsubmission_file_feedback.html"),
    ],
)
def test_moodle_gets_the_folders_or_names_that_it_had_given(tmp_path, names, expected):
    collected(tmp_path, names, MOODLE)
    found, notes = back(tmp_path, "moodle")
    assert set(found) == {expected} and "eve.html" in notes[0]


def test_what_no_platform_takes_is_refused(tmp_path):
    collected(tmp_path, ["e_103_9_x.ipynb"], CANVAS)
    with pytest.raises(InstructorError, match="gradescope takes no feedback files"):
        back(tmp_path, "gradescope")
    with pytest.raises(InstructorError, match="was collected from Moodle"):
        back(tmp_path, "moodle")
    (tmp_path / "students" / "eve.html").unlink()
    (tmp_path / "students" / "ada").rename(tmp_path / "elsewhere")
    with pytest.raises(InstructorError, match="There is no page of a student"):
        back(tmp_path, "canvas")


def test_the_command_writes_scores_and_pages_together(graded, tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "ada@uni.edu.html").write_text("page")
    words = ["export", "--to", "canvas", graded / "gradebook.csv", "--column", "Neurons", "-o", tmp_path / "out.csv"]
    words += ["--grades", graded / "grades", "--submitted", graded / "submitted", "--feedback", tmp_path / "pages"]
    done = CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(tmp_path / "out-feedback.zip") as archive:
        assert archive.namelist() == ["lovelaceada_101_0_x.html"]

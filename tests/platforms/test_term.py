"""A term by commands: collect, grade, by hand, late, export, feedback; what one step says is what the next one has."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from autograder import notebook, samples
from autograder.__main__ import app
from autograder.batch import results_in
from autograder.course import Course
from autograder.marking.page import code_of
from tests.conftest import COURSE, questions_only
from tests.platforms.exports import METADATA, OJA, zipped

ROSTER = "First Name,Last Name,SID,Email,Role,Sections\nAda,Lovelace,007,ada@uni.edu,Student,A\n李,小龍,0005,li@uni.edu,Student,A\nEve,=1+1,3,eve@uni.edu,Student,B\n"
WHY = "oja_what_why"


def handed_in() -> bytes:
    made = json.loads(questions_only(samples.load(OJA)["blank"].notebook(notebook.source_path(OJA), "x")))
    for cell in made["cells"]:
        if notebook.grade_id(cell) == WHY:
            cell["source"] = "From helper import it."
        elif notebook.grade_id(cell) == "oja_what_solution":
            cell["source"] = "from helper import oja_finds"
    return json.dumps(made).encode()


def run(*words, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def term(tmp_path, monkeypatch):
    late = {"due": {OJA: datetime(2026, 11, 24, 12, tzinfo=UTC)}, "share_per_day": 0.5, "extra_days": {"eve": 3.0}}
    tables = COURSE.model_dump() | {"late": late}
    tables["course"]["roster"] = "roster.csv"
    course = Course.model_validate(tables)
    (tmp_path / "course.toml").write_text(course.to_toml(), encoding="utf-8")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path / "course.toml"))
    monkeypatch.chdir(tmp_path)
    files = {"e/submission_metadata.yml": METADATA.encode()}
    for number in (501, 502):
        files[f"e/submission_{number}/my oja.ipynb"] = handed_in()
        files[f"e/submission_{number}/helper.py"] = b"oja_finds = 'first principal component'\n"
    zipped(tmp_path / "export.zip", files)
    return course


def test_what_one_step_says_is_what_the_next_one_has(term, tmp_path):
    # 502 was handed in half an hour late; 501, by a group of whom one has three days more, three hours late.
    assert "2 submissions from gradescope" in run("collect", "export.zip", code=1)  # nobody@uni.edu is refused
    assert (tmp_path / "submitted" / "ada@uni.edu" / OJA / "helper.py").is_file()
    said = run("grade", "submitted", "--out", "grades", "--workers", 1, "--cold")
    assert "of 2 students: `python -m autograder mark oja_what_why`" in said
    results = {result.student: result for result in results_in(tmp_path / "grades")}
    points = results["ada"].question("oja_what").score
    assert len(results) == 2 and points > 0 and all(result.files for result in results.values())

    codes = {code_of(student, WHY, term): student for student in results}
    rows = [f"{code},{OJA},{WHY},{1 if student == 'ada' else 2},{student}" for code, student in codes.items()]
    (tmp_path / "marks.csv").write_text(
        "\n".join(["student,assignment,question,points,comment", *rows]), encoding="utf-8"
    )
    run("mark", "--take", "marks.csv", "--", "", "grades")
    said = run("grade", "submitted", "--out", "grades", "--workers", 1)
    assert "0 run, 0 judged again from the answers of an earlier run, 2 current before" in said
    assert f"{WHY}" not in said and "oja_noncentered_why" in said

    said = run("export", "--to", "csv", "--grades", "grades", "-o", "own.csv")
    assert "oja_noncentered_why" in said and "Points are not final" in said
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO((tmp_path / "own.csv").read_text("utf-8-sig")))}
    totals = {name: (float(row["by hand"]), float(row["late"]), float(row["total"])) for name, row in rows.items()}
    assert totals == {
        "ada": (1, -(points + 1) / 2, (points + 1) / 2),
        "eve": (1, 0, points + 1),
        next(name for name in totals if name not in ("ada", "eve")): (2, -(points + 2) / 2, (points + 2) / 2),
    }
    run("export", "--to", "gradescope", "roster.csv", "--grades", "grades", "-o", "theirs.csv", "--column", "Oja")
    theirs = {
        row["Email"]: row["Oja"] for row in csv.DictReader(io.StringIO((tmp_path / "theirs.csv").read_text("utf-8")))
    }
    assert float(theirs["eve@uni.edu"]) == points + 1 and float(theirs["ada@uni.edu"]) == (points + 1) / 2
    assert zipfile.is_zipfile(tmp_path / "export.zip")

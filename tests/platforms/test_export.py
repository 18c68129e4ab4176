"""Exporting: the platform's own file comes back with our column filled, and nothing in it runs."""

import csv
import io
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest

from autograder import batch, notebook
from autograder.course import Course, read_course_toml
from autograder.errors import InstructorError
from autograder.platforms import late
from autograder.platforms import roster as rosters
from autograder.platforms.collect import collect, jobs
from autograder.platforms.export import Grades, to_csv, to_platform
from autograder.result import write_atomically
from autograder.sources import Sources, judging_key
from tests.conftest import COURSE, ROOT
from tests.platforms.exports import CANVAS, GRADESCOPE, LIF, METADATA, MOODLE, blank, zipped

SCORES = {"lovelaceada_101": 12.5, "żółw_99_5ýrsa_102": 3, "e_103": 4, "李小龍_104": 3.5}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return the folder of grades of a class on Canvas: real results, in which only the score is set."""
    folder = tmp_path_factory.mktemp("term")
    (folder / "gradebook.csv").write_text(CANVAS, encoding="utf-8")
    files = {f"{name}_{n}_x.ipynb": blank() for n, name in enumerate(SCORES)}
    people = rosters.read(folder / "gradebook.csv", COURSE)
    collected = collect(zipped(folder / "a.zip", files), folder / "submitted", course=COURSE, roster=people)
    (first, *others) = jobs(collected, folder / "submitted")
    (result,) = batch.run([first], folder / "grades", course=COURSE, workers=1).results
    for job, score in zip((first, *others), SCORES.values(), strict=True):
        student = job.student.partition("@")[0]
        changed = result.model_copy(update={"student": student, "score": score})
        write_atomically(batch.place(folder / "grades", job), changed.to_json())
    return folder


def grades(folder):
    return Grades.read(folder / "grades", folder / "submitted", COURSE, None)


def export(folder, tmp_path, text, platform, column=None, encoding="utf-8"):
    path = tmp_path / "theirs.csv"
    path.write_bytes(text.encode(encoding))
    made = to_platform(platform, path, grades(folder), None, column)
    return made, made.content.decode(encoding)


def test_canvas_gets_its_own_file_back_with_one_column_filled(graded, tmp_path):
    made, text = export(graded, tmp_path, CANVAS, "canvas", "Neurons")
    before, after = CANVAS.splitlines(), text.splitlines()
    assert text.startswith("\ufeffStudent,ID") and text.endswith("\r\n")
    assert after[3] == '"Lovelace, Ada",101,S1,ada@uni.edu,A,12.5,,80.0'
    assert (
        after[4] == before[4] and after[:3] == before[:3] and after[7:] == before[7:]
    )  # excused; heads; nothing handed in
    assert after[6] == '"李, 小龍",104,0005,li,A,3.5,,'
    assert any("EX stands there" in note for note in made.notes) and made.filled == 2
    assert after[5].startswith("\"'=cmd|") and any("apostrophe" in note for note in made.notes)


def test_semicolons_decimal_commas_and_the_encoding_are_kept(graded, tmp_path):
    text = "LastName;FirstName;ID;SIS Login ID;Section;Neurons, one (77)\n    Points Possible;;;;;14,00\nLovelace;Adé;101;ada@uni.edu;A;\n"
    _, after = export(graded, tmp_path, text, "canvas", "Neurons, one", "cp1252")
    assert after == text.replace(";A;\n", ";A;12,5\n")


def test_a_column_is_not_guessed(graded, tmp_path):
    with pytest.raises(InstructorError, match=r"--column; there are: Neurons \(77\), HW 2 \(78\)"):
        export(graded, tmp_path, CANVAS, "canvas")
    with pytest.raises(InstructorError, match="no column is called 'Final Score'"):
        export(graded, tmp_path, CANVAS, "canvas", "Final Score")
    with pytest.raises(InstructorError, match="no gradebook export of Canvas"):
        export(graded, tmp_path, MOODLE, "canvas")


def test_two_rows_of_the_platform_never_share_one_students_score(graded, tmp_path):
    text = CANVAS.replace("ada2", "ada@other.edu")
    with pytest.raises(InstructorError, match="both claim 'ada'"):
        export(graded, tmp_path, text, "canvas", "Neurons")


@pytest.mark.parametrize("language", ["English", "other"])
def test_moodle_gets_its_worksheet_back_with_what_it_compares_untouched(graded, tmp_path, language):
    text = MOODLE if language == "English" else MOODLE.replace("Identifier", "Tunniste").replace("Grade,", "Arvosana,")
    made, after = export(graded, tmp_path, text, "moodle")
    rows = list(csv.reader(io.StringIO(after.lstrip("\ufeff"))))
    assert [row[5] for row in rows[1:]] == ["12.5", "", "4"]
    old = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    for column in (0, 6, 7, 8, 9, 10):
        assert [row[column] for row in rows] == [row[column] for row in old]
    assert rows[3][1] == '\'=HYPERLINK("x")'
    assert any("li, yrsa" in note for note in made.notes), made.notes
    assert any("counts to 100 points" in note for note in made.notes)


def test_everybody_of_a_gradescope_group_gets_the_score(tmp_path, graded):
    (tmp_path / "roster.csv").write_text(GRADESCOPE, encoding="utf-8")
    people = rosters.read(tmp_path / "roster.csv", COURSE)
    files = {"export/submission_metadata.yml": METADATA.encode(), "export/submission_501/x.ipynb": blank()}
    collect(zipped(tmp_path / "a.zip", files), tmp_path / "submitted", course=COURSE, roster=people)
    (only,) = list((graded / "grades").glob("ada*/*.json"))
    write_atomically(tmp_path / "grades" / "ada" / only.name, only.read_text(encoding="utf-8"))
    found = Grades.read(tmp_path / "grades", tmp_path / "submitted", COURSE, LIF)
    made = to_platform("gradescope", tmp_path / "roster.csv", found, people, "Neurons")
    rows = list(csv.reader(io.StringIO(made.content.decode())))
    assert rows[0][-1] == "Neurons" and [row[6:] for row in rows[1:]] == [["12.5"], [], [], ["12.5"]]
    assert made.filled == 2


def test_our_own_table_has_each_part_of_the_score(graded, tmp_path):
    people = rosters.read(graded / "gradebook.csv", COURSE)
    made = to_csv(grades(graded), people)
    rows = list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig"))))
    assert {row["student"]: row["total"] for row in rows} == {"ada": "12.5", "yrsa": "3", "eve": "4", "li": "3.5"}
    assert rows[1]["name"].startswith("'=cmd") and rows[0]["maximum"] == "14"


LATE = {"grace_minutes": 10, "share_per_day": 0.1, "most": 0.5, "extra_days": {"ADA@uni.edu": 2.0}}
DUE = datetime(2026, 11, 24, 16, tzinfo=timezone(timedelta(hours=1)))


def by_rules(**changed):
    return Course.model_validate({**COURSE.model_dump(), "late": {**LATE, "due": {LIF: DUE}, **changed}})


@pytest.mark.parametrize(
    ("hours", "extra", "days", "share"),
    [
        (-1, 0, 0, 0),
        (0, 0, 0, 0),
        (1 / 6, 0, 0, 0),
        (0.2, 0, 1, 0.1),
        (24, 0, 1, 0.1),
        (24.1, 0, 2, 0.2),
        (24.1, 2, 0, 0),
        (900, 0, 38, 0.5),
    ],
)
def test_each_begun_day_after_the_grace_costs_its_share_up_to_the_most(hours, extra, days, share):
    course = by_rules()
    assert late.days_late(course, LIF, DUE + timedelta(hours=hours), extra) == days
    assert late.share_lost(course, days) == pytest.approx(share)
    assert late.days_late(COURSE, LIF, DUE + timedelta(days=9)) == 0


def test_late_points_are_taken_off_and_shown_and_extra_days_recompute_them(graded, tmp_path):
    shutil.copytree(graded / "grades", tmp_path / "grades")
    for student in ("ada@uni.edu", "eve", "li"):
        place = tmp_path / "submitted" / student / LIF / "timestamp.txt"
        place.parent.mkdir(parents=True)
        place.write_text("2026-11-25 16:00:00.000000 UTC")
    people = rosters.read(graded / "gradebook.csv", COURSE)
    found = Grades.read(tmp_path / "grades", tmp_path / "submitted", by_rules(), None)
    made = to_csv(found, people)
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(made.content.decode("utf-8-sig")))}
    assert {name: (row["late"], row["total"]) for name, row in rows.items()} == {
        "ada": ("0", "12.5"),
        "eve": ("-0.8", "3.2"),
        "li": ("-0.7", "2.8"),
        "yrsa": ("0", "3"),
    }
    assert any("not known" in note and note.endswith(": yrsa.") for note in made.notes)
    changed = Grades.read(tmp_path / "grades", tmp_path / "submitted", by_rules(extra_days={"li": 9.0}), None)
    text = to_platform("canvas", graded / "gradebook.csv", changed, people, "Neurons").content.decode()
    assert ",104,0005,li,A,3.5,," in text and ",101,S1,ada@uni.edu,A,10,,80.0" in text


def test_a_due_date_is_checked_and_changes_no_judgement(tmp_path):
    path = tmp_path / "course.toml"
    path.write_text(by_rules().to_toml(), encoding="utf-8")
    assert read_course_toml(path) == by_rules()
    known, now = notebook.points_of(LIF), Sources.now()
    assert judging_key(now, by_rules(), known) == judging_key(now, COURSE, known)
    for wrong, message in (
        ("lif = 2026-11-24T16:00:00Z", "is no assignment"),
        (f"{LIF} = 2026-11-24T16:00:00", "with its zone"),
        (f"{LIF} = 1", "with its zone"),
    ):
        path.write_text(COURSE.to_toml().partition("[late]")[0] + f"[late.due]\n{wrong}\n", encoding="utf-8")
        with pytest.raises(InstructorError, match=message):
            read_course_toml(path)


def test_the_command_writes_the_file_and_says_what_is_not_in_it(graded, tmp_path):
    words = ["export", "--to", "canvas", graded / "gradebook.csv", "--column", "Neurons", "-o", tmp_path / "out.csv"]
    words += ["--grades", graded / "grades", "--submitted", graded / "submitted"]
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, words)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0 and "2 scores of leaky_integrate_and_fire" in done.stdout, done.stderr
    assert "EX stands there" in done.stderr
    assert b",101,S1,ada@uni.edu,A,12.5,," in (tmp_path / "out.csv").read_bytes()

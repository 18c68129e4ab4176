"""Points by their parts: what is not graded by hand yet is said, and never counts as nothing silently."""

import io
import json
from datetime import UTC, datetime

import pytest
from rich.console import Console

from autograder import marks, notebook, report, samples, tables, totals
from autograder.course import Course
from autograder.errors import InstructorError
from autograder.marks import Mark, Marks
from autograder.result import QuestionResult, Result, write_atomically
from autograder.totals import ClassTotals
from tests.conftest import COURSE

OJA = "ojas_rule"
TEXTS = {"oja_what_why": 2.0, "oja_noncentered_why": 1.0}


def result(student: str = "ada", **fields) -> Result:
    questions = (
        QuestionResult(id="oja_what", score=3, max_score=4, passed=False, message=""),
        QuestionResult(id="oja_bonus", score=2, max_score=0, passed=True, bonus=True, message=""),
    )
    plain = dict.fromkeys(("notebook_sha256", "run_key", "judging_key", "package", "sandbox"), "")
    made = {"score": 5, "max_score": 4, "questions": questions, "variant": {}, "seconds": 1, "by_hand": TEXTS, **plain}
    return Result.model_validate({"assignment": OJA, "student": student, **made, **fields})


def mark(question: str, points: float | None, comment: str = "", student: str = "ada") -> Mark:
    return Mark(student, OJA, question, points, comment)


def write(folder, text: str, name: str = "x.csv"):
    write_atomically(folder / "marks" / name, "student,assignment,question,points,comment\n" + text)


def test_what_is_not_graded_by_hand_is_reported_and_does_not_count_as_zero():
    found = totals.of(result(), {"oja_what_why": mark("oja_what_why", 1.5)})
    assert found.to_mark == {"oja_noncentered_why": 1.0} and not found.is_final
    assert (found.automatic, found.by_hand, found.bonus, found.total, found.maximum) == (3, 1.5, 2, 6.5, 7)
    assert found.in_words() == "6.5 of 7 points (3 automatic, 1.5 by hand, 2 bonus); 1 point still to be graded by hand"


def test_zero_points_by_hand_are_a_mark_and_a_comment_alone_is_not():
    given = {
        "oja_what_why": mark("oja_what_why", 0),
        "oja_noncentered_why": mark("oja_noncentered_why", None, "see me"),
    }
    found = totals.of(result(), given)
    assert found.to_mark == {"oja_noncentered_why": 1.0} and found.marks["oja_noncentered_why"].comment == "see me"


def test_being_late_costs_its_share_of_all_points(tmp_path):
    due = datetime(2026, 11, 24, 16, tzinfo=UTC)
    table = {"due": {OJA: due}, "share_per_day": 0.1, "extra_days": {"Ada@uni.edu": 1.0}}
    course = Course.model_validate(COURSE.model_dump() | {"late": table})
    for student in ("ada", "eve"):
        write_atomically(tmp_path / "tree" / student / OJA / "timestamp.txt", "2026-11-26 15:00:00.000000 UTC")
    write(tmp_path, f"ada@uni.edu,{OJA},oja_what_why,2,\neve,{OJA},oja_what_why,1,\n")
    beside = ClassTotals.read(tmp_path, course, submitted=[tmp_path / "tree"])
    ada, eve = beside.of(result()), beside.of(result("eve"))
    assert (ada.days_late, ada.late, ada.total) == (1, 0.7, 6.3)
    assert (eve.days_late, eve.late, eve.total) == (2, 1.2, 4.8)
    assert beside.still_to_mark([result(), result("eve"), result("li")]) == {
        "oja_what_why": 1,
        "oja_noncentered_why": 3,
    }


def test_a_file_of_marks_that_cannot_be_is_named_with_each_row(tmp_path):
    rows = [f"ada,{OJA},oja_what_why,2.5,", f"ada,{OJA},oja_why,1,", "ada,oja,x,1,", f",{OJA},oja_what_why,1,"]
    write(tmp_path, "\n".join([*rows, f"li,{OJA},oja_what_why,one,"]))
    with pytest.raises(InstructorError) as error:
        marks.read_all(tmp_path, COURSE)
    said = str(error.value)
    assert "row 2: the points of oja_what_why must be a number from 0 to 2, but '2.5' stands there" in said
    assert "row 3: ojas_rule has no text 'oja_why'" in said and "row 4: 'oja' is no assignment" in said
    assert "row 5: there is no student" in said and "row 6" in said and "'one'" in said


def test_two_files_that_differ_about_an_answer_are_an_error_that_names_both(tmp_path):
    write(tmp_path, f"ada,{OJA},oja_what_why,1,", "a.csv")
    write(tmp_path, f"ADA@uni.edu,{OJA},oja_what_why,1,", "b.csv")
    assert marks.read_all(tmp_path, COURSE).of("ada", OJA)["oja_what_why"].points == 1
    write(tmp_path, f"ada,{OJA},oja_what_why,2,", "c.csv")
    with pytest.raises(InstructorError, match=r"1 points \(.*[ab]\.csv, row 2\), and 2 points \(.*c\.csv, row 2\)"):
        marks.read_all(tmp_path, COURSE)


@pytest.mark.parametrize(
    "comment", ['=HYPERLINK("x")', "-1: sign", "a; =b", 'a "quote", and\na line', "it's", "+ good"]
)
def test_a_comment_comes_back_as_it_was_and_runs_in_no_spreadsheet(tmp_path, comment):
    found = Marks(COURSE)
    found.add([mark("oja_what_why", 1.5, comment)])
    path = marks.write(tmp_path, found, "oja_what_why")
    assert not any(cell.startswith("=") for cell in path.read_text("utf-8-sig").replace('"', "").split(","))
    assert marks.read(path) == [mark("oja_what_why", 1.5, comment)]


def test_a_table_that_a_spreadsheet_has_saved_with_semicolons_and_decimal_commas_is_read(tmp_path):
    (tmp_path / "m.csv").write_bytes(
        f"Student;Assignment;Question;Points\nada;{OJA};oja_what_why;1,5\n".encode("utf-8-sig")
    )
    assert marks.read(tmp_path / "m.csv") == [mark("oja_what_why", 1.5)]


def test_what_a_student_wrote_is_kept_and_older_results_say_that_they_do_not_have_it():
    source = notebook.source_path(OJA)
    content = json.loads(samples.load(OJA)["ada"].notebook(source, "ada"))
    for cell in content["cells"]:
        if notebook.grade_id(cell) == "oja_what_why":
            cell["source"] = ["First.\n", "Second."]
    found = notebook.parse_submission(json.dumps(content).encode(), notebook.points_of(OJA))
    assert found.texts["oja_what_why"] == "First.\nSecond." and set(found.texts) == set(TEXTS)
    older = json.loads(result().to_json())
    del older["texts"]
    assert Result.from_json(json.dumps(older)).texts is None


def test_the_terminal_shows_what_is_still_to_be_graded():
    beside = ClassTotals(COURSE, Marks(COURSE))
    beside.marks.add([mark("oja_what_why", 1, "short"), mark("oja_noncentered_why", 0.5)])
    terminal = Console(file=io.StringIO(), width=100)
    terminal.print(tables.class_table([result(), result("eve")], beside.of))
    ada, eve = terminal.file.getvalue().splitlines()[1:3]  # type: ignore[attr-defined]
    assert "3/4 +2" in ada and "1.5/3" in ada and "6.5/7 " in ada
    assert "?/3" in eve and "5/7?" in eve
    said = report.submission_text(result(), beside.of(result()))
    assert "oja_what_why: 1 of 2 points, graded by hand: short" in said and "Total: 6.5 of 7 points" in said
    assert "oja_what_why: to be graded by hand (2 points)" in report.submission_text(
        result("eve"), beside.of(result("eve"))
    )


@pytest.mark.parametrize("width", [80, 90, 120])
def test_beside_points_by_hand_the_notes_are_whole_and_the_table_as_wide_as_the_terminal(width):
    beside = ClassTotals(COURSE, Marks(COURSE))
    error = "Cell 14: NameError: name 'recoding' is not defined"
    terminal = Console(file=io.StringIO(), width=width)
    many = [result("rosalind", errors=(error,), assignment="leaky_integrate_and_fire"), result("eve")]
    terminal.print(tables.class_table(many, beside.of))
    shown = terminal.file.getvalue()  # type: ignore[attr-defined]
    assert "ojas_rule" in shown and max(map(len, shown.splitlines())) <= width
    assert all(word in shown.split() for word in ("Cell", "14:", "NameError:", "name", "'recoding'", "is", "not"))

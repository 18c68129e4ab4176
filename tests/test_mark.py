"""Grading by hand: without names, kept as it is given, and exchanged with nbgrader's gradebook."""

import json
import os
import re
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder import marks
from autograder.__main__ import app
from autograder.batch import results_in
from autograder.errors import InstructorError
from autograder.marking import gradebook, page, work
from autograder.marking.server import MarkServer
from autograder.result import write_atomically
from tests.conftest import COURSE
from tests.test_totals import OJA, mark, result

WHY = "oja_what_why"
EVIL = "</script><script>alert(1)</script> $\\eta$"
TEXTS = {"ada-lovelace": EVIL, "eve.example": "*Your answer here*", "li-xiaolong": "Hebbian."}


@pytest.fixture
def grades(tmp_path):
    for student, text in TEXTS.items():
        made = result(student, texts={WHY: text}, errors=(f"The notebook names {student!r}",))
        write_atomically(tmp_path / student / f"{OJA}.json", made.to_json())
    return tmp_path


def run(*words) -> str:
    done = CliRunner().invoke(app, ["mark", *map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return re.sub(r"\s+", " ", done.output)


class Shown(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.codes, self.scripts = "", [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        self.codes += [value for name, value in attrs if name == "data-code"]

    def handle_data(self, data):
        self.words += data


def test_the_page_has_all_texts_and_the_mark_scheme_and_no_name(grades):
    run(WHY, grades, "--page", grades / "page.html")
    text = (grades / "page.html").read_text(encoding="utf-8")
    shown = Shown(text)
    assert not any(student in text for student in TEXTS)
    assert EVIL in shown.words and shown.scripts == 2 and "Hebbian." in shown.words
    assert "1 point for the difference" in shown.words and "Nothing was written." in shown.words
    assert len(set(shown.codes)) == 3 and "3 of 4 points" in shown.words


def test_what_is_left_to_grade_is_listed(grades):
    marks.write(grades, _marks(mark(WHY, 1, student="li-xiaolong")), WHY)
    assert "oja_what_why 2 1 2" in run("", grades) and "oja_noncentered_why 1 0 3" in run("", grades)


def _marks(*given) -> marks.Marks:
    found = marks.Marks(COURSE)
    found.add(given)
    return found


def test_each_mark_is_written_as_it_is_given_on_the_page(grades):
    codes = {student: page.code_of(student, WHY, COURSE) for student in TEXTS}
    marks.write(grades, _marks(mark(WHY, 2, "fine", "eve.example")), WHY)
    server = work.server(results_in(grades), WHY, OJA, grades, COURSE, {})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert codes["ada-lovelace"] in urlopen(server.address).read().decode()
        _post(server, [{"code": codes["ada-lovelace"], "points": "1.5", "comment": "=short"}])
        given = {mark.student: (mark.points, mark.comment) for mark in marks.read(marks.file_of(grades, WHY))}
        assert given == {"ada-lovelace": (1.5, "=short"), "eve.example": (2, "fine")}
        for wrong in ({"points": "3"}, {"points": "x"}, {"code": "answer-000000000000"}):
            sent = {"code": codes["li-xiaolong"], "points": "1", "comment": "", **wrong}
            with pytest.raises(HTTPError) as error:
                _post(server, [sent])
            assert error.value.code == 400
        with pytest.raises(HTTPError):
            urlopen(re.sub(r"/[^/]+/$", "/guessed/", server.address))
        _post(server, [{"code": codes["eve.example"], "points": "", "comment": ""}])
        assert [mark.student for mark in marks.read(marks.file_of(grades, WHY))] == ["ada-lovelace"]
    finally:
        server.shutdown()
        server.server_close()


def _post(server: MarkServer, rows) -> None:
    urlopen(Request(f"{server.address}marks", json.dumps(rows).encode(), method="POST")).read()


def test_marks_from_a_page_without_names_find_their_students(grades, tmp_path):
    code = page.code_of("li-xiaolong", WHY, COURSE)
    table = tmp_path / "downloaded.csv"
    table.write_text(f'"student","assignment","question","points","comment"\n"{code}",{OJA},{WHY},"1",""\n')
    run("--take", table, "--", "", grades)
    assert marks.read(marks.file_of(grades, WHY)) == [mark(WHY, 1, student="li-xiaolong")]
    table.write_text(table.read_text().replace('"1"', '"2"'))
    with pytest.raises(InstructorError, match="two different marks"):
        work.take([table], grades, COURSE, replace=False)
    work.take([table], grades, COURSE, replace=True)
    assert marks.read(marks.file_of(grades, WHY))[0].points == 2
    table.write_text(table.read_text().replace(code, "answer-000000000000"))
    with pytest.raises(InstructorError, match="in no grade"):
        work.take([table], grades, COURSE, replace=True)


def test_marks_go_to_nbgraders_gradebook_and_come_from_there(grades, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    place = tmp_path / "gradebook.db"
    with Gradebook(f"sqlite:///{place}") as book:
        book.add_assignment(OJA)
        book.add_notebook(OJA, OJA)
        for cell, worth in ((WHY, 2), ("oja_noncentered_why", 1)):
            book.add_grade_cell(cell, OJA, OJA, max_score=worth, cell_type="markdown")
            book.add_solution_cell(cell, OJA, OJA)
        book.add_grade_cell("oja_what", OJA, OJA, max_score=4, cell_type="code")
        for student in ("ada-lovelace", "eve.example"):
            book.add_student(student)
            book.add_submission(OJA, student)
        book.find_grade("oja_noncentered_why", OJA, OJA, "eve.example").manual_score = 0.5
        book.find_comment("oja_noncentered_why", OJA, OJA, "eve.example").manual_comment = "half"
        book.find_grade("oja_what", OJA, OJA, "eve.example").manual_score = 4
        book.db.commit()
    marks.write(grades, _marks(mark(WHY, 1.5, "see p. 3", "ada-lovelace"), mark(WHY, 1, "", "li-xiaolong")), WHY)
    work.give(place, grades, COURSE)
    assert "li-xiaolong, oja_what_why: there is no such submission" in capsys.readouterr().err
    work.take([place], grades, COURSE, replace=False)
    assert "eve.example, oja_what: 4 points in place of the automatic ones" in capsys.readouterr().err
    found = marks.read_all(grades, COURSE)
    assert found.of("eve.example", OJA)["oja_noncentered_why"].comment == "half"
    with Gradebook(f"sqlite:///{place}") as book:
        given = book.find_grade(WHY, OJA, OJA, "ada-lovelace")
        assert (given.manual_score, given.needs_manual_grade, given.score) == (1.5, False, 1.5)
        assert book.find_comment(WHY, OJA, OJA, "ada-lovelace").manual_comment == "see p. 3"


def test_no_gradebook_is_made_where_there_is_none(tmp_path):
    with pytest.raises(InstructorError, match="There is no gradebook"):
        gradebook.read_marks(tmp_path / "gradebook.db")
    assert not list(tmp_path.iterdir())
    (tmp_path / "gradebook.db").write_text("not a database")
    with pytest.raises(InstructorError, match="is no gradebook"):
        gradebook.read_marks(tmp_path / "gradebook.db")


def test_a_text_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(InstructorError, match="Did you mean 'oja_what_why'"):
        page.assignment_of_text("oja_what_wy")

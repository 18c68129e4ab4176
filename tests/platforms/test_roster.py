"""Rosters: known by their columns, and one person is one row."""

import pytest

from autograder.course import read_course_toml
from autograder.errors import InstructorError
from autograder.platforms import roster as rosters
from autograder.platforms import table
from tests.conftest import COURSE
from tests.platforms.exports import CANVAS, GRADESCOPE, MOODLE

OURS = "id;name;canvas;extra_days\nada;Ada;101;2,5\n"
PARTICIPANTS = 'First name,Last name,"Email address",Groups\nAda,Lovelace,ada@uni.edu,"A, B"\n'
GERMAN = (
    "ID,Vollständiger Name,ID-Nummer,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,"
    "Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar\n"
    'Teilnehmer/in11,Ada Lovelace,S1,ada@uni.edu,Keine Abgabe,,"100,00",Ja,-,-,\n'
)


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return rosters.read(path, COURSE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("text", "ids", "key"),
    [
        (CANVAS.lstrip("\ufeff"), ["ada@uni.edu", "yrsa", "eve", "li", "ada2"], "canvas"),
        (MOODLE.lstrip("\ufeff"), ["ada@uni.edu", "ada2@uni.edu", "eve@uni.edu"], "moodle"),
        (GERMAN, ["ada@uni.edu"], "moodle"),
        (PARTICIPANTS, ["ada@uni.edu"], "email"),
        (GRADESCOPE, ["ada@uni.edu", "li@uni.edu", "eve@uni.edu"], "sid"),
        (OURS, ["ada"], "canvas"),
    ],
)
def test_a_roster_is_known_by_its_columns(tmp_path, text, ids, key, encoding):
    people = read(tmp_path, text, encoding).people
    assert [person.id for person in people] == ids and all(getattr(person, key) for person in people)


def test_canvas_may_part_the_names_and_write_semicolons(tmp_path):
    text = (
        "LastName;FirstName;ID;SIS Login ID;Section;A, b (7)\n    Points Possible;;;;;14,00\nLovelace;Ada;101;ada;A;\n"
    )
    (person,) = read(tmp_path, text).people
    assert (person.name, person.id, person.canvas) == ("Lovelace, Ada", "ada", "101")


@pytest.mark.parametrize(
    "rows",
    ["ada,Ada,1,\nADA@uni.edu,Other,2,", "ada,Ada,1,\nbob,Other,1,", "ada,Ada,1,\nbob,Other,2,ada@uni.edu"],
)
def test_two_rows_that_claim_one_id_are_an_error_that_names_both(tmp_path, rows):
    with pytest.raises(InstructorError, match=r"rows 2 and 3, ada \(Ada\) and .*\(Other\), both claim"):
        read(tmp_path, f"id,name,canvas,email\n{rows}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("who,what\n1,2\n", "not known by its columns"),
        ("id,extra_day,name\nada,1,Ada\n", "Did you mean 'extra_days'"),
        ("id,extra_days\nada,many\n", "row 2"),
        ("id,name\n", "names nobody"),
        ("", "is empty"),
    ],
)
def test_what_is_no_roster_is_an_error_that_says_what_is_expected(tmp_path, text, message):
    with pytest.raises(InstructorError, match=message):
        read(tmp_path, text)


def test_the_course_names_its_roster_beside_the_course_file(tmp_path, monkeypatch):
    settings = COURSE.model_copy(update={"course": COURSE.course.model_copy(update={"roster": "people.csv"})})
    (tmp_path / "course.toml").write_text(settings.to_toml(), encoding="utf-8")
    (tmp_path / "people.csv").write_text(OURS)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path / "course.toml"))
    found = rosters.of_course(read_course_toml())
    assert found is not None and found.people[0].extra_days == 2.5
    assert rosters.of_course(COURSE) is None


@pytest.mark.parametrize(
    "content",
    [
        b'a,b\r\n1,"x, ""y"""\r\n\r\nz,2',
        b'\xef\xbb\xbfa;b\n"-";-1,5\n"two\nlines";\'=x\n',
        "a,b\né,ü\n".encode("cp1252"),
        "\ufeffa\tb\r\nż\t1\r\n".encode("utf-16-le"),
        b'a,b\n"never closed,1\n2,3\n',
    ],
)
def test_a_table_in_which_nothing_is_changed_is_written_back_to_the_byte(tmp_path, content):
    (tmp_path / "t.csv").write_bytes(content)
    read_in = table.read(tmp_path / "t.csv")
    assert not read_in.disarmed() and read_in.to_bytes() == content


@pytest.mark.parametrize(
    "text", ["=1", " =1", "\t=1", "+a", "-2+3", "@x", "＝1", "a;=1+1", "a\n=1", "\ufeff=1", "-cmd"]
)
def test_no_cell_runs_in_a_spreadsheet(text):
    assert "'" in table.disarmed(text) and table.disarmed(table.disarmed(text)) == table.disarmed(text)


@pytest.mark.parametrize("text", ["-", "-1.5", "+41 44 123", "'=1", "Lovelace, Ada", "a; - b", "4:00 PM", "1e-3"])
def test_what_no_spreadsheet_runs_stays_as_it_is(text):
    assert table.disarmed(text) == text

"""Collecting: each platform's export becomes the same tree, whatever people, files and attackers are called."""

import json
import stat
import subprocess
import sys
import zipfile

import pytest

from autograder import batch
from autograder.errors import InstructorError
from autograder.platforms import roster as rosters
from autograder.platforms.collect import collect, is_tree, platform_of
from tests.conftest import COURSE, ROOT
from tests.platforms.exports import CANVAS, GRADESCOPE, LIF, METADATA, MOODLE, NEURON, OJA, blank, unpacked, zipped

CANVAS_FILES = {
    "lovelaceada_101_9001_work.ipynb": blank(student="first"),
    "lovelaceada_101_9002_work-1.ipynb": blank(student="second"),
    "lovelaceada_101_9010_work-10.ipynb": blank(student="tenth"),
    "lovelaceada_LATE_105_9003_leaky_integrate_and_fire.ipynb": blank(student="the other Ada"),
    "żółw_99_5ýrsa_102_9004_10_20_my file.ipynb": blank(student="yrsa"),
    "cmdccalca0eve_103_9005_report.pdf": b"%PDF-1.4",
    "李小龍_104_9006_x_103_1_y.ipynb": blank(student="li"),
    "strangerin_777_9007_z.ipynb": blank(student="stranger"),
    "hello.txt": b"hello",
}


def roster(tmp_path, text, name="roster.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return rosters.read(path, COURSE)


def tree(out):
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def states(collected):
    return {taken.student: taken.state for taken in collected.taken}


@pytest.mark.parametrize("make", [zipped, unpacked])
def test_canvas_submissions_are_sorted_by_user_id_and_the_highest_number_is_the_latest(tmp_path, make):
    export = make(tmp_path / "submissions.zip", CANVAS_FILES)
    assert platform_of(export) == "canvas"
    out = tmp_path / "submitted"
    collected = collect(export, out, course=COURSE, roster=roster(tmp_path, CANVAS))
    assert states(collected) == {"ada@uni.edu": "new", "ada2": "new", "yrsa": "new", "li": "new"}
    place = f"{LIF}/{LIF}.ipynb"
    assert (out / "ada@uni.edu" / place).read_bytes() == blank(student="tenth")
    assert (out / "ada2" / place).read_bytes() == blank(student="the other Ada")
    assert (out / "yrsa" / place).read_bytes() == blank(student="yrsa")
    assert (out / "li" / place).read_bytes() == blank(student="li")
    assert [taken.student for taken in collected.taken if taken.late] == ["ada2"]
    kept = [content for name, content in tree(out).items() if "/attempts/" in name]
    assert sorted(kept) == sorted([blank(student="first"), blank(student="second")])
    reasons = dict(collected.refused)
    assert "not in the roster" in reasons["strangerin_777_9007_z.ipynb"]
    assert "no notebook" in reasons["cmdccalca0eve_103_9005_report.pdf"] and "Canvas" in reasons["hello.txt"]
    assert [person.id for person in collected.missing[LIF]] == ["eve"]
    assert {job.student for job in batch.find_jobs(out)} == {"ada@uni.edu", "ada2", "yrsa", "li"}


def test_collecting_twice_changes_nothing_and_a_new_attempt_keeps_the_old_one(tmp_path):
    export, out = tmp_path / "a.zip", tmp_path / "submitted"
    people = roster(tmp_path, CANVAS)
    collect(zipped(export, CANVAS_FILES), out, course=COURSE, roster=people)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    again = collect(export, out, course=COURSE, roster=people)
    assert set(states(again).values()) == {"unchanged"}
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    newer = {"李小龍_104_9500_x-1.ipynb": blank(student="li again")}
    assert states(collect(zipped(tmp_path / "b.zip", newer), out, course=COURSE, roster=people)) == {"li": "replaced"}
    assert {blank(student="li"), blank(student="li again")} <= set(tree(out).values())
    assert states(collect(export, out, course=COURSE, roster=people))["li"] == "older"
    assert (out / "li" / LIF / f"{LIF}.ipynb").read_bytes() == blank(student="li again")


def test_anonymous_canvas_files_are_known_by_the_word_before_the_attachment(tmp_path):
    files = {f"anon_{name}_9{n}_x.ipynb": blank() for n, name in enumerate(("x7Q2f", "b3_LATE", "LATE_c4"))}
    collected = collect(zipped(tmp_path / "a.zip", files), tmp_path / "out", course=COURSE)
    late = {taken.student: taken.late for taken in collected.taken}
    assert late == {"canvas-x7Q2f": False, "canvas-b3": True, "canvas-c4": True}


@pytest.mark.parametrize(
    "place",
    [
        "{}_assignsubmission_file/my work.ipynb",
        "{}_assignsubmission_file_/sub/my.ipynb",
        "{}_assignsubmission_file_my_9_assignsubmission_file_x.ipynb",
    ],
)
def test_moodle_submissions_are_sorted_by_participant_in_each_layout(tmp_path, place):
    names = {"Ada Lovelace_11": "one", "Group 1-Ada Lovelace_12": "two", "=HYPERLINK(x)_13": "three"}
    files = {place.format(name): blank(student=who) for name, who in names.items()}
    files["Ada Lovelace_11_assignsubmission_onlinetext/onlinetext.html"] = b"<p>hi</p>"
    export = zipped(tmp_path / "a.zip", files)
    assert platform_of(export) == "moodle"
    out = tmp_path / "out"
    collected = collect(export, out, course=COURSE, roster=roster(tmp_path, MOODLE))
    assert states(collected) == {"ada@uni.edu": "new", "ada2@uni.edu": "new", "eve@uni.edu": "new"}
    assert (out / "ada2@uni.edu" / LIF / f"{LIF}.ipynb").read_bytes() == blank(student="two")
    assert [why for _, why in collected.refused] == ["is a text that was typed on Moodle, not a file"]


def test_two_people_of_one_name_are_not_taken_for_each_other_where_the_roster_has_no_numbers(tmp_path):
    people = roster(tmp_path, "id,name\nada,Ada Lovelace\nada2,Ada Lovelace\neve,Eve Ito\n")
    files = {f"{name}_{n}_assignsubmission_file/x.ipynb": blank() for n, name in enumerate(("Ada Lovelace", "Eve Ito"))}
    collected = collect(zipped(tmp_path / "a.zip", files), tmp_path / "out", course=COURSE, roster=people)
    assert states(collected) == {"eve": "new"} and len(collected.refused) == 1


def test_gradescope_submissions_carry_their_time_and_their_group(tmp_path):
    top = "assignment_42_export"
    files = {
        f"{top}/submission_metadata.yml": METADATA.encode(),
        f"{top}/submission_500/x.ipynb": blank(student="earlier"),
        f"{top}/submission_501/x.ipynb": blank(student="pair"),
        f"{top}/submission_502/deep/er.ipynb": blank(student="li"),
        f"{top}/submission_503/x.ipynb": blank(student="nobody"),
    }
    export, out = zipped(tmp_path / "a.zip", files), tmp_path / "out"
    assert platform_of(export) == "gradescope"
    collected = collect(export, out, course=COURSE, roster=roster(tmp_path, GRADESCOPE))
    assert {taken.student: taken.members for taken in collected.taken} == {
        "ada@uni.edu": ("ada@uni.edu", "eve@uni.edu"),
        "li@uni.edu": ("li@uni.edu",),
    }
    place = out / "ada@uni.edu" / LIF
    assert (place / "timestamp.txt").read_text() == "2026-11-24 15:00:00.123456 UTC"
    assert (place / f"{LIF}.ipynb").read_bytes() == blank(student="pair")
    assert blank(student="earlier") in [content for name, content in tree(out).items() if "/attempts/" in name]
    assert [why for _, why in collected.refused] == ["Nobody Known (gradescope nobody@uni.edu) is not in the roster"]
    assert collected.missing[LIF] == []


@pytest.mark.parametrize("inbound", [True, False])
def test_nbgraders_exchange_and_tree_are_taken(tmp_path, inbound):
    if inbound:
        files = {
            f"ada+{LIF}+2026-11-24 16:00:00.000000 UTC+abc/a.ipynb": blank(student="early"),
            f"ada+{LIF}+2026-11-25 16:00:00.000000 UTC+abd/a.ipynb": blank(student="late"),
        }
    else:
        files = {
            f"submitted/ada/{LIF}/{LIF}.ipynb": blank(student="late"),
            f"submitted/ada/{LIF}/timestamp.txt": b"2026-11-25 16:00:00.000000 UTC",
        }
    out = tmp_path / "out"
    assert states(collect(zipped(tmp_path / "a.zip", files), out, course=COURSE)) == {"ada": "new"}
    assert (out / "ada" / LIF / f"{LIF}.ipynb").read_bytes() == blank(student="late")
    assert (out / "ada" / LIF / "timestamp.txt").read_text() == "2026-11-25 16:00:00.000000 UTC"


def test_the_assignment_is_read_from_the_notebook_and_what_is_not_clear_is_refused(tmp_path):
    files = {
        "a_101_1_hodgkin_huxley.ipynb": blank(OJA),
        "b_104_2_one.ipynb": blank(student="1"),
        "b_104_3_two.ipynb": blank(student="2"),
        "c_103_4_broken.ipynb": b"{",
    }
    export, people = zipped(tmp_path / "a.zip", files), roster(tmp_path, CANVAS)
    collected = collect(export, tmp_path / "out", course=COURSE, roster=people)
    assert [(taken.student, taken.assignment) for taken in collected.taken] == [("ada@uni.edu", OJA)]
    said = " ".join(why for _, why in collected.refused)
    assert "holds 2 notebooks" in said and "no notebook of an assignment" in said
    only = collect(export, tmp_path / "other", course=COURSE, roster=people, assignment=LIF)
    assert states(only) == {"eve": "new"}  # whose broken file the grader will explain
    assert any(OJA in why for _, why in only.refused)


def test_without_a_roster_nobody_gets_the_variant_of_a_number(tmp_path):
    files = {"a_101_1_x.ipynb": blank(NEURON), "b_102_2_x.ipynb": blank(LIF)}
    collected = collect(zipped(tmp_path / "a.zip", files), tmp_path / "out", course=COURSE)
    assert states(collected) == {"canvas-102": "new"}
    assert "--roster" in collected.refused[0][1]


def test_a_hostile_zip_costs_one_line_each_and_the_rest_is_taken(tmp_path):
    export = tmp_path / "a.zip"
    with zipfile.ZipFile(export, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ada_101_1_x.ipynb", blank())
        for name in (
            "../../evil_102_2_x.ipynb",
            "/etc/evil_102_3_x.ipynb",
            "C:\\evil_102_4_x.ipynb",
            "e\n_102_5_x.ipynb",
            "e" * 300 + "_102_6_x.ipynb",
        ):
            archive.writestr(name, blank())
        link = zipfile.ZipInfo("link_102_7_x.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bomb_102_8_x.ipynb", b"\0" * 60_000_000)
    out = tmp_path / "deep" / "out"
    collected = collect(export, out, course=COURSE, roster=roster(tmp_path, CANVAS))
    assert states(collected) == {"ada@uni.edu": "new"}
    assert len(collected.refused) == 7 and not list(tmp_path.rglob("evil*"))
    said = " ".join(why for _, why in collected.refused)
    assert "bomb" in said and "link" in said and "leads out" in said and "too long" in said


def test_an_id_that_is_no_folder_is_refused_not_written_elsewhere(tmp_path):
    people = roster(tmp_path, "id,canvas\n../../evil,1\n.hidden,2\na/b,3\ngood,4\n")
    files = {f"n_{n}_9{n}_x.ipynb": blank() for n in range(1, 5)}
    collected = collect(zipped(tmp_path / "a.zip", files), tmp_path / "x" / "out", course=COURSE, roster=people)
    assert states(collected) == {"good": "new"} and len(collected.refused) == 3
    assert {path.name for path in (tmp_path / "x" / "out").iterdir()} == {"good", ".collected"}


def test_groups_of_our_roster_share_what_one_of_them_handed_in(tmp_path):
    people = roster(tmp_path, "id,name,canvas,group\nada,Ada,1,Team 1\nbob,Bob,2,Team 1\neve,Eve,3,\n")
    files = {"bob_2_9_x.ipynb": blank(), "team1_55_8_x.ipynb": blank()}
    for name, content in files.items():
        collected = collect(zipped(tmp_path / "a.zip", {name: content}), tmp_path / name, course=COURSE, roster=people)
        assert [taken.members for taken in collected.taken] == [("ada", "bob")]
        assert [person.id for person in collected.missing[LIF]] == ["eve"]
    record = json.loads((tmp_path / "bob_2_9_x.ipynb" / ".collected" / "ada" / LIF / "record.json").read_text())
    assert record["members"] == ["ada", "bob"] and record["source"] == ["bob_2_9_x.ipynb"]


def test_what_is_no_export_is_an_error_that_says_what_is_expected(tmp_path):
    with pytest.raises(InstructorError, match="no export that we know"):
        collect(zipped(tmp_path / "a.zip", {"x/y.txt": b""}), tmp_path / "out", course=COURSE)
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(InstructorError, match="cannot be read as a zip"):
        collect(tmp_path / "b.zip", tmp_path / "out", course=COURSE)


def test_the_command_shows_who_was_taken_who_not_and_who_is_missing(tmp_path, command):
    export = zipped(tmp_path / "a.zip", CANVAS_FILES)
    (tmp_path / "gradebook.csv").write_text(CANVAS, encoding="utf-8")
    words = ["collect", export, "--roster", tmp_path / "gradebook.csv", "--out", tmp_path / "submitted"]
    said = command(*words, code=1)
    assert "4 submissions from canvas: 4 new. 3 not taken." in said.out
    assert f"Missing, {LIF}: 1: eve" in said.out and "Not taken: strangerin_777_9007_z.ipynb" in said.err


def test_grade_takes_an_export_and_grades_what_is_in_it(tmp_path):
    export = zipped(
        tmp_path / "a.zip", {"submissions/lovelaceada_101_1_x.ipynb": blank(), "submissions/x_777_2_x.ipynb": blank()}
    )
    (tmp_path / "gradebook.csv").write_text(CANVAS, encoding="utf-8")
    words = ["grade", export, "--roster", tmp_path / "gradebook.csv", "--out", tmp_path / "grades"]
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, words)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "0 of 14 points" in done.stdout and "not in the roster" in done.stderr
    assert (tmp_path / "grades" / "ada@uni.edu" / f"{LIF}.json").exists()


def test_a_folder_that_cannot_be_opened_is_no_tree_and_stops_nothing(tmp_path, monkeypatch):
    (tmp_path / "submitted" / "ada" / LIF).mkdir(parents=True)
    assert is_tree(tmp_path / "submitted") and not is_tree(tmp_path) and not is_tree(tmp_path / "nowhere")

    def closed(path, **_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.stat", closed)
    assert not is_tree(tmp_path / "submitted")

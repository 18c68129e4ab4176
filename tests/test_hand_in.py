"""Which file is the hand-in, and reading it: in any Unicode encoding, with outputs of any size, from folders and zip files."""

import io
import json
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import batch, hand_in, notebook, zipped
from autograder.errors import BadSubmission
from neurodynex import _needed_json, _notebook
from tests.conftest import ROOT

LIF, OJA = "leaky_integrate_and_fire", "ojas_rule"
RELEASED = (ROOT / "release" / LIF / f"{LIF}.ipynb").read_bytes()
OTHER = (ROOT / "release" / OJA / f"{OJA}.ipynb").read_bytes()
LARGE = """
import json, sys
from pathlib import Path
from autograder import notebook
notebook.read(Path(sys.argv[1]))
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


def edited(marked: str = "I_min = 1.0") -> bytes:
    made = json.loads(RELEASED)
    cell = next(
        c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "lif_threshold_solution"
    )
    cell["source"] = marked
    return json.dumps(made, ensure_ascii=False).encode()


def sources(content: bytes) -> list[str]:
    return [cell["source"] for cell in json.loads(notebook.normalised(content))["cells"]]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_a_notebook_is_read_in_every_unicode_encoding(encoding):
    text = edited("I_min = 1.0  # µA, Ω, \N{GRINNING FACE}").decode()
    assert sources(text.encode(encoding)) == sources(text.encode())


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\xff\xfe"])
def test_a_mark_tells_the_order_of_bytes(mark):
    encoding = "utf-16-be" if mark == b"\xfe\xff" else "utf-16-le"
    assert sources(mark + edited().decode().encode(encoding)) == sources(edited())


def test_bytes_of_another_encoding_stand_as_unreadable_and_the_result_says_so():
    content = edited("I_min = 1.0  # @").replace(b"@", "µ".encode("latin-1"))
    submission = notebook.parse_submission(content, notebook.points_of(LIF))
    assert any("\ufffd" in cell.source for cell in submission.cells)
    assert [note for note in submission.notes if "UTF-8" in note]


@pytest.mark.parametrize("half", ["\\ud83d", "\\ude00", "\\ude00\\ud83d"])
def test_half_of_a_character_can_be_written_again(half):
    content = edited("I_min = 1.0  # @").replace(b"@", half.encode())
    read = notebook.normalised(content)
    assert "I_min = 1.0  # ?" in read.decode("utf-8")
    assert not notebook.parse_submission(content, notebook.points_of(LIF)).notes


def test_both_halves_of_a_character_are_one():
    assert "I_min = 1.0  # \N{GRINNING FACE}" in sources(edited("I_min = 1.0  # @").replace(b"@", b"\\ud83d\\ude00"))


@pytest.mark.parametrize("piece", [1, 2, 7, 64])
def test_where_the_pieces_of_a_file_end_does_not_matter(monkeypatch, piece):
    made = json.loads(edited("s = 'a\\\\b'  # \"[{ \\n"))
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"data": {"text/plain": ["\\", "]}", {"x": [1, [2, {}]]}, float("nan"), -1e9, None]}}]
    content = json.dumps(made, indent=1).encode()
    expected = notebook.normalised(content)
    monkeypatch.setattr(_needed_json, "_PIECE", piece)
    assert notebook.normalised(content) == expected
    assert [c["source"] for c in json.loads(expected)["cells"]] == [
        "".join(c["source"]) for c in json.loads(content)["cells"]
    ]


def gone_past(text: str, at: int = 0, depth: int = 0) -> int:
    """Return where the reader's one step through a text ends, found character by character."""
    while at < len(text):
        if text[at] in "]}":
            break
        end = at + 1
        if text[at] == '"':
            while end < len(text) and text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            if end >= len(text):
                break
            end += 1
        elif text[at] in "[{":
            if depth == 4:
                break
            end = gone_past(text, end, depth + 1)
            if end >= len(text) or text[end] not in "]}":
                break
            end += 1
        at = end
    return at


@given(st.text('ab"\\[]{}, ', max_size=40))
def test_a_step_of_the_reader_ends_where_it_should_on_every_python(text):
    assert _needed_json._FLAT.match(text).end() == gone_past(text)


def test_what_was_read_is_a_valid_notebook_without_outputs():
    read = nbformat.reads(notebook.normalised(RELEASED).decode(), as_version=4)
    nbformat.validate(read)
    assert not any(cell.get("outputs") for cell in read.cells)


def test_two_hundred_megabytes_of_outputs_are_read_in_little_memory(tmp_path: Path):
    before, after = edited().split(b'"outputs": []', 1)
    with (tmp_path / "large.ipynb").open("wb") as file:
        file.write(before + b'"outputs": [{"output_type": "display_data", "data": {"image/png": "')
        for _ in range(200):
            file.write(b"A" * 1_000_000)
        file.write(b'", "x": [' + b"[0.5, NaN], " * 100_000 + b"0]}}]" + after)
    words = [sys.executable, "-c", LARGE, str(tmp_path / "large.ipynb")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 150
    assert sources(edited()) == [
        cell["source"] for cell in json.loads(notebook.read(tmp_path / "large.ipynb"))["cells"]
    ]


@pytest.mark.parametrize(
    "odd", [7, [], "x", {"a.png": 7}, {"a.png": {"image/png": 7}}, {"a.png": {"image/png": [1, "A"]}}]
)
def test_attachments_of_any_form_leave_a_notebook_that_nbformat_reads(odd):
    made = json.loads(RELEASED)
    next(cell for cell in made["cells"] if cell["cell_type"] == "markdown")["attachments"] = odd
    read = _notebook.loads(json.dumps(made).encode(), attachments=1000)
    nbformat.validate(nbformat.reads(read.decode(), as_version=4))


@pytest.mark.parametrize("place", [b'"outputs": [@]', b'"metadata": {"a": @}', b'"deep": @'])
def test_absurd_nesting_is_refused_in_a_sentence(place):
    deep = place.replace(b"@", b"[" * 100_000 + b"]" * 100_000)
    content = b'{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": "a", %s}]}' % deep
    with pytest.raises(BadSubmission, match="in each other more than"):
        notebook.normalised(content)


def test_more_sources_than_a_notebook_has_are_refused(monkeypatch):
    monkeypatch.setattr(_needed_json, "MAX_TEXT", 1000)
    with pytest.raises(BadSubmission, match="beside its outputs"):
        notebook.normalised(edited("x" * 2000))


@pytest.mark.parametrize(
    "broken",
    [
        RELEASED[:-100],
        RELEASED[:500],
        b'{"cells": [1 2], "nbformat": 4}',
        b'{"nbformat": 4, "cells": [] "metadata": {}}',
    ],
    ids=range(4),
)
def test_broken_json_stays_broken(broken):
    with pytest.raises(BadSubmission, match="not a notebook"):
        notebook.normalised(broken)


# -- which file


def lay(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def zip_of(files: dict[str, bytes], **options) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


MINE = edited("I_min = 1.01")
APPLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X"


@pytest.mark.parametrize(
    "files",
    [
        {f"{LIF}.ipynb": MINE},
        {f"{LIF}.ipynb": MINE, "old.ipynb": edited("I_min = 3")},
        {f"{LIF} (1).ipynb": MINE},
        {"hw1 final.ipynb": MINE, "._hw1 final.ipynb": APPLE},
        {"work/hw1.ipynb": MINE, "work/.ipynb_checkpoints/hw1-checkpoint.ipynb": edited("I_min = 3")},
        {f"{LIF}.ipynb.txt": MINE},
        {f"{LIF}.json": MINE, "data.json": b'{"a": 1}'},
        {f"{LIF}": MINE, "notes.txt": b"{ not json"},
        {"export.zip": zip_of({"a/work.ipynb": MINE, "__MACOSX/a/._work.ipynb": APPLE, "a/data.csv": b"1"})},
        {f"{LIF}.ipynb": zip_of({"work.ipynb": MINE})},
        {"mine.ipynb": MINE, "other.ipynb": OTHER},
        {f"a/{LIF}.ipynb": MINE, "b/old.ipynb": edited("I_min = 3")},
        {"work.ipynb": MINE.decode().encode("utf-16")},
        {"back\\slash.zip": zip_of({"a\\work.ipynb": MINE})},
    ],
    ids=lambda files: " ".join(files),
)
def test_the_notebook_is_found_by_its_content(tmp_path, files):
    found = hand_in.find_notebook(lay(tmp_path, files), LIF)
    assert found.problem is None
    assert "I_min = 1.01" in found.read().decode()


def test_what_lies_beside_the_graded_notebook_is_named(tmp_path):
    found = hand_in.find_notebook(lay(tmp_path, {f"{LIF}.ipynb": MINE, "final.ipynb": MINE}), LIF)
    assert found.note and "final.ipynb" in found.note


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, ["no notebook at all", "nothing else"]),
        ({"a.ipynb": MINE, "b/b.ipynb": edited("I_min = 3")}, ["2 notebooks", "a.ipynb, b/b.ipynb", f"{LIF}.ipynb"]),
        ({"c.zip": zip_of({"a.ipynb": MINE, "b.ipynb": MINE})}, ["2 notebooks", "c.zip/a.ipynb, c.zip/b.ipynb"]),
        ({"a.ipynb": OTHER, "b.ipynb": OTHER}, ["no notebook with cells", "a.ipynb, b.ipynb"]),
        ({"work.py": b"print(1)", "data.csv": b"1"}, ["no notebook", "data.csv, work.py"]),
        ({"\u202egnp\n.txt": b"x"}, ["no notebook", "\\u202egnp\\n.txt"]),
        ({f"{n:03}.txt": b"x" for n in range(50)}, ["000.txt", "and 30 more"]),
    ],
    ids=["nothing", "two", "two in a zip", "two of another", "scripts", "odd name", "many"],
)
def test_what_is_there_is_named_where_no_notebook_can_be_chosen(tmp_path, files, words):
    problem = hand_in.find_notebook(lay(tmp_path, files), LIF).problem
    assert problem and all(word in problem for word in words), problem


def test_another_assignments_notebook_by_itself_is_taken_for_the_hand_in(tmp_path):
    found = hand_in.find_notebook(lay(tmp_path, {"work.ipynb": OTHER}), LIF)
    assert notebook.parse_submission(found.read(), notebook.points_of(LIF)).notes == (notebook.FOREIGN,)


def test_links_are_not_followed_to_find_the_notebook(tmp_path):
    lay(tmp_path / "secret", {f"{LIF}.ipynb": MINE})
    folder = lay(tmp_path / "mine", {"readme.txt": b""})
    (folder / "sub").symlink_to(tmp_path / "secret")
    (folder / "work.ipynb").symlink_to(tmp_path / "secret" / f"{LIF}.ipynb")
    assert hand_in.find_notebook(folder, LIF).problem


def test_a_link_in_a_zip_file_is_no_notebook(tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        link = zipfile.ZipInfo("work.ipynb")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert hand_in.find_notebook(lay(tmp_path, {"a.zip": data.getvalue()}), LIF).problem


def test_nothing_of_a_zip_file_is_written_anywhere(tmp_path):
    folder = lay(tmp_path / "a", {"a.zip": zip_of({"../../out.ipynb": MINE, "/abs.txt": b"x"})})
    before = sorted(tmp_path.rglob("*"))
    assert "I_min = 1.01" in hand_in.find_notebook(folder, LIF).read().decode()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_zip_bomb_ends_at_its_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(hand_in, "MAX_BYTES", 20_000_000)
    bomb = zip_of({f"{n}.ipynb": b"{" + b" " * 10_000_000 for n in range(5)}, compresslevel=9)
    folder = lay(tmp_path, {"bomb.zip": bomb, "work.txt": b"x"})
    tracemalloc.start()
    try:
        assert hand_in.find_notebook(folder, LIF).problem
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_a_zip_file_with_a_huge_list_of_contents_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(zipped, "MAX_CONTENTS", 70_000)
    folder = lay(tmp_path, {"many.zip": zip_of({f"{n:0200}.txt": b"" for n in range(400)})})
    assert not list(zipped.members(folder / "many.zip"))
    assert "many.zip" in str(hand_in.find_notebook(folder, LIF).problem)


@pytest.mark.parametrize("cut", [10, 200, -30])
def test_a_broken_zip_file_is_named(tmp_path, cut):
    folder = lay(tmp_path, {"a.zip": zip_of({"work.ipynb": MINE})[:cut]})
    assert "a.zip" in str(hand_in.find_notebook(folder, LIF).problem)


def test_a_single_file_tells_its_assignment_by_its_cells(tmp_path):
    lay(tmp_path, {"final.ipynb": MINE, "final.zip": zip_of({"x/work.ipynb": MINE}), "other.ipynb": b"{}"})
    for name in ("final.ipynb", "final.zip"):
        [job] = batch.find_jobs(tmp_path / name, "ada")
        assert job.assignment == LIF and "I_min = 1.01" in job.read().decode()
    with pytest.raises(Exception, match="--assignment"):
        batch.find_jobs(tmp_path / "other.ipynb", "ada")


def test_the_result_says_which_copy_of_a_test_cell_counts():
    made = json.loads(MINE)
    test = next(c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "lif_threshold")
    made["cells"].append({**test, "id": "again"})
    [note] = notebook.parse_submission(json.dumps(made).encode(), notebook.points_of(LIF)).notes
    assert "lif_threshold is there 2 times" in note and f"{len(made['cells'])}. The last one counts" in note


def test_the_self_check_reads_what_the_graders_read():
    assert _notebook.loads(MINE.decode().encode("utf-16")) == notebook.normalised(MINE)

"""Files beside the notebook are there where it is graded, on every route; and none gains anything by its name, kind or size."""

import json
import os
import zipfile

import nbformat
import pytest

from autograder import batch, hand_in
from autograder.course import Course
from autograder.extra_files import ExtraFiles
from autograder.find_extra_files import MAX_FILES, find_extra_files
from autograder.grade import grade
from autograder.sandbox import available, backend
from autograder.submitted import Job
from tests.conftest import COURSE
from tests.test_nothing_lost import LIF, cell, file

ISOLATING = [name for name in ("bubblewrap", "other-uid") if available()[name] is None]
#: Reads a module, data of three kinds and a package from beside it.
READS = """
import csv, sys
import numpy as np
from HH import threshold
from helpers.units import nano
assert open("data.txt").read() == "2\\n" and list(csv.reader(open("data.csv"))) == [["3"]] and np.load("a.npy").sum() == 6
I_min = threshold() * nano
"""


def npy() -> bytes:
    import io

    import numpy as np

    made = io.BytesIO()
    np.save(made, np.arange(4))
    return made.getvalue()


FILES = {
    "HH.py": b"def threshold():\n    return 1.0\n",
    "helpers/__init__.py": b"",
    "helpers/units.py": b"nano = 1.0\n",
    "data.txt": b"2\n",
    "data.csv": b"3\n",
    "a.npy": npy(),
}


def notebook(source: str = READS) -> bytes:
    return file(cell(source, "lif_threshold_solution"), cell("", "lif_threshold"))


def lay(folder, files=FILES, content: bytes | None = None):
    for name, data in {**files, f"{LIF}.ipynb": content or notebook()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def course(**grading) -> Course:
    return Course.model_validate(COURSE.model_dump() | {"grading": COURSE.grading.model_dump() | grading})


def found(folder, **grading) -> ExtraFiles:
    return find_extra_files(hand_in.find_notebook(folder, LIF), course(**grading), notebook())


@pytest.mark.parametrize("cold", [True, False], ids=["afresh", "fork"])
@pytest.mark.parametrize("name", ISOLATING)
def test_modules_and_data_beside_the_notebook_are_there_in_each_sandbox(tmp_path, name, cold):
    files = found(lay(tmp_path))
    result = grade(notebook(), LIF, "ada", backend(name, cold=cold), course=COURSE, extra_files=files).result
    assert result.question("lif_threshold").passed, result.errors
    assert result.files.keys() == FILES.keys() and not result.errors


def test_a_changed_file_means_a_new_run_and_an_unchanged_one_none(tmp_path, in_one_process):
    folder = lay(tmp_path / "in" / "ada" / LIF)
    jobs = batch.find_jobs(tmp_path / "in")
    first = batch.run(jobs, tmp_path / "out", course=COURSE, workers=1).results[0]
    assert first.question("lif_threshold").passed
    assert batch.run(jobs, tmp_path / "out", course=COURSE, workers=1).kept == 1
    (folder / "HH.py").write_bytes(b"def threshold():\n    return 9.0\n")
    again = batch.run(jobs, tmp_path / "out", course=COURSE, workers=1)
    assert again.kept == 0 and not again.results[0].question("lif_threshold").passed
    assert again.results[0].history[0].reason == "other files were handed in beside the notebook"


def test_a_zip_file_and_a_folder_hold_the_same_files(tmp_path):
    lay(tmp_path / "folder" / "work")
    with zipfile.ZipFile(tmp_path / "handed.zip", "w") as archive:
        for path in sorted((tmp_path / "folder" / "work").rglob("*.*")):
            archive.write(path, path.relative_to(tmp_path / "folder"))
        archive.writestr("elsewhere/other.py", "")
    assert found(tmp_path / "folder").files == FILES
    assert found(tmp_path / "handed.zip").files == FILES


def test_beside_a_single_file_that_somebody_points_at_nothing_is_taken(tmp_path):
    lay(tmp_path / "downloads")
    assert found(tmp_path / "downloads" / f"{LIF}.ipynb") == ExtraFiles()
    place = lay(tmp_path / "submitted" / "ada" / LIF) / f"{LIF}.ipynb"
    assert found(place).files == FILES  # as with the whole tree


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("json.py", "hide the module json"),
        ("numpy.py", "hide the module numpy"),
        ("numpy/__init__.py", "hide the module numpy"),
        ("neurodynex/__init__.py", "hide the module neurodynex"),
        ("neurodynex/hodgkin_huxley/HH.py", "hide the module neurodynex"),
        ("sandbox_runner.py", "hide the module sandbox_runner"),
        ("sandbox_runner/serve.py", "hide the module sandbox_runner"),
        ("sitecustomize.py", "hide the module sitecustomize"),
        ("numba.py", "hide the module numba"),
        ("a/b/c/d.py", "too many folders"),
        ("new\nline.txt", "other signs"),
        ("-x.txt", "other signs"),
    ],
)
def test_a_file_that_must_not_be_there_is_refused_and_named(tmp_path, name, reason):
    beside_it = found(lay(tmp_path, {"HH.py": b"", name: b"x"}))
    assert set(beside_it.files) == {"HH.py"}
    assert len(beside_it.notes) == 1 and reason in beside_it.notes[0] and beside_it.notes[0].isprintable()


def test_links_are_not_followed(tmp_path):
    secret = tmp_path / "secret"
    lay(secret, {"key.py": b"KEY = 1"})
    folder = lay(tmp_path / "in", {})
    (folder / "HH.py").symlink_to(secret / "key.py")
    (folder / "more").symlink_to(secret)
    os.mkfifo(folder / "pipe.txt")
    beside_it = found(folder)
    assert not beside_it.files and len(beside_it.notes) == 2
    assert all("it is a link" in note or "no regular file" in note for note in beside_it.notes)


def test_what_is_too_much_is_left_out_and_named(tmp_path):
    folder = lay(tmp_path, {"a.csv": b"x" * 600_000, "b.csv": b"x" * 600_000, "c.csv": b"x"})
    beside_it = found(folder, files_mb=1)
    assert set(beside_it.files) == {"a.csv", "c.csv"} and "b.csv" in beside_it.notes[0] and "1 MB" in beside_it.notes[0]
    assert found(folder, files_mb=0) == ExtraFiles()
    many = found(lay(tmp_path / "many", {f"{n:03}.txt": b"" for n in range(150)}))
    assert len(many.files) == MAX_FILES and many.notes[-1] == "So are 45 more files."


def test_files_of_other_kinds_are_named_only_where_the_notebook_asks_for_them(tmp_path):
    folder = lay(tmp_path, {"report.pdf": b"", "data.mat": b"", ".hidden.py": b"", "tests/lif_threshold.py": b""})
    asking = notebook("scipy.io.loadmat('data.mat')")
    assert found(folder) == ExtraFiles()
    (note,) = find_extra_files(hand_in.find_notebook(folder, LIF), COURSE, asking).notes
    assert note.startswith("data.mat is not beside the notebook") and ".npy" in note


def test_a_name_that_is_a_file_and_a_folder_in_a_zip_file_stops_nothing(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(f"{LIF}.ipynb", notebook("I_min = 1.0"))
        archive.writestr("a.txt", "1")
        archive.writestr("a.txt/b.txt", "2")
    files = found(tmp_path / "x.zip")
    assert files.files == {"a.txt": b"1"} and "name of its folder" in files.notes[0]


def test_a_zip_file_that_unpacks_to_very_much_is_not_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{LIF}.ipynb", notebook("I_min = 1.0"))
        for number in range(40):
            archive.writestr(f"{number:02}.txt", b"0" * 2_000_000)
        archive.writestr("zz.txt", "small")
        archive.writestr(zipfile.ZipInfo("link.txt"), "HH.py")
        archive.infolist()[-1].external_attr = 0o120777 << 16
    files = found(tmp_path / "x.zip", files_mb=1)
    assert not files.files and "link.txt" not in files.files
    assert files.notes[0] == "00.txt is not beside the notebook where it is graded: there are 1 MB at most, in all."


def test_jobs_tell_what_lies_beside_them(tmp_path):
    job = Job.of(hand_in.find_notebook(lay(tmp_path), LIF), "ada", LIF)
    assert job.extra_files(COURSE, job.read()).digests.keys() == FILES.keys()
    assert json.loads(json.dumps(nbformat.reads(notebook(), as_version=4)))

"""Whatever happens to a batch, every finished grade is there and whole, and the next run grades exactly the rest.

Real runs of the command: killed, on a full disk, into a folder that takes nothing, two at a time, on broken submissions.
"""

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder import batch, submitted, workers
from autograder.errors import InstructorError
from autograder.result import Result
from autograder.sandbox import Ask, Cell, Limits, SandboxFailed, Variable, backend, run_notebook
from autograder.sandbox.backends import staging, stale
from autograder.sources import Sources
from tests.conftest import COURSE, ROOT

LIF = "leaky_integrate_and_fire"
RIGHT = "I_min = 1.005"
SLEEPS = "import subprocess\nsubprocess.run(['sleep', '{}'])"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


def cell(source: str, grade_id: str | None = None, grade: bool = False) -> dict:
    made = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    if grade_id:
        made["metadata"]["nbgrader"] = {"grade_id": grade_id, "grade": grade, "solution": not grade, "locked": grade}
    return made


def file(*cells: dict) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def solved(*before: str) -> bytes:
    """A notebook with a right answer to its first question."""
    solution = [cell(RIGHT, "lif_threshold_solution"), cell("", "lif_threshold", grade=True)]
    return file(*map(cell, before), *solution)


class Course:
    """A `submitted/` tree, the folder of its grades, and the command that makes them."""

    def __init__(self, folder: Path) -> None:
        self.tree, self.out = folder / "submitted", folder / "out"
        self.tree.mkdir()
        # Where other users can enter, as root's sandboxes need it where nothing can be mounted.
        self.temporary = Path(tempfile.mkdtemp(prefix="grading-"))
        self.temporary.chmod(0o755)

    def hand_in(self, student: str | bytes, content: bytes | None = None, name: str = f"{LIF}.ipynb") -> Path:
        path = self.tree / os.fsdecode(student) / LIF / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is not None:
            path.write_bytes(content)
        return path

    def start(self, *words: str) -> subprocess.Popen:
        line = [sys.executable, "-m", "autograder", "grade", str(self.tree), "--out", str(self.out), *words]
        environment = {**os.environ, "TMPDIR": str(self.temporary)}
        pipe = subprocess.PIPE
        return subprocess.Popen(line, cwd=ROOT, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True)

    def run(self, *words: str) -> tuple[int, str]:
        process = self.start(*words)
        said, _ = process.communicate()
        return process.returncode, said

    def result(self, student: str) -> Result:
        return Result.from_json((self.out / student / f"{LIF}.json").read_text(encoding="utf-8"))

    def finished(self) -> dict[str, int]:
        """Return student -> when its result was written. Each has to be whole."""
        files = sorted(self.out.glob("*/*.json"))
        for path in files:
            assert Result.from_json(path.read_text(encoding="utf-8")).max_score == 14
        return {path.parent.name: path.stat().st_mtime_ns for path in files}

    def __enter__(self) -> "Course":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.temporary)

    def nothing_else_is_left(self) -> None:
        assert not [*self.out.rglob("*.part"), *self.out.rglob("*.outdated")]
        assert not [path for path in self.temporary.iterdir() if "sandbox" in path.name]


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    with Course(tmp_path) as made:
        yield made


def until(condition, seconds: float = 60.0):
    """Wait until there is something, and return it."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)  # to look for processes takes a while
    return found


def below(process: subprocess.Popen, words: str = "") -> list[psutil.Process]:
    """Return the processes below a batch whose command line has these words."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            if words in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:
            pass
    return found


def all_ended(processes: list[psutil.Process]) -> bool:
    return not [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def kill_at(course: Course, process: subprocess.Popen) -> None:
    """Kill the batch with everything as it is, and see that nothing of it stays."""
    everything = below(process)
    process.kill()
    process.wait()
    until(lambda: all_ended(everything), 15)


# Kills


def test_a_killed_batch_keeps_what_is_finished_ends_its_sandboxes_and_can_be_continued(course):
    course.hand_in("student0", solved())
    course.hand_in("student1", solved(SLEEPS.format(100)))
    course.hand_in("student2", solved())
    first = course.start("--workers", "1")
    until(course.finished)
    code, said = course.run()
    assert code == 2 and "Another batch is grading into" in said
    until(lambda: below(first, "sleep"))
    kill_at(course, first)
    before = course.finished()
    assert list(before) == ["student0"]
    course.hand_in("student1", solved())
    (course.out / "student2").mkdir(exist_ok=True)
    (course.out / "student2" / f".{LIF}.json.abcd.part").write_text('{"schema"')
    code, said = course.run("--workers", "1")
    assert code == 0, said
    after = course.finished()
    assert set(after) == {f"student{number}" for number in range(3)}
    assert {student: after[student] for student in before} == before
    assert {course.result(student).score for student in after} == {course.result("student0").score}
    course.nothing_else_is_left()


def test_a_killed_runner_or_worker_costs_no_grade_a_point(course):
    for number in range(2):
        course.hand_in(f"student{number}", solved(SLEEPS.format(2)))
    process = course.start("--workers", "1")
    until(lambda: below(process, "sleep"))[0].parent().kill()
    until(course.finished)
    until(lambda: below(process, "sleep"))
    below(process, "--multiprocessing-fork")[0].kill()
    said, _ = process.communicate()
    assert process.returncode == 0, said
    results = [course.result(f"student{number}") for number in range(2)]
    assert [(result.score > 0, result.errors) for result in results] == [(True, ())] * 2
    # What the killed worker could not remove, the next one did.
    course.nothing_else_is_left()


def test_a_step_that_ends_its_sandbox_twice_is_to_blame():
    run = run_notebook(
        [Cell(0, "x = 1"), Cell(1, "import os\nos._exit(0)"), Ask("q", (Variable("x"),))],
        backend=backend(),
        limits=Limits(restarts=1),
    )
    assert [outcome.status for outcome in run.cells] == ["ok", "killed"] and run.stopped is None


def test_a_job_that_kills_its_worker_costs_no_other_job_its_grade(tmp_path, monkeypatch):
    jobs = [batch.Job(tmp_path, student, LIF) for student in ("killer", "other", "third")]
    runs = []

    def until_broken(given, rules, at_a_time):
        runs.append([job.student for job in given])
        for job in given:
            # The killer takes those with it that run at the same time.
            yield (job, None) if jobs[0] in given else (job, "graded")

    monkeypatch.setattr(workers, "until_broken", until_broken)
    rules = workers.Rules(COURSE, "none", Sources.now())
    outcomes = {job.student: outcome for job, outcome in workers.in_parallel(dict.fromkeys(jobs), rules, 2)}
    assert outcomes == {"killer": "the grading process died on it, twice", "other": "graded", "third": "graded"}
    assert runs == [["killer", "other", "third"], ["killer"], ["other"], ["third"]]


def test_what_a_killed_grader_left_is_removed_and_what_a_living_one_holds_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with contextlib.ExitStack() as stack:
        held = staging.stage((), stack)
        dead = shutil.copytree(held, tmp_path / f"{staging.PREFIX}dead")
        (tmp_path / f"{staging.PREFIX}link").symlink_to(tmp_path.parent)
        stale.remove()
        assert held.is_dir() and not dead.exists() and tmp_path.is_dir()
    assert not held.exists()


@pytest.mark.parametrize("turn", range(20))
def test_a_batch_that_is_killed_at_any_moment_loses_nothing(course, turn, request):
    if not request.config.getoption("--thorough"):
        pytest.skip("twenty random moments: --thorough")
    moments = random.Random(turn)
    for number in range(4):
        course.hand_in(f"student{number}", solved("import time\ntime.sleep(0.2)"))
    for _ in range(2):
        before = course.finished()
        process = course.start("--workers", "2", *moments.choice(([], ["--force"])))
        time.sleep(moments.uniform(0, 10))
        if process.poll() is None and moments.random() < 0.5:
            with contextlib.suppress(psutil.NoSuchProcess):
                moments.choice([process, *below(process)]).kill()
            process.communicate()
        else:
            kill_at(course, process)
        assert set(before) <= set(course.finished())
    before = course.finished()
    code, said = course.run()
    after = course.finished()
    assert code == 0 and len(after) == 4, said
    assert {student: after[student] for student in before} == before
    assert [course.result(student).errors for student in after] == [()] * 4
    course.nothing_else_is_left()


# Disks


@as_root
def test_on_a_full_disk_what_fits_is_whole_and_the_next_run_does_the_rest(course):
    with Disk(course.out, "size=2m"):
        for student in ("ada", "blocked", "galileo"):
            course.hand_in(student, b"nothing")
        (course.out / "blocked").write_text("a file where a folder should be")
        (course.out / "filler").write_bytes(bytes(2040 * 1024))  # leaves room for one result
        code, said = course.run("--workers", "1")
        assert code == 2 and said.count("Not graded") == 2 and "run the command again" in said, said
        assert "(File exists)" in said and "(No space left on device)" in said and "Traceback" not in said, said
        before = course.finished()
        assert list(before) == ["ada"] and not list(course.out.rglob("*.part"))
        (course.out / "filler").unlink()
        (course.out / "blocked").unlink()
        code, said = course.run("--workers", "1")
        assert code == 1 and len(after := course.finished()) == 3 and after["ada"] == before["ada"], said
        course.nothing_else_is_left()


@as_root
def test_a_folder_that_takes_nothing_is_an_error_before_anything_is_graded(course):
    course.hand_in("ada", solved())
    with Disk(course.out, "size=64k") as disk:
        disk.make_read_only()
        code, said = course.run()
    assert code == 2 and "Read-only file system" in said and "--out" in said and "Traceback" not in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into any folder; see the read-only disk")
def test_a_folder_without_permission_is_an_error_before_anything_is_graded(course):
    course.hand_in("ada", solved())
    course.out.mkdir(mode=0o500)
    code, said = course.run()
    assert code == 2 and "Permission denied" in said and "--out" in said and "Traceback" not in said


def test_a_full_temporary_folder_gives_no_grade_and_is_named(monkeypatch):
    class Full(type(backend("none"))):
        def start(self, job):
            raise shutil.Error([("a", "b", "[Errno 28] No space left on device")] * 1000)

    with pytest.raises(SandboxFailed, match=r"cannot be set up in .* \(.*No space left") as raised:
        run_notebook([], backend=Full())
    assert len(str(raised.value)) < 500


class Disk:
    """A small disk mounted at a folder."""

    def __init__(self, folder: Path, options: str) -> None:
        self.folder, self.options = folder, options

    def __enter__(self):
        self.folder.mkdir()
        done = self._mount("-t", "tmpfs", "-o", self.options, "tmpfs")
        if done.returncode:
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
        return self

    def make_read_only(self) -> None:
        assert not self._mount("-o", "remount,ro").returncode

    def __exit__(self, *_):
        subprocess.run(["umount", self.folder], check=True)

    def _mount(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run(["mount", *words, self.folder], capture_output=True, text=True, check=False)


# Broken submissions

OLD = nbformat.v3.writes_json(
    nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell(input=RIGHT)])])
).encode()
#: Student -> what was handed in, and a word of what is said about it.
BROKEN = {
    "empty": (b"", "empty"),
    "blank": (b" \n\t\n", "empty"),
    "binary": (bytes(range(256)) * 20, "not even text"),
    "zip": (b"PK\x03\x04\xff\xfe" * 100, "not even text"),
    "script": (b"print('hello')\n", "not a notebook"),
    "html": (b"<!DOCTYPE html><html><body>404</body></html>", "not a notebook"),
    "truncated": (solved()[:-40], "not a notebook"),
    "conflict": (solved().replace(b"I_min", b"\n<<<<<<< HEAD\n"), "not a notebook"),
    "number": (b"42", "not a notebook"),
    "list": (b"[]", "not a notebook"),
    "no cells": (b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}}', "not a notebook"),
    "no version": (b'{"cells": []}', "not a notebook"),
    "surrogate": (rb'{"nbformat": "\ud800", "cells": []}', "not a notebook"),
    "deep": (b'{"a":' * 100_000, "not a notebook"),
    "huge": (b" " * 20_000_001, "empty"),
    "cells": (file(*[cell("")] * 2001), "2001 cells"),
    "other assignment": (file(cell("w = 1", "oja_solution"), cell("", "oja", grade=True)), "another assignment"),
    "of grace": (
        solved("import neurodynex.variant as v\nv.identify('grace@uni.edu')"),
        "names 'grace@uni.edu'",
    ),
}
#: Student -> what was handed in; it looks odd, and has a right answer.
ODD = {
    "good": solved(),
    "path with spaces, Żółw 亀": solved(),
    "old format": OLD,
    "utf16": solved().decode().encode("utf-16"),
    "without test cell": file(cell(RIGHT, "lif_threshold_solution")),
    "doubled": file(*[cell("", "lif_threshold", grade=True), cell(RIGHT, "lif_threshold_solution")] * 2),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> Iterator[tuple[Course, int, str]]:
    with Course(tmp_path_factory.mktemp("broken")) as course:
        hand_in_what_is_broken(course)
        yield course, *course.run("--workers", "1")


def hand_in_what_is_broken(course: Course) -> None:
    secret = course.tree.parent / "secret" / f"{LIF}.ipynb"
    secret.parent.mkdir()
    secret.write_bytes(solved())
    for student, (content, _) in BROKEN.items():
        course.hand_in(student, content)
    for student, content in ODD.items():
        course.hand_in(student, content)
    course.hand_in("renamed", solved(), "final version (2).ipynb")
    course.hand_in("nothing").parent.joinpath("notes.txt").write_text("see my mail")
    course.hand_in("two", b"", "a.ipynb").with_name("b.ipynb").touch()
    course.hand_in("link").symlink_to(secret)
    course.hand_in("folder").mkdir()
    os.mkfifo(course.hand_in("pipe"))
    (course.tree / "linked folder").mkdir()
    (course.tree / "linked folder" / LIF).symlink_to(secret.parent)
    course.hand_in(b"n\xff", solved())
    course.hand_in("100%", b"")
    (course.tree / "linked student").symlink_to(course.tree / "good")
    (course.tree / "wrong").mkdir()
    (course.tree / "wrong" / "lif").mkdir()
    (course.tree / "loose.ipynb").write_bytes(solved())


def test_broken_submissions_cost_the_good_one_nothing_and_the_exit_code_tells(broken):
    course, code, said = broken
    assert code == 1 and "Traceback" not in said, said
    assert (
        len(course.finished())
        == sum(folder.is_dir() and not folder.is_symlink() for folder in course.tree.iterdir()) - 1
    )
    assert (course.out / "report" / "index.html").stat().st_size > 10_000
    course.nothing_else_is_left()


@pytest.mark.parametrize("student", [*ODD, "renamed", "n%5Cxff"])
def test_what_only_looks_broken_has_its_right_grade(broken, student):
    result = broken[0].result(student)
    assert result.readable and result.score == broken[0].result("good").score > 0
    # The old format knows no ids of cells; that a test cell is there twice is reported.
    assert len(result.errors) == (student in ("old format", "doubled"))


@pytest.mark.parametrize(
    ("student", "word"),
    [
        *((student, word) for student, (_, word) in BROKEN.items()),
        ("nothing", "no notebook at all"),
        ("two", "There are a.ipynb, b.ipynb"),
        ("link", "cannot be opened"),
        ("folder", "cannot be opened"),
        ("pipe", "no regular file"),
        ("linked folder", "is a link"),
        ("100%25", "empty"),
    ],
)
def test_a_broken_submission_has_a_result_that_says_what_is_wrong(broken, student, word):
    result = broken[0].result(student)
    assert any(word in error for error in result.errors), result.errors
    assert result.readable == (student in ("other assignment", "of grace"))
    assert result.readable or result.score == 0


@pytest.mark.parametrize("name", ["linked student", "wrong", "loose.ipynb"])
def test_a_file_in_no_place_for_a_submission_is_reported(broken, name):
    assert f"Not graded: {broken[0].tree / name}: " in broken[2]


def test_a_file_that_is_not_a_result_is_not_read_as_one():
    for text in ("", "null", "[]", '"text"', "1", '{"schema": 1}', '{"schema": 2}'):
        with pytest.raises(ValueError, match=r"."):
            Result.from_json(text)


def test_a_folder_that_cannot_be_opened_is_reported(course, monkeypatch):
    course.hand_in("ada", solved())
    (course.tree / "closed").mkdir()
    monkeypatch.setattr("os.access", lambda *_: False)
    assert "Permission denied" in str(submitted.find_jobs(course.tree)[0].problem)
    assert "Permission denied" in submitted.overlooked(course.tree)[course.tree / "closed"]


def test_who_asks_for_a_submission_that_is_not_there_reads_which_are(course):
    for student in ("ada", "bob"):
        course.hand_in(student, solved())
    with pytest.raises(InstructorError, match=f"no submission of eve in .*There are: {LIF} by ada, {LIF} by bob.$"):
        submitted.find_jobs(course.tree, "eve")
    with pytest.raises(InstructorError, match=f"no submission of ada to ojas_rule in .*There are: {LIF} by ada"):
        submitted.find_jobs(course.tree, "ada", "ojas_rule")
    with pytest.raises(InstructorError, match="No submission was found in"):
        submitted.find_jobs(course.out.parent / "submitted" / "ada" / LIF, "ada")


def test_a_hand_in_that_is_broken_in_another_way_is_reported_anew(course, in_one_process):
    path = course.hand_in("ada")
    said = [batch.run(batch.find_jobs(course.tree), course.out, course=COURSE).results[0].errors[0]]
    path.touch()
    said.append(batch.run(batch.find_jobs(course.tree), course.out, course=COURSE).results[0].errors[0])
    path.rename(path.with_name("a.ipynb"))
    path.with_name("b.ipynb").touch()
    said.append(batch.run(batch.find_jobs(course.tree), course.out, course=COURSE).results[0].errors[0])
    path.with_name("c.ipynb").touch()
    said.append(batch.run(batch.find_jobs(course.tree), course.out, course=COURSE).results[0].errors[0])
    assert ["no notebook" in said[0], "empty" in said[1], "a.ipynb, b.ipynb" in said[2], "c.ipynb" in said[3]] == [
        True
    ] * 4


def test_a_result_of_an_earlier_hand_in_does_not_stand_when_the_next_cannot_be_graded(
    course, in_one_process, monkeypatch
):
    course.hand_in("ada", b"first")
    jobs = batch.find_jobs(course.tree)
    sha256 = batch.run(jobs, course.out, course=COURSE).results[0].notebook_sha256
    course.hand_in("ada", b"second")
    monkeypatch.setattr(batch, "in_parallel", lambda todo, *_: ((job, "no sandbox") for job in todo))
    assert batch.run(jobs, course.out, course=COURSE).failures == {jobs[0]: "no sandbox"}
    assert not course.finished()
    outdated = course.out / "ada" / f"{LIF}.json.outdated"
    assert Result.from_json(outdated.read_text(encoding="utf-8")).notebook_sha256 == sha256

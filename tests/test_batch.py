"""A batch: every finished grade is there and whole, a broken submission costs only itself, a re-run does only the rest."""

import json
from pathlib import Path

import pytest

from autograder import batch, notebook, running, samples
from autograder.errors import InstructorError
from autograder.result import Result, write_atomically
from tests.conftest import COURSE, questions_only

LIF = "leaky_integrate_and_fire"


def blank(student: str = "good") -> bytes:
    return questions_only(samples.load(LIF)["blank"].notebook(notebook.source_path(LIF), student), "identify")


def hand_in(tree: Path, student: str, content: bytes | None, name: str = f"{LIF}.ipynb") -> Path:
    path = tree / student / LIF / name
    path.parent.mkdir(parents=True)
    if content is not None:
        path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Good submissions and a broken one; the kinds of broken ones are those of `test_nothing_lost.py`."""
    tree = tmp_path_factory.mktemp("class") / "submitted"
    hand_in(tree, "good", blank())
    hand_in(tree, "empty", b"")
    hand_in(tree, "Żółw with spaces", blank("żółw WITH spaces@uni.edu"))
    (tree / "stray.txt").write_text("not a student")
    (tree / "elsewhere").symlink_to(tree / "good")
    out = tree.parent / "out"
    jobs = batch.find_jobs(tree)
    return tree, out, jobs, batch.run(jobs, out, course=COURSE, workers=2)


def test_every_student_has_a_whole_result(graded):
    tree, out, jobs, outcome = graded
    assert not outcome.failures
    assert sorted(job.student for job in jobs) == sorted(
        p.name for p in tree.iterdir() if p.is_dir() and not p.is_symlink()
    )
    for job, result in zip(jobs, outcome.results, strict=True):
        assert Result.from_json(batch.place(out, job).read_text(encoding="utf-8")).without_answers() == result
    assert not list(out.rglob("*.part"))


@pytest.mark.parametrize("student", ["good", "Żółw with spaces"])
def test_a_good_submission_among_broken_ones_is_run(graded, student):
    result = next(r for job, r in zip(graded[2], graded[3].results, strict=True) if job.student == student)
    assert not result.errors and result.readable and result.seconds > 0


def test_a_second_run_grades_only_what_has_changed(graded):
    _, out, jobs, outcome = graded
    place = batch.place(out, jobs[0])
    before = {job: batch.place(out, job).stat().st_mtime_ns for job in jobs}
    write_atomically(place, place.read_text(encoding="utf-8")[:-50])
    again = batch.run(jobs, out, course=COURSE, workers=1).results
    assert [result.score for result in again] == [result.score for result in outcome.results]
    after = {job: batch.place(out, job).stat().st_mtime_ns for job in jobs}
    assert [job for job in jobs if before[job] != after[job]] == [jobs[0]]


def test_what_was_set_aside_is_not_taken_while_another_result_lies_at_its_place(graded, tmp_path, in_one_process):
    _, out, jobs, _ = graded
    job = next(job for job in jobs if job.student == "good")
    place, text = batch.place(tmp_path, job), batch.place(out, job).read_text(encoding="utf-8")
    write_atomically(place.with_name(f"{place.name}.outdated"), text)
    sha256 = Result.from_json(text).notebook_sha256
    write_atomically(place, text.replace(sha256, "of another notebook"))
    found = batch.run([job], tmp_path, course=COURSE, workers=1)
    assert (found.kept, found.judged_again) == (0, 0)
    assert Result.from_json(place.read_text(encoding="utf-8")).notebook_sha256 == sha256


def test_the_same_submission_gives_the_same_bytes_but_for_the_seconds(graded, tmp_path):
    _, out, jobs, _ = graded
    job = next(job for job in jobs if job.student == "good")
    batch.run([job], tmp_path, course=COURSE, workers=1)
    documents = [json.loads(batch.place(folder, job).read_text(encoding="utf-8")) for folder in (out, tmp_path)]
    for document in documents:
        document.pop("seconds")
    assert documents[0] == documents[1]


def test_the_document_has_the_documented_fields(graded):
    _, out, jobs, _ = graded
    document = json.loads(batch.place(out, jobs[0]).read_text(encoding="utf-8"))
    assert list(document)[:5] == ["schema", "assignment", "student", "score", "max_score"]
    assert {"questions", "variant", "notebook_sha256", "package", "sandbox", "errors", "seconds"} <= set(document)
    assert {"id", "score", "max_score", "passed", "message", "mistake", "answers"} <= set(document["questions"][0])


def test_a_folder_without_submissions_is_an_error_that_says_what_was_expected(tmp_path):
    with pytest.raises(InstructorError, match="<student>/<assignment>"):
        batch.find_jobs(tmp_path)
    with pytest.raises(InstructorError, match="There is no notebook and no folder"):
        batch.find_jobs(tmp_path / "missing")


def test_a_notebook_outside_a_tree_needs_a_student(tmp_path):
    (tmp_path / f"{LIF}.ipynb").write_bytes(blank())
    with pytest.raises(InstructorError, match="--student"):
        batch.find_jobs(tmp_path / f"{LIF}.ipynb")
    assert batch.find_jobs(tmp_path / f"{LIF}.ipynb", "ada")[0].student == "ada"


def test_a_students_name_does_not_leave_the_output_folder(tmp_path):
    for student in ("..", "../../etc", "a/b", "\x00", "."):
        place = batch.place(tmp_path, batch.Job(tmp_path, student, LIF)).resolve()
        assert place.parent.parent == tmp_path


def test_a_file_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    write_atomically(tmp_path / "a.json", "old")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_atomically(tmp_path / "a.json", "new")
    assert (tmp_path / "a.json").read_text() == "old" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("told", "memory_mb"),
    [("805306368", 468), ("max", 1500), ("9223372036854771712", 1500), ("100000000", 300), (None, 1500)],
    ids=["Gradescope", "none", "none, in the first version", "too small", "no container"],
)
@pytest.mark.parametrize("version", [0, 1])
def test_the_sandbox_leaves_the_grader_its_memory_in_a_container(tmp_path, monkeypatch, told, memory_mb, version):
    files = (tmp_path / "second", tmp_path / "first")
    if told:
        files[version].write_text(told)
    monkeypatch.setattr(running, "CONTAINER_MEMORY", files)
    assert running.limits(COURSE).memory_mb == memory_mb

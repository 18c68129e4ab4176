"""A build changes all that it makes or nothing, and each build of the students' package is known by its content."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.build import build_all, stamped, student_members
from autograder.course import Course
from autograder.files import write_together
from autograder.package import build_of, build_wheel, package_data
from neurodynex import variant
from tests.conftest import COURSE, ROOT
from tests.copies import PARTS, copy_parts

LIF = "leaky_integrate_and_fire"


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A copy of the checkout, without what is not tracked."""
    copy_parts(PARTS, tmp_path)
    (tmp_path / "neurodynex" / "course.json").unlink(missing_ok=True)
    return tmp_path


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def run(checkout: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "autograder", *words], cwd=checkout, capture_output=True, text=True)


def test_a_refused_build_changes_nothing_and_grade_refuses_as_well(checkout):
    source = checkout / "source" / LIF / f"{LIF}.ipynb"
    made = json.loads(source.read_text(encoding="utf-8"))
    for cell in made["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "lif_fi_curve":
            cell["metadata"]["nbgrader"]["points"] = -1
    source.write_text(json.dumps(made), encoding="utf-8")
    question = checkout / "autograder" / "assignments" / "hodgkin_huxley" / "questions.py"
    question.write_text(
        question.read_text(encoding="utf-8").replace("the smallest", "the very smallest"), encoding="utf-8"
    )
    before = content(checkout)
    for words in (("build",), ("grade", f"release/{LIF}/{LIF}.ipynb", "--student", "ada", "--out", "build/grades")):
        done = run(checkout, *words)
        assert done.returncode == 2 and "Traceback" not in done.stderr
        assert str(source) in done.stderr and "'lif_fi_curve'" in done.stderr
        left = {path: text for path, text in content(checkout).items() if path != "build/grades/.lock"}
        assert left == before, words


def with_salt(salt: str) -> Course:
    return COURSE.model_copy(update={"course": COURSE.course.model_copy(update={"salt": salt})})


def test_a_salt_of_ones_own_changes_no_tracked_file():
    files = package_data(COURSE)
    changed = [path for path, text in package_data(with_salt("of my own")).items() if text != files[path]]
    assert changed == [ROOT / "neurodynex" / "course.json"]
    if (ROOT / ".git").exists():
        assert not subprocess.run(["git", "ls-files", *changed], cwd=ROOT, capture_output=True, check=True).stdout
        assert subprocess.run(["git", "check-ignore", "-q", *changed], cwd=ROOT, check=False).returncode == 0


def test_a_checkout_that_was_never_built_has_the_published_course(monkeypatch, tmp_path):
    monkeypatch.setattr(variant, "_COURSE_FILE", tmp_path / "course.json")
    published = variant.load_course.__wrapped__(tmp_path / "course.json")
    assert (published.course, published.salt) == ("neuronal-dynamics", "change-me")


def test_files_are_written_all_or_not_at_all(tmp_path):
    (tmp_path / "first").write_text("old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        write_together({tmp_path / "first": b"new", tmp_path / "deep" / "second": b"new", tmp_path / "folder": b"new"})
    assert content(tmp_path) == {"first": b"old"}
    write_together({tmp_path / "first": b"new", tmp_path / "deep" / "second": b"new"})
    assert content(tmp_path) == {"first": b"new", "deep/second": b"new"}


def test_an_interrupted_build_leaves_the_old_files(tmp_path, monkeypatch):
    """Interrupted after all is computed, while the last file is being written."""
    from autograder import files

    before, written = content(ROOT / "release"), []

    def interrupted(path: Path, content: bytes) -> Path:
        written.append(path)
        if path.name == "autograder.zip":
            raise KeyboardInterrupt
        return real(path, content)

    real = files._written_beside
    monkeypatch.setattr(files, "_written_beside", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build_all([LIF], tmp_path, COURSE)
    assert written[-1].name == "autograder.zip" and content(tmp_path) == {} and content(ROOT / "release") == before


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> list[Path]:
    return [build_wheel(tmp_path_factory.mktemp("wheel"), with_salt(salt)) for salt in ("one", "two", "one")]


def test_a_build_is_known_by_its_content(wheels):
    first, second, again = wheels
    assert first.name != second.name and first.name == again.name
    assert first.read_bytes() == again.read_bytes()


def test_pip_puts_a_newer_build_over_an_older_one_and_the_first_cell_tells_of_the_other(wheels, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    members = student_members("neuron_type", wheels[0], COURSE)
    cells = nbformat.reads(members["neuron_type.ipynb"].decode(), as_version=4).cells
    first_cell = next(cell.source for cell in cells if cell.cell_type == "code").replace("your.name", "ada")
    said = []
    for wheel in sorted(wheels[:2], key=lambda wheel: wheel.name, reverse=True) + [wheels[0]]:
        start = student_members("neuron_type", wheel, COURSE)["START.md"].decode()
        assert f'pip install "wheel/{wheel.name}[notebook]"' in start
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps"]
        subprocess.run([*pip, f"{wheel}[notebook]"], check=True)
        done = subprocess.run([python, "-I", "-c", first_cell], capture_output=True, text=True, check=True)
        said.append((build_of(wheel), done.stdout))
    for build, words in said:
        assert 'You are working as "ada".' in words
        if build == build_of(wheels[0]):
            assert "came with build" not in words
        else:
            assert f"came with build {build_of(wheels[0])}" in words and f"build {build} is installed" in words
            assert "START.md" in words


def test_only_the_notebook_in_the_zip_names_a_build(wheels):
    released = (ROOT / "release" / LIF / f"{LIF}.ipynb").read_text(encoding="utf-8")
    assert "build=" not in released
    assert stamped(released, "b0").count('build=\\"b0\\"') == 1


def test_grading_says_nothing_of_builds(monkeypatch, capsys):
    monkeypatch.setattr("neurodynex.__version__", "0.1.0+b1")
    monkeypatch.setenv("NEURODYNEX_STUDENT", "ada")
    monkeypatch.setattr(variant, "_claimed", None)
    variant.identify("ada", build="b2")
    assert "came with build b2" in capsys.readouterr().out
    monkeypatch.setenv("NEURODYNEX_GRADING", "1")
    variant.identify("ada", build="b2")
    assert "build" not in capsys.readouterr().out

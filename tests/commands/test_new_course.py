"""A new course works outside the checkout, with settings, notebooks and points of its own, and leaves the package as it is."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder import assignments, course
from autograder.commands.new import make
from autograder.course import Context, read_course_toml
from autograder.errors import InstructorError
from autograder.result import Result
from autograder.sandbox import NoIsolation, backend
from autograder.sandbox.backends import other_uid
from tests.conftest import COURSE, ROOT, questions_only
from tests.routes.routes import NBGRADER

LIF, TYPES = "leaky_integrate_and_fire", "neuron_type"
DERIVED = ("neurodynex/course.json", "neurodynex/forms.json", "release", "source")


def run(folder: Path, *words: str, code: int = 0) -> str:
    line = [sys.executable, "-m", "autograder", *words]
    done = subprocess.run(line, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == code, done.stdout
    return done.stdout


def result(grades: Path, student: str, assignment: str = LIF) -> Result:
    return Result.from_json((grades / student / f"{assignment}.json").read_text(encoding="utf-8"))


def checkout() -> dict[Path, bytes]:
    found = [path for name in DERIVED for path in [ROOT / name, *(ROOT / name).rglob("*")] if path.is_file()]
    return {path: path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A new course whose first question is worth a point more, built."""
    folder = tmp_path_factory.mktemp("courses") / "neuro 2027"
    before = checkout()
    run(folder.parent, "new", "course", folder.name)
    source = folder / "source" / LIF / f"{LIF}.ipynb"
    content = json.loads(source.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "lif_threshold":
            cell["metadata"]["nbgrader"]["points"] += 1
    source.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    run(folder, "build")
    assert checkout() == before, "a course apart changed the package"
    return folder


def test_a_sample_submission_reads_as_a_student_would_have_it(made):
    for path in made.glob("submitted/*/*/*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert "{points:" not in text and "BEGIN" not in text and " points)" in text
        assert "**Mark" not in text


def test_a_new_course_has_secrets_of_its_own(made, tmp_path):
    make(tmp_path / "other", "other")
    one, other, shipped = (read_course_toml(folder / "course.toml") for folder in (made, tmp_path / "other", ROOT))
    assert one.course.id == "neuro 2027" and (made.stat().st_mode & 0o077) == 0
    assert len({course.course.salt for course in (one, other, shipped)}) == 3
    assert len({course.grading.hidden_inputs for course in (one, other, shipped)}) == 3


def test_a_new_course_grades_its_samples_by_its_own_points_and_salt(made):
    own = read_course_toml(made / "course.toml")
    variants = {name: [Context.of(name, TYPES, one).variant for one in (own, COURSE)] for name in "abcdefghijklmnop"}
    other = next(name for name, (variant, shipped) in variants.items() if variant != shipped)
    shutil.copytree(made / "submitted" / "marie" / LIF, made / "few" / "marie" / LIF)
    (made / "few" / other / TYPES).mkdir(parents=True)
    released = (made / "release" / TYPES / f"{TYPES}.ipynb").read_bytes()
    (made / "few" / other / TYPES / f"{TYPES}.ipynb").write_bytes(questions_only(released))
    run(made, "grade", "few", "--out", "build/few", "--workers", "1")
    assert result(made / "build/few", "marie").score == 7.5 and result(made / "build/few", "marie").max_score == 15.0
    assert result(made / "build/few", other, TYPES).variant == variants[other][0]
    released = (made / "release" / LIF / f"{LIF}.ipynb").read_text(encoding="utf-8")
    assert "worth 15 points" in released
    assert {path.parent.name for path in made.glob("dist/*/student.zip")} == set(assignments.NAMES)


def test_changed_settings_are_refused_until_the_students_package_is_built_again(made):
    settings = made / "course.toml"
    text = settings.read_text(encoding="utf-8")
    try:
        settings.write_text(text.replace('match = "local-part"', 'match = "whole"'), encoding="utf-8")
        words = (f"submitted/blank/{LIF}/{LIF}.ipynb", "--student", "blank", "--out", "build/other")
        assert "build` first" in run(made, "grade", *words, code=2)
    finally:
        settings.write_text(text, encoding="utf-8")


def test_what_lies_in_the_folder_already_is_kept(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    said = run(tmp_path.parent, "new", "course", str(tmp_path), code=2)
    assert "There is something in" in said and [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(InstructorError, match="a line of text"):
        make(tmp_path / "new", "two\nlines")


def test_an_interrupted_new_course_leaves_nothing(tmp_path, monkeypatch):
    def interrupted(course_id):
        yield Path("course.toml"), b""
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.commands.new.files", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "course", "course")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_command_is_its_course_and_never_the_checkout(made, monkeypatch, tmp_path):
    monkeypatch.delenv(course.VARIABLE, raising=False)
    course.enter(tmp_path)
    assert course.course_file() == ROOT / "course.toml" and course.own_folder() is None
    course.enter(ROOT)
    assert course.own_folder() is None
    monkeypatch.setenv(course.VARIABLE, "elsewhere")
    course.enter(made)
    assert course.own_folder() == made and course.course_file() == made / "course.toml"


def test_a_new_courses_solutions_are_its_own(made):
    run(made, "build", "--solutions", "ojas_rule")
    assert (made / "dist" / "ojas_rule" / "solutions" / "ojas_rule.ipynb").is_file()


@pytest.mark.skipif(other_uid.os.geteuid() != 0, reason="only root has other users' sandboxes")
def test_a_course_that_every_user_can_read_is_refused_where_users_isolate(monkeypatch):
    monkeypatch.setattr(other_uid, "landlock_version", lambda: 0)
    monkeypatch.setattr(other_uid, "SECRET", [])
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        (folder / "source").mkdir(mode=0o755)
        (folder / "course.toml").touch(mode=0o644)
        monkeypatch.setenv(course.VARIABLE, str(folder / "course.toml"))
        folder.chmod(0o755)
        with pytest.raises(NoIsolation, match=f"chmod 700 {folder}"):
            backend("other-uid")
        folder.chmod(0o700)
        assert backend("other-uid").name == "other-uid"


def test_all_that_the_courses_readme_promises_is_so(made, request):
    if not request.config.getoption("--thorough"):
        pytest.skip("all samples of a new course are graded with --thorough")
    folder = made.parent / "as made"
    run(folder.parent, "new", "course", folder.name)
    assert run(folder, "build").count(".zip") == 12
    run(folder, "grade", "submitted/")
    text = (folder / "README.md").read_text(encoding="utf-8")
    promised = dict(re.findall(r"(?m)^\| (\w+) \| ([\d.]+)/14 \|", text))
    for student, score in promised.items():
        got = result(folder / "build/grades", student)
        assert (got.score, got.max_score) == (float(score), 14.0), student
    for name in assignments.NAMES:
        right = result(folder / "build/grades", "ada", name)
        assert right.score >= right.max_score
    assert f"{len(promised)} scores" in run(folder, "export", "--to", "csv", "--assignment", LIF)


def test_nbgrader_grades_a_new_course_in_its_folder(made, request):
    if not request.config.getoption("--thorough"):
        pytest.skip("nbgrader grades a new course with --thorough")
    for words in (("generate_assignment", LIF), ("autograde", LIF, "--student", "marie"), ("export",)):
        done = subprocess.run([NBGRADER, *words], cwd=made, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    by_command = result(made / "build/few", "marie")
    row = next(line for line in (made / "grades.csv").read_text().splitlines() if "marie" in line)
    assert f",{by_command.score}," in row and f",{by_command.max_score}" in row

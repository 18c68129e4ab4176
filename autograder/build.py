"""Build what goes out: `release/`, the students' zip with their package, and the autograder zip for Otter and Gradescope."""

from __future__ import annotations

import io
import json
import shlex
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import PyFileConfigLoader

from autograder import __version__, assignments, elsewhere, notebook
from autograder.adapters.gradescope import PLUGIN
from autograder.adapters.nbgrader_release import PointsInText
from autograder.adapters.otter_tests import MADE_BY, judged_test, public_test
from autograder.course import FILES, ROOT, Course, built_settings, own_folder
from autograder.errors import InstructorError
from autograder.files import write_together
from autograder.package import NAME, build_of, build_wheel, package_data, package_members
from autograder.platforms.late import due_in_words
from autograder.question import Assignment
from neurodynex.check import cells, forms, given
from neurodynex.variant import load_course

TEMPLATES = Environment(
    loader=PackageLoader("autograder"), undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
)
# The steps of `nbgrader generate_assignment`, in its order, without its database.
RELEASE_STEPS = (
    PointsInText,
    LockCells,
    ClearSolutions,
    ClearOutput,
    ComputeChecksums,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
)
# What each notebook's first code cell says; students replace the address.
IDENTIFY = 'identify("your.name@university.edu")'
# A zip's members carry a fixed date, so that the same sources make the same bytes.
DATE = (2000, 1, 1, 0, 0, 0)


def build_all(
    names: Iterable[str], dist: Path, course: Course, on_built: Callable[[str], None] = lambda _: None
) -> list[Path]:
    """Build everything of the named assignments.

    Parameters
    ----------
    names : iterable of str
    dist : Path
        Where `<assignment>/student.zip` and `<assignment>/autograder.zip` go.
    course : Course
    on_built : callable
        Called with each assignment's name when it is ready to be written.

    Returns
    -------
    list of Path
        The zip files.

    Raises
    ------
    InstructorError
        If the course, a source notebook and its questions do not fit together; no file is changed then.
    """
    place = _place()
    data = package_data(course)
    # All of them, since the students' package knows every assignment's questions.
    released = {name: release_files(name) for name in assignments.NAMES}
    # A course apart leaves the package as it is, and keeps what its students' package was built with.
    settings = {built_settings(): data[ROOT / NAME / "course.json"]}
    files = {path: text.encode() for path, text in (data if place == ROOT else settings).items()}
    zips: dict[Path, bytes] = {}
    unused: list[Path] = []
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder), course)
        for name in names:
            files |= {place / path: text.encode() for path, text in released[name].items()}
            zips[dist / name / "student.zip"] = zip_bytes(student_members(name, wheel, course))
            zips[dist / name / "autograder.zip"] = zip_bytes(autograder_members(name, course))
            unused += _unused_tests(place, name, released[name])
            on_built(name)
    write_together({**files, **zips})
    for path in unused:
        path.unlink()
    forget_package_data()
    return list(zips)


def _place() -> Path:
    """Return where `release/` goes.

    Raises
    ------
    InstructorError
        If the package is installed and there is no course's folder.
    """
    if own := own_folder():
        return own
    if FILES != ROOT:
        raise InstructorError("This is no course's folder. Go to yours, or make one: `autograder new course FOLDER`.")
    return ROOT


def _unused_tests(place: Path, name: str, files: Mapping[Path, str]) -> list[Path]:
    """Return the test files of questions that are no more."""
    tests = [path for part in ("source", "release") for path in (place / part / name / "tests").glob("*.py")]
    return [
        path for path in tests if path.relative_to(place) not in files and MADE_BY in path.read_text(encoding="utf-8")
    ]


def forget_package_data() -> None:
    """Let this process read the students' package's derived files afresh."""
    load_course.cache_clear()
    forms.cache_clear()
    cells.cache_clear()
    given.cache_clear()


def release_files(name: str) -> dict[Path, str]:
    """Return what an assignment releases, and the public tests beside its source: path below the root -> text."""
    definition = assignments.load(name)
    notebook.points_of(name)  # says clearly what is wrong with the file
    source = nbformat.read(notebook.source_path(name), as_version=4)
    _check_fit(definition, source)
    tests = {f"{question.id}.py": public_test(question) for question in definition.questions}
    files = {
        Path(place) / name / "tests" / test: text for place in ("source", "release") for test, text in tests.items()
    }
    return {Path("release") / name / f"{name}.ipynb": release_notebook(name, source) + "\n", **files}


def release_notebook(name: str, source: nbformat.NotebookNode) -> str:
    """Return the notebook that students get, made by nbgrader's own steps and ours."""
    config = PyFileConfigLoader(str((own_folder() or FILES) / "nbgrader_config.py")).load_config()
    made: Any = nbformat.from_dict(source)
    found: Any = {"nbgrader": {"assignment": name}}
    for step in RELEASE_STEPS:
        made, found = step(config=config)(made, found)
    return nbformat.writes(made)


def _check_fit(definition: Assignment, source: nbformat.NotebookNode) -> None:
    known = notebook.points_of(definition.name)
    ids = [question.id for question in definition.questions]
    stated, path = f"autograder/assignments/{definition.name}/questions.py", notebook.source_path(definition.name)
    if doubled := sorted({question_id for question_id in ids if ids.count(question_id) > 1}):
        raise InstructorError(f"{stated}: two questions have the id {', '.join(doubled)}. Give one of them another.")
    if alone := [question_id for question_id in ids if question_id not in known.points]:
        raise InstructorError(
            f"{stated}: {', '.join(alone)} has no test cell in {path}. Add a locked cell with this grade_id and points, or "
            "take the question out."
        )
    if odd := [question_id for question_id in known.points if question_id not in ids]:
        raise InstructorError(
            f"{path}: the test cell {', '.join(odd)} has no question in {stated}. State the question, or take the cell out."
        )
    if not any(cell.cell_type == "code" and IDENTIFY in cell.source for cell in source.cells):
        raise InstructorError(f"{path}: there is no code cell that says {IDENTIFY}. Add it above all questions.")
    text = " ".join("\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown").split())
    for question in definition.questions:
        if " ".join(question.tolerance.split()) not in text:
            raise InstructorError(
                f"{path}: the text lacks the sentence that states the tolerance of {question.id}. Copy it from {stated}: "
                f"{question.tolerance!r}"
            )


def student_members(name: str, wheel: Path, course: Course) -> dict[str, bytes]:
    """Return what is in a student's zip: the notebook, the public tests, the package, and how to start."""
    members = {f"wheel/{wheel.name}": wheel.read_bytes()}
    start = TEMPLATES.get_template("START.md").render(
        assignment=name,
        title=assignments.load(name).title,
        wheel=wheel.name,
        packages=elsewhere.listed(course.grading.packages),
        due=due_in_words(course, name),
        files_mb=f"{course.grading.files_mb:g}" if course.grading.files_mb else "",
    )
    members["START.md"] = start.encode()
    for path, text in release_files(name).items():
        if path.parts[0] == "release":
            text = stamped(text, build_of(wheel)) if path.suffix == ".ipynb" else text
            members["/".join(path.parts[2:])] = text.encode()
    return members


def stamped(text: str, build: str) -> str:
    """Return a released notebook whose first cell knows the build that it goes out with."""
    made = nbformat.reads(text, as_version=4)
    for cell in made.cells:
        if cell.cell_type == "code" and IDENTIFY in cell.source:
            cell.source = cell.source.replace(IDENTIFY, f'{IDENTIFY[:-1]}, build="{build}")')
    return str(nbformat.writes(made)) + "\n"


def autograder_members(name: str, course: Course) -> dict[str, bytes]:
    """Return what is in an autograder zip: Otter's files, our scripts, and the two packages as sources."""
    data = package_data(course)
    definition, known = assignments.load(name), notebook.points_of(name)
    packages = " ".join(map(shlex.quote, course.grading.packages))
    values = {"assignment": name, "version": __version__, "packages": packages}
    members = {
        "otter_config.json": json.dumps(
            {
                "plugins": [{PLUGIN: {"assignment": name}}],
                "show_hidden": True,
            },
            indent=1,
            allow_nan=False,
        ).encode(),
        "requirements.lock": resources.files("autograder").joinpath("requirements-grading.lock").read_bytes(),
        "course.toml": course.to_toml().encode(),
        f"source/{name}/{name}.ipynb": notebook.source_path(name).read_bytes(),
    }
    for template in ("run_autograder", "run_otter.py", "setup.sh", "environment.yml"):
        members[template] = TEMPLATES.get_template(template).render(**values).encode()
    for question in definition.questions:
        members[f"tests/{question.id}.py"] = judged_test(question, known.points[question.id]).encode()
    for package in ("autograder", "neurodynex"):
        members |= package_members(package, data)
    return members


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of the members; scripts in it are executable."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, DATE)
            executable = members[name].startswith(b"#!")
            info.external_attr = (0o755 if executable else 0o644) << 16
            archive.writestr(info, members[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()


def write_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write a zip so that it is there whole or not at all."""
    write_together({path: zip_bytes(members)})
    return path

"""Build what goes out: `release/`, the students' zip with their package, and the autograder zip for Otter and Gradescope."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

import nbformat
from hatchling.builders.wheel import WheelBuilder
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

from autograder import __version__, assignments, notebook
from autograder.adapters.otter_tests import judged_test, public_test
from autograder.course import ROOT, Course
from autograder.errors import InstructorError
from autograder.question import Assignment
from autograder.result import write_atomically

TEMPLATES = Environment(
    loader=PackageLoader("autograder"), undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
)
# nbgrader's own steps of generate_assignment, in its order, without its database.
RELEASE_STEPS = (
    LockCells,
    ClearSolutions,
    ClearOutput,
    ComputeChecksums,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
)
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
        Called with each assignment's name when it is done.

    Returns
    -------
    list of Path
        What was made.

    Raises
    ------
    InstructorError
        If a source notebook and its questions do not fit together; nothing of that assignment is changed then.
    """
    for path, text in package_data(course).items():
        write_atomically(path, text)
    made = []
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder))
        for name in names:
            files = release_files(name)
            for path, text in files.items():
                write_atomically(ROOT / path, text)
            for kind, members in (
                ("student", student_members(name, wheel)),
                ("autograder", autograder_members(name, course)),
            ):
                made.append(write_zip(dist / name / f"{kind}.zip", members))
            on_built(name)
    return made


def package_data(course: Course) -> dict[Path, str]:
    """Return the files of the students' package that are derived: the course's settings and the questions' forms."""
    forms = {
        question.id: {
            "assignment": name,
            "asks": question.asks,
            "tolerance": question.tolerance,
            "answers": [answer.form() for answer in question.answers],
        }
        for name in assignments.NAMES
        for question in assignments.load(name).questions
    }
    settings = asdict(course.for_students())
    return {
        ROOT / "neurodynex" / "course.json": json.dumps(settings, indent=1, ensure_ascii=False) + "\n",
        ROOT / "neurodynex" / "forms.json": json.dumps(forms, indent=1, ensure_ascii=False) + "\n",
    }


def release_files(name: str) -> dict[Path, str]:
    """Return what an assignment releases, and the public tests beside its source: path below the root -> text."""
    definition = assignments.load(name)
    source = nbformat.read(notebook.source_path(name), as_version=4)
    _check_fit(definition, source)
    tests = {f"{question.id}.py": public_test(question) for question in definition.questions}
    files = {
        Path(place) / name / "tests" / test: text for place in ("source", "release") for test, text in tests.items()
    }
    return {Path("release") / name / f"{name}.ipynb": release_notebook(source) + "\n", **files}


def release_notebook(source: nbformat.NotebookNode) -> str:
    """Return the notebook that students get, made by nbgrader's own steps."""
    config = PyFileConfigLoader(str(ROOT / "nbgrader_config.py")).load_config()
    made: Any = nbformat.from_dict(source)
    found: Any = {"nbgrader": {}}
    for step in RELEASE_STEPS:
        made, found = step(config=config)(made, found)
    return nbformat.writes(made)


def _check_fit(definition: Assignment, source: nbformat.NotebookNode) -> None:
    known = notebook.points(definition.name)
    questions = {question.id for question in definition.questions}
    if questions != set(known.points):
        odd = ", ".join(sorted(questions ^ set(known.points)))
        raise InstructorError(
            f"{definition.name}: these are not both a question and a test cell of the notebook: {odd}."
        )
    text = " ".join("\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown").split())
    for question in definition.questions:
        if " ".join(question.tolerance.split()) not in text:
            raise InstructorError(
                f"{definition.name}: the notebook lacks the sentence of {question.id}: {question.tolerance!r}"
            )


def build_wheel(folder: Path) -> Path:
    """Build the students' package into `folder`."""
    return Path(next(iter(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"]))))


def student_members(name: str, wheel: Path) -> dict[str, bytes]:
    """Return what is in a student's zip: the notebook, the public tests, the package, and how to start."""
    members = {f"wheel/{wheel.name}": wheel.read_bytes()}
    start = TEMPLATES.get_template("START.md").render(
        assignment=name, title=assignments.load(name).title, wheel=wheel.name
    )
    members["START.md"] = start.encode()
    for path, text in release_files(name).items():
        if path.parts[0] == "release":
            members["/".join(path.parts[2:])] = text.encode()
    return members


def autograder_members(name: str, course: Course) -> dict[str, bytes]:
    """Return what is in an autograder zip: Otter's files, our scripts, and the two packages as sources."""
    definition, known = assignments.load(name), notebook.points(name)
    values = {"assignment": name, "version": __version__}
    members = {
        "otter_config.json": json.dumps(
            {
                "plugins": [{"autograder.adapters.otter_plugin.SandboxPlugin": {"assignment": name}}],
                "show_hidden": True,
            },
            indent=1,
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
        for path in _package_files(ROOT / package):
            members[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    return members


def _package_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and "__pycache__" not in parts and "samples" not in parts:
            yield path


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    """Write a zip so that it is there whole or not at all; scripts in it are executable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        part = Path(folder) / path.name
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(members):
                info = zipfile.ZipInfo(name, DATE)
                executable = members[name].startswith(b"#!")
                info.external_attr = (0o755 if executable else 0o644) << 16
                archive.writestr(info, members[name], zipfile.ZIP_DEFLATED)
        shutil.move(part, path)
    return path

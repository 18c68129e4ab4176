"""The package that students install: the library, and what is derived for it from the course and the questions.

Each build of it has a version of its own, `0.1.0+b<hash of the content>`, so that pip replaces an earlier build, and a notebook that
came with another one can say so.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomlkit
from hatchling.builders.wheel import WheelBuilder

from autograder import assignments, notebook
from autograder.course import FILES, ROOT, Course
from autograder.platforms.late import due_in_words

NAME = "neurodynex"
ABOUT = "Exercise library of Neuronal Dynamics on Brian2, with self-check and a variant for each student"
KEPT = (
    *("name", "version", "license", "license-files", "authors", "keywords", "requires-python"),
    *("classifiers", "dependencies"),
)
BUILD = {
    "build-system": {"requires": ["hatchling"], "build-backend": "hatchling.build"},
    # The course's settings are tracked nowhere, as they hold its salt.
    "tool": {"hatch": {"build": {"targets": {"wheel": {"packages": [NAME], "artifacts": [f"{NAME}/course.json"]}}}}},
}


def package_data(course: Course) -> dict[Path, str]:
    """Return the derived files of the students' package: the course's settings, the questions' forms, the notebooks' cells and names."""
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
    derived = {
        "course.json": asdict(course.for_students()),
        "forms.json": forms,
        "due.json": {name: due for name in assignments.NAMES if (due := due_in_words(course, name))},
        "cells.json": {name: notebook.points_of(name).cell_types for name in assignments.NAMES},
        "given.json": {name: sorted(notebook.given_names(name)) for name in assignments.NAMES},
    }
    return {
        ROOT / NAME / name: json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        for name, content in derived.items()
    }


def package_members(name: str, data: Mapping[Path, str]) -> dict[str, bytes]:
    """Return the files of `neurodynex` or `autograder`, with the derived ones as `data` has them: path below the root -> content."""
    folder = ROOT / name
    files = {path: path.read_bytes() for path in _files(folder)}
    files |= {path: text.encode() for path, text in data.items() if path.is_relative_to(folder)}
    return {path.relative_to(ROOT).as_posix(): files[path] for path in sorted(files)}


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and "__pycache__" not in parts and "samples" not in parts and not path.name.startswith("."):
            yield path


def students_project() -> dict[str, Any]:
    """Return what `pyproject.toml` says of the students' package: no grader, and nothing of what it takes to grade."""
    project = tomllib.loads((FILES / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    kept = {key: project[key] for key in KEPT}
    extra = {"notebook": project["optional-dependencies"]["notebook"]}
    return {**kept, "description": ABOUT, "optional-dependencies": extra, "scripts": {NAME: project["scripts"][NAME]}}


def build_id(members: Mapping[str, bytes], project: Mapping[str, Any]) -> str:
    """Return what tells this build of the students' package from any other: a short hash of all that is in it."""
    hashed = hashlib.sha256(json.dumps(project, sort_keys=True).encode())
    for path, content in sorted(members.items()):
        hashed.update(f"\0{path}\0{len(content)}\0".encode() + content)
    # The letter keeps a version from being read as a number, whose leading zeros would go.
    return f"b{hashed.hexdigest()[:8]}"


def build_wheel(folder: Path, course: Course) -> Path:
    """Build the students' package into `folder`, from a copy of its sources: nothing in the checkout is changed."""
    members = package_members(NAME, package_data(course))
    project = students_project()
    project["version"] += f"+{build_id(members, project)}"
    members["pyproject.toml"] = tomlkit.dumps({**BUILD, "project": project}).encode()
    members["LICENSE"] = (FILES / "LICENSE").read_bytes()
    with tempfile.TemporaryDirectory() as root:
        for path, content in members.items():
            place = Path(root) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            place.chmod(0o644)
        return Path(next(iter(WheelBuilder(root).build(directory=str(folder), versions=["standard"]))))


def build_of(wheel: Path) -> str:
    """Return the build that a wheel is of, from its file name."""
    return wheel.name.split("-")[1].partition("+")[2]

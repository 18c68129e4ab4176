"""Writes what every question needs: its statement, a stub of its reference, and its cells in the source notebook.

What it writes builds at once; `unfinished` finds what is left to fill in. Each file is rewritten as text, so that the rest of it
stays as its author wrote it.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder import assignments, notebook
from autograder.authoring.unfinished import FILL_IN
from autograder.course import FILES, ROOT, own_folder
from autograder.errors import InstructorError

TEMPLATES = Environment(
    loader=PackageLoader("autograder", "templates/authoring"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,
)
#: Kind -> the names that its statement imports: of the kinds of answers, and of the tolerances.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "value": (("Value",), ("within",)),
    "values": (("ValueSet",), ()),
    "function": (("Function",), ("within",)),
    "curve": (("Curve",), ("within",)),
    "choice": (("Choice",), ()),
    "truths": (("Truths",), ()),
}
#: The last cell that is no question's.
HAND_IN = "hand-in"
#: Kinds whose reference returns an array.
_OF_ARRAYS = ("curve", "values")
_WIDTH = 120


@dataclass(frozen=True)
class Wanted:
    """What an author says of a new question.

    Attributes
    ----------
    id : str
        Of the question, and the `grade_id` of its test cell.
    kind : str
        One of `KINDS`.
    name : str
        Of the student's variable or function.
    unit : str
    points : float
    asks : str
        What is asked, in a few words; "" to fill in later.
    within : float
        How far off is accepted, in the unit.
    """

    id: str
    kind: str = "value"
    name: str = "answer"
    unit: str = ""
    points: float = 1.0
    asks: str = ""
    within: float = 0.01

    def values(self) -> dict[str, Any]:
        """Return what the templates fill in."""
        off = f"{self.within:g} {self.unit}".strip()
        accepted = {
            "value": f"Up to {off} off is accepted.",
            "values": f"In any order; each up to {off} off is accepted.",
            "function": f"At each argument, up to {off} off is accepted.",
            "curve": f"At each point, up to {off} off is accepted.",
            "choice": "One of the listed words.",
            "truths": "Each must be right.",
        }
        return {
            **vars(self),
            "tolerance": accepted[self.kind],
            "asks": self.asks or f"{FILL_IN}: what is asked, in a few words",
            "fill_in": FILL_IN,
            "title": self.asks[:1].upper() + self.asks[1:] if self.asks else f"{FILL_IN}: what is asked",
        }


def new_question(assignment: str, wanted: Wanted) -> dict[Path, bytes]:
    """Add a question to an assignment.

    Parameters
    ----------
    assignment : str
    wanted : Wanted

    Returns
    -------
    dict
        File -> its new content; nothing is written.

    Raises
    ------
    InstructorError
        If there is such an id already, or the files are not as they were shipped.
    """
    folder = _place() / assignment
    definition = assignments.load(assignment)
    _check(wanted)
    taken = {question.id for name in assignments.NAMES for question in assignments.load(name).questions}
    path = notebook.source_path(assignment)
    taken |= set(notebook.assignment_cells(assignment))
    if wanted.id in taken:
        raise InstructorError(f"There is a question {wanted.id!r} already. Give the new one another id.")
    statement, reference = folder / "questions.py", folder / "reference.py"
    number = len(definition.questions) + 1
    return {
        statement: _stated(statement, assignment, wanted).encode(),
        reference: _referred(reference.read_text(encoding="utf-8"), wanted).encode(),
        path: _with_cells(path, wanted, number),
    }


def new_assignment(name: str, title: str, first: Wanted) -> dict[Path, bytes]:
    """Make an assignment of one question.

    Parameters
    ----------
    name : str
        A Python identifier.
    title : str
    first : Wanted

    Returns
    -------
    dict
        File -> its content; nothing is written.

    Raises
    ------
    InstructorError
        If there is one of that name, or the name cannot be one.
    """
    folder = _place() / name
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise InstructorError(
            f"An assignment's name is a Python name in small letters, such as cable_equation, not {name!r}."
        )
    if name in assignments.NAMES or folder.exists():
        raise InstructorError(f"There is an assignment {name!r} already. Give the new one another name.")
    _check(first)
    imports, tolerances = KINDS[first.kind]
    values = {"assignment": name, "heading": title, "answers": ", ".join(imports), "tolerances": ", ".join(tolerances)}
    values["reference"] = "reference"
    files = {
        folder / f"{file}.py": _render(f"assignment/{file}", first, **values).encode()
        for file in ("__init__", "questions", "reference")
    }
    files[folder / "samples" / "ada.py"] = b'"""Answered every question as it was meant."""\n'
    source = ROOT / "source" / name / f"{name}.ipynb"
    cells = [_cell(**cell) for cell in json.loads(_render("assignment/cells.json", first, **values))]
    cells[-1:-1] = _cells(first, 1)
    return {**files, source: _file({**_NOTEBOOK, "cells": cells})}


_NOTEBOOK: dict[str, Any] = {
    "cells": [],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}


def _place() -> Path:
    """Return the folder of the assignments, where they can be changed.

    Raises
    ------
    InstructorError
        If the package is installed and is no checkout.
    """
    if FILES != ROOT or own_folder():
        raise InstructorError(
            "Questions are written in a checkout of the package, as their statements lie there. Clone it, and run this command in "
            "its folder after `make venv`."
        )
    return assignments.FOLDER


def _check(wanted: Wanted) -> None:
    for what, name in (("id", wanted.id), ("variable", wanted.name)):
        if not name.isidentifier():
            raise InstructorError(f"The {what} of a question is a Python name, such as steady_voltage, not {name!r}.")
    if wanted.kind not in KINDS:
        raise InstructorError(f"There is no kind {wanted.kind!r}. There are: {', '.join(KINDS)}.")
    notebook.checked_points(wanted.points, wanted.id, "--points")


def _render(template: str, wanted: Wanted, **values: Any) -> str:
    return TEMPLATES.get_template(template).render(**wanted.values(), **values)


def _stated(path: Path, assignment: str, wanted: Wanted) -> str:
    """Return the text of a `questions.py` with one more question, the last, and with what it imports."""
    text = path.read_text(encoding="utf-8")
    names, tolerances = KINDS[wanted.kind]
    module = f"autograder.assignments.{assignment}"
    called = _alias(text, module, "reference")
    statement = indent(_render(f"kinds/{wanted.kind}", wanted, reference=called or "reference"), " " * 8)
    lines = text.splitlines(keepends=True)
    end = _end_of_questions(text, path)
    text = "".join([*lines[: end - 1], statement, *lines[end - 1 :]])
    text = _importing(text, "autograder.answers", names)
    text = _importing(text, "autograder.tolerance", tolerances)
    return text if called else _importing(text, module, ("reference",))


def _referred(text: str, wanted: Wanted) -> str:
    """Return the text of a `reference.py` with a stub for the question."""
    if wanted.kind in _OF_ARRAYS:
        text = _importing(text, "numpy.typing", ("NDArray",))
        text = (
            text
            if "import numpy as np" in text
            else text.replace("from numpy.typing", "import numpy as np\nfrom numpy.typing")
        )
    return text.rstrip("\n") + "\n\n\n" + _render("reference", wanted)


def _end_of_questions(text: str, path: Path) -> int:
    """Return the line on which the tuple of an assignment's questions ends."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Assignment":
            given = [*node.args[2:3], *(keyword.value for keyword in node.keywords if keyword.arg == "questions")]
            if given and isinstance(given[0], ast.Tuple) and given[0].end_lineno:
                return given[0].end_lineno
    raise InstructorError(
        f"{path} has no `Assignment(name, title, (Question(...), ...))`, to which a question could be added."
    )


def _alias(text: str, module: str, name: str) -> str | None:
    """Return by which name a module of this package is known in a text, if it is imported there."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.module == module:
            for alias in node.names:
                if alias.name == name:
                    return alias.asname or alias.name
    return None


def _importing(text: str, module: str, names: tuple[str, ...]) -> str:
    """Return a text that imports the names from a module, in the order in which the linter wants them."""
    if not names:
        return text
    body = ast.parse(text).body
    lines = text.splitlines(keepends=True)
    found = [node for node in body if isinstance(node, ast.ImportFrom)]
    node = next((node for node in found if node.module == module and not any(a.asname for a in node.names)), None)
    known = {alias.name for alias in node.names} if node else set()
    line = _import_line(module, sorted({*known, *names}, key=_place_of_name))
    if node:
        lines[node.lineno - 1 : node.end_lineno] = [line]
    else:
        # Before the next module of this package, and after all others.
        later = [
            node.lineno - 1
            for node in found
            if module < (node.module or "") and (node.module or "").startswith("autograder")
        ]
        lines.insert(later[0] if later else max(node.end_lineno or 0 for node in found), line)
    return "".join(lines)


def _place_of_name(name: str) -> tuple[int, str]:
    """Return where an imported name is sorted: constants, then classes, then functions."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name


def _import_line(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= _WIDTH:
        return f"{line}\n"
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")\n"])


def _with_cells(path: Path, wanted: Wanted, number: int) -> bytes:
    """Return a source notebook with the question's three cells, before the one on handing in."""
    made = json.loads(path.read_text(encoding="utf-8"))
    at = next((i for i, cell in enumerate(made["cells"]) if cell.get("id") == HAND_IN), len(made["cells"]))
    made["cells"][at:at] = _cells(wanted, number)
    return _file(made)


def _cells(wanted: Wanted, number: int) -> list[dict[str, Any]]:
    name = wanted.id.replace("_", "-")
    about = {"locked": False, "schema_version": 3, "solution": False, "task": False, "grade": False}
    solution = {**about, "grade_id": f"{wanted.id}_solution", "solution": True}
    test = {**about, "grade_id": wanted.id, "grade": True, "locked": True, "points": wanted.points}
    return [
        _cell(f"{name}-text", "markdown", _render("question.md", wanted, number=number)),
        _cell(f"{name}-solution", "code", _render(f"solutions/{wanted.kind}", wanted), solution),
        _cell(f"{name}-test", "code", _render("test", wanted), test),
    ]


def _cell(id: str, kind: str, source: str, nbgrader: Mapping[str, Any] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "id": id, "metadata": {"nbgrader": dict(nbgrader)} if nbgrader else {}}
    made |= {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {**made, "source": dedent(source).strip("\n").splitlines(keepends=True)}


def _file(made: Mapping[str, Any]) -> bytes:
    return (json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n").encode()

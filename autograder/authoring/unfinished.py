"""What is still to fill in of questions that `autograder new` has written."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from autograder import assignments, notebook
from autograder.course import ROOT

#: What stands where something is to fill in.
FILL_IN = "FILL IN"


def unfinished(name: str) -> Iterator[str]:
    """Yield what is to fill in of an assignment, a line each: file, place, and what belongs there.

    Parameters
    ----------
    name : str
    """
    folder = assignments.FOLDER / name
    for path in (folder / "reference.py", folder / "questions.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = [(node.lineno, node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        for line, value in sorted(constants, key=lambda found: found[0]):
            if isinstance(value, str) and FILL_IN in value:
                yield f"{_shown(path)}, line {line}: {value}"
    path = notebook.source_path(name)
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for text in "".join(cell["source"]).splitlines():
            if FILL_IN in text:
                yield f"{_shown(path)}, cell {cell.get('id')}: {text[text.index(FILL_IN) :]}"


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path

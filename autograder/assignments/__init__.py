"""The assignments, a folder each, under the name of the library's subpackage: questions, reference, samples."""

from __future__ import annotations

import importlib
from pathlib import Path

from autograder.errors import InstructorError
from autograder.question import Assignment

FOLDER = Path(__file__).parent
NAMES = tuple(sorted(path.parent.name for path in FOLDER.glob("*/questions.py")))


def load(name: str) -> Assignment:
    """Return the assignment of that name.

    Raises
    ------
    InstructorError
        If there is none.
    """
    if name not in NAMES:
        raise InstructorError(f"There is no assignment {name!r}. There are: {', '.join(NAMES)}.")
    assignment: Assignment = importlib.import_module(f"autograder.assignments.{name}.questions").ASSIGNMENT
    return assignment

"""The titles of questions and of free-text answers, as the notebook's headings give them; and what is asked in a text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder import notebook

_HEADING = re.compile(r"^#+ +(.*?)\s*$", re.MULTILINE)
_POINTS = re.compile(r"\s*\([^()]*\{points:[^()]*\)")
#: nbgrader's lines about a solution.
_SOLUTION_MARKERS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)
_PLACE = re.compile(r"\{points:(\w+)\}")
_SCHEME = re.compile(r"^\*\*(?:Mark scheme\*\*|Marks:\*\*).*\Z", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class FreeText:
    """A question that is answered in a text.

    Attributes
    ----------
    id : str
        The `grade_id` of its cell.
    title : str
    asks : str
        What the notebook asks, in Markdown.
    scheme : str
        The model answer with the mark scheme, in Markdown; for those who grade only.
    points : float
    """

    id: str
    title: str
    asks: str
    scheme: str
    points: float


@lru_cache(maxsize=16)
def titles(assignment: str) -> dict[str, str]:
    """Return the title of each question and each free-text answer: `grade_id` -> heading, without points."""
    known = notebook.points_of(assignment)
    found: dict[str, str] = {}
    heading = ""
    for cell in _cells(assignment):
        text = "".join(cell["source"])
        name = notebook.grade_id(cell)
        if cell["cell_type"] == "markdown" and name is None and (headings := _HEADING.findall(text)):
            heading = _POINTS.sub("", headings[-1])
        if name in known.points:
            found[str(name)] = heading or str(name)
        elif name in known.by_hand:
            found[str(name)] = f"{heading} (your text)" if heading else str(name)
    return found


def free_text(assignment: str, question: str) -> FreeText:
    """Return what is to be known of a free-text question of an assignment."""
    known = notebook.points_of(assignment)
    asks = ""
    for cell in _cells(assignment):
        text = "".join(cell["source"])
        if notebook.grade_id(cell) == question:
            break
        if cell["cell_type"] == "markdown":
            asks = text
    worth = {**known.points, **known.by_hand}
    asks = _PLACE.sub(lambda place: f"{worth.get(place[1], 0):g} points", asks)
    return FreeText(
        question, titles(assignment)[question], asks, without_solution_markers(text).strip(), known.by_hand[question]
    )


def without_solution_markers(text: str) -> str:
    """Return a cell's text without the lines by which nbgrader knows its solution."""
    return _SOLUTION_MARKERS.sub("", text)


def model_answer(scheme: str) -> str:
    """Return the model answer of a free-text cell without what the points are given for, which is for those who grade only."""
    return _SCHEME.sub("", scheme).rstrip()


def _cells(assignment: str) -> list[dict[str, Any]]:
    notebook.points_of(assignment)  # says what is wrong with a notebook that cannot be read
    cells: list[dict[str, Any]] = json.loads(notebook.source_path(assignment).read_text(encoding="utf-8"))["cells"]
    return cells

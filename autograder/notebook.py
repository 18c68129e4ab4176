"""Reading a submission: cell sources, and for the place of a question its id; nothing else of it counts.

A submission's metadata never steers the grading: questions, points and cell types come from the assignment's source
notebook, and a cell's tags, a kernel's name or a test cell's code are not looked at.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from textwrap import shorten
from typing import Any, BinaryIO

from autograder.course import FILES, own_folder
from autograder.errors import BadSubmission, InstructorError
from neurodynex import _notebook
from neurodynex._notebook import grade_id as grade_id

MAX_CELLS = 2_000
MAX_SOURCE = 1_000_000
MAX_TEXT = 100_000  # characters of a free-text answer
MAX_POINTS = 1000  # of one cell
POINT_DECIMALS = 4
UNREADABLE = (
    "Some characters of the code could not be read, and stand there as \ufffd: the file is not in UTF-8. "
    "Where that matters, save the notebook in Jupyter and hand it in again."
)
FOREIGN = "The notebook has none of this assignment's cells. Was the notebook of another assignment handed in?"


@dataclass(frozen=True)
class CodeCell:
    """A code cell to run, or the place of a question.

    Attributes
    ----------
    index : int
        Its position among all cells of the submission.
    source : str
    question : str or None
        The question whose answers are read here; such a cell's code is not run.
    assigned : frozenset of str
        Names that the code of a question's test cell would define.
    """

    index: int
    source: str
    question: str | None = None
    assigned: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Submission:
    """A student's notebook, as far as it counts.

    Attributes
    ----------
    cells : tuple of CodeCell
    sha256 : str
        Of the notebook as it was read, without its outputs.
    notes : tuple of str
        What is strange about it, for the result to tell.
    texts : dict
        Id of a free-text answer -> what the student wrote; missing ones are left out.
    """

    cells: tuple[CodeCell, ...]
    sha256: str
    notes: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Points:
    """What the source notebook says of an assignment.

    Attributes
    ----------
    points : dict
        Question id -> points, from the test cells' nbgrader metadata.
    by_hand : dict
        Id of a free-text answer -> points.
    cell_types : dict
        Every `grade_id` -> "code" or "markdown": what a cell of that id is, whatever a submission makes of it.
    """

    points: dict[str, float]
    by_hand: dict[str, float]
    cell_types: dict[str, str]


def source_path(assignment: str) -> Path:
    """Return where the assignment's source notebook lies: in the course's folder, or else with the package."""
    within = Path("source") / assignment / f"{assignment}.ipynb"
    own = own_folder()
    return own / within if own and (own / within).is_file() else FILES / within


@lru_cache(maxsize=16)
def points_of(assignment: str, path: Path | None = None) -> Points:
    """Read the points of an assignment from its source notebook.

    Raises
    ------
    InstructorError
        If the notebook is missing or unreadable, or a cell's points are not a number of points.
    """
    return points_in(assignment_cells(assignment, path), str(path or source_path(assignment)))


def points_in(cells: Mapping[str, Any], place: str) -> Points:
    """Take points and cell types from an assignment's cells.

    Parameters
    ----------
    cells : mapping
        `grade_id` -> cell.
    place : str
        The file that they come from, for messages.

    Raises
    ------
    InstructorError
        If a cell's points are not a number of points.
    """
    automatic: dict[str, float] = {}
    by_hand: dict[str, float] = {}
    cell_types: dict[str, str] = {}
    for name, cell in cells.items():
        meta = cell["metadata"]["nbgrader"]
        cell_types[name] = cell["cell_type"]
        if meta.get("grade"):
            (by_hand if meta.get("solution") else automatic)[name] = checked_points(meta.get("points"), name, place)
    return Points(automatic, by_hand, cell_types)


def checked_points(value: Any, name: str, place: str) -> float:
    """Return the points of a cell.

    Parameters
    ----------
    value : object
        What stands in the cell's nbgrader metadata.
    name : str
        The cell's `grade_id`.
    place : str
        The file, for the message.

    Raises
    ------
    InstructorError
        Unless it is a number from 0 to 1000 of at most four decimals, the finest that a share of a question is rounded to.
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= MAX_POINTS or round(value, POINT_DECIMALS) != value:
        came = "nothing" if value is None else shorten(repr(value), 40)
        raise InstructorError(
            f"{place}: the points of the cell {name!r} must be a number from 0 to {MAX_POINTS} with at most {POINT_DECIMALS} "
            f"decimals, but {came} stands there; set them in nbgrader's Create Assignment toolbar or in the cell's metadata."
        )
    return float(value)


def assignment_cells(assignment: str, path: Path | None = None) -> dict[str, dict[str, Any]]:
    """Return the cells of an assignment's source notebook that have an id of nbgrader's: `grade_id` -> cell.

    Raises
    ------
    InstructorError
        If the notebook is missing or unreadable.
    """
    path = path or source_path(assignment)
    marked = [(meta, cell) for meta, cell in _source_cells(path) if "grade_id" in meta]
    names = [str(meta["grade_id"]) for meta, _ in marked]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise InstructorError(f"{path}: more than one cell has the id {', '.join(doubled)}; ids must differ.")
    return {name: cell for name, (_, cell) in zip(names, marked, strict=True)}


def _source_cells(path: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the cells of a source notebook, each after what nbgrader knows of it."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [(dict(cell["metadata"].get("nbgrader") or {}), cell) for cell in cells]
    except OSError as error:
        raise InstructorError(f"The source notebook {path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InstructorError(
            f"The source notebook {path} is not a notebook: {type(error).__name__}: {error}."
        ) from None


@lru_cache(maxsize=16)
def given_names(assignment: str) -> frozenset[str]:
    """Return the names that an assignment's notebook defines as it is handed out, outside answers and tests.

    Raises
    ------
    InstructorError
        If the notebook is missing or unreadable.
    """
    given = [
        "".join(cell["source"])
        for meta, cell in _source_cells(source_path(assignment))
        if cell["cell_type"] == "code" and not (meta.get("solution") or meta.get("grade"))
    ]
    return frozenset().union(*map(_notebook.assigned, given))


def read(path: Path, attachments: int = 0) -> bytes:
    """Read a submission's file without its outputs, in UTF-8 and in today's format; a link is not followed.

    Parameters
    ----------
    path : Path
    attachments : int
        How many characters of pictures in texts are kept.

    Raises
    ------
    BadSubmission
        If this is no notebook; the message tells the student what it looks like instead.
    """
    try:
        with open_nofollow(path) as file:
            return _notebook.read(file, attachments)
    except OSError as error:
        raise BadSubmission(f"The notebook cannot be opened: {error.strerror}.") from None
    except _notebook.NotReadable as problem:
        raise BadSubmission(str(problem)) from None


def normalised(content: bytes, attachments: int = 0) -> bytes:
    """Return what `read` makes of a file's bytes.

    Raises
    ------
    BadSubmission
    """
    try:
        return _notebook.loads(content, attachments)
    except _notebook.NotReadable as problem:
        raise BadSubmission(str(problem)) from None


def open_nofollow(path: Path) -> BinaryIO:
    """Open a submission's file; a link is not followed, and a pipe does not block."""
    return open(path, "rb", opener=_no_link)


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def digest(content: bytes) -> str:
    """Return the SHA-256 of a submission, as it was read."""
    return hashlib.sha256(content).hexdigest()


def parse_submission(content: bytes, known: Points) -> Submission:
    """Take a submission apart.

    Parameters
    ----------
    content : bytes
        A notebook file, as it is or as `read` returns it.
    known : Points
        The assignment's ids and cell types.

    Raises
    ------
    BadSubmission
        If this is no notebook; the message tells the student what it looks like instead.
    """
    content = normalised(content)
    cells = json.loads(content)["cells"]
    if len(cells) > MAX_CELLS:
        raise BadSubmission(f"The notebook has {len(cells)} cells; up to {MAX_CELLS} can be graded.")
    code = _code_cells(cells, known)
    notes = [] if has_own_cells(cells, known) else [FOREIGN]
    if any("\ufffd" in cell.source for cell in code):
        notes.append(UNREADABLE)
    return Submission(tuple(code), digest(content), (*notes, *_copies(cells, known)), _texts(cells, known))


def has_own_cells(cells: list[Any], known: Points) -> bool:
    """Tell whether one of the cells is of the assignment, by its id."""
    return any(grade_id(cell) in known.cell_types for cell in cells)


def _texts(cells: list[Any], known: Points) -> dict[str, str]:
    """Return the free-text answers. Of a doubled id the last counts, as everywhere."""
    return {str(name): cell["source"][:MAX_TEXT] for cell in cells if (name := grade_id(cell)) in known.by_hand}


def _copies(cells: list[Any], known: Points) -> list[str]:
    """Say of each question whose test cell is there more than once which of them counts."""
    places: dict[str, list[int]] = {}
    for number, cell in enumerate(cells, start=1):
        if (name := grade_id(cell)) in known.points:
            places.setdefault(str(name), []).append(number)
    return [
        f"The test cell of {name} is there {len(numbers)} times: cells {', '.join(map(str, numbers))}. The last one counts, with "
        "what the variables are at its place. Delete the copies that are not meant."
        for name, numbers in places.items()
        if len(numbers) > 1
    ]


def _code_cells(cells: list[Any], known: Points) -> list[CodeCell]:
    return [
        CodeCell(index, "", question, _notebook.assigned(source)) if question else CodeCell(index, source[:MAX_SOURCE])
        for index, question, source in _notebook.counting(cells, known.points, known.cell_types)
    ]

"""Students' pages as a zip file that a platform takes back: each named by what its student had handed in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from autograder import assignments
from autograder.errors import InstructorError
from autograder.platforms.tree import RECORDS

ENDINGS = (".html", ".md")
PLATFORMS = ("canvas", "moodle")
#: Pages of the report that are no student's.
NO_STUDENTS = ("index", *assignments.NAMES)
#: In the names of what Moodle hands out.
MARK = "_assignsubmission_"
_STAMP = (2000, 1, 1, 0, 0, 0)  # the same pages make the same file


def pack_feedback(
    folder: Path, trees: Iterable[Path], platform: str, assignment: str, key: Callable[[str], str]
) -> tuple[bytes, int, list[str]]:
    """Return the zip file, how many pages it holds, and what to look at.

    Parameters
    ----------
    folder : Path
        With `<student>.html` or `<student>.md`, or with `<student>/<assignment>.html` as in the report.
    trees : iterable of Path
        Trees that `collect` or `grade` have filled, whose records tell the names.
    platform : str
        "canvas" or "moodle".
    assignment : str
    key : callable
        Returns the form of a student's id that counts.

    Raises
    ------
    InstructorError
        If the platform takes none, or if there is nothing to pack.
    """
    if platform not in PLATFORMS:
        raise InstructorError(f"{platform} takes no feedback files back; {' and '.join(PLATFORMS)} do.")
    pages = _pages(folder, assignment, key)
    if not pages:
        raise InstructorError(
            f"There is no page of a student in {folder}. Expected <student>.html, <student>.md, or <student>/{assignment}.html as "
            "`grade` writes them to <grades>/report/students."
        )
    named: dict[str, bytes] = {}
    used: set[str] = set()
    for record in _records(trees, platform, assignment):
        student = key(str(record["student"]))
        if page := pages.get(student):
            used.add(student)
            named.setdefault(_name(platform, str(record["source"][0]), page.suffix), page.read_bytes())
    if not named:
        raise InstructorError(
            f"No page in {folder} is of a student whose submission of {assignment} was collected from {platform.title()}. Name the tree with "
            "--submitted."
        )
    left = sorted(page.name for student, page in pages.items() if student not in used)
    notes = (
        [f"Not collected from {platform.title()}, so that their pages are left out: {', '.join(left)}."] if left else []
    )
    return _zip(named), len(named), notes


def _pages(folder: Path, assignment: str, key: Callable[[str], str]) -> dict[str, Path]:
    """Return the pages: student -> file, HTML where there is a choice."""
    found: dict[str, Path] = {}
    for place in (folder, folder / "students"):
        for ending in ENDINGS:
            named = [(page.parent.name, page) for page in place.glob(f"*/{assignment}{ending}")]
            named += [(page.stem, page) for page in place.glob(f"*{ending}")]
            for student, page in sorted(named):
                if page.is_file() and not page.is_symlink() and student not in NO_STUDENTS:
                    found.setdefault(key(student), page)
    return found


def _records(trees: Iterable[Path], platform: str, assignment: str) -> Iterator[Mapping[str, Any]]:
    for tree in trees:
        for path in sorted((tree / RECORDS).glob(f"*/{assignment}/record.json")):
            try:
                record = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(record, dict) and record.get("platform") == platform and record.get("source"):
                yield record


def _name(platform: str, source: str, ending: str) -> str:
    """Return what a platform knows a page by: the name of what was handed in, with the ending of the page.

    Canvas reads the numbers in a file's name, Moodle the folder's name, or what stands there in its place.
    """
    place = PurePosixPath(source)
    if platform == "canvas":
        return f"{place.stem}{ending}"
    part = next((part for part in place.parts if MARK in part), place.parts[0])
    if part != place.name:
        return f"{part}/feedback{ending}"
    head, mark, _ = part.partition(f"{MARK}file_")
    return f"{head}{mark}feedback{ending}"


def _zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()

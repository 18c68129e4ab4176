"""Files that are handed in beside the notebook, which its cells import or read: an edited `HH.py`, a module, small data.

Which files are put beside the notebook in the sandbox is decided here, for every route: by kind, name and size. No link is followed. A module
with the name of one that a notebook can import anyway is refused: it would hide that one, in the student's cells and perhaps elsewhere.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO

from packaging.requirements import InvalidRequirement, Requirement

from autograder import elsewhere, hand_in, notebook, zipped
from autograder.course import Course
from autograder.errors import BadSubmission
from autograder.extra_files import ExtraFiles
from autograder.hand_in import HandIn

SUFFIXES = (".py", ".csv", ".txt", ".npy")
MAX_FILES = 100
MAX_DEPTH = 3
MAX_SEEN = 2_000
MAX_NAMED = 5
# How many times as much as is allowed is read to find out, of a zip file that unpacks to very much for instance.
_READ = 10
# What Jupyter, nbgrader and our own student.zip lay there.
_NOT_THEIRS = re.compile(r"timestamp\.txt|tests/.*|.*\.removed\.txt")
_PLAIN = re.compile(r"[\w][\w .()+-]{0,80}")
_OURS = ("autograder", "neurodynex", "sandbox_runner", "sitecustomize", "usercustomize")


def find_extra_files(found: HandIn, course: Course, content: bytes = b"") -> ExtraFiles:
    """Return the files beside the notebook of a hand-in.

    Parameters
    ----------
    found : HandIn
    course : Course
        Says how much there may be, and what notebooks can import.
    content : bytes
        The notebook: of files of other kinds, those whose names stand in it are named.
    """
    most = course.grading.files_mb * 1_000_000
    if found.problem or not found.has_extra_files or not most:
        return ExtraFiles()
    with ExitStack() as stack:
        entries = _in_zip(found, stack) if found.member else _in_folder(found.path.parent)
        return _chosen(sorted(islice(entries, MAX_SEEN), key=lambda entry: entry.name), most, course, content)


def _chosen(entries: Sequence[_Entry], most: float, course: Course, content: bytes) -> ExtraFiles:
    files: dict[str, bytes] = {}
    refused: dict[str, str] = {}
    too_much = f"there are {course.grading.files_mb:g} MB at most, in all"
    left, to_read = most, _READ * most
    for entry in entries:
        problem = _problem(entry, course) or _clash(entry.name, files)
        if problem == _OTHER_KIND and PurePosixPath(entry.name).name.encode() not in content:
            continue  # what the notebook does not ask for need not be reported
        if problem is None and len(files) >= MAX_FILES:
            problem = f"there are {MAX_FILES} at most"
        if problem is None and to_read <= 0:
            problem = too_much
        if problem is None:
            try:
                data = _content(entry, left)
                to_read -= len(data)
                if len(data) > left:
                    problem = too_much
            except (OSError, BadSubmission) as why:
                problem = f"it cannot be read ({getattr(why, 'strerror', None) or why})".replace(".)", ")")
        if problem is None:
            left -= len(data)
            files[entry.name] = data
        else:
            refused[entry.name] = problem
    return ExtraFiles(files, _notes(refused))


@dataclass(frozen=True)
class _Entry:
    """Something beside the notebook; `is_link` where it is no regular file."""

    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    is_link: bool = False


def _in_folder(folder: Path) -> Iterator[_Entry]:
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not hand_in.is_left_behind(name))
        linked = [name for name in folders if os.path.islink(os.path.join(top, name))]
        for name in [*linked, *sorted(names)]:
            path = Path(top) / name
            if not hand_in.is_left_behind(name):
                within = path.relative_to(folder).as_posix()
                yield _Entry(within, lambda path=path: notebook.open_nofollow(path), not _is_regular(path))  # type: ignore[misc]


def _in_zip(found: HandIn, stack: ExitStack) -> Iterator[_Entry]:
    folder = PurePosixPath(str(found.member)).parent
    try:
        archive = stack.enter_context(zipped.archive(found.path))
    except zipped.BAD:
        return
    for info in archive.infolist():
        place = PurePosixPath(info.filename)
        left_behind = any(map(hand_in.is_left_behind, place.parts))
        if info.is_dir() or "\\" in info.filename or left_behind or not place.is_relative_to(folder):
            continue
        within, is_link = place.relative_to(folder).as_posix(), stat.S_ISLNK(info.external_attr >> 16)
        yield _Entry(within, lambda info=info: zipped.read_from(archive, info), is_link)  # type: ignore[misc]


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


_OTHER_KIND = f"only {', '.join(SUFFIXES[:-1])} and {SUFFIXES[-1]} are"


def _problem(entry: _Entry, course: Course) -> str | None:
    """Return why a file is not put beside the notebook; None if it may be."""
    place = PurePosixPath(entry.name)
    if place.suffix == ".ipynb" or _NOT_THEIRS.fullmatch(entry.name):
        return _OTHER_KIND
    if place.suffix.lower() not in SUFFIXES:
        return _OTHER_KIND
    if entry.is_link:
        return "it is a link; links are not followed"
    if len(place.parts) > MAX_DEPTH or not all(_PLAIN.fullmatch(part) and part.isprintable() for part in place.parts):
        return "its name has other signs than letters, digits, blanks and ._-+(), or too many folders"
    module = place.parts[0].partition(".")[0]
    if place.suffix.lower() == ".py" and module in importable(tuple(course.grading.packages)):
        return f"it would hide the module {module} that notebooks can import. Give it another name"
    return None


def _clash(name: str, files: Mapping[str, bytes]) -> str | None:
    """Tell whether a file of a zip has the name of a folder in it."""
    if any(str(parent) in files for parent in PurePosixPath(name).parents):
        return "there is a file with the name of its folder"
    return None


def _content(entry: _Entry, most: float) -> bytes:
    """Return a file's content, or so much of it that it is clear that it is too much."""
    with entry.open() as file:
        return file.read(int(most) + 1)


def _notes(refused: Mapping[str, str]) -> tuple[str, ...]:
    sentences = [
        f"{hand_in.printable_name(name)} is not beside the notebook where it is graded: {why}."
        for name, why in refused.items()
    ]
    more = len(sentences) - MAX_NAMED
    return (*sentences[:MAX_NAMED], *([f"So are {more} more files."] if more > 0 else []))


@lru_cache(maxsize=8)
def importable(packages: Sequence[str]) -> frozenset[str]:
    """Return the names of the modules that a notebook can import wherever it is graded, and of ours.

    Parameters
    ----------
    packages : tuple of str
        Those that the course adds.
    """
    wanted = [name for name in elsewhere.PACKAGES if name != "neurodynex"] + [
        "numba",
        *map(elsewhere.distribution_name, packages),
    ]
    known: set[str] = set()
    while wanted:
        name = wanted.pop().lower().replace("_", "-")
        if name in known:
            continue
        known.add(name)
        wanted += _required(name)
    tops = metadata.packages_distributions()
    installed = {
        top for top, owners in tops.items() if any(owner.lower().replace("_", "-") in known for owner in owners)
    }
    return frozenset({*sys.stdlib_module_names, *_OURS, *installed, "setuptools", "pkg_resources"})


def _required(package: str) -> Iterator[str]:
    try:
        lines = metadata.requires(package) or ()
    except metadata.PackageNotFoundError:
        return
    for line in lines:
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name

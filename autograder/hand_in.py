"""Which file of what was handed in is the notebook: one rule, on every route.

1. `<assignment>.ipynb` at the top of the folder.
2. Else, of all files that are notebooks by their content and hold cells of this assignment, whatever their names, in folders and
   zip files too: the only one named `<assignment>.ipynb`, else the only one.
3. Else the only notebook, which is another assignment's.

Otherwise it is refused, and what is there is named. What a system or Jupyter leaves behind (`._name`, `__MACOSX`,
`.ipynb_checkpoints`) does not count, and no link is followed.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

from autograder import assignments, notebook, zipped
from autograder.errors import BadSubmission
from neurodynex import _needed_json, _notebook

MAX_FILES = 2_000  # that are looked at; a course's data files are a few dozen
MAX_BYTES = 2_000_000_000  # of all that are read to find the notebook
MAX_NOTEBOOKS = 100
MAX_NAMED = 20
HEAD = 256


@dataclass(frozen=True)
class HandIn:
    """The notebook of a submission.

    Attributes
    ----------
    path : Path
        Its file, the zip file that it is in, or where it should have been.
    member : str or None
        Its name in the zip file.
    problem : str or None
        Why none was chosen.
    note : str or None
        What the result should say of the choice.
    has_extra_files : bool
        Whether the files beside it were handed in, too. Beside a single file that somebody points at may lie anything.
    """

    path: Path
    member: str | None = None
    problem: str | None = None
    note: str | None = None
    has_extra_files: bool = True

    def read(self, attachments: int = 0) -> bytes:
        """Return the notebook as `notebook.read` does.

        Raises
        ------
        BadSubmission
            If none was chosen, or if it cannot be read.
        """
        if self.problem:
            raise BadSubmission(self.problem)
        if self.member is None:
            return notebook.read(self.path, attachments)
        try:
            with zipped.open_member(self.path, self.member) as file:
                return _notebook.read(file, attachments)
        except _notebook.NotReadable as problem:
            raise BadSubmission(
                f"{printable_name(self.member)} in {printable_name(self.path.name)}: {problem}"
            ) from None


@dataclass(frozen=True)
class _File:
    """A file that was handed in; `name` is where it lies, below the folder and in the zip file."""

    name: str
    path: Path
    member: str | None = None
    head: bytes = b""

    @property
    def last_name(self) -> str:
        return PurePosixPath(self.name).name

    def open(self) -> AbstractContextManager[IO[bytes]]:
        return notebook.open_nofollow(self.path) if self.member is None else zipped.open_member(self.path, self.member)


def find_notebook(place: Path, assignment: str) -> HandIn:
    """Find the notebook in what was handed in.

    Parameters
    ----------
    place : Path
        The folder that was handed in, or the file.
    assignment : str
    """
    if not place.is_dir():
        if _is_file(place) and _head(_File(place.name, place)).startswith(zipped.MAGIC):
            return _chosen(place, place.parent, list(_in_zip(place, place.name)), assignment)
        return HandIn(place, has_extra_files=place.parent.name == assignment)
    wanted = place / f"{assignment}.ipynb"
    if _is_file(wanted) and not _head(_File(wanted.name, wanted)).startswith(zipped.MAGIC):
        others = [name for name in _names(place) if name != wanted.name and name.lower().endswith(".ipynb")]
        note = f"{wanted.name} was graded. Beside it lies, not looked at: {_listed(others)}." if others else None
        return HandIn(wanted, note=note)
    return _chosen(wanted, place, list(islice(_in_folder(place), MAX_FILES)), assignment)


def assignments_of(path: Path) -> list[str]:
    """Return the assignments whose cells are in a hand-in: a notebook, a zip file, or a folder."""
    if path.is_dir() and not path.is_symlink():
        return _assignments_in(list(islice(_in_folder(path), MAX_FILES)))
    if not _is_file(path):
        return []
    file = _File(path.name, path)
    file = replace(file, head=_head(file))
    files = list(_in_zip(path, path.name)) if file.head.startswith(zipped.MAGIC) else [file]
    return _assignments_in(files)


def _assignments_in(files: list[_File]) -> list[str]:
    held = [cells for _, cells in _notebooks(files)]
    known = {name: notebook.points_of(name) for name in assignments.NAMES}
    return [name for name in known if any(notebook.has_own_cells(cells, known[name]) for cells in held)]


def _chosen(wanted: Path, folder: Path, files: list[_File], assignment: str) -> HandIn:
    own, foreign = _own_and_foreign(files, assignment)
    named = [file for file in own if file.last_name == f"{assignment}.ipynb"]
    # Where there is no notebook at all, reading the only file that is named like one tells why.
    called = [file for file in files if file.name.lower().endswith(".ipynb")] if not own and not foreign else []
    for few in (named, own, [] if own else foreign, called):
        if len(few) == 1:
            return HandIn(few[0].path, few[0].member)
    if not files and os.path.lexists(wanted):
        what = "a link; links are not followed" if wanted.is_symlink() else "no regular file"
        return HandIn(wanted, problem=f"The notebook cannot be opened: {wanted.name} is {what}.")
    return HandIn(wanted, problem=_refusal(folder, f"{assignment}.ipynb", files, own, foreign))


def _refusal(folder: Path, name: str, files: list[_File], own: list[_File], foreign: list[_File]) -> str:
    """Return why there is no notebook to grade, and what is there."""
    if own:
        there = _listed(file.name for file in own)
        return f"The submission holds {len(own)} notebooks of this assignment, and none is named {name}. There are {there}. Hand in one only."
    if foreign:
        there = _listed(file.name for file in foreign)
        return f"The submission holds no notebook with cells of this assignment. There are {there}. Hand in {name}."
    found = [file.name for file in files] or [entry for entry in _names(folder) if not entry.startswith(".")]
    there = f"There are {_listed(found)}." if found else "There is nothing else."
    packed = any(file.head.startswith(zipped.MAGIC) for file in files)
    what_to_do = f"Hand in {name} itself, as it is saved in Jupyter{', not packed' if packed else ''}."
    return f"The submission holds no file {name}. There is no notebook at all. {there} {what_to_do}"


def _own_and_foreign(files: list[_File], assignment: str) -> tuple[list[_File], list[_File]]:
    """Return the files that are notebooks with cells of the assignment, and those that are other notebooks."""
    known = notebook.points_of(assignment)
    own, foreign = list[_File](), list[_File]()
    for file, cells in _notebooks(files):
        (own if notebook.has_own_cells(cells, known) else foreign).append(file)
    return own, foreign


def _notebooks(files: list[_File]) -> Iterator[tuple[_File, list[Any]]]:
    """Yield the files that are notebooks, with their cells."""
    budget = _Budget(MAX_BYTES)
    for file in [file for file in files if _may_be_a_notebook(file.head)][:MAX_NOTEBOOKS]:
        try:
            with file.open() as opened:
                cells = json.loads(_notebook.read(budget.of(opened)))["cells"]
        except (OSError, BadSubmission, _notebook.NotReadable):
            continue
        yield file, cells


def _may_be_a_notebook(head: bytes) -> bool:
    """Tell by its beginning whether a file may hold a map of JSON, in any encoding."""
    name, mark = _needed_json.encoding(head)
    return head[mark:].decode(name, "replace").lstrip("\ufeff \t\r\n").startswith("{")


def _in_folder(folder: Path) -> Iterator[_File]:
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_left_behind(name))
        for name in sorted(names):
            path = Path(top) / name
            if is_left_behind(name) or not _is_file(path):
                continue
            file = _File(path.relative_to(folder).as_posix(), path)
            file = replace(file, head=_head(file))
            yield file
            if file.head.startswith(zipped.MAGIC):
                yield from _in_zip(path, file.name)


def _in_zip(path: Path, name: str) -> Iterator[_File]:
    for member in islice(zipped.members(path), MAX_FILES):
        within = member.replace("\\", "/")
        if not any(map(is_left_behind, PurePosixPath(within).parts)):
            file = _File(f"{name}/{within}", path, member)
            yield replace(file, head=_head(file))


class _Budget:
    """How many bytes may still be read of a submission's files together."""

    def __init__(self, left: int) -> None:
        self.left = left

    def of(self, file: IO[bytes]) -> _notebook.Readable:
        self.file = file
        return self

    def read(self, size: int, /) -> bytes:
        piece = self.file.read(size)
        self.left -= len(piece)
        if self.left < 0:
            raise _notebook.NotReadable("Too much was handed in.")
        return piece


def _head(file: _File) -> bytes:
    try:
        with file.open() as opened:
            return opened.read(HEAD)
    except (OSError, BadSubmission):
        return b""


def _is_file(path: Path) -> bool:
    """Tell whether there is a regular file, not a link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def is_left_behind(name: str) -> bool:
    """Tell whether a file or folder is one that a system or Jupyter leaves behind."""
    return (name.startswith(".") and name != "..") or name == "__MACOSX"


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(folder) if not is_left_behind(entry.name))
    except OSError:
        return []


def printable_name(name: str) -> str:
    """Return a file's name as text that can be printed, whatever it is made of."""
    # Bytes that are no UTF-8 come as halves of characters, which are not printable either.
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in name[:200])


def _listed(names: Iterable[str]) -> str:
    known = [printable_name(name) for name in names]
    more = len(known) - MAX_NAMED
    return ", ".join(known[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")

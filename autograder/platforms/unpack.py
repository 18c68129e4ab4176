"""What lies in a platform's export, a zip file or a folder, that anybody may have filled.

Paths in it are read for what they tell, and never written to: a file leaves the export under a name that is checked here.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from autograder import hand_in, notebook, zipped
from autograder.errors import BadSubmission, InstructorError
from autograder.platforms.people import Sender

MAX_FILES = 50_000
MAX_FILE = 1_000_000_000  # bytes of a file, as of a notebook
MAX_BYTES = 50_000_000_000  # of all files of an export
MAX_CONTENTS = 50_000_000  # bytes of a zip file's list of contents
#: Text shrinks to a tenth, pictures hardly; what shrinks more than this and is large was made to fill a disk.
MAX_RATIO, RATIO_COUNTS_FROM = 150, 20_000_000
MAX_NAME = 255  # bytes
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class File:
    """A file of an export.

    Attributes
    ----------
    name : str
        Its path in the export, with `/`.
    size : int
        In bytes, as the export says.
    open : callable
        Opens it for reading.
    """

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]] = field(repr=False, compare=False)

    def read(self, most: int) -> bytes:
        """Return its bytes.

        Raises
        ------
        InstructorError
            If there are more than `most`.
        """
        try:
            with self.open() as file:
                content = file.read(most + 1)
        except (BadSubmission, OSError) as problem:
            raise InstructorError(
                f"{hand_in.printable_name(self.name)} in the export cannot be read: {problem}"
            ) from None
        if len(content) > most:
            raise InstructorError(f"{hand_in.printable_name(self.name)} in the export has more than {most:,} bytes.")
        return content

    def copy(self, to: Path) -> None:
        """Write its bytes to a new file.

        Raises
        ------
        BadSubmission
            If it cannot be read, or is longer than the export says.
        """
        left = min(self.size, MAX_FILE)
        with self.open() as file, to.open("xb") as copied:
            while piece := file.read(1 << 20):
                left -= len(piece)
                if left < 0:
                    raise BadSubmission("it is longer than the zip file says")
                copied.write(piece)


@dataclass(frozen=True)
class Handed:
    """One submission, as it was handed in.

    Attributes
    ----------
    senders : tuple of Sender
        Several for a group.
    files : dict
        Path in the submission -> file.
    when : datetime or None
        In UTC, where the platform tells.
    number : int
        Orders the submissions of a person where no time does.
    late : bool
        Whether the platform calls it late.
    """

    senders: tuple[Sender, ...]
    files: dict[str, File]
    when: datetime | None = None
    number: int = 0
    late: bool = False

    @property
    def order(self) -> tuple[float, int]:
        """Return by what the latest is found."""
        return (self.when.timestamp() if self.when else 0.0, self.number)


@dataclass
class Reading:
    """What a platform's module made of an export.

    Attributes
    ----------
    handed : list of Handed
    refused : dict
        Path -> why it is not taken.
    """

    handed: list[Handed] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass
class ExportFiles:
    """The files of an export, and what of it is refused."""

    files: list[File] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    _bytes: int = 0
    _seen: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        """Return the files' paths."""
        return [file.name for file in self.files]

    def add(self, file: File, problem: str | None = None) -> None:
        """Take a file, unless it is refused or left behind by a system."""
        parts = file.name.split("/")
        if any(map(hand_in.is_left_behind, parts)):
            return
        problem = problem or self._problem(file, parts)
        if problem:
            self.refused[file.name] = problem
        else:
            self.files.append(file)
            self._seen.add(file.name)
            self._bytes += file.size

    def _problem(self, file: File, parts: list[str]) -> str | None:
        if "" in parts or "." in parts or ".." in parts or _DRIVE.match(parts[0]):
            return "its path leads out of the export"
        if any(len(part.encode("utf-8", "replace")) > MAX_NAME for part in parts):
            return "its name is too long for a file"
        if any(ord(sign) < 32 or ord(sign) == 127 for sign in file.name):
            return "its name holds control characters"
        if file.name in self._seen:
            return "there are two files of this name; the first was read"
        if file.size > MAX_FILE:
            return f"it has more than {MAX_FILE:,} bytes"
        if len(self.files) >= MAX_FILES or self._bytes + file.size > MAX_BYTES:
            return "the export holds too much before it"
        return None


@contextmanager
def open_export(export: Path) -> Iterator[ExportFiles]:
    """Open an export; its files can be read until the end of the block.

    Raises
    ------
    InstructorError
        If there is no such folder or zip file.
    """
    if export.is_dir():
        yield _in_folder(export)
        return
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(zipped.archive(export, MAX_CONTENTS))
        except FileNotFoundError:
            raise InstructorError(
                f"There is no export at {export}. Expected a zip file, or the folder that was in it."
            ) from None
        except zipped.BAD as problem:
            raise InstructorError(
                f"{export} cannot be read as a zip file ({problem}). Expected the export as the platform gave it, or its folder."
            ) from None
        yield _in_zip(archive)


def _in_zip(archive: zipfile.ZipFile) -> ExportFiles:
    contents = ExportFiles()
    for info in archive.infolist():
        if not info.is_dir():
            name = info.filename.replace("\\", "/")
            contents.add(File(name, info.file_size, partial(zipped.read_from, archive, info)), _zip_problem(info))
    return contents


def _zip_problem(info: zipfile.ZipInfo) -> str | None:
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) and (problem := _kind_problem(mode)):  # not every system tells
        return problem
    if info.flag_bits & 1:
        return "is encrypted"
    if info.file_size > RATIO_COUNTS_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"is a zip bomb: {info.compress_size:,} bytes that become {info.file_size:,}"
    return None


def _kind_problem(mode: int) -> str | None:
    if stat.S_ISLNK(mode):
        return "is a link; links are not followed"
    return None if stat.S_ISREG(mode) else "is no regular file"


def _in_folder(folder: Path) -> ExportFiles:
    contents = ExportFiles()
    for top, folders, names in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(top, name))]
        folders[:] = sorted(set(folders) - set(links))
        for name in sorted([*names, *links]):
            path = Path(top) / name
            within = path.relative_to(folder).as_posix()
            status = path.lstat()
            file = File(within, status.st_size, partial(notebook.open_nofollow, path))
            contents.add(file, _kind_problem(status.st_mode))
    return contents

"""Reading what lies in a zip file that anybody may have made.

Nothing is unpacked to the disk, so that names with `..`, absolute ones and links lead nowhere; what comes out is read in pieces by a
reader that counts, so that a bomb ends at its bound.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from autograder import notebook
from autograder.errors import BadSubmission
from neurodynex._notebook import NotReadable

MAGIC = b"PK\x03\x04"
MAX_CONTENTS = 2_000_000  # bytes of a zip file's list of contents: twenty thousand files
WHERE = "The zip file that was handed in cannot be read"
#: What zipfile raises for what anybody may write.
BAD = (
    *(zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError),
    *(ValueError, KeyError, IndexError, NotImplementedError, RuntimeError),
)


def members(path: Path) -> Iterator[str]:
    """Yield the names of the files in a zip file; of none if it cannot be read. Folders and links are left out."""
    try:
        with archive(path) as opened_file:
            found = opened_file.infolist()
    except BAD:
        return
    for member in found:
        if not member.is_dir() and not stat.S_ISLNK(member.external_attr >> 16):
            yield member.filename


@contextmanager
def archive(path: Path, most: int | None = None) -> Iterator[zipfile.ZipFile]:
    """Open a zip file whose list of contents has `most` bytes at the most (by default those of a hand-in); a link is not followed."""
    with notebook.open_nofollow(path) as file, zipfile.ZipFile(_Short(file, most or MAX_CONTENTS)) as found:
        yield found


@contextmanager
def open_member(path: Path, member: str) -> Iterator[IO[bytes]]:
    """Open a file in a zip file.

    Raises
    ------
    BadSubmission
        If it is not packed as a zip file of an operating system is, encrypted for instance.
    """
    with _bad_submissions(), archive(path) as found, read_from(found, found.getinfo(member)) as file:
        yield file


@contextmanager
def read_from(found: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """Open a file of a zip file that is open; raises what `opened` raises."""
    with _bad_submissions():
        if info.flag_bits & 1:
            raise BadSubmission(f"{WHERE}: it is encrypted.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadSubmission(f"{WHERE}: it is packed in an unusual way. Make it with your system's own command.")
        with found.open(info) as file:
            yield file


@contextmanager
def _bad_submissions() -> Iterator[None]:
    try:
        yield
    except NotReadable:  # of what is in the file
        raise
    except BAD as error:
        raise BadSubmission(f"{WHERE}: {type(error).__name__}.") from None


class _Short:
    """A file of which nobody reads much at once: a zip file's list of contents is read in one piece, which fills the memory."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.file, self.most = file, most
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(self.most + 1 if size < 0 else min(size, self.most + 1))
        if len(piece) > self.most:
            raise zipfile.BadZipFile("its list of contents is too long")
        return piece

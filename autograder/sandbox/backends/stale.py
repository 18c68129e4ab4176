"""Removes what sandboxes have left whose grader was killed, and so could not clean up itself.

A grader holds a lock on the folder of each of its sandboxes, which the system releases however the grader ends.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

from ..locks import lock
from .other_uid import wipe
from .root import end_processes_of
from .staging import HOMES, PREFIX


def remove() -> None:
    """Remove all folders of sandboxes without a grader, and end what still runs as a user of such a sandbox."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # somebody else's, a link, or gone since
            _remove_unheld(folder)


def _remove_unheld(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            return
        lock(descriptor)
        for user in _users(descriptor) - {os.geteuid()}:
            end_processes_of(user)
            wipe(user)
        subprocess.run(["rm", "-rf", "--", str(folder)], stderr=subprocess.DEVNULL, check=False)
    finally:
        os.close(descriptor)


def _users(folder: int) -> set[int]:
    """Return whose homes there are in the folder of a sandbox, or of a process that was forked for many."""
    found = set()
    with contextlib.suppress(FileNotFoundError):
        found.add(os.stat("home", dir_fd=folder, follow_symlinks=False).st_uid)
    with contextlib.suppress(FileNotFoundError):
        homes = os.open(HOMES, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
        try:
            found |= {os.stat(name, dir_fd=homes, follow_symlinks=False).st_uid for name in os.listdir(homes)}
        finally:
            os.close(homes)
    return found

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
from .staging import PREFIX


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
        with contextlib.suppress(FileNotFoundError):
            user = os.stat("home", dir_fd=descriptor, follow_symlinks=False).st_uid
            if user != os.geteuid():
                end_processes_of(user)
                wipe(user)
        subprocess.run(["rm", "-rf", "--", str(folder)], stderr=subprocess.DEVNULL, check=False)
    finally:
        os.close(descriptor)

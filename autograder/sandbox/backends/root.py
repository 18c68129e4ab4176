"""What root does for a sandbox: choose a user for it, become that user in `launch.py`, and end all of its processes."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

_SCRIPT = Path(__file__).parents[1] / "runner" / "launch.py"
#: Users of a sandbox are taken from the top part of what the system knows; services and people live below.
_FIRST_UID, _LAST_UID = 200_000, 2_000_000_000
_RANDOM = random.SystemRandom()


def free_uid() -> int:
    """Return a user id that nobody has: neither in ``/etc/passwd``, nor a running process."""
    lowest, highest = _mapped_uids()
    while True:
        uid = _RANDOM.randint(lowest, highest)
        if not processes_of(uid) and not _has_name(uid):
            return uid


def _mapped_uids() -> tuple[int, int]:
    """Return the range of user ids that exist here; a container may have no more than 65536 of them."""
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        first, _, count = map(int, line.split())
        lowest, highest = max(first, _FIRST_UID), min(first + count - 1, _LAST_UID)
        if highest - lowest >= 10_000:
            return lowest, highest
    return 20_000, 60_000


def _has_name(uid: int) -> bool:
    import pwd

    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def launch(
    command: Sequence[str],
    environment: Mapping[str, str],
    uid: int | None,
    *,
    folder: Path = Path("/"),
    expose: Sequence[Path] = (),
    program: bytes | None = None,
    readable: Sequence[Path] | None = None,
    writable: Sequence[Path] = (),
) -> list[str]:
    """Return the command line that carries out `launch.main` with this plan."""
    plan: dict[str, Any] = {
        "command": list(command),
        "environment": dict(environment),
        "uid": uid,
        "folder": str(folder),
        "expose": list(map(str, expose)),
        "filter": program.hex() if program is not None else None,
        "readable": list(map(str, readable)) if readable is not None else None,
        "writable": list(map(str, writable)),
    }
    return [sys.executable, "-I", "-S", str(_SCRIPT), json.dumps(plan, allow_nan=False)]


def processes_of(uid: int) -> list[psutil.Process]:
    """Return every process that runs as a user, in whatever session or parentage."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if uid in process.uids():
                found.append(process)
    return found


def _living(uid: int) -> list[psutil.Process]:
    found = []
    for process in processes_of(uid):
        with contextlib.suppress(psutil.Error):  # it has ended since
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def end_processes_of(uid: int, patience: float = 10.0) -> None:
    """Kill a user's processes until there are none.

    Raises
    ------
    RuntimeError
        If some are still there after so many seconds.
    """
    deadline = time.monotonic() + patience
    while living := _living(uid):
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(living)} processes of user {uid} cannot be killed")
        # One call for all of them, which a process that forks cannot outrun; as that user it can hit nobody else.
        subprocess.run(
            ["/bin/sh", "-c", "kill -KILL -1"], user=uid, group=uid, extra_groups=[], cwd="/", env={}, check=False
        )
        for process in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        time.sleep(0.01)

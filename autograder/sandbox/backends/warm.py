"""Sandboxes by forks of a process that has imported what students use; see `autograder.sandbox.runner.warm`.

Such a process is started once for each backend and set of packages, and serves all submissions of this grader. No student code
ever runs in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import util
from pathlib import Path
from typing import IO, Any

from ..runner.warm import FORK, HERE, READY
from .base import NotWarm, keep_open

#: How long it may take to import everything, on a machine that does other things as well.
_START_SECONDS = 90.0
_FORK_SECONDS = 30.0
_COMPLAINTS = 4000
_CREDENTIALS = struct.Struct("3i")


@dataclass
class Forked:
    """The process of a fork, with what `autograder.sandbox.session` uses of a `subprocess.Popen`."""

    pid: int
    handle: int
    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    stderr: IO[bytes] | None

    def kill(self) -> None:
        """End it; where it is the first process of a namespace, everything in there ends with it."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def wait(self) -> None:
        """Wait until it has ended."""
        if self.handle >= 0:
            select.select([self.handle], [], [])
            os.close(self.handle)
            self.handle = -1


class Warm:
    """The process and the socket to it.

    Parameters
    ----------
    spawn : callable
        Called with the descriptor of the socket that the process gets; starts it.
    cleanup : contextlib.ExitStack
        What to undo when it has ended.
    top : Path
        The folder that was laid out for it.
    """

    state: object = None

    def __init__(
        self, spawn: Callable[[int], subprocess.Popen[bytes]], cleanup: contextlib.ExitStack, top: Path
    ) -> None:
        self.top = top
        self.owner = os.getpid()
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # The kernel says which process, as this one knows it, a message comes from.
        self.control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        try:
            with theirs:
                self.process = spawn(theirs.fileno())
            keep_open(self)
            self.finalizer = util.Finalize(self, _end, (self.process, self.owner, cleanup), exitpriority=10)
            self._receive(READY, _START_SECONDS)
        except BaseException:
            self.close()
            raise

    def _receive(self, expected: bytes, seconds: float) -> int:
        """Wait for a message; return the id of the process that sent it."""
        self.control.settimeout(seconds)
        try:
            message, extra, *_ = self.control.recvmsg(64, socket.CMSG_SPACE(_CREDENTIALS.size))
        except OSError as problem:
            raise NotWarm(f"the process that is forked does not answer ({problem})") from None
        if message != expected:
            raise NotWarm(f"the process that is forked does not work here: {self._complaints()}")
        return next(_CREDENTIALS.unpack(data)[0] for *_, data in extra if len(data) == _CREDENTIALS.size)

    def _complaints(self) -> str:
        assert self.process.stderr
        self.process.kill()
        text = self.process.stderr.read(1_000_000)[-_COMPLAINTS:].decode("utf-8", "replace").strip()
        return text.splitlines()[-1] if text else "no reason given"

    def fork(self, plan: Mapping[str, Any]) -> Forked:
        """Make a sandbox.

        Raises
        ------
        NotWarm
            If that does not work.
        """
        with contextlib.ExitStack() as theirs, contextlib.ExitStack() as ours:
            pipes = [_pipe() for _ in range(3)]
            inside = [theirs.enter_context(end) for end in (pipes[0][0], pipes[1][1], pipes[2][1])]
            stdin, stdout, stderr = [ours.enter_context(end) for end in (pipes[0][1], pipes[1][0], pipes[2][0])]
            # Only the fork reads it: what tells of a submission must not stay in the memory of what is forked for the next.
            order = theirs.enter_context(os.fdopen(os.memfd_create("plan"), "w+b"))
            order.write(json.dumps(plan, allow_nan=False).encode())
            order.seek(0)
            try:
                self.control.settimeout(_FORK_SECONDS)
                socket.send_fds(self.control, [FORK], [end.fileno() for end in (*inside, order)])
                theirs.close()
                pid = self._receive(HERE, _FORK_SECONDS)
                handle = os.pidfd_open(pid)
            except OSError as problem:
                self.close()  # a message of this fork must not be taken for one of the next
                raise NotWarm(f"{problem} {_pending_text(stderr)}".strip()) from None
            ours.pop_all()
            return Forked(pid, handle, stdin, stdout, stderr)

    @property
    def alive(self) -> bool:
        """Whether it can be forked by this process."""
        return self.owner == os.getpid() and self.process.poll() is None

    def close(self) -> None:
        """End it, and with it every fork; remove what it left."""
        self.control.close()
        if hasattr(self, "finalizer"):
            self.finalizer()


def _end(process: subprocess.Popen[bytes], owner: int, cleanup: contextlib.ExitStack) -> None:
    if owner != os.getpid():
        return
    with cleanup:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    reads, writes = os.pipe()
    return os.fdopen(reads, "rb", 0), os.fdopen(writes, "wb", 0)


def _pending_text(stderr: IO[bytes]) -> str:
    os.set_blocking(stderr.fileno(), False)
    return (stderr.read(_COMPLAINTS) or b"").decode("utf-8", "replace").strip()


_WARM: dict[tuple[Any, ...], Warm] = {}


def warm(name: str, packages: Sequence[Path], make: Callable[[], Warm]) -> Warm:
    """Return the process for a backend and packages as they are now; `make` starts one where there is none that lives."""
    known = _WARM.get((name, *packages))
    state = _state(packages)
    if known is not None and known.alive and known.state == state:
        return known
    if known is not None:
        known.close()
    made = make()
    made.state = state
    _WARM[(name, *packages)] = made
    return made


def _state(packages: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """Return what tells whether a file of the packages is another now."""
    found = []
    for package in packages:
        for folder, folders, names in os.walk(package):
            folders[:] = [name for name in folders if name != "__pycache__"]
            for name in names:
                status = os.stat(os.path.join(folder, name))
                found.append((os.path.join(folder, name), status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))

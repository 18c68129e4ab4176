"""One sandbox, spoken to over its pipes, with every wait, every byte and all its memory bounded from outside."""

from __future__ import annotations

import base64
import json
import math
import os
import selectors
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from neurodynex.answer_data.bounds import MAX_REPLY_BYTES
from neurodynex.answer_data.decoder import BadReply, parse

from .backends.base import Backend, SandboxSpec

#: How often the limits are looked at, in seconds.
_PULSE = 0.25
#: How long a sandbox may take until student code could run, on a machine that does other things as well.
_START_SECONDS = 90.0
_COMPLAINTS = 4000
_TOO_LATE = "did not end at its time limit, and was killed"


class SandboxFailed(RuntimeError):
    """The sandbox did not even start. Nobody's notebook is to blame, and no score may come of it."""


class Died(Exception):
    """The sandbox had to be killed, or died, while it worked on a message.

    Attributes
    ----------
    status : str
        ``timeout`` or ``killed``.
    by_itself : bool
        Whether it just ended. That may have been the notebook, or somebody else who killed it.
    """

    def __init__(self, status: Literal["timeout", "killed"], reason: str, by_itself: bool = False) -> None:
        super().__init__(reason)
        self.status = status
        self.by_itself = by_itself


class Stopped(Exception):
    """The whole run has to end, for the reason that the argument gives."""


@dataclass
class RunBudget:
    """What is left for all sandboxes of a run together.

    Attributes
    ----------
    deadline : float
        `time.monotonic` at which the run ends.
    stop : callable, optional
        Asked often; the run ends when it returns True.
    replies : int
        Bytes that may still come. Every answer of an honest notebook together has a tenth of them.
    """

    deadline: float
    stop: Callable[[], bool] | None = None
    replies: int = 32_000_000


class Session:
    """A context manager around one sandbox.

    Parameters
    ----------
    backend : Backend
        Starts the sandbox.
    job : Job
        What it gets.
    budget : RunBudget
        Shared with the sandboxes before and after it.
    """

    def __init__(self, backend: Backend, job: SandboxSpec, budget: RunBudget) -> None:
        self.limits = job.limits
        self.budget = budget
        self.number = 0
        self.received = bytearray()
        self.complaints = b""
        self.next_look = 0.0
        self.computed_before: float | None = None
        try:
            self.sandbox = backend.start(job)
        except OSError as problem:
            raise SandboxFailed(_no_start(backend, problem)) from None
        process = self.sandbox.process
        assert process.stdin and process.stdout and process.stderr
        self.commands, self.replies, self.errors = (
            stream.fileno() for stream in (process.stdin, process.stdout, process.stderr)
        )
        for descriptor in (self.commands, self.replies, self.errors):
            os.set_blocking(descriptor, False)
        # Not select.select, which a grader with a thousand open files cannot use.
        self.selector = selectors.DefaultSelector()
        for descriptor in (self.replies, self.errors):
            self.selector.register(descriptor, selectors.EVENT_READ)
        try:
            self._begin(backend, job)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill everything in the sandbox and remove what it left."""
        self.selector.close()
        self.sandbox.close()

    def ask(self, do: str, seconds: float | None = None, **message: Any) -> dict[str, Any]:
        """Send a message and wait for its reply.

        Parameters
        ----------
        do : str
            What to do; see `runner.serve`.
        seconds : float, optional
            The computing time that student code has. The sandbox is killed some time after it.
        **message
            The rest of the message.

        Raises
        ------
        Died
            If no good reply came.
        Stopped
            If the run has to end.
        """
        self.number += 1
        grace = self.limits.grace_seconds
        sent = {"number": self.number, "do": do, **message}
        deadline, computing = time.monotonic() + _START_SECONDS, math.inf
        if seconds is not None:
            wall = self.limits.wall_seconds(seconds)
            sent |= {"seconds": seconds, "wall_seconds": wall}
            deadline = time.monotonic() + wall + grace
            computing = seconds + grace
        line = self._exchange(json.dumps(sent, allow_nan=False).encode() + b"\n", deadline, computing)
        try:
            reply = parse(line)
        except BadReply as problem:
            raise Died("killed", f"the sandbox gave an unreadable reply ({problem})") from None
        if type(reply) is not dict or type(reply.get("number")) is not int or reply["number"] != self.number:
            raise Died("killed", "the sandbox gave an unreadable reply (not the one that was awaited)")
        return reply

    def _begin(self, backend: Backend, job: SandboxSpec) -> None:
        limits = self.limits
        try:
            self.ask(
                "start",
                fonts=str(self.sandbox.fonts),
                output_bytes=limits.output_bytes,
                total_output_bytes=limits.total_output_bytes,
                memory_mb=limits.memory_mb,
                processes=limits.processes if backend.limits_processes else None,
                disk_mb=limits.disk_mb,
                files={name: base64.b64encode(content).decode() for name, content in job.files.items()},
            )
        except Died as death:
            complaints = self.complaints.decode("utf-8", "replace").strip()
            raise SandboxFailed(f"The sandbox {backend.name!r} did not start: {death}. {complaints}".strip()) from None

    def _exchange(self, line: bytes, deadline: float, computing: float) -> bytes:
        """Write a line and read one, while looking after time, memory and the wish to stop."""
        pending = memoryview(line)  # whose rest is no copy
        self.computed_before = None
        self.selector.register(self.commands, selectors.EVENT_WRITE)
        while True:
            end = self.received.find(b"\n")
            if end >= 0 and not pending:
                answer = bytes(self.received[:end])
                del self.received[: end + 1]
                return answer
            now = time.monotonic()
            self._require_time(now, deadline)
            # Looking at all processes of the machine takes longer than most exchanges.
            if now >= self.next_look:
                self._look(computing)
                self.next_look = time.monotonic() + _PULSE
            for key, _ in self.selector.select(_PULSE):
                if key.fd != self.commands:
                    self._read(key.fd)
                    continue
                try:
                    pending = pending[os.write(self.commands, pending[:65536]) :]
                except BrokenPipeError:
                    pending = memoryview(b"")
                if not pending:
                    self.selector.unregister(self.commands)

    def _read(self, descriptor: int) -> None:
        chunk = os.read(descriptor, 65536)
        if descriptor == self.errors:
            self.complaints = (self.complaints + chunk)[-_COMPLAINTS:]
            if not chunk:
                self.selector.unregister(self.errors)
            return
        if not chunk:
            raise Died("killed", "the process ended (a crash, os._exit, or no memory left)", by_itself=True)
        self.received += chunk
        self.budget.replies -= len(chunk)
        if self.budget.replies < 0:
            raise Stopped("the sandbox sent too much in all")
        if len(self.received) > MAX_REPLY_BYTES + 65536:
            raise Died("killed", f"the sandbox sent more than {MAX_REPLY_BYTES} bytes at once")

    def _require_time(self, now: float, deadline: float) -> None:
        if now >= self.budget.deadline:
            raise Stopped(f"total time limit of {self.limits.total_seconds:g} s reached")
        if self.budget.stop is not None and self.budget.stop():
            raise Stopped("stopped on request")
        if now >= deadline:
            raise Died("timeout", _TOO_LATE)

    def _look(self, computing: float) -> None:
        computed = self.sandbox.computing_seconds() if computing < math.inf else 0.0
        if self.computed_before is None:
            self.computed_before = computed
        if computed - self.computed_before >= computing:
            raise Died("timeout", _TOO_LATE)
        if self.sandbox.uses_more_than(self.limits.memory_mb * 2**20):
            raise Died("killed", f"used more than {self.limits.memory_mb} MB of memory")
        complaint = self.sandbox.complaint()
        if complaint:
            raise Died("killed", complaint)


def _no_start(backend: Backend, problem: OSError) -> str:
    # Copying a folder raises all of its problems at once.
    reason = problem.strerror or str(problem).splitlines()[0][:200]
    return f"The sandbox {backend.name!r} cannot be set up in {tempfile.gettempdir()} ({reason}). Is the disk full?"

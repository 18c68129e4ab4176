"""What every backend offers: a running sandbox with two pipes, that can be killed as a whole."""

from __future__ import annotations

import contextlib
import logging
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, ClassVar, Protocol

import psutil

from ..steps import Limits

LOG = logging.getLogger("autograder.sandbox")


class NoIsolation(RuntimeError):
    """No backend, or not the one asked for, can be used here. The message says what is missing and what to do."""


class NotWarm(OSError):
    """The process that is to be forked could not be started, or cannot be forked here."""


@dataclass(frozen=True)
class SandboxSpec:
    """What a backend needs in order to start one sandbox.

    Attributes
    ----------
    limits : Limits
        Of these a backend enforces `disk_mb`, where it can; the runner and the session do the rest.
    environment : mapping
        Extra environment variables.
    packages : sequence of Path
        Directories of Python packages that the notebook can import.
    files : mapping
        What lies beside the notebook. It goes to the runner with the first message, so that a fork and a process that was started
        afresh get it alike, and no folder of the grader's has it.
    """

    limits: Limits
    environment: Mapping[str, str] = field(default_factory=dict)
    packages: Sequence[Path] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


class _Closes(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Close it."""


_OPEN: weakref.WeakSet[_Closes] = weakref.WeakSet()


def keep_open(something: _Closes) -> None:
    """Note what `close_all` has to close."""
    _OPEN.add(something)


def close_all() -> None:
    """Close every sandbox of this process, which must then end: code that uses one is not notified."""
    for something in list(_OPEN):
        something.close()


class Process(Protocol):
    """What is used of a `subprocess.Popen`, or of a fork."""

    pid: int
    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    stderr: IO[bytes] | None

    def kill(self) -> None:
        """End it."""

    def wait(self) -> object:
        """Wait until it has ended."""


class Sandbox:
    """A started sandbox. Its standard streams are pipes: commands, replies, and complaints while it starts.

    Parameters
    ----------
    process : Process
        Its first process that this side knows.
    fonts : Path
        Where the sandbox finds the list of fonts.
    cleanup : contextlib.ExitStack
        What to undo, once nothing in the sandbox runs any more.
    """

    def __init__(self, process: Process, fonts: Path, cleanup: contextlib.ExitStack) -> None:
        self.process = process
        self.fonts = fonts
        self.cleanup = cleanup
        _OPEN.add(self)

    def processes(self) -> list[psutil.Process]:
        """Return every process of the sandbox, this side's process included."""
        try:
            top = psutil.Process(self.process.pid)
            return [top, *top.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def uses_more_than(self, limit: int) -> bool:
        """Tell whether all processes together hold more than so many bytes of memory."""
        processes = self.processes()
        # What forked processes share is counted for each of them; the exact sum is slow, so it is only asked in doubt.
        return _resident(processes) > limit and _proportional(processes) > limit

    def computing_seconds(self) -> float:
        """Return the CPU time (s) of all processes that run in the sandbox, and of those that they waited for."""
        total = 0.0
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                total += sum(process.cpu_times()[:4])
        return total

    def complaint(self) -> str | None:
        """Return what the backend itself finds wrong with a running sandbox."""
        return None

    def kill(self) -> None:
        """End every process of the sandbox."""
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                process.kill()
        self.process.wait()

    def close(self) -> None:
        """Kill the sandbox and remove what it left."""
        _OPEN.discard(self)
        with self.cleanup:
            self.kill()
            for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
                with contextlib.suppress(OSError):
                    stream.close()  # type: ignore[union-attr]


def _resident(processes: Iterable[psutil.Process]) -> int:
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            total += process.memory_info().rss
    return total


def _proportional(processes: Iterable[psutil.Process]) -> int:
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except (psutil.AccessDenied, AttributeError):  # not permitted, or not Linux
            total += _resident([process])
        except psutil.Error:
            pass
    return total


class Backend(ABC):
    """A way to isolate a notebook.

    Attributes
    ----------
    name : str
        As in `Run.sandbox`.
    missing_layers : tuple of str
        What it cannot protect on this machine.
    limits_processes : bool
        Whether a limit on the number of processes would count this sandbox's only.
    why_cold : str, optional
        Why sandboxes have to be started afresh on this machine.
    cold : bool, optional
        Whether each sandbox is started afresh, and none is a fork of a process that has imported what students use. With
        None, the first one of this process is.
    """

    name: str
    missing_layers: tuple[str, ...] = ()
    limits_processes: bool = True
    why_cold: str | None = None
    cold: bool | None = None
    _used: ClassVar[bool] = False

    def start(self, job: SandboxSpec) -> Sandbox:
        """Start a fresh sandbox with the runner in it."""
        first, Backend._used = not Backend._used, True
        if self.cold or (self.cold is None and first):
            return self.start_afresh(job)
        for _ in range(2):  # the process that is forked may have been killed
            try:
                return self.fork(job)
            except NotWarm as problem:
                reason = str(problem)
        self.why_cold = reason
        self.set_cold(None)
        return self.start_afresh(job)

    def set_cold(self, cold: bool | None) -> None:
        """Set how sandboxes are started; where there is only one way and it was not asked for, say so."""
        if not cold and self.why_cold:
            LOG.warning("Each sandbox of %s is started afresh, which takes longer: %s.", self.name, self.why_cold)
            cold = True
        self.cold = cold

    @abstractmethod
    def start_afresh(self, job: SandboxSpec) -> Sandbox:
        """Start a process with the runner in a fresh sandbox."""

    def fork(self, job: SandboxSpec) -> Sandbox:
        """Fork the runner from a process that has imported what students use, into a sandbox of its own.

        Raises
        ------
        NotWarm
            If that cannot be done here.
        """
        raise NotWarm("there is no way for it")

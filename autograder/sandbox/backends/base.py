"""What every backend offers: a running sandbox with two pipes, that can be killed as a whole."""

from __future__ import annotations

import contextlib
import subprocess
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ..steps import Limits


class NoIsolation(RuntimeError):
    """No backend, or not the one asked for, can be used here. The message says what is missing and what to do."""


@dataclass(frozen=True)
class Job:
    """What a backend needs in order to start one sandbox.

    Attributes
    ----------
    limits : Limits
        Of these a backend enforces `disk_mb`, where it can; the runner and the session do the rest.
    environment : mapping
        Extra environment variables.
    packages : sequence of Path
        Directories of Python packages that the notebook can import.
    """

    limits: Limits
    environment: Mapping[str, str] = field(default_factory=dict)
    packages: Sequence[Path] = ()


_OPEN: weakref.WeakSet[Sandbox] = weakref.WeakSet()


def close_all() -> None:
    """Close every sandbox of this process, which then has to end: whoever uses one does not know."""
    for sandbox in list(_OPEN):
        sandbox.close()


class Sandbox:
    """A started sandbox. Its standard streams are pipes: commands, replies, and complaints while it starts.

    Parameters
    ----------
    process : subprocess.Popen
        The process on our side.
    fonts : Path
        Where the sandbox finds the list of fonts.
    cleanup : contextlib.ExitStack
        What to undo, once nothing in the sandbox runs any more.
    """

    def __init__(self, process: subprocess.Popen[bytes], fonts: Path, cleanup: contextlib.ExitStack) -> None:
        self.process = process
        self.fonts = fonts
        self.cleanup = cleanup
        _OPEN.add(self)

    def processes(self) -> list[psutil.Process]:
        """Everything that runs in the sandbox, this side's process included."""
        try:
            top = psutil.Process(self.process.pid)
            return [top, *top.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def uses_more_than(self, limit: int) -> bool:
        """Whether all processes together hold more than so many bytes of memory."""
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
        """What the backend itself finds wrong with a running sandbox."""
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
    """

    name: str
    missing_layers: tuple[str, ...] = ()
    limits_processes: bool = True

    @abstractmethod
    def start(self, job: Job) -> Sandbox:
        """Start a fresh sandbox with the runner in it."""

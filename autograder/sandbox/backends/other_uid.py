"""The backend for root without namespaces, as in a container: a user of its own for every submission."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from ..runner.launch import landlock_version, reachable
from . import seccomp
from .base import Backend, NoIsolation, Sandbox, SandboxSpec, _resident
from .python import SECRET, SYSTEM, course_files, python_folders, python_path
from .root import end_processes_of, free_uid, launch, processes_of
from .staging import HOMES, command, stage, variables
from .warm import Warm, warm

#: Where every user may write, and so leave something for the next submission.
_SHARED = ("/dev/shm", "/tmp", "/var/tmp", "/run/lock")
_READABLE = (
    *SYSTEM,
    *(f"/etc/{name}" for name in ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "alternatives")),
    *(f"/etc/{name}" for name in ("passwd", "group", "nsswitch.conf")),
    *(f"/dev/{name}" for name in ("zero", "full", "random", "urandom")),
    *(f"/proc/{name}" for name in ("cpuinfo", "meminfo", "stat", "sys/vm/overcommit_memory")),
)
#: Semaphores live in /dev/shm; of /proc, only what is about the process itself.
_WRITABLE = ("/dev/null", "/dev/shm", "/proc/self")
#: What root needs in order to set up another user, to end its processes and to remove its files.
_CAPABILITIES = {"CHOWN": 0, "DAC_OVERRIDE": 1, "FOWNER": 3, "KILL": 5, "SETGID": 6, "SETUID": 7}
_DISK_PULSE = 2.0
_MANY_FILES = 20_000


class OtherUid(Backend):
    """A fresh user id, a filter on system calls without any network, and Landlock for files if the kernel has it.

    Raises
    ------
    NoIsolation
        Without root, or if the grader's own files could be read.
    """

    name = "other-uid"

    def __init__(self) -> None:
        if sys.platform != "linux":
            raise NoIsolation("other user ids need Linux")
        if os.geteuid() != 0:
            raise NoIsolation("only root can start a sandbox under another user id")
        if lacking := _lacking_capabilities():
            raise NoIsolation(f"root has not all it takes to run a sandbox under another user id: {', '.join(lacking)}")
        self.landlock = landlock_version() > 0
        self.filter = seccomp.build_filter(unix_sockets=False)
        missing = []
        if self.filter is None:
            missing += ["network", "system calls"]
        if not self.landlock:
            missing += ["files that every user may read", "names of other processes"]
        for path in (*SECRET, *course_files()):
            self._refuse_if_readable(path)
        self.missing_layers = tuple(missing)
        self._probe()

    def start_afresh(self, job: SandboxSpec) -> Sandbox:
        """Start the runner as a user of its own, in a fresh home that is removed afterwards."""
        with contextlib.ExitStack() as stack:
            top, uid = stage(job.packages, stack), free_uid()
            home = self._settle(top / "home", uid, stack)
            environment = variables(top / "packages", home, home / "tmp", job.environment)
            process = self._spawn(command(), environment, uid, top, home)
            return _Sandbox(process, top / "fonts", stack.pop_all(), uid, self._written(home), job.limits.disk_mb)

    def fork(self, job: SandboxSpec) -> Sandbox:
        """Fork the runner, which becomes a user of its own."""
        forked_from = warm(self.name, job.packages, lambda: self._warm(job.packages))
        with contextlib.ExitStack() as stack:
            top, uid = forked_from.top, free_uid()
            home = top / HOMES / str(uid)
            stack.callback(subprocess.run, ["rm", "-rf", "--", str(home)], stderr=subprocess.DEVNULL, check=False)
            self._settle(home, uid, stack)
            environment = variables(top / "packages", home, home / "tmp", job.environment)
            process = forked_from.fork(self._plan(environment, uid, top, home))
            return _Sandbox(process, top / "fonts", stack.pop_all(), uid, self._written(home), job.limits.disk_mb)

    def _shared(self) -> Sequence[str]:
        """Return where a user of a sandbox can write beside its home."""
        return _SHARED[:1] if self.landlock else _SHARED

    def _written(self, home: Path) -> list[str]:
        return [str(home), *self._shared()]

    def _settle(self, home: Path, uid: int, stack: contextlib.ExitStack) -> Path:
        """Make a user's home."""
        for folder in (home, home / "tmp"):
            folder.mkdir(mode=0o700)
            os.chown(folder, uid, uid)
        stack.callback(wipe, uid, self._shared())
        return home

    def _plan(self, environment: Mapping[str, str], uid: int, top: Path, home: Path) -> dict[str, Any]:
        """Do what a fork makes of itself."""
        return {
            "namespaces": False,
            "environment": dict(environment),
            "uid": uid,
            "folder": str(home),
            "filter": self.filter.hex() if self.filter is not None else None,
            "readable": list(map(str, self._readable(top))) if self.landlock else None,
            "writable": [*_WRITABLE, str(home)],
        }

    def _readable(self, top: Path) -> list[Path]:
        return [*map(Path, _READABLE), *python_folders(), top / "packages", top / "fonts"]

    def _warm(self, packages: Sequence[Path]) -> Warm:
        """Start the process that is forked. It stays root, and no student code runs in it."""
        with contextlib.ExitStack() as stack:
            top = stage(packages, stack)
            home = top / "warm"
            for folder in (home, home / "tmp"):
                folder.mkdir(mode=0o700)
            (top / HOMES).mkdir(mode=0o711)
            environment = variables(top / "packages", home, home / "tmp", {})

            def spawn(control: int) -> subprocess.Popen[bytes]:
                line = [*command(), str(control), str(top / "fonts")]
                planned = launch(line, environment, None, folder=home, expose=[*python_folders(), top])
                return _popen(planned, control)

            return Warm(spawn, stack.pop_all(), top)

    def _refuse_if_readable(self, path: Path) -> None:
        """Raise if student code could read one of the grader's own files."""
        shown = [*map(Path, SYSTEM), *python_folders()] if self.landlock else [Path("/")]
        if reachable(path, uid=-1) and any(path.is_relative_to(folder) for folder in shown):
            why = "it lies in the folder of a Python that it needs" if self.landlock else "this kernel has no Landlock"
            raise NoIsolation(f"every user can read {path}, and {why} (chmod 700 {path})")

    def _probe(self) -> None:
        """Find out whether it works, for instance whether another user can reach this Python."""
        with contextlib.ExitStack() as stack:
            top = stage((), stack)
            process = self._spawn([python_path(), "-I", "-S", "-c", ""], {}, free_uid(), top, top)
            _, complaints = process.communicate()
        if process.returncode:
            reason = complaints.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
            raise NoIsolation(f"a sandbox under another user id does not work here: {reason[0]}")

    def _spawn(
        self, line: list[str], environment: dict[str, str], uid: int, top: Path, home: Path
    ) -> subprocess.Popen[bytes]:
        planned = launch(
            line,
            environment,
            uid,
            folder=home,
            expose=[*python_folders(), top],
            program=self.filter,
            readable=self._readable(top) if self.landlock else None,
            writable=[*map(Path, _WRITABLE), home],
        )
        return _popen(planned)


def _popen(line: list[str], *passed: int) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    streams: dict[str, Any] = {"stdin": pipe, "stdout": pipe, "stderr": pipe}
    return subprocess.Popen(line, env={}, cwd="/", pass_fds=passed, start_new_session=True, **streams)


class _Sandbox(Sandbox):
    """Everything that runs as one user, wherever it has gone."""

    def __init__(
        self,
        process: Any,
        fonts: Path,
        cleanup: contextlib.ExitStack,
        uid: int,
        written: Sequence[str],
        disk_mb: int,
    ) -> None:
        super().__init__(process, fonts, cleanup)
        self.uid = uid
        self.written = written
        self.disk_mb = disk_mb
        self.disk_looked = time.monotonic()

    def processes(self) -> list[psutil.Process]:
        return processes_of(self.uid)

    def uses_more_than(self, limit: int) -> bool:
        # In a container root may not read what a user's processes share, as the user itself may.
        return super().uses_more_than(limit) and self._proportional() > limit

    def _proportional(self) -> int:
        """Return the memory of all processes, with what they share counted once; in full for those that do not let it be read."""
        processes = self.processes()
        line = ["grep", "-H", "^Pss:", *(f"/proc/{process.pid}/smaps_rollup" for process in processes)]
        user: dict[str, Any] = {"user": self.uid, "group": self.uid, "extra_groups": []}
        try:
            done = subprocess.run(line, capture_output=True, timeout=_DISK_PULSE, cwd="/", env={}, check=False, **user)
        except subprocess.TimeoutExpired:
            return _resident(processes)
        found = (text.split() for text in done.stdout.decode().splitlines())
        shares = {path.split("/")[2]: int(size) * 1024 for path, size, _ in found}
        return sum(shares.get(str(process.pid)) or _resident([process]) for process in processes)

    def complaint(self) -> str | None:
        if time.monotonic() < self.disk_looked + _DISK_PULSE:
            return None
        try:
            found = _find(self.written, self.uid, "-printf %b\\n", _DISK_PULSE)
        except subprocess.TimeoutExpired as expired:
            # Others' files may be what takes so long: what was found until then decides.
            found = (expired.stdout or b"").rpartition(b"\n")[0]
        self.disk_looked = time.monotonic()
        blocks = found.split()
        if sum(map(int, blocks)) * 512 > 2 * self.disk_mb * 2**20 or len(blocks) > _MANY_FILES:
            return f"wrote more than {2 * self.disk_mb} MB or {_MANY_FILES} files"
        return None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        end_processes_of(self.uid)


def _lacking_capabilities() -> list[str]:
    """Return what `_CAPABILITIES` root has been left without, as by ``docker run --cap-drop``."""
    lines = Path("/proc/self/status").read_text().splitlines()
    effective = next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff:"))
    return [f"CAP_{name}" for name, number in _CAPABILITIES.items() if not effective >> number & 1]


def wipe(uid: int, folders: Sequence[str] = _SHARED) -> None:
    """Remove a user's files from folders that all users share. The user's processes must have ended before."""
    _find(folders, uid, "-delete", None)


def _find(folders: Sequence[str], uid: int, action: str, patience: float | None) -> bytes:
    """Run ``find`` on a user's files: unlike Python's own walk, no depth of folders is too much for it."""
    existing = [folder for folder in folders if Path(folder).is_dir()]
    line = ["find", *existing, "-xdev", "-uid", str(uid), *action.split()]
    return subprocess.run(line, capture_output=True, timeout=patience, check=False).stdout

"""The backend with namespaces: bubblewrap, with or without root."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..runner.launch import NEW_NAMESPACES
from . import seccomp
from .base import Backend, NoIsolation, Sandbox, SandboxSpec
from .python import GRADER, SYSTEM, course_files, python_folders, python_path
from .root import free_uid, launch
from .staging import command, stage, variables
from .warm import Warm, warm

_HOME = Path("/home/student")
_STAGE = Path("/opt/sandbox")
_UID = "1000"
#: Folders that a submission may write to, and that no other one sees.
_PRIVATE = ("/dev/shm", "/tmp", str(_HOME))
#: What a process keeps that makes namespaces for its forks.
_KEPT = ("--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETPCAP")
_MAKE_NAMESPACES = f"""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare({NEW_NAMESPACES}):
    raise SystemExit("unshare: " + os.strerror(ctypes.get_errno()))
"""
_WARM_MB = 64
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "alternatives")
_FORBIDDEN = "user namespaces may be forbidden; Ubuntu 24.04 wants an AppArmor profile for bwrap"
_INSTALL = "apt install bubblewrap, or your distribution's equivalent"


class Bubblewrap(Backend):
    """Namespaces of its own for everything, read-only system files, private folders, a filter on system calls.

    Started by root, it becomes an ordinary user before bubblewrap starts: root's own ``/proc/sys`` would stay writable.

    Raises
    ------
    NoIsolation
        If bubblewrap is not there, or not permitted.
    """

    name = "bubblewrap"

    def __init__(self) -> None:
        if sys.platform != "linux":
            raise NoIsolation("bubblewrap needs Linux")
        program = shutil.which("bwrap")
        if program is None:
            raise NoIsolation(f"the program bwrap is not installed ({_INSTALL})")
        self.program = program
        self.options = subprocess.run([program, "--help"], capture_output=True, text=True, check=False).stdout
        self.filter = seccomp.build_filter(unix_sockets=True)
        missing = []
        if self.filter is None:
            missing.append("system calls")
        if "--size" not in self.options:
            missing.append("disk")
        self.missing_layers = tuple(missing)
        if forbidden := self._tried(_MAKE_NAMESPACES, _KEPT):
            if reason := self._tried(""):  # for instance with namespaces forbidden
                raise NoIsolation(f"bubblewrap does not work here: {reason} ({_FORBIDDEN})")
            self.why_cold = f"a process in bubblewrap may not make namespaces ({forbidden})"

    def start_afresh(self, job: SandboxSpec) -> Sandbox:
        """Start the runner in fresh namespaces."""
        with contextlib.ExitStack() as stack:
            top = self._stage(job.packages, stack)
            arguments = self._arguments(top, _environment(job.environment), job.limits.disk_mb)
            process = self._spawn(command(), arguments, [top])
            return Sandbox(process, _STAGE / "fonts", stack.pop_all())

    def fork(self, job: SandboxSpec) -> Sandbox:
        """Fork the runner into fresh namespaces, inside those of the process that is forked."""
        forked = warm(self.name, job.packages, lambda: self._warm(job.packages)).fork(
            {
                "namespaces": True,
                "environment": _environment(job.environment),
                "covered": _PRIVATE,
                "shown": [str(path) for path in python_folders() if any(map(path.is_relative_to, _PRIVATE))],
                "disk_mb": job.limits.disk_mb,
                "readable": None,
                "filter": self.filter.hex() if self.filter is not None else None,
                "folder": str(_HOME),
            }
        )
        return Sandbox(forked, _STAGE / "fonts", contextlib.ExitStack())

    def _warm(self, packages: Sequence[Path]) -> Warm:
        """Start the process that is forked. It keeps what it takes to make namespaces; no student code runs in it."""
        with contextlib.ExitStack() as stack:
            top = self._stage(packages, stack)
            arguments = [*self._arguments(top, _environment({}), _WARM_MB), *_KEPT]

            def spawn(control: int) -> subprocess.Popen[bytes]:
                line = [*command(), str(control), str(_STAGE / "fonts")]
                return self._spawn(line, arguments, [top], control, filtered=False)

            return Warm(spawn, stack.pop_all(), top)

    def _stage(self, packages: Sequence[Path], stack: contextlib.ExitStack) -> Path:
        top = stage(packages, stack)
        (top / "etc").mkdir(mode=0o755)
        (top / "etc" / "passwd").write_text(f"student:x:{_UID}:{_UID}::{_HOME}:/bin/sh\n")
        (top / "etc" / "group").write_text(f"student:x:{_UID}:\n")
        return top

    def _tried(self, code: str, extra: Sequence[str] = ()) -> str | None:
        """Run a line of Python inside; return what is wrong, if anything is."""
        arguments = [*self._arguments(None, {}, 1), *extra]
        process = self._spawn([python_path(), "-I", "-S", "-c", code], arguments, [], filtered=not extra)
        _, complaints = process.communicate()
        if not process.returncode:
            return None
        return (complaints.decode("utf-8", "replace").strip().splitlines() or ["no reason given"])[-1]

    def _arguments(self, top: Path | None, environment: dict[str, str], disk_mb: int) -> list[str]:
        """Return all arguments of bubblewrap."""
        namespaces = ["--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
        arguments = [*namespaces, "--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]
        arguments += ["--uid", _UID, "--gid", _UID, "--hostname", "sandbox", "--cap-drop", "ALL"]
        if "--disable-userns" in self.options:
            arguments.append("--disable-userns")
        for name, value in environment.items():
            arguments += ["--setenv", name, value]
        size = ["--size", str(disk_mb * 2**20)] if "--size" in self.options else []
        arguments += ["--proc", "/proc", "--dev", "/dev"]
        for folder in _PRIVATE:
            arguments += [*size, "--tmpfs", folder]
        for name in _ETC:
            arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
        arguments += _system_files()
        if top is not None:
            arguments += ["--ro-bind", str(top), str(_STAGE)]
            for name in ("passwd", "group"):
                arguments += ["--ro-bind", str(top / "etc" / name), f"/etc/{name}"]
            arguments += ["--chdir", str(_HOME)]
        # What bubblewrap made itself belongs to the user inside, and has no limit on its size.
        return [*arguments, "--remount-ro", "/dev", "--remount-ro", "/"]

    def _spawn(
        self, program: list[str], arguments: list[str], needed: list[Path], *passed: int, filtered: bool = True
    ) -> subprocess.Popen[bytes]:
        """Start a program in bubblewrap; its arguments come by a pipe, so that they cannot be read inside.

        Only one of our own, in which no student code runs, may have no filter on system calls.
        """
        with contextlib.ExitStack() as stack:
            files = list(passed)
            if self.filter is not None and filtered:
                files.append(_file(self.filter, stack))
                arguments = [*arguments, "--seccomp", str(files[-1])]
            files.append(_file(b"".join(argument.encode() + b"\0" for argument in arguments), stack))
            line = [self.program, "--args", str(files[-1]), "--", *program]
            if os.geteuid() == 0:
                line = launch(line, {}, free_uid(), expose=[*python_folders(), *needed])
            return subprocess.Popen(
                line,
                env={},
                cwd="/",
                pass_fds=files,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    return variables(_STAGE / "packages", _HOME, Path("/tmp"), extra)


def _file(content: bytes, stack: contextlib.ExitStack) -> int:
    """Return a file in memory, to be read from its beginning."""
    descriptor = os.memfd_create("sandbox")
    stack.callback(os.close, descriptor)
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _system_files() -> list[str]:
    """Return the arguments for the system's programs and libraries and for Python's, with the grader's own files covered."""
    shown = []
    arguments = []
    for path in map(Path, SYSTEM):
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            shown.append(path)
    shown += [folder for folder in python_folders() if not any(folder.is_relative_to(path) for path in shown)]
    courses = [path.parent for path in course_files() if path.name == "source"]
    covered = [path for path in (*GRADER, *courses) if any(path.is_relative_to(folder) for folder in shown)]
    # Outer folders first: a Python environment inside the grader's checkout stays visible, the checkout does not.
    for path in sorted({*shown, *covered}):
        arguments += [
            "--tmpfs" if path in covered else "--ro-bind",
            *([] if path in covered else [str(path)]),
            str(path),
        ]
    return arguments

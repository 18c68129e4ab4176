"""The backend with namespaces: bubblewrap, with or without root."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import seccomp
from .base import Backend, Job, NoIsolation, Sandbox
from .python import GRADER, SYSTEM, python_folders
from .root import free_uid, launch
from .staging import command, stage, variables

_HOME = Path("/home/student")
_STAGE = Path("/opt/sandbox")
_UID = "1000"
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
        self.filter = seccomp.build(unix_sockets=True)
        missing = []
        if self.filter is None:
            missing.append("system calls")
        if "--size" not in self.options:
            missing.append("disk")
        self.missing_layers = tuple(missing)
        self._probe()

    def start(self, job: Job) -> Sandbox:
        """Start the runner in fresh namespaces."""
        with contextlib.ExitStack() as stack:
            top = stage(job.packages, stack)
            (top / "etc").mkdir(mode=0o755)
            (top / "etc" / "passwd").write_text(f"student:x:{_UID}:{_UID}::{_HOME}:/bin/sh\n")
            (top / "etc" / "group").write_text(f"student:x:{_UID}:\n")
            environment = variables(_STAGE / "packages", _HOME, Path("/tmp"), job.environment)
            process = self._spawn(command(), self._arguments(top, environment, job.limits.disk_mb), [top])
            return Sandbox(process, _STAGE / "fonts", stack.pop_all())

    def _probe(self) -> None:
        """Find out whether it works, for instance with namespaces forbidden."""
        process = self._spawn([sys.executable, "-I", "-S", "-c", ""], self._arguments(None, {}, 1), [])
        _, complaints = process.communicate()
        if process.returncode:
            reason = complaints.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
            raise NoIsolation(f"bubblewrap does not work here: {reason[0]} ({_FORBIDDEN})")

    def _arguments(self, top: Path | None, environment: dict[str, str], disk_mb: int) -> list[str]:
        """Everything that bubblewrap is told."""
        namespaces = ["--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
        arguments = [*namespaces, "--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]
        arguments += ["--uid", _UID, "--gid", _UID, "--hostname", "sandbox", "--cap-drop", "ALL"]
        if "--disable-userns" in self.options:
            arguments.append("--disable-userns")
        for name, value in environment.items():
            arguments += ["--setenv", name, value]
        size = ["--size", str(disk_mb * 2**20)] if "--size" in self.options else []
        arguments += ["--proc", "/proc", "--dev", "/dev"]
        for folder in ("/dev/shm", "/tmp", str(_HOME)):
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

    def _spawn(self, program: list[str], arguments: list[str], needed: list[Path]) -> subprocess.Popen[bytes]:
        """Start a program in bubblewrap; its arguments come by a pipe, so that they cannot be read inside."""
        with contextlib.ExitStack() as stack:
            files = []
            if self.filter is not None:
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


def _file(content: bytes, stack: contextlib.ExitStack) -> int:
    """A file in memory, to be read from its beginning."""
    descriptor = os.memfd_create("sandbox")
    stack.callback(os.close, descriptor)
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _system_files() -> list[str]:
    """Arguments for the system's programs and libraries and for Python's, with the grader's own files covered."""
    shown = []
    arguments = []
    for path in map(Path, SYSTEM):
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            shown.append(path)
    shown += [folder for folder in python_folders() if not any(folder.is_relative_to(path) for path in shown)]
    covered = [path for path in GRADER if any(path.is_relative_to(folder) for folder in shown)]
    # Outer folders first: a Python environment inside the grader's checkout stays visible, the checkout does not.
    for path in sorted({*shown, *covered}):
        arguments += [
            "--tmpfs" if path in covered else "--ro-bind",
            *([] if path in covered else [str(path)]),
            str(path),
        ]
    return arguments

"""The last steps before a sandbox, run as root in a process of their own: hide, step down, lock, execute.

This file is executed by itself (``python -I -S launch.py PLAN``) and imports nothing but the standard library, as it has
to work after it has hidden most of the file system. The plan is JSON; see `main`.
"""

from __future__ import annotations

import ctypes
import json
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)

_CLONE_NEWNS, _CLONE_NEWPID, _CLONE_NEWNET, _CLONE_NEWIPC = 0x20000, 0x20000000, 0x40000000, 0x8000000
#: What a fork of a process in bubblewrap has of its own.
NEW_NAMESPACES = _CLONE_NEWNS | _CLONE_NEWPID | _CLONE_NEWNET | _CLONE_NEWIPC
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT = 1, 2, 4, 8, 32
_MS_BIND, _MS_MOVE, _MS_REC, _MS_PRIVATE = 4096, 8192, 16384, 1 << 18
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_CAPBSET_DROP, _PR_CAP_AMBIENT, _CLEAR_ALL = 38, 22, 24, 47, 4
_CAPABILITIES_3 = 0x20080522
#: What student code may see of /proc where it cannot have one of its own.
_OF_PROC = ("cpuinfo", "meminfo", "stat")

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
#: Rights to files by version of Landlock: 13 at first, then renaming across folders, truncating, and ioctl on devices.
_LANDLOCK_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_LANDLOCK_ALL = 16
#: Execute a file, read a file, list a folder.
_LANDLOCK_READ = 0b1101
#: What of the rights makes sense for something that is no folder.
_LANDLOCK_FILE = 0b1100000000000111


def main(plan: dict[str, Any]) -> None:
    """Carry out a plan, and become the command.

    Parameters
    ----------
    plan : dict
        ``uid``: user and group to become, or None to stay root. ``folder``: where to go. ``expose``: folders to make reachable for that user. ``filter``: a seccomp
        program in hexadecimal, or None. ``readable`` and ``writable``: the only paths to be seen, or None for no
        Landlock. ``command``: what to execute, and ``environment``: its environment.
    """
    expose(plan["expose"], -1 if plan["uid"] is None else plan["uid"])
    if plan["uid"] is not None:
        step_down(plan["uid"])
    if plan["readable"] is not None:
        restrict_files(plan["readable"], plan["writable"])
    if plan["filter"] is not None:
        install_filter(bytes.fromhex(plan["filter"]))
    os.umask(0o077)
    os.chdir(plan["folder"])
    os.execve(plan["command"][0], plan["command"], plan["environment"])


def reachable(path: Path, uid: int) -> bool:
    """Tell whether a user without any groups could enter all folders above a path and read it."""
    for folder in [*reversed(path.parents), path]:
        status = folder.stat()
        needed = 0o5 if folder == path else 0o1
        granted = status.st_mode >> 6 if status.st_uid == uid else status.st_mode
        if granted & needed != needed:
            return False
    return True


def expose(paths: Iterable[str], uid: int) -> None:
    """Make folders reachable that lie under somebody's private folder, in a mount namespace of our own.

    The private folder is covered by an empty one, in which only the way to what is needed exists. Nothing changes for
    anybody else.

    Parameters
    ----------
    paths : iterable of str
        Folders.
    uid : int
        Who has to reach them.

    Raises
    ------
    OSError
        If it is needed and not permitted.
    """
    hidden = [Path(path) for path in paths if not reachable(Path(path), uid)]
    if not hidden:
        return
    try:
        call("unshare", _CLONE_NEWNS)
        # Refused in a chroot whose root is no mount: there, mounts would show outside too.
        call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    except OSError as refused:
        why = f"{hidden[0]} lies in a private folder, and cannot be shown elsewhere ({refused.strerror})"
        raise OSError(f"{why}; Python and TMPDIR have to be where every user can enter") from None
    held = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in hidden}
    for path, descriptor in held.items():
        if path.exists():  # another one of these has covered the folder already
            private = next((folder for folder in reversed(path.parents) if not reachable_folder(folder, uid)), None)
            if private is not None:
                call("mount", b"none", bytes(private), b"tmpfs", _MS_NOSUID | _MS_NODEV, b"mode=755,size=64k")
        path.mkdir(parents=True, exist_ok=True)
        call("mount", f"/proc/self/fd/{descriptor}".encode(), bytes(path), None, _MS_BIND | _MS_REC, None)
        os.close(descriptor)


def reachable_folder(folder: Path, uid: int) -> bool:
    """Tell whether a user can pass through a folder itself."""
    status = folder.stat()
    return bool((status.st_mode >> 6 if status.st_uid == uid else status.st_mode) & 0o1)


def step_down(uid: int) -> None:
    """Become a user without groups, without capabilities and without a way back."""
    for capability in range(64):
        _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def drop_capabilities() -> None:
    """Give up all capabilities, without a way back."""
    call("prctl", _PR_CAP_AMBIENT, _CLEAR_ALL, 0, 0, 0)
    for capability in range(64):
        _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header, none = struct.pack("Ii", _CAPABILITIES_3, 0), bytes(24)
    call("capset", header, none)
    call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def cover(folders: Iterable[str], shown: Iterable[str], size_mb: int) -> None:
    """Cover folders by empty ones of a limited size, and ``/proc`` by little of it; in a mount namespace of our own.

    Parameters
    ----------
    folders : iterable of str
        What to cover.
    shown : iterable of str
        Folders below them that stay.
    size_mb : int
    """
    call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    flags = _MS_NOSUID | _MS_NODEV
    held = {Path(path): os.open(path, os.O_PATH | os.O_DIRECTORY) for path in shown}
    for folder in folders:
        call("mount", b"none", folder.encode(), b"tmpfs", flags, f"mode=755,size={size_mb}m".encode())
    for path, descriptor in held.items():
        path.mkdir(parents=True, exist_ok=True)
        call("mount", f"/proc/self/fd/{descriptor}".encode(), bytes(path), None, _MS_BIND | _MS_REC, None)
        os.close(descriptor)
    # The kernel gives no fresh /proc to a namespace inside bubblewrap's.
    made = Path("/tmp/proc")
    made.mkdir()
    call("mount", b"none", bytes(made), b"tmpfs", flags | _MS_NOEXEC, b"mode=755,size=64k")
    for name in _OF_PROC:
        (made / name).touch()
        call("mount", f"/proc/{name}".encode(), bytes(made / name), None, _MS_BIND, None)
    call("mount", b"none", bytes(made), None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | flags | _MS_NOEXEC, None)
    call("mount", bytes(made), b"/proc", None, _MS_MOVE, None)
    made.rmdir()


def install_filter(program: bytes) -> None:
    """Install a seccomp filter on this process and all that come from it."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]

    call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    call("prctl", _PR_SET_SECCOMP, 2, ctypes.byref(Program(len(program) // 8, program)), 0, 0)


def landlock_version() -> int:
    """Return the version of Landlock that the kernel offers; 0 for none."""
    return max(0, _LIBC.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1))


def restrict_files(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Let this process and all that come from it see these paths only. Paths that do not exist are left out."""
    version = landlock_version()
    rights = (1 << _LANDLOCK_RIGHTS.get(version, _LANDLOCK_ALL)) - 1
    attributes = struct.pack("Q", rights)
    if version >= 6:
        # No network by TCP, no abstract sockets of others, no signals to others.
        attributes = struct.pack("QQQ", rights, 3, 3)
    rules = _syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    for paths, granted in ((readable, _LANDLOCK_READ), (writable, rights)):
        for path in paths:
            if not Path(path).exists():
                continue
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            allowed = granted & rights if Path(path).is_dir() else granted & rights & _LANDLOCK_FILE
            _syscall(_LANDLOCK_ADD, rules, 1, struct.pack("=Qi", allowed, descriptor), 0)
            os.close(descriptor)
    _syscall(_LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)


def call(name: str, *arguments: Any) -> int:
    return _check(getattr(_LIBC, name)(*arguments), name)


def _syscall(number: int, *arguments: Any) -> int:
    return _check(_LIBC.syscall(number, *arguments), f"landlock ({number})")


def _check(result: int, name: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

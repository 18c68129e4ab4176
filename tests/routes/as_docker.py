"""Runs a command in the situation that Docker leaves to root by default, without Docker. Needs root on Linux.

``python -m tests.routes.as_docker COMMAND...`` has Docker's default capabilities, system call filter, masked ``/proc``, read-only
``/proc/sys`` and ``/sys``, and small ``/dev``, in namespaces for mounts, processes, IPC and the host's name. So there is no way to
user namespaces. A Python in a private folder, such as root's home, is made reachable as it would be in an image. In a
container or a chroot already, only capabilities and system calls are taken away. All mounts end with the command.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox.backends import seccomp
from autograder.sandbox.backends.python import python_folders
from autograder.sandbox.backends.staging import fonts, machine_code
from autograder.sandbox.runner import launch

#: CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP
CAPABILITIES = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)
SYS_ADMIN = 21
NOBODY = 65534
#: What Docker's filter denies to root without SYS_ADMIN, of the calls that matter to a sandbox.
DENIED = (
    *("mount", "umount2", "pivot_root", "unshare", "setns", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount"),
    *("fspick", "mount_setattr", "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "kcmp"),
    *(
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
        "open_by_handle_at",
        "fanotify_init",
        "syslog",
        "quotactl",
    ),
    *("init_module", "finit_module", "delete_module", "kexec_load", "reboot", "settimeofday", "swapon", "swapoff"),
)
#: The three calls of Landlock, which older versions of Docker deny, too; they have these numbers everywhere.
LANDLOCK = (444, 445, 446)
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}
READ_ONLY = ("bus", "fs", "irq", "sys", "sysrq-trigger")
MASKED = ("acpi", "asound", "interrupts", "kcore", "keys", "latency_stats", "sched_debug", "scsi", "timer_list")


def line(*command: str | Path, root: Path | None = None, options: Sequence[str] = ()) -> list[str]:
    """The command line for a command, to be run in the folder of the checkout.

    Parameters
    ----------
    command : str or Path
    root : Path, optional
        A folder to be ``/``, by default that of the machine.
    options : sequence of str
        ``--no-landlock``: as an older Docker; ``--no-capabilities``: as ``docker run --cap-drop ALL``;
        ``--layers A:B``, ``--bind PATH`` and ``--memory-max BYTES``: see `main`.
    """
    place = ["--root", str(root)] if root else []
    return [sys.executable, "-m", "tests.routes.as_docker", *place, *options, "--", *map(str, command)]


def main() -> None:
    """Make the situation and become the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, help="the folder to be /")
    parser.add_argument(
        "--layers", help="overlayfs on the root: WORK:UPPER:LOWER[:LOWER...], the root is the mount point"
    )
    parser.add_argument("--bind", type=Path, action="append", default=[], help="to be seen in the root, read-only")
    parser.add_argument("--memory-max", help="the limit that the container's own control group shows")
    parser.add_argument("--folder", type=Path, help="where to run the command")
    parser.add_argument("--no-landlock", action="store_true")
    parser.add_argument("--no-capabilities", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("command", nargs="+")
    plan = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("Only root can make Docker's situation.")
    if plan.inside:
        if plan.root is None:
            made = [folder for folder in (fonts(), machine_code()) if folder]
            launch.expose(map(str, [*python_folders(), *made, Path.cwd()]), uid=NOBODY)
        lay_out(plan.root or Path("/"), plan)
        if plan.root:
            change_root(plan.root)
        launch.call("sethostname", b"container", len("container"))
    elif may_mount():
        namespaces = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
        os.execvp(
            namespaces[0], [*namespaces, sys.executable, "-m", "tests.routes.as_docker", "--inside", *sys.argv[1:]]
        )
    elif plan.root:
        sys.exit("Another root needs mounts, which are not permitted in a container.")
    deny_system_calls(landlock=not plan.no_landlock)
    if plan.folder:
        os.chdir(plan.folder)
    drop_capabilities(() if plan.no_capabilities else CAPABILITIES)
    os.execvp(plan.command[0], plan.command)


def may_mount() -> bool:
    """Whether mounts of one's own can be made: not in most containers, nor in a chroot whose root is no mount."""
    return (
        has_capability(SYS_ADMIN)
        and subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL).returncode == 0
    )


def has_capability(number: int) -> bool:
    """Whether this process has a capability."""
    # As bytes: in another root there is no Python any more, from which a codec could be imported.
    status = Path("/proc/self/status").read_bytes().splitlines()
    effective = next(int(text.split()[1], 16) for text in status if text.startswith(b"CapEff:"))
    return bool(effective >> number & 1)


def lay_out(root: Path, plan: argparse.Namespace) -> None:
    """Mount what a container has; `root` may be the machine's own, as nobody else sees this."""
    if plan.layers:
        work, upper, lower = plan.layers.split(":", 2)
        mount("-t", "overlay", "-o", f"workdir={work},upperdir={upper},lowerdir={lower}", "overlay", root)
    for path in plan.bind:
        place = root / path.relative_to("/")
        read_only(path, place)
    mount("-t", "proc", "-o", "nosuid,nodev,noexec", "proc", root / "proc")
    read_only(Path("/sys"), root / "sys")
    mount("-t", "tmpfs", "-o", "nosuid,mode=755,size=64k", "tmpfs", root / "dev")
    devices(root / "dev")
    for name in READ_ONLY:
        if (root / "proc" / name).exists():
            read_only(root / "proc" / name, root / "proc" / name)
    for place in [*(root / "proc" / name for name in MASKED), root / "sys" / "firmware"]:
        if place.is_dir():
            mount("-t", "tmpfs", "-o", "ro,size=0", "tmpfs", place)
        elif place.exists():
            mount("--bind", root / "dev" / "null", place)
    mount("-t", "tmpfs", "-o", "nosuid,nodev,noexec,mode=755,size=64k", "tmpfs", root / "sys/fs/cgroup")
    if plan.memory_max:
        (root / "sys/fs/cgroup/memory.max").write_text(f"{plan.memory_max}\n", encoding="ascii")


def devices(folder: Path) -> None:
    """Fill an empty ``/dev`` as Docker does."""
    for name, numbers in DEVICES.items():
        os.mknod(folder / name, stat.S_IFCHR, os.makedev(*numbers))
        (folder / name).chmod(0o666)
    for name, target in {
        "fd": "/proc/self/fd",
        "stdin": "fd/0",
        "stdout": "fd/1",
        "stderr": "fd/2",
        "ptmx": "pts/ptmx",
    }.items():
        (folder / name).symlink_to(target)
    (folder / "pts").mkdir()
    mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666,mode=620", "devpts", folder / "pts")
    (folder / "shm").mkdir()
    mount("-t", "tmpfs", "-o", "nosuid,nodev,noexec,mode=1777,size=64m", "shm", folder / "shm")


def read_only(source: Path, place: Path) -> None:
    """Show a file or folder in a place, not to be written."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir() if source.is_dir() else place.touch()
    mount("--bind", source, place)
    mount("-o", "remount,bind,ro", place)


def mount(*words: str | Path) -> None:
    """Run ``mount``."""
    subprocess.run(["mount", *map(str, words)], check=True)


def change_root(root: Path) -> None:
    """Make a folder ``/``, so that nothing of the machine is left to be seen."""
    if not root.is_mount():
        mount("--bind", root, root)
    os.chdir(root)
    number = seccomp._DENIED["pivot_root"][seccomp._MACHINES[os.uname().machine][0]]
    launch.call("syscall", number, b".", b".")
    launch.call("umount2", b".", 2)
    os.chdir("/")


def deny_system_calls(*, landlock: bool) -> None:
    """Install a filter like Docker's; without ``no_new_privs``, as there, if that is permitted."""
    if not has_capability(SYS_ADMIN):
        launch.call("prctl", launch._PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    column = seccomp._MACHINES[os.uname().machine][0]
    numbers = [seccomp._DENIED[name][column] for name in DENIED] + ([] if landlock else list(LANDLOCK))
    program = [seccomp._load(seccomp._NUMBER)]
    for number in numbers:
        program += seccomp._leave(seccomp._Jump(seccomp._JUMP_IF_EQUAL, number, seccomp._DENY))
    program += seccomp._leave(seccomp._Jump(seccomp._JUMP_IF_EQUAL, seccomp._CLONE3[column], seccomp._UNKNOWN))
    namespaces = seccomp._Jump(seccomp._JUMP_IF_ANY_BIT, seccomp._NAMESPACES, seccomp._DENY)
    program += seccomp._argument(seccomp._CLONE[column], namespaces)
    program.append(seccomp._instruction(seccomp._RETURN, seccomp._ALLOW))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]

    whole = b"".join(program)
    launch.call("prctl", launch._PR_SET_SECCOMP, 2, ctypes.byref(Program(len(whole) // 8, whole)), 0, 0)


def drop_capabilities(kept: Sequence[int]) -> None:
    """Leave root these capabilities, from the next program on."""
    for number in set(range(64)).difference(kept):
        ctypes.CDLL(None).prctl(launch._PR_CAPBSET_DROP, number, 0, 0, 0)


if __name__ == "__main__":
    main()

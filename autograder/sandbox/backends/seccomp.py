"""A seccomp filter for student code, as the bytes of a BPF program.

Everything is allowed but what is listed here: ways to the network, into other processes, and into parts of the kernel
that no notebook needs and that have had more than their share of holes.
"""

from __future__ import annotations

import errno
import platform
import struct
from dataclasses import dataclass

# Offsets in `struct seccomp_data`; both architectures are little-endian, so the low half of an argument comes first.
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _JUMP_IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_DENY = 0x00050000 | errno.EPERM
_UNKNOWN = 0x00050000 | errno.ENOSYS
_X32 = 0x40000000
_AF_UNIX = 1
#: CLONE_NEWTIME and the seven other CLONE_NEW*: a new namespace is where capabilities come back.
_NAMESPACES = 0x7E020080

#: Denied system calls: number on x86_64, number on aarch64 (None where it does not exist).
_DENIED: dict[str, tuple[int | None, int | None]] = {
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    # the kernel
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "syslog": (103, 116),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "iopl": (172, None),
    "ioperm": (173, None),
    "reboot": (169, 142),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # mounts and namespaces
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "unshare": (272, 97),
    "setns": (308, 268),
    # memory that outlives a process, or that belongs to none and so is not counted
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
}
_SOCKET, _SOCKETPAIR, _CLONE, _CLONE3 = (41, 198), (53, 199), (56, 220), (435, 435)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


@dataclass(frozen=True)
class _Jump:
    """A conditional return: go on with the next rule, or leave with `verdict`."""

    code: int
    operand: int
    verdict: int
    when: bool = True


def build_filter(*, unix_sockets: bool) -> bytes | None:
    """Build the filter for this machine.

    Parameters
    ----------
    unix_sockets : bool
        Whether ``socket(AF_UNIX)`` is allowed. Without a network namespace it reaches the machine's own services by
        their abstract names; pairs of sockets, as asyncio uses them, are allowed anyway.

    Returns
    -------
    bytes or None
        An array of ``struct sock_filter``; None on an architecture that is not known here.
    """
    machine = platform.machine()
    if machine not in _MACHINES:
        return None
    column, architecture = _MACHINES[machine]
    program = [_load(_ARCHITECTURE), *_leave(_Jump(_JUMP_IF_EQUAL, architecture, _KILL, when=False)), _load(_NUMBER)]
    if machine == "x86_64":
        program += _leave(_Jump(_JUMP_IF_AT_LEAST, _X32, _DENY))
    for numbers in _DENIED.values():
        number = numbers[column]
        if number is not None:
            program += _leave(_Jump(_JUMP_IF_EQUAL, number, _DENY))
    # glibc falls back to clone, whose flags can be read here; those of clone3 lie behind a pointer.
    program += _leave(_Jump(_JUMP_IF_EQUAL, _CLONE3[column], _UNKNOWN))
    program += _argument(_CLONE[column], _Jump(_JUMP_IF_ANY_BIT, _NAMESPACES, _DENY))
    program += _argument(_SOCKETPAIR[column], _Jump(_JUMP_IF_EQUAL, _AF_UNIX, _DENY, when=False))
    if unix_sockets:
        program += _argument(_SOCKET[column], _Jump(_JUMP_IF_EQUAL, _AF_UNIX, _DENY, when=False))
    else:
        program += _leave(_Jump(_JUMP_IF_EQUAL, _SOCKET[column], _DENY))
    program.append(_instruction(_RETURN, _ALLOW))
    return b"".join(program)


def _instruction(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, operand)


def _load(offset: int) -> bytes:
    return _instruction(_LOAD, offset)


def _leave(jump: _Jump) -> list[bytes]:
    """Leave with the verdict if the condition holds, or with ``when=False`` if it does not."""
    skip = (0, 1) if jump.when else (1, 0)
    return [_instruction(jump.code, jump.operand, *skip), _instruction(_RETURN, jump.verdict)]


def _argument(number: int, jump: _Jump) -> list[bytes]:
    """Leave with the verdict if the condition holds for the first argument of one system call."""
    body = [_load(_FIRST_ARGUMENT), *_leave(jump), _load(_NUMBER)]
    return [_instruction(_JUMP_IF_EQUAL, number, 0, len(body)), *body]

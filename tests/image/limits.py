"""Control groups: the processors and the memory of Gradescope's smallest container, where they may be made."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TOP = Path("/sys/fs/cgroup")
_PERIOD = 100_000


@dataclass(frozen=True)
class Limited:
    """A group of processes with limits.

    Attributes
    ----------
    folders : tuple of Path
        Its control groups, one for each hierarchy.
    memory : int
        Its limit, in bytes.
    counter : str
        What of `memory.stat` programs hold themselves, without the files that the system keeps for them.
    """

    folders: tuple[Path, ...]
    memory: int
    counter: str

    def enter(self, line: list[str]) -> list[str]:
        """The command line that runs a command in the group."""
        joining = "; ".join(f"echo $$ > {folder}/cgroup.procs" for folder in self.folders)
        return ["sh", "-ec", f'{joining}; exec "$@"', "sh", *line]

    def watch(self, process: subprocess.Popen) -> float:
        """The highest use of memory until a process ends, in MB."""
        peak = 0
        while process.poll() is None:
            for text in (self.folders[0] / "memory.stat").read_text(encoding="ascii").splitlines():
                name, _, value = text.partition(" ")
                if name == self.counter:
                    peak = max(peak, int(value))
            time.sleep(0.1)
        return peak / 2**20


@contextlib.contextmanager
def limited(processors: float, memory_mb: int) -> Iterator[Limited | None]:
    """A group with so much of a processor and so much memory; None where control groups cannot be made."""
    quota, memory, name = int(processors * _PERIOD), memory_mb * 2**20, f"neurodynex-image-{os.getpid()}"
    made: list[Path] = []
    try:
        if (_TOP / "cgroup.controllers").exists():
            (_TOP / "cgroup.subtree_control").write_text("+cpu +memory")
            settings = {_TOP / name: {"memory.max": memory, "memory.swap.max": 0, "cpu.max": f"{quota} {_PERIOD}"}}
            counter = "anon"
        else:
            settings = {
                _TOP / "memory" / name: {"memory.limit_in_bytes": memory},
                _TOP / "cpu" / name: {"cpu.cfs_period_us": _PERIOD, "cpu.cfs_quota_us": quota},
            }
            counter = "total_rss"
        for folder, values in settings.items():
            folder.mkdir()
            made.append(folder)
            for setting, value in values.items():
                (folder / setting).write_text(str(value))
        group = Limited(tuple(made), memory, counter)
    except OSError:
        group = None
    try:
        yield group
    finally:
        for folder in made:
            _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a control group, as soon as the last of its processes has ended."""
    for _ in range(100):
        with contextlib.suppress(OSError):
            return folder.rmdir()
        time.sleep(0.1)

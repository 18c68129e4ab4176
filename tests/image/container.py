"""A container in Docker's situation: layers of files, of which the topmost shows what was changed."""

from __future__ import annotations

import os
import stat
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT
from tests.image.limits import Limited
from tests.routes import as_docker

ENVIRONMENT = {
    "HOME": "/root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
}


@dataclass(frozen=True)
class Ran:
    """What became of a command in a container."""

    code: int
    output: str
    seconds: float
    peak_mb: float | None


@dataclass(frozen=True)
class Container:
    """A layer for changes above layers that stay as they are.

    Attributes
    ----------
    folder : Path
        A fresh folder for the layer.
    below : sequence of Path
        The layers below, topmost first.
    """

    folder: Path
    below: Sequence[Path]

    def __post_init__(self) -> None:
        for name in ("upper", "work", "root"):
            (self.folder / name).mkdir(parents=True)

    @property
    def upper(self) -> Path:
        """What this container has that the layers below have not. Files may be put here before it runs."""
        return self.folder / "upper"

    def run(
        self,
        *command: str,
        environment: Mapping[str, str] = {},
        bind: Sequence[Path] = (),
        limited: Limited | None = None,
    ) -> Ran:
        """Run a command as root in Docker's situation, with the machine's network."""
        options = ["--layers", ":".join(map(str, (self.folder / "work", self.upper, *self.below))), "--folder", "/"]
        for path in bind:
            options += ["--bind", str(path)]
        if limited:
            options += ["--memory-max", str(limited.memory)]
        variables = [f"{name}={value}" for name, value in {**ENVIRONMENT, **environment}.items()]
        line = as_docker.line("env", "-i", *variables, *command, root=self.folder / "root", options=options)
        begun = time.monotonic()
        with (self.folder / "output").open("w+", encoding="utf-8", errors="replace") as log:
            process = subprocess.Popen(
                limited.enter(line) if limited else line, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
            try:
                peak = limited.watch(process) if limited else None
                code = process.wait()
            finally:  # when interrupted, too
                process.kill()
            log.seek(0)
            return Ran(code, log.read(), time.monotonic() - begun, peak)

    def changes(self) -> list[tuple[Path, os.stat_result]]:
        """Every file that was made, changed or removed, as the container sees it."""
        found = []
        for folder, _, files in os.walk(self.upper):
            for name in files:
                path = Path(folder, name)
                found.append((Path("/") / path.relative_to(self.upper), path.lstat()))
        return found

    def megabytes(self, place: str = "") -> float:
        """What this layer takes on disk; files with several names count once."""
        top = self.upper / place
        sizes = {
            (s.st_dev, s.st_ino): s.st_blocks * 512 for p in top.rglob("*") if stat.S_ISREG((s := p.lstat()).st_mode)
        }
        return sum(sizes.values()) / 2**20

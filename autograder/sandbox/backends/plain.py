"""The backend that isolates nothing: a child process with limits, for checking one's own notebook."""

from __future__ import annotations

import contextlib
import subprocess
import sys

from .base import Backend, NoIsolation, Sandbox, SandboxSpec
from .staging import command, stage, variables


class Plain(Backend):
    """Runs the notebook as the user who asks, with everything that user can reach."""

    name = "none"
    missing_layers = ("user", "files", "network", "processes", "system calls", "disk")
    limits_processes = False  # they would count all of the user's
    cold = True

    def __init__(self) -> None:
        if sys.platform == "win32":
            raise NoIsolation("notebooks cannot be run from Windows itself")

    def set_cold(self, cold: bool | None) -> None:
        """Change nothing: there is only one way, and it is asked for."""

    def command(self) -> list[str]:
        """Return the command that starts the runner."""
        return command()

    def start_afresh(self, job: SandboxSpec) -> Sandbox:
        """Start the runner as a child process in a fresh folder."""
        with contextlib.ExitStack() as stack:
            top = stage(job.packages, stack)
            home = top / "home"
            (home / "tmp").mkdir(parents=True)
            process = subprocess.Popen(
                self.command(),
                env=variables(top / "packages", home, home / "tmp", job.environment),
                cwd=home,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            return Sandbox(process, top / "fonts", stack.pop_all())

"""A copy of the package to change questions in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.copies import PARTS, copy_parts


class Checkout:
    """A copy of the package whose commands run on the copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        copy_parts(PARTS, folder)

    def run(self, *words: str, code: int = 0) -> str:
        line = [sys.executable, "-m", "autograder", *words]
        done = subprocess.run(line, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.folder), "COLUMNS": "200"}

"""Tables that a test run fills in from several processes, and prints at its end."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

_WORKER = "PYTEST_XDIST_WORKER"


class Table:
    """Rows of JSON, one file for each process.

    Parameters
    ----------
    name : str
        Of the folder below `build/`.
    """

    def __init__(self, name: str) -> None:
        self.folder: Path = ROOT / "build" / name

    def clear(self) -> None:
        """Forget the rows of the run before; only the process that starts the others does."""
        if _WORKER not in os.environ:
            for file in self.folder.glob("*.jsonl"):
                file.unlink()

    def add(self, *row: Any) -> None:
        """Add a row."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{os.environ.get(_WORKER, 'all')}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def rows(self) -> list[list[Any]]:
        """Return the rows of all processes, sorted."""
        lines = [line for file in self.folder.glob("*.jsonl") for line in file.read_text(encoding="utf-8").splitlines()]
        return sorted(json.loads(line) for line in lines)


def markdown(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]

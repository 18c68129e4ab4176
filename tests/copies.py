"""Parts of the checkout in another folder, to be changed there."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.conftest import ROOT

#: All that a command needs.
PARTS = (
    *("autograder", "neurodynex", "source", "release"),
    *("LICENSE", "course.toml", "nbgrader_config.py", "pyproject.toml"),
)
CACHE = "__pycache__"


def copy_parts(names: Iterable[str], folder: Path, leave_out: Iterable[str] = ()) -> None:
    """Copy files and folders of the checkout, with their byte code and machine code: to make it again takes seconds."""

    def left_out(place: str, found: list[str]) -> set[str]:
        # What other processes write there has another ending until it is whole.
        whole = {name for name in found if Path(name).suffix in (".pyc", ".nbi", ".nbc")}
        return set(found) - whole if Path(place).name == CACHE else set(found) & set(leave_out)

    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=left_out)
        else:
            shutil.copy(ROOT / name, folder)

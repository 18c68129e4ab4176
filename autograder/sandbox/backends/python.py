"""Where this Python lives, which the sandbox has to see, and where the grader lives, which it must not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

#: Programs and libraries of the system.
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")

_PACKAGE = Path(__file__).resolve().parents[2]
_CHECKOUT = _PACKAGE.parent

#: The grader's own files: the whole checkout, or when it is installed, the package.
GRADER = [_CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else _PACKAGE]


def python_path() -> str:
    """Return the path of this Python without the folders that ``..`` leaves again: a sandbox does not have them."""
    normalised = os.path.normpath(sys.executable)
    same = os.path.exists(normalised) and os.path.samefile(normalised, sys.executable)
    return normalised if same else sys.executable


def python_folders() -> list[Path]:
    """Return the folders of this Python and of its virtual environment, under all names that they are known by."""
    known = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent}
    known |= {folder.resolve() for folder in known}
    return sorted(
        folder
        for folder in known
        if not any(str(folder).startswith(f"{system}/") for system in SYSTEM) and str(folder) not in SYSTEM
    )


#: What of them other users must not be able to read.
SECRET = [path for path in (_PACKAGE, _CHECKOUT / "source") if path.exists()]


def course_files() -> list[Path]:
    """Return the settings and source notebooks of a course that is apart from the package."""
    if not (settings := os.environ.get("AUTOGRADER_COURSE")):
        return []
    file = Path(settings).resolve()
    return [path for path in (file, file.parent / "source") if path.exists()]

"""What works at a student's desk and not where it is graded: packages and files that only the student has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib import metadata

from autograder.errors import InstructorError

#: What every course has. Python's own modules are there as well.
PACKAGES = ("brian2", "ipython", "matplotlib", "neurodynex", "numpy", "scipy")
_MODULE = re.compile(r"No module named \\?['\"]([A-Za-z_][\w.]{0,60})\\?['\"]")
_FILE = re.compile(r"No such file or directory: \\?['\"]([^'\"\\]{1,80})\\?['\"]")


def notes(problems: Iterable[str], packages: Sequence[str]) -> list[str]:
    """Say in words which modules and files were missed.

    Parameters
    ----------
    problems : iterable of str
        What cells and functions raised.
    packages : sequence of str
        Those that the course adds, as `course.toml` names them.
    """
    text = "\n".join(problems)
    modules = dict.fromkeys(name.partition(".")[0] for name in _MODULE.findall(text))
    sentences = [
        f"There is no module {name} where this is graded. There are Python's own and {listed(packages)}. Do without it; a course "
        "adds a package under [grading] packages in course.toml, and a module of your own is handed in with the notebook, in one folder."
        for name in list(modules)[:5]
    ]
    files = list(dict.fromkeys(_FILE.findall(text)))[:5]
    if files:
        sentences.append(
            f"There is no file {', '.join(files)} where this is graded. What is handed in beside the notebook is there if it ends in "
            ".py, .csv, .txt or .npy. Hand it in, too, or make the data in the notebook."
        )
    return sentences


def listed(packages: Sequence[str]) -> str:
    """Return all packages that there are, as a phrase."""
    names = sorted({*PACKAGES, *map(distribution_name, packages)})
    return f"{', '.join(names[:-1])} and {names[-1]}"


def check_installed(packages: Sequence[str]) -> None:
    """Check that what the course promises is there.

    Raises
    ------
    InstructorError
    """
    for package in packages:
        try:
            metadata.distribution(distribution_name(package))
        except metadata.PackageNotFoundError:
            raise InstructorError(
                f"course.toml names {package!r} under [grading] packages, but it is not installed here, so that submissions that use "
                f"it would fail. Install it: .venv/bin/python -m pip install '{package}'"
            ) from None


def distribution_name(package: str) -> str:
    """Return a package's name without a version."""
    return re.split(r"[\[<>=!~]", package, maxsplit=1)[0]

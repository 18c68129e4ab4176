"""nbgrader: what its exchange holds (`<student>+<assignment>+<time>`), and its tree of submissions."""

from __future__ import annotations

import re

from autograder import assignments
from autograder.platforms.people import Roster, Sender
from autograder.platforms.times import TIMESTAMP, time_of
from autograder.platforms.unpack import File, Handed, Reading

NAME = "nbgrader"
_INBOUND = re.compile(
    r"(?P<student>.+?)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d[^+]*)(?:\+.*)?", re.DOTALL
)


def is_exchange(names: list[str]) -> bool:
    """Tell whether there are folders as nbgrader's exchange names them."""
    return any(_INBOUND.fullmatch(part) for name in names for part in name.split("/")[:-1])


def _is_tree(names: list[str]) -> bool:
    """Tell whether there are files in `<student>/<assignment>/`."""
    return any(_in_tree(name) for name in names)


def is_export(names: list[str]) -> bool:
    """Tell whether this is an exchange or a tree."""
    return is_exchange(names) or _is_tree(names)


def _in_tree(name: str) -> tuple[str, str, str] | None:
    """Return student, path of the submission's folder, and the file's path in it."""
    parts = name.split("/")
    for place in (1, 2):  # a tree, or a folder that holds one
        if len(parts) > place + 1 and parts[place] in assignments.NAMES:
            return parts[place - 1], "/".join(parts[: place + 1]), "/".join(parts[place + 1 :])
    return None


def _in_exchange(name: str) -> tuple[str, str, str] | None:
    parts = name.split("/")
    for place, part in enumerate(parts[:-1]):
        if found := _INBOUND.fullmatch(part):
            return found["student"], "/".join(parts[: place + 1]), "/".join(parts[place + 1 :])
    return None


def read(files: list[File], roster: Roster | None) -> Reading:
    """Read what was handed in: each folder is one submission."""
    reading = Reading()
    placed = _in_exchange if is_exchange([file.name for file in files]) else _in_tree
    folders: dict[str, tuple[str, dict[str, File]]] = {}
    for file in files:
        if found := placed(file.name):
            folders.setdefault(found[1], (found[0], {}))[1][found[2]] = file
        else:
            reading.refused[file.name] = "lies in no folder of a submission"
    for folder, (student, found_files) in folders.items():
        stamp = found_files.pop(TIMESTAMP, None)
        when = time_of(stamp.read(200).decode("utf-8", "replace")) if stamp else None
        if when is None and (inbound := _INBOUND.fullmatch(folder.rpartition("/")[2])):
            when = time_of(inbound["time"])
        reading.handed.append(Handed((Sender(NAME, student, email=student, sid=student),), found_files, when=when))
    return reading

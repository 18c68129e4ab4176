"""Gradescope: its roster, and the export of an assignment's submissions."""

from __future__ import annotations

from typing import Any

import yaml

from autograder.errors import InstructorError
from autograder.platforms.people import Person, Roster, Sender
from autograder.platforms.table import CsvTable
from autograder.platforms.times import time_of
from autograder.platforms.unpack import File, Handed, Reading

NAME = "gradescope"
GRADES = "roster or export of grades of Gradescope"
METADATA = "submission_metadata.yml"
MAX_METADATA = 300_000_000
# All scalars as they are written, so that a number keeps its leading zeros; no tag makes an object.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def is_roster(table: CsvTable) -> bool:
    """Tell whether a table is a roster, or an export of grades."""
    named = table.column("Name", "First Name") is not None
    return named and table.column("SID") is not None and table.column("Email") is not None


def takes_grades(table: CsvTable) -> bool:
    """Tell whether scores can be written into a table."""
    return is_roster(table)


def maxima(table: CsvTable, column: int) -> list[str]:
    """Return the points to which a column counts; a roster has none."""
    return []


def people(table: CsvTable) -> list[Person]:
    """Read the students of a roster; staff are left out."""
    role, section = table.column("Role"), table.column("Section", "Sections")
    found = []
    for row in table.filled():
        address, sid = (table.cell(row, table.column(title)).strip() for title in ("Email", "SID"))
        if (address or sid) and table.cell(row, role).strip().casefold() in ("", "student"):
            place = table.cell(row, section).strip()
            found.append(Person(address or sid, _name(table, row), address, sid, section=place, row=row + 1))
    return found


def _name(table: CsvTable, row: int) -> str:
    names = [table.cell(row, table.column(title)).strip() for title in ("Name", "First Name", "Last Name")]
    return " ".join(name for name in names if name)


def is_export(names: list[str]) -> bool:
    """Tell whether there is a file of metadata as Gradescope's export has it."""
    return any(name.rpartition("/")[2] == METADATA for name in names)


def read(files: list[File], roster: Roster | None) -> Reading:
    """Read what was handed in: each folder is one submission, whose senders stand in the metadata.

    Raises
    ------
    InstructorError
        If the metadata cannot be read.
    """
    reading = Reading()
    metadata = min(
        (file for file in files if file.name.rpartition("/")[2] == METADATA), key=lambda file: file.name.count("/")
    )
    top = metadata.name.removesuffix(METADATA)
    entries = _metadata(metadata)
    folders: dict[str, dict[str, File]] = {}
    for file in files:
        within = file.name.removeprefix(top)
        folder, _, name = within.partition("/")
        if file is metadata:
            continue
        if file.name.startswith(top) and name:
            folders.setdefault(folder, {})[name] = file
        else:
            reading.refused[file.name] = "lies in no folder submission_<id>"
    earlier = {key: one for entry in entries.values() for key, one in _earlier(entry)}
    for folder, found in folders.items():
        entry = entries.get(folder) or entries.get(folder.removeprefix("submission_")) or earlier.get(folder)
        senders = _senders(entry)
        if not senders:
            reading.refused[f"{top}{folder}"] = f"{METADATA} does not say who handed it in"
            continue
        number = folder.rpartition("_")[2]
        order = int(number) if number.isascii() and number.isdigit() else 0
        reading.handed.append(Handed(senders, found, when=time_of(_of(entry, "created_at")), number=order))
    for key in entries.keys() - folders.keys():
        if f"submission_{key}" not in folders:
            who = ", ".join(map(str, _senders(entries[key])))
            reading.refused[f"{top}{key}"] = f"holds no files ({who})" if who else "holds no files"
    return reading


def _metadata(file: File) -> dict[str, Any]:
    try:
        content = yaml.load(file.read(MAX_METADATA).decode("utf-8-sig"), Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        words = str(problem).splitlines()[0]
        raise InstructorError(
            f"{METADATA} of Gradescope's export cannot be read ({words}). Export the submissions again."
        ) from None
    if not isinstance(content, dict):
        raise InstructorError(
            f"{METADATA} of Gradescope's export is no map of submissions. Export the submissions again."
        )
    return content


def _of(entry: Any, name: str) -> Any:
    """Return an entry's value; the names are Ruby's symbols, with a colon before them."""
    return (entry.get(f":{name}") or entry.get(name)) if isinstance(entry, dict) else None


def _earlier(entry: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the earlier submissions of the same people, by the names that their folders would have."""
    history = _of(entry, "history")
    found = []
    for one in history if isinstance(history, list) else []:
        if isinstance(one, dict):
            who = _of(one, "submitters") or _of(entry, "submitters")
            found.append((f"submission_{_of(one, 'id')}", {":submitters": who, ":created_at": _of(one, "created_at")}))
    return found


def _senders(entry: Any) -> tuple[Sender, ...]:
    people = _of(entry, "submitters")
    found = []
    for one in people if isinstance(people, list) else []:
        name, email, sid = (_text(_of(one, key)) for key in ("name", "email", "sid"))
        if name or email or sid:
            found.append(Sender(NAME, email or sid or name, name, email, sid))
    return tuple(found)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) and value.strip() not in ("~", "null") else ""

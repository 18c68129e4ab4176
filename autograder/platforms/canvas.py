"""Canvas: its gradebook, and the names of what is handed in there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.platforms.people import Person, Roster, Sender, letters
from autograder.platforms.table import CsvTable
from autograder.platforms.unpack import File, Handed, Reading

NAME = "canvas"
GRADES = "gradebook export of Canvas"
_OWN = "<name>_<user id>_<attachment id>_<file name>"
_ANONYMOUS = re.compile(r"anon_(?:LATE_)?(?P<user>(?!LATE_)[^\W_]+)_(?:LATE_)?(?P<number>\d+)_(?P<file>.+)", re.DOTALL)
_AGAIN = re.compile(r"-(\d+)$")


def is_roster(table: CsvTable) -> bool:
    """Tell whether a table is a gradebook export."""
    titles = table.columns
    named = titles[0] == "Student" or set(titles[:2]) == {"LastName", "FirstName"}
    return named and "ID" in titles


def rows(table: CsvTable) -> list[int]:
    """Return the rows of students: without the marks and the points possible above them, and Canvas's test student."""
    ident = table.column("ID")
    return [
        row
        for row in table.filled()
        if table.cell(row, ident).strip() and not _counts(table, row) and _name(table, row) != "Student, Test"
    ]


def takes_grades(table: CsvTable) -> bool:
    """Tell whether scores can be written into a table."""
    return is_roster(table)


def maxima(table: CsvTable, column: int) -> list[str]:
    """Return the points to which a column counts, as they stand there."""
    return [table.cell(row, column).strip() for row in table.filled() if _counts(table, row)]


def _counts(table: CsvTable, row: int) -> bool:
    return table.cell(row, 0).strip().startswith("Points Possible")


def people(table: CsvTable) -> list[Person]:
    """Read the students of a gradebook export."""
    ident, login, number = table.column("ID"), table.column("SIS Login ID"), table.column("SIS User ID")
    section = table.column("Section")
    found = []
    for row in rows(table):
        user, sid = table.cell(row, ident).strip(), table.cell(row, number).strip()
        name = table.cell(row, login).strip()
        found.append(
            Person(
                name or sid or user,
                _name(table, row),
                name if "@" in name else "",
                sid,
                canvas=user,
                section=table.cell(row, section).strip(),
                row=row + 1,
            )
        )
    return found


def _name(table: CsvTable, row: int) -> str:
    if table.columns[0] == "Student":
        return table.cell(row, 0).strip()
    last, first = table.column("LastName"), table.column("FirstName")
    return f"{table.cell(row, last).strip()}, {table.cell(row, first).strip()}"


@dataclass(frozen=True)
class _Name:
    """One way to read a file's name."""

    name: str
    user: str
    number: int
    file: str
    late: bool


def _ways(name: str) -> Iterator[_Name]:
    """Yield every way to read a file's name, since people's and files' names may hold underscores and digits, too."""
    if found := _ANONYMOUS.fullmatch(name):
        yield _Name("", found["user"], int(found["number"]), found["file"], "_LATE_" in name[: found.start("file")])
    for ids in re.finditer(r"(?=_(\d{1,20})_(\d{1,20})_(.+))", name, re.DOTALL):
        before = name[: ids.start()]
        late = before.endswith("_LATE")
        before = before.removesuffix("_LATE")
        if before:
            yield _Name(before, ids[1], int(ids[2]), ids[3], late)


def is_export(names: list[str]) -> bool:
    """Tell whether files are named as Canvas names them, in no folder."""
    return any("/" not in name and next(_ways(name), None) for name in names)


def _read_as(name: str, roster: Roster | None) -> _Name | None:
    ways = list(_ways(name)) if "/" not in name else []
    if roster and ways:
        known = [(way, person) for way in ways if (person := roster.by_canvas(way.user))]
        exact = [way for way, person in known if letters(person.name) == letters(way.name)]
        if exact or known:
            return (exact or [way for way, _ in known])[0]
    return ways[0] if ways else None


def read(files: list[File], roster: Roster | None) -> Reading:
    """Read what was handed in: everything of one user is one submission, of a file that was handed in again the latest."""
    reading = Reading()
    users: dict[tuple[str, str], list[tuple[_Name, File]]] = {}
    for file in files:
        if way := _read_as(file.name, roster):
            users.setdefault((way.user, way.name), []).append((way, file))
        else:
            reading.refused[file.name] = f"is not named as Canvas names what is handed in: {_OWN}"
    for (user, name), found in users.items():
        sender = Sender(NAME, user, name)
        turns = sorted({_turn(way.file)[1] for way, _ in found})
        latest: dict[str, tuple[int, _Name, File]] = {}
        for way, file in found:
            base, turn = _turn(way.file)
            latest[base] = max(latest.get(base, (-1, way, file)), (turn, way, file), key=lambda entry: entry[0])
        for turn in turns:
            # An attempt is what was there after it: what was handed in again, and what was not.
            own = [(way, file) for way, file in found if _turn(way.file)[1] == turn]
            last = turn == turns[-1]
            held = [(way, file) for _, way, file in latest.values()] if last else own
            reading.handed.append(
                Handed(
                    (sender,),
                    {_turn(way.file)[0]: file for way, file in held},
                    number=max(way.number for way, _ in own),
                    late=any(way.late for way, _ in held),
                )
            )
    return reading


def _turn(file: str) -> tuple[str, int]:
    """Return a file's name without the number that Canvas adds when it is handed in again, and that number."""
    stem, dot, suffix = file.rpartition(".")
    stem, suffix = (stem, dot + suffix) if dot else (file, "")
    again = _AGAIN.search(stem)
    return (stem[: again.start()] + suffix, int(again[1])) if again and again.start() else (file, 0)

"""Moodle: its grading worksheet and participants, and the names of what is handed in there."""

from __future__ import annotations

import re

from autograder.platforms.people import Person, Roster, Sender
from autograder.platforms.table import CsvTable
from autograder.platforms.unpack import File, Handed, Reading

NAME = "moodle"
GRADES = "grading worksheet of Moodle"
_IDENTIFIER = re.compile(r"[^\d]*?(\d+)")
# Moodle writes blanks for underscores of names, so that the first such sign ends the name.
_PLACE = re.compile(r"(?P<name>[^/]*?)_(?P<user>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
_GRADE = ("grade", "bewertung", "note", "calificación", "valutazione", "cijfer", "nota")
_EMAIL = (
    "Email address",
    "E-Mail-Adresse",
    "Adresse de courriel",
    "Dirección de correo",
    "Indirizzo email",
    "E-mailadres",
)
_NUMBER = ("ID number", "ID-Nummer", "Numéro d’identification", "Numéro d'identification", "Número de ID", "ID-nummer")
_FIRST = ("First name", "Vorname", "Prénom", "Nombre", "Nome", "Voornaam")
_LAST = ("Last name", "Surname", "Nachname", "Nom de famille", "Nom", "Apellido(s)", "Cognome", "Achternaam")


def takes_grades(table: CsvTable) -> bool:
    """Tell whether a table is a grading worksheet, in whatever language: its rows begin with a word and a participant's number."""
    identifiers = table.values(0)
    titles = table.columns
    if "Identifier" in titles[:1]:
        return True
    words = {found[0].removesuffix(found[1]) for cell in identifiers if (found := _IDENTIFIER.fullmatch(cell))}
    return len(titles) > 5 and len(words) == 1 and bool(words - {""}) and all(map(_IDENTIFIER.fullmatch, identifiers))


def is_roster(table: CsvTable) -> bool:
    """Tell whether a table is a grading worksheet or the list of participants."""
    participants = table.column(*_EMAIL) is not None and table.column(*_FIRST) is not None
    return takes_grades(table) or (participants and table.column(*_LAST) is not None and table.column("SID") is None)


def identifier(cell: str) -> str:
    """Return a participant's number: 1234 of "Participant 1234"."""
    found = _IDENTIFIER.fullmatch(cell.strip())
    return found[1] if found else cell.strip()


def people(table: CsvTable) -> list[Person]:
    """Read the participants."""
    worksheet = takes_grades(table)
    email, number = table.column(*_EMAIL), table.column(*_NUMBER)
    if worksheet and email is None:  # in another language, and then they are among the first columns
        email = next((column for column in (2, 3) if any("@" in cell for cell in table.values(column))), None)
        number = 2 if number is None and email == 3 else number
    first, last = table.column(*_FIRST), table.column(*_LAST)
    found = []
    for row in table.filled():
        user = identifier(table.cell(row, 0)) if worksheet else ""
        address, sid = table.cell(row, email).strip(), table.cell(row, number).strip()
        name = table.cell(row, 1) if worksheet else f"{table.cell(row, first)} {table.cell(row, last)}"
        person = address or sid or (f"moodle-{user}" if user else "")
        if person:
            found.append(Person(person, name.strip(), address, sid, moodle=user, row=row + 1))
    return found


def is_export(names: list[str]) -> bool:
    """Tell whether there are files or folders named as Moodle names them."""
    return any(_placed(name) for name in names)


def _placed(name: str) -> tuple[re.Match[str], str] | None:
    """Return what a path tells of its sender, and the file's own path."""
    parts = name.split("/")
    for place, part in enumerate(parts):
        if found := _PLACE.fullmatch(part):
            return found, "/".join(parts[place + 1 :]) or found["file"] or ""
    return None


def read(files: list[File], roster: Roster | None) -> Reading:
    """Read what was handed in: everything of one participant is one submission."""
    reading = Reading()
    users: dict[tuple[str, str], dict[str, File]] = {}
    for file in files:
        placed = _placed(file.name)
        if placed is None:
            reading.refused[file.name] = (
                "is not named as Moodle names what is handed in: <name>_<id>_assignsubmission_file"
            )
        elif placed[0]["kind"] != "file" or not placed[1]:
            reading.refused[file.name] = "is a text that was typed on Moodle, not a file"
        else:
            users.setdefault((placed[0]["user"], placed[0]["name"]), {})[placed[1]] = file
    for (user, name), found in users.items():
        reading.handed.append(Handed((Sender(NAME, user, name),), found))
    return reading


def maxima(table: CsvTable, column: int) -> list[str]:
    """Return the points to which a column counts: for each participant, what stands behind the grade."""
    return table.values(column + 1)


def grade_column(table: CsvTable) -> int | None:
    """Return the column of the grades: by its title, else the one before the only column that holds the same number for everybody."""
    titles = [title.casefold() for title in table.columns]
    if len(there := [number for number, title in enumerate(titles) if title in _GRADE]) == 1:
        return there[0]
    same = [
        number
        for number in range(3, len(titles))
        if len(cells := set(table.values(number))) == 1 and re.fullmatch(r"\d+([.,]\d+)?", next(iter(cells)))
    ]
    return same[0] - 1 if len(same) == 1 else None

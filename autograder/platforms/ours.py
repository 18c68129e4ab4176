"""A roster of the course's own."""

from __future__ import annotations

from autograder.errors import InstructorError
from autograder.platforms.people import Person
from autograder.platforms.table import CsvTable
from autograder.settings import did_you_mean

COLUMNS = ("id", "name", "email", "canvas", "moodle", "gradescope", "section", "extra_days", "group")
MAX_DAYS = 3650


def is_roster(table: CsvTable) -> bool:
    """Tell whether a table has the columns of our roster."""
    there = {title.casefold() for title in table.columns}
    return "id" in there and len(there & set(COLUMNS)) > 1 and "sis login id" not in there


def people(table: CsvTable) -> list[Person]:
    """Read a roster.

    Raises
    ------
    InstructorError
        If there is a column or a value that cannot be.
    """
    titles = [title.casefold() for title in table.columns]
    for title in titles:
        if title and (title not in COLUMNS or titles.count(title) > 1):
            what = f"two columns {title!r}" if title in COLUMNS else f"an unknown column {title!r}"
            meant = "" if title in COLUMNS else did_you_mean(title, COLUMNS)
            raise InstructorError(f"The roster {table.path} has {what}.{meant} There are: {', '.join(COLUMNS)}.")
    found = []
    for row in table.filled():
        cells = {title: table.cell(row, titles.index(title)).strip() for title in COLUMNS if title in titles}
        days = _days(cells.pop("extra_days", ""), table, row)
        person = cells.pop("id") or cells.get("email", "")
        if not person:
            raise InstructorError(f"The roster {table.path} has neither an id nor an email in row {row + 1}.")
        found.append(Person(person, **cells, extra_days=days, row=row + 1))
    return found


def _days(text: str, table: CsvTable, row: int) -> float:
    try:
        days = float(text.replace(",", ".") or 0)
    except ValueError:
        days = -1
    if not 0 <= days <= MAX_DAYS:
        raise InstructorError(
            f"The roster {table.path} has extra_days {text!r} in row {row + 1}. Expected a number of days from 0 to {MAX_DAYS}."
        )
    return days

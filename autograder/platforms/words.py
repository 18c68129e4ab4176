"""What was collected, in words and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from autograder.hand_in import printable_name
from autograder.platforms.collect import Collected
from autograder.platforms.people import Person


def taken_table(collected: Collected) -> Table:
    """Return the table of what was taken."""
    grid = Table("student", "assignment", "handed in", "", "from", box=None, pad_edge=False, header_style="bold")
    for taken in collected.taken:
        when = f"{taken.when:%Y-%m-%d %H:%M} UTC" if taken.when else ""
        notes = [taken.state, *(["late"] if taken.late else [])]
        if len(taken.members) > 1:
            notes.append("with " + ", ".join(member for member in taken.members if member != taken.student))
        cells = (taken.student, taken.assignment, when, ", ".join(notes), taken.source)
        grid.add_row(*(Text(printable_name(cell)) for cell in cells))
    return grid


def summary_lines(collected: Collected) -> Iterator[str]:
    """Yield the counts, the attempts that are kept aside, and who is missing."""
    states = Counter(taken.state for taken in collected.taken)
    counts = ", ".join(f"{count} {state}" for state, count in states.items()) or "none"
    yield f"{len(collected.taken)} submissions from {collected.platform}: {counts}. {len(collected.refused)} not taken."
    for place in dict.fromkeys(collected.aside):
        yield f"Kept aside, another attempt: {printable_name(place)}"
    for assignment, people in collected.missing.items():
        yield f"Missing, {assignment}: {len(people)}{': ' + shown_people(people) if people else ''}."


def shown_people(people: list[Person]) -> str:
    """Return people as a phrase that can be printed."""
    return ", ".join(printable_name(str(person)) for person in people)


def refusals(collected: Collected) -> Iterator[str]:
    """Yield a line for each thing that was not taken, with the reason."""
    for what, why in collected.refused:
        yield f"Not taken: {printable_name(what)}: {printable(why).rstrip('.')}."


def printable(line: str) -> str:
    """Return a line without signs that cannot be printed."""
    return "".join(sign if sign.isprintable() else " " for sign in line)

"""What all commands share: two consoles, a progress bar, and options."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder import assignments
from autograder.result import Result
from autograder.sandbox import available

console = Console()
errors = Console(stderr=True)


def _sandbox(name: str | None) -> str | None:
    if name is not None and name not in available():
        raise typer.BadParameter(f"there is no sandbox {name!r}; there are: {', '.join(available())}")
    return name


def existing_assignment(assignment: str | None) -> str | None:
    """Return the name of an assignment that there is, so that another one is reported before anything else is done."""
    if assignment:
        assignments.load(assignment)
    return assignment


Sandbox = Annotated[
    str | None,
    typer.Option(
        callback=_sandbox,
        help="bubblewrap, other-uid, or none (isolates nothing: for notebooks of your own only). Default: the strongest.",
    ),
]
Names = Annotated[
    list[str] | None, typer.Argument(help=f"One or more of: {', '.join(assignments.NAMES)}. Default: all.")
]
RosterFile = Annotated[Path | None, typer.Option(help="Who is who; by default the roster that course.toml names.")]


def warn(text: str) -> None:
    """Print a line on stderr as it is, whatever names and paths it quotes."""
    errors.print(text, markup=False, highlight=False, soft_wrap=True)


def warn_not_judged(results: Sequence[Result], faults: Path) -> None:
    """Name on stderr the questions of which the judge failed, and the file of the tracebacks."""
    if not results:
        return
    for result in results:
        questions = ", ".join(question.id for question in result.not_judged)
        warn(f"Not judged: {result.student}, {result.assignment}: {questions}.")
    warn(f"The tracebacks are in {faults}. Correct the question and run the command again: it judges these anew.")


def progress_bar() -> Progress:
    """Return a progress bar on stderr."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
    )

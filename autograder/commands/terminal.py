"""What all commands share: two consoles, a progress bar, and options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder import assignments
from autograder.sandbox import available

console = Console()
errors = Console(stderr=True)


def _sandbox(name: str | None) -> str | None:
    if name is not None and name not in available():
        raise typer.BadParameter(f"there is no sandbox {name!r}; there are: {', '.join(available())}")
    return name


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


def progress_bar() -> Progress:
    """Return a progress bar on stderr."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
    )

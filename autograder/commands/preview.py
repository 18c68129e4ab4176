"""`python -m autograder preview`: look at an assignment while it is written."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer
from rich.console import Console

from autograder import assignments


def preview(
    assignment: Annotated[str, typer.Argument(help=f"One of: {', '.join(assignments.NAMES)}.")],
    port: Annotated[int, typer.Option(help="By default a free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Show the notebook, the key and every example's verdict side by side, and again when a file is saved."""
    from autograder.authoring.preview import serve

    def ready(address: str) -> None:
        Console().print(f"The preview is {address}. End with Ctrl+C.", soft_wrap=True, markup=False)
        if browser:
            webbrowser.open(address)

    serve(assignment, port, ready)

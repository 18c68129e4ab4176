"""The instructor's commands: `python -m autograder --help`."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder import __version__
from autograder.commands import new
from autograder.commands.build import build, demo
from autograder.commands.collect import collect, export
from autograder.commands.doctor import doctor
from autograder.commands.grade import grade, otter
from autograder.commands.mark import mark
from autograder.commands.preview import preview
from autograder.commands.regrade import regrade
from autograder.commands.report import report
from autograder.commands.terminal import console, errors, warn
from autograder.commands.verify import key, verify
from autograder.course import enter
from autograder.errors import InstructorError
from autograder.sandbox import NoIsolation

# Completion knows a command by its name, and `python -m autograder` is none.
AS_SCRIPT = Path(sys.argv[0]).stem == "autograder"
app = typer.Typer(
    add_completion=AS_SCRIPT,
    no_args_is_help=True,
    help="Build and grade the Neuronal Dynamics assignments.",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        console.print(__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    enter(Path.cwd())


for command in (build, grade, regrade, collect, export, otter, verify, key, demo, doctor, mark, preview, report):
    app.command()(command)
app.add_typer(new.app, name="new")


def main() -> None:
    """Run a command; an instructor's mistake is a message, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal cannot show ends nothing
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="autograder" if AS_SCRIPT else "python -m autograder")
    except (InstructorError, NoIsolation) as error:
        warn(f"Error: {error}")
        sys.exit(2)
    except OSError as error:
        where = f" {error.filename}:" if error.filename else ""
        warn(f"Error:{where} {error.strerror or error}.")
        sys.exit(2)
    except KeyboardInterrupt:
        errors.print("Interrupted. What was graded is kept; run the same command again to go on.")
        sys.exit(130)


if __name__ == "__main__":
    main()

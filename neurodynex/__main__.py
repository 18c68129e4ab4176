"""`neurodynex check NOTEBOOK`: run a whole notebook from the top, and show what its checks say."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from neurodynex import __version__
from neurodynex.check import forms

COMMANDS = argparse.ArgumentParser(prog="neurodynex", description="The exercises of Neuronal Dynamics.")
COMMANDS.add_argument("--version", action="version", version=__version__)
_commands = COMMANDS.add_subparsers(dest="command", required=True)
_check = _commands.add_parser(
    "check",
    help="run a notebook from the top and show what its checks say",
    description="Run a notebook from the top in a fresh kernel, without changing the file, and show what the check of each "
    "question says: form, unit, plausibility, consistency. Exit code 0: all in order; 1: not yet; 2: no notebook to run.",
)
_check.add_argument("notebook", type=Path)
_check.add_argument("--cell-seconds", type=int, default=300, help="time for each cell (default: 300)")


def main(words: list[str] | None = None) -> None:
    """Run the command line."""
    arguments = COMMANDS.parse_args(words)
    sys.exit(check_notebook(arguments.notebook, arguments.cell_seconds))


def check_notebook(path: Path, cell_seconds: int) -> int:
    """Run a notebook, print a line for each question, and return the exit code."""
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
    except ImportError:
        print(
            'To run notebooks, install what they need: pip install "neurodynex-assignments[notebook]"', file=sys.stderr
        )
        return 2
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat has many ways to refuse a file
        print(f"{path} is not a notebook that can be read: {error}", file=sys.stderr)
        return 2
    client = NotebookClient(
        notebook, timeout=cell_seconds, allow_errors=True, resources={"metadata": {"path": str(path.resolve().parent)}}
    )
    print(f"Running {path} from the top ...", flush=True)
    try:
        client.execute()
    except CellTimeoutError:
        print(f"A cell did not end within {cell_seconds} s, so the run stopped there.")
    except DeadKernelError:
        print("The kernel died, so the run stopped there.")
    return _show(notebook)


def _show(notebook: Any) -> int:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                print(
                    f"Cell {number} stopped with {output.ename}: {output.evalue.splitlines()[0] if output.evalue else ''}"
                )
    text = "\n".join(o.text for cell in notebook.cells for o in cell.get("outputs", ()) if o.output_type == "stream")
    asked = "\n".join(cell.source for cell in notebook.cells)
    mine = {form["assignment"] for question, form in forms().items() if question in asked}
    questions = [question for question, form in forms().items() if form["assignment"] in mine]
    if not questions:
        print("This notebook has no question of an assignment.")
        return 2
    said = {question: _last(question, text) for question in questions}
    for question, lines in said.items():
        print("\n".join(lines) if lines else f"{question}: its check was not reached")
    in_order = sum(bool(lines) and lines[0].endswith("in order so far") for lines in said.values())
    print(f"{in_order} of {len(questions)} questions are in order so far.")
    return 0 if in_order == len(questions) else 1


def _last(question: str, text: str) -> list[str]:
    """Return what the last check of a question printed: its head and the indented lines below."""
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.endswith(("in order so far", "not in order yet")):
            inside = line.startswith(f"{question}: ")
            found = [line] if inside else found
        elif inside and line.startswith("  "):
            found.append(line)
        else:
            inside = False
    return found


if __name__ == "__main__":
    main()

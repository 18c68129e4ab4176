"""`neurodynex check NOTEBOOK`: run a whole notebook from the top, and show what its checks say."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from neurodynex import __version__, _notebook
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
_commands.add_parser(
    "warmup",
    help="make the simulations' machine code now",
    description="Make the machine code of the simulations now, which else the first simulation of each kind does, in a few "
    "seconds. Exit code 0: it is there; 1: it cannot be kept, so that every process makes its own.",
)


def main(words: list[str] | None = None) -> None:
    """Run the command line."""
    arguments = COMMANDS.parse_args(words)
    sys.exit(warm_up() if arguments.command == "warmup" else check_notebook(arguments.notebook, arguments.cell_seconds))


def warm_up() -> int:
    """Make the machine code, say what came of it, and return the exit code."""
    from neurodynex import _machine_code

    loops, kept = _machine_code.warm_up()
    if loops == 0:
        print("Without Numba there is no machine code to make; simulations run without.")
    elif kept < loops:
        print(
            f"Of {loops} simulations, the machine code of {loops - kept} cannot be kept: neither the library's folder nor "
            "your cache folder can be written. Every process makes its own, in a few seconds.",
            file=sys.stderr,
        )
        return 1
    else:
        print(f"The machine code of {loops} simulations is ready.")
    return 0


def check_notebook(path: Path, cell_seconds: int) -> int:
    """Run a notebook, print a line for each question, and return the exit code."""
    try:
        import nbformat

        from neurodynex._run import run
    except ImportError:
        print(
            'To run notebooks, install what they need: pip install "neurodynex-assignments[notebook]"', file=sys.stderr
        )
        return 2
    try:
        with path.open("rb") as file:
            content = _notebook.loads(_notebook.read(file))
        notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
    except (OSError, _notebook.NotReadable) as error:
        print(f"{path} is not a notebook that can be run: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
        return 2
    print(f"Running {path} from the top ...", flush=True)
    findings, problems = run(notebook, path.resolve().parent, cell_seconds)
    for problem in problems:
        print(problem)
    return _show(notebook, findings, hashlib.sha256(content).hexdigest())


def _show(notebook: Any, findings: dict[str, dict[str, Any]], digest: str) -> int:
    asked = "\n".join(cell.source for cell in notebook.cells)
    assignments = {
        form["assignment"] for question, form in forms().items() if question in findings or question in asked
    }
    questions = [question for question, form in forms().items() if form["assignment"] in assignments]
    if not questions:
        print("This notebook has no question of an assignment.")
        return 2
    for question in questions:
        print(
            "\n".join(findings[question]["lines"]) if question in findings else f"{question}: its check was not reached"
        )
    in_order = sum(question in findings and findings[question]["in_order"] for question in questions)
    empty = sum(not findings[question]["attempted"] for question in questions if question in findings)
    left = f", {empty} not attempted" if empty else ""
    print(f"{in_order} of {len(questions)} questions are in order so far{left}.")
    for name in sorted(assignments):
        if due := _due().get(name):
            print(f"{name}: {due}")
    # The same number stands in the result of what was handed in.
    names = ", ".join(sorted(assignments))
    print(f"Receipt: {names}; notebook without its outputs, SHA-256 {digest}; checked by version {__version__}.")
    return 0 if in_order == len(questions) else 1


def _due() -> dict[str, str]:
    """Return when assignments are due: name -> a sentence."""
    found: dict[str, str] = json.loads(Path(__file__).with_name("due.json").read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    main()

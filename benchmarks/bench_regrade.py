"""How long judging again takes: `regrade` of a class, and the judging of one submission of each assignment.

Run ``python -m benchmarks.bench_regrade [--submissions 84] [--grades DIR]``. A class is made from the sample submissions, as for
`benchmarks.bench_class`, and graded first; so many of each assignment. With ``--grades`` the results in a folder are taken, and none is
written. CPU seconds of the command are of the whole machine; the first submission of an assignment also computes the references that all others share.
No verdict is kept from one result for the next; but who hands in the same sample has the same variables, so that neuron_type's latencies at
their currents are among those references. A class whose pulses are all different ones computes them anew.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.table import Table

from autograder import assignments, batch
from autograder.course import read_course_toml
from autograder.grade import AssignmentRules, judge_by
from benchmarks.bench_class import Cost, lay, measure
from tests.routes.routes import command


def graded(folder: Path, submissions: int) -> Path:
    """Make and grade a class; return where the results are."""
    for assignment in assignments.NAMES:
        lay(folder / "class", assignment, submissions)
    command(sys.executable, "-m", "autograder", "grade", "class", "--out", "out", cwd=folder)
    return folder / "out"


def judging(grades: Path, assignment: str) -> list[float]:
    """Return the CPU seconds of reading and judging each result of an assignment in this process."""
    rules = AssignmentRules.of(assignment, read_course_toml())
    seconds = []
    for path in batch.files_in(grades):
        if path.stem == assignment:
            start = time.process_time()
            stored = batch.read_result(path)
            if stored and judge_by(rules, stored):
                seconds.append(time.process_time() - start)
    return seconds


def command_cost(grades: Path, workers: int) -> Cost:
    """Return what the whole command costs, start included; nothing is written."""
    words = (sys.executable, "-m", "autograder", "regrade", grades, "--dry-run", "--workers", str(workers))
    return measure(len(batch.files_in(grades)), lambda: command(*words, cwd=Path.cwd()))


def show(grades: Path, workers: int) -> None:
    """Print both tables."""
    found = {name: judging(grades, name) for name in assignments.NAMES}
    table = Table("assignment", "submissions", "the first (ms)", "each other (ms)", "submissions/s on 2 cores")
    means = {name: fmean(seconds[1:]) for name, seconds in found.items() if len(seconds) > 1}
    for name, each in means.items():
        numbers = (f"{1000 * found[name][0]:.0f}", f"{1000 * each:.1f}", f"{2 / each:.0f}")
        table.add_row(name, str(len(found[name])), *numbers)
    every = fmean(means.values())
    table.add_row("all six alike", "", "", f"{1000 * every:.1f}", f"{2 / every:.0f}")
    cost = command_cost(grades, workers)
    whole = Table("`regrade --dry-run`", "wall s", "CPU s", "submissions/s, start included", "most memory (MB)")
    whole.add_row(
        f"{cost.submissions} submissions, {workers} workers",
        f"{cost.wall:.1f}",
        f"{cost.cpu:.1f}",
        f"{cost.submissions / cost.wall:.0f}",
        f"{cost.memory_mb:.0f}",
    )
    console = Console(width=120)
    console.print(table)
    console.print(whole)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=84, help="of each assignment")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--grades", type=Path, help="a folder that `grade` has filled")
    asked = parser.parse_args()
    if asked.grades:
        show(asked.grades.resolve(), asked.workers)
        return
    with tempfile.TemporaryDirectory() as folder:
        show(graded(Path(folder), asked.submissions), asked.workers)


if __name__ == "__main__":
    main()

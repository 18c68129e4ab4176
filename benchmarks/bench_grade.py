"""What one grade costs beside the student's own cells, where sandboxes are forks.

Run ``python -m benchmarks.bench_grade [--repeats 5] [--profile]``. The reference solution of an assignment is graded again and again in
this process; each code cell says how much computing time it took. What is left is the grader's own time, here, and the rest of the sandbox's:
making it, its imports, reading the answers, with the calls of the student's functions. Medians of CPU seconds.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import re
import time
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from autograder import notebook, samples
from autograder.course import Course, load
from autograder.grade import grade
from autograder.sandbox import backend, session
from autograder.sandbox.backends.base import Backend
from autograder.sources import Sources

STUDENT = "ada"
_BEGIN = "import time as _clock; _begun = _clock.process_time()\n"
_END = "\nprint('cell took', _clock.process_time() - _begun)"


@dataclass(frozen=True)
class Cost:
    """CPU seconds of a grade: of its student's cells, of the rest of the sandbox, and of the grader."""

    cells: float
    sandbox: float
    grader: float

    @property
    def overhead(self) -> float:
        return self.sandbox + self.grader


def timed(assignment: str) -> bytes:
    """Return the reference solution as a student would hand it in, with a clock in each code cell."""
    content = json.loads(samples.load(assignment)["ada"].notebook(notebook.source_path(assignment), STUDENT))
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = [_BEGIN, *cell["source"], _END]
    return json.dumps(content).encode()


class Watched:
    """Reads the computing time of each sandbox before it is closed."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.close = session.Session.close

    def __enter__(self) -> Watched:
        watched = self

        def close(one: session.Session) -> None:
            watched.seconds += one.sandbox.computing_seconds()
            watched.close(one)

        session.Session.close = close  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        session.Session.close = self.close  # type: ignore[method-assign]


def once(content: bytes, assignment: str, chosen: Backend, course: Course, sources: Sources) -> Cost:
    """Grade once."""
    start = time.process_time()
    with Watched() as sandbox:
        graded = grade(content, assignment, STUDENT, chosen, course=course, sources=sources)
    grader = time.process_time() - start
    said = json.dumps([cell.outputs for cell in graded.cells.values()])
    cells = sum(float(number) for number in re.findall(r"cell took ([\d.e-]+)", said))
    return Cost(cells, sandbox.seconds - cells, grader)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="show where the grader's time goes")
    parser.add_argument("--assignment", nargs="*", default=["leaky_integrate_and_fire", "neuron_type"])
    asked = parser.parse_args()
    chosen, course, sources = backend(cold=False), load(), Sources.now()
    table = Table("assignment", "cells", "rest of the sandbox", "grader", "overhead")
    for assignment in asked.assignment:
        content = timed(assignment)
        given = content, assignment, chosen, course, sources
        once(*given)  # the process that is forked starts, and references are computed
        found = [once(*given) for _ in range(asked.repeats)]
        columns = [[getattr(cost, name) for cost in found] for name in ("cells", "sandbox", "grader", "overhead")]
        table.add_row(assignment, *(f"{median(column):.3f}" for column in columns))
        if asked.profile:
            profile = cProfile.Profile(time.process_time)
            profile.runcall(once, *given)
            pstats.Stats(profile).sort_stats("cumulative").print_stats(40)
    Console(width=100).print(f"CPU seconds of a grade, in {chosen.name}, forked", table)


if __name__ == "__main__":
    main()

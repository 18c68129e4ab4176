"""What one grade costs beside the student's own cells, where sandboxes are forks, and what that is spent on.

Run ``python -m benchmarks.bench_grade [--repeats 5] [--profile]``. The reference solution of an assignment is graded again and again in
this process, and its result is written; each code cell says how much computing time it took. What is left is the grader's own time, here,
and the rest of the sandbox's. CPU seconds: medians in the first table, means in the second, which reads the sandbox's time after each
message, in steps of 10 ms. What students use is imported once, before the first fork, and is in neither.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from autograder import grade as grading
from autograder import judge as judging
from autograder import notebook, samples
from autograder import result as results
from autograder.course import Course, read_course_toml
from autograder.sandbox import backend, session
from autograder.sandbox import run as running
from autograder.sandbox.backends.base import Backend, Sandbox
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
    """Counts CPU seconds by what they are spent on, as a context manager.

    Attributes
    ----------
    grader, sandbox : Counter
        Part -> seconds. A call in the grader that is made by another one that is watched counts for itself only.
    computed : float
        Seconds of all sandboxes.
    """

    def __init__(self, look_inside: bool) -> None:
        self.grader: Counter[str] = Counter()
        self.sandbox: Counter[str] = Counter()
        self.computed = 0.0
        self._look_inside = look_inside
        self._known = 0.0
        self._nested = [0.0]
        self._patched = ExitStack()

    def __enter__(self) -> Watched:
        for owner, name, part in (
            (session.Session, "__init__", "fork"),
            (session.Session, "ask", "pipes"),
            (session.Session, "close", "close"),
            (session, "parse", "parse"),
            (running, "_checked", "decode"),
            (judging, "decoded", "decode"),
            (grading, "judge_all", "judge"),
            (results, "write_atomically", "write"),
            (results.Result, "to_json", "write"),
        ):
            self._patched.enter_context(patch.object(owner, name, self._counted(getattr(owner, name), part)))
        return self

    def __exit__(self, *_: object) -> None:
        self._patched.close()

    def _counted(self, call: Callable[..., Any], part: str) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            if part == "close":
                self.computed += args[0].sandbox.computing_seconds()
            start = time.process_time()
            self._nested.append(0.0)
            try:
                return call(*args, **kwargs)
            finally:
                spent = time.process_time() - start
                self.grader[part] += spent - self._nested.pop()
                self._nested[-1] += spent
                if part == "pipes" and self._look_inside:
                    self._look(args[0].sandbox, _SANDBOX.get(kwargs.get("do") or args[1], "answers"))

        return counted

    def _look(self, sandbox: Sandbox, part: str) -> None:
        computed = sandbox.computing_seconds()
        self.sandbox[part] += computed - self._known
        self._known = computed


#: What a sandbox is asked to do -> what that counts for; anything else is reading answers.
_SANDBOX = {"start": "fork", "cell": "cells"}


def once(content: bytes, assignment: str, chosen: Backend, course: Course, sources: Sources, watched: Watched) -> Cost:
    """Grade once, and write the result."""
    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder, watched:
        graded = grading.grade(content, assignment, STUDENT, chosen, course=course, sources=sources)
        results.write_atomically(Path(folder, "result.json"), graded.result.to_json())
    grader = time.process_time() - start
    said = json.dumps([cell.outputs for cell in graded.cells.values()])
    cells = sum(float(number) for number in re.findall(r"cell took ([\d.e-]+)", said))
    watched.grader["the rest"] += grader - watched.grader.total()
    watched.sandbox["around the cells"] += watched.sandbox.pop("cells", 0.0) - cells
    return Cost(cells, watched.computed - cells, grader)


def shares(given: tuple[bytes, str, Backend, Course, Sources], repeats: int) -> dict[str, float]:
    """Return what the overhead of a grade is spent on: part -> mean CPU seconds."""
    found: Counter[str] = Counter()
    for _ in range(repeats):  # reading the sandbox's time takes the grader's, so that each is watched by itself
        inside, outside = Watched(look_inside=True), Watched(look_inside=False)
        once(*given, inside)
        once(*given, outside)
        found.update({f"sandbox: {part}": seconds for part, seconds in inside.sandbox.items()})
        found.update({f"grader: {part}": seconds for part, seconds in outside.grader.items()})
    return {part: seconds / repeats for part, seconds in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="show where the grader's time goes")
    parser.add_argument("--assignment", nargs="*", default=["leaky_integrate_and_fire", "neuron_type"])
    asked = parser.parse_args()
    chosen, course, sources = backend(cold=False), read_course_toml(), Sources.now()
    table = Table("assignment", "cells", "rest of the sandbox", "grader", "overhead")
    parts: dict[str, dict[str, float]] = {}
    for assignment in asked.assignment:
        given = timed(assignment), assignment, chosen, course, sources
        once(*given, Watched(look_inside=False))  # the process that is forked starts, and references are computed
        found = [once(*given, Watched(look_inside=False)) for _ in range(asked.repeats)]
        columns = [[getattr(cost, name) for cost in found] for name in ("cells", "sandbox", "grader", "overhead")]
        table.add_row(assignment, *(f"{median(column):.3f}" for column in columns))
        parts[assignment] = shares(given, asked.repeats)
        if asked.profile:
            profile = cProfile.Profile(time.process_time)
            profile.runcall(once, *given, Watched(look_inside=False))
            pstats.Stats(profile).sort_stats("cumulative").print_stats(40)
    split = Table("spent on", *(f"{assignment}, share" for assignment in parts))
    for part in dict.fromkeys(part for found in parts.values() for part in found):
        columns = [found.get(part, 0.0) for found in parts.values()]
        wholes = [sum(found.values()) for found in parts.values()]
        row = (f"{seconds:.3f}, {100 * seconds / whole:.0f} %" for seconds, whole in zip(columns, wholes, strict=True))
        split.add_row(part, *row)
    Console(width=100).print(f"CPU seconds of a grade, in {chosen.name}, forked", table, split)


if __name__ == "__main__":
    main()

"""How long a whole class takes, beside plain nbgrader and plain Otter with submissions of the same kind.

Run ``python -m benchmarks.bench_class [--submissions 200] [--peers 16] [--assignment NAME ...]``. The class is made from the sample
submissions, each with an identity of its own; endless loops are left out, as they measure a limit. The peers grade the same notebooks,
with our library, by tests that evaluate what our questions ask for. They get fewer, some of each sample: eight are one of each.
A second table tells whether time and memory stay as they are while a class is graded; with ``--peers 0`` there is only ours.
Ratios are peer / ours: above 1, ours is faster. CPU seconds are of the whole machine, which has to do nothing else meanwhile: nobody
is told how much a sandbox took that was ended with all its processes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from autograder import assignments, notebook, samples
from autograder.course import Context
from autograder.sandbox import Call, Variable
from tests.conftest import COURSE
from tests.routes.routes import command

_OTTER = """from otter.test_files import test_case

OK_FORMAT = False
name = "{id}"


@test_case(points=1)
def case(env):
    globals().update(env)
{body}
"""


@dataclass(frozen=True)
class Cost:
    """What grading so many submissions took.

    Attributes
    ----------
    submissions : int
    cpu, wall : float
        Seconds, of all.
    memory : list of (float, float)
        When it was looked at (seconds of the epoch), and what all processes held together (MB).
    """

    submissions: int
    cpu: float
    wall: float
    memory: list[tuple[float, float]]

    @property
    def memory_mb(self) -> float:
        """Return the most that all processes held together."""
        return max(held for _, held in self.memory)

    def of_each(self) -> tuple[float, float]:
        """Return CPU seconds and seconds on the clock for a submission."""
        return self.cpu / self.submissions, self.wall / self.submissions


def lay(folder: Path, assignment: str, count: int) -> None:
    """Write a class into `folder/<student>/<assignment>/`."""
    kinds = [sample for name, sample in sorted(samples.load(assignment).items()) if name != "endless"]
    for number in range(count):
        student = f"student{number:04d}"
        place = folder / student / assignment
        place.mkdir(parents=True)
        content = kinds[number % len(kinds)].notebook(notebook.source_path(assignment), student)
        (place / f"{assignment}.ipynb").write_bytes(content)


@contextmanager
def watch() -> Iterator[list[tuple[float, float]]]:
    """Look twice a second at the memory (MB, shared parts once) of all processes below this one."""
    seen, done = [(time.time(), 0.0)], threading.Event()

    def look() -> None:
        while not done.wait(0.5):
            total = 0.0
            for process in psutil.Process().children(recursive=True):
                try:
                    total += process.memory_full_info().pss / 2**20
                except psutil.Error:
                    continue
            seen.append((time.time(), total))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def measure(submissions: int, call: Callable[[], object]) -> Cost:
    """Return what a call cost."""
    before, start = machine_seconds(), time.perf_counter()
    with watch() as memory:
        call()
    return Cost(submissions, machine_seconds() - before, time.perf_counter() - start, memory)


def machine_seconds() -> float:
    """Return how many CPU seconds all processes of this machine have taken since its start."""
    user, nice, system, *_ = Path("/proc/stat").read_text().split()[1:]
    return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")


def tests_of(assignment: str) -> dict[str, str]:
    """Return question -> code that evaluates all that our question asks the submission for."""
    context = Context.of("student", assignment, COURSE)
    found = {}
    for question in assignments.load(assignment).questions:
        lines = []
        for request in question.requests(context):
            if isinstance(request, Variable):
                lines.append(request.name)
            elif isinstance(request, Call):
                points = [point for point in request.args if all(isinstance(value, (int, float)) for value in point)]
                lines += [f"{request.name}({', '.join(map(repr, point))})" for point in points[:3]]
        found[question.id] = "\n".join(lines) or "pass"
    return found


def nbgrader_course(folder: Path, assignment: str) -> Path:
    """Make a course of plain nbgrader with hidden tests."""
    tests = tests_of(assignment)
    source = json.loads(notebook.source_path(assignment).read_text(encoding="utf-8"))
    for cell in source["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("grade") and not meta.get("solution"):
            cell["source"] = f"### BEGIN HIDDEN TESTS\n{tests.get(meta['grade_id'], 'pass')}\n### END HIDDEN TESTS"
    place = folder / "source" / assignment
    place.mkdir(parents=True)
    (place / f"{assignment}.ipynb").write_text(json.dumps(source), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.ClearSolutions.code_stub = {'python': 'pass'}\n")
    command("nbgrader", "generate_assignment", assignment, cwd=folder)
    return folder


def otter_zip(path: Path, assignment: str) -> Path:
    """Make an autograder of plain Otter."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("otter_config.json", json.dumps({"lang": "python"}))
        for question, code in tests_of(assignment).items():
            body = "".join(f"    {line}\n" for line in code.splitlines())
            file.writestr(f"tests/{question}.py", _OTTER.format(id=question, body=body))
    return path


def by_otter(zip_file: Path, submitted: Path, assignment: str) -> None:
    for folder in sorted(submitted.iterdir()):
        command("otter", "run", "-a", zip_file, f"{assignment}.ipynb", cwd=folder / assignment)


def quarters(out: Path, cost: Cost) -> Iterator[tuple[float, float]]:
    """Yield of each quarter of a class the seconds on the clock for a submission, and the most memory (MB)."""
    written = sorted(path.stat().st_mtime for path in out.glob("*/*.json"))
    edges = [cost.memory[0][0], *(written[len(written) * part // 4 - 1] for part in (1, 2, 3, 4))]
    for begin, end in itertools.pairwise(edges):
        held = [memory for at, memory in cost.memory if begin <= at <= end]
        yield 4 * (end - begin) / len(written), max(held, default=0.0)


def compare(
    assignment: str, submissions: int, peers: int, workers: int
) -> tuple[dict[str, Cost], list[tuple[float, float]]]:
    """Return route -> what it cost, and the quarters of `grade`."""
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top)
        lay(folder / "class", assignment, submissions)
        grade = (sys.executable, "-m", "autograder", "grade", "class", "--out", "out", "--workers", str(workers))
        found = {"grade": measure(submissions, lambda: command(*grade, cwd=folder))}
        parts = list(quarters(folder / "out", found["grade"]))
        if peers:
            course = nbgrader_course(folder / "nbgrader", assignment)
            lay(course / "submitted", assignment, peers)
            found["plain nbgrader"] = measure(peers, lambda: command("nbgrader", "autograde", assignment, cwd=course))
            lay(folder / "otter", assignment, peers)
            zip_file = otter_zip(folder / "autograder.zip", assignment)
            found["plain Otter"] = measure(peers, lambda: by_otter(zip_file, folder / "otter", assignment))
            shutil.rmtree(course)
    return found, parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--peers", type=int, default=16, help="how many of them the peers grade")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--assignment", nargs="*", default=["leaky_integrate_and_fire", "neuron_type"])
    asked = parser.parse_args()
    columns = ("submissions", "CPU s each", "wall s each", "most memory (MB)", "CPU peer / ours", "wall peer / ours")
    table = Table("assignment", "route", *columns)
    flat = Table("`grade`, each submission", "1st quarter", "2nd", "3rd", "4th")
    for assignment in asked.assignment:
        found, parts = compare(assignment, asked.submissions, asked.peers, asked.workers)
        flat.add_row(assignment, *(f"{seconds:.2f} s, {memory:.0f} MB" for seconds, memory in parts))
        for route, cost in found.items():
            ratios = (theirs / ours for theirs, ours in zip(cost.of_each(), found["grade"].of_each(), strict=True))
            each = (f"{value:.2f}" for value in cost.of_each())
            memory = f"{cost.memory_mb:.0f}"
            table.add_row(
                assignment, route, str(cost.submissions), *each, memory, *(f"{ratio:.1f}" for ratio in ratios)
            )
    console = Console(width=160)
    console.print(table)
    console.print(flat)


if __name__ == "__main__":
    main()

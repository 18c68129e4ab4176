"""How long grading takes on each route, beside plain nbgrader and plain Otter with the same submissions.

Run ``python -m benchmarks.bench_routes``. The peers run the same notebooks with tests that a course would write by hand (see
`tests.attacks.peers`), and run student code beside the grading. Ratios are route / peer: below 1 is faster.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autograder import notebook, samples
from tests.attacks.attack import ASSIGNMENT
from tests.attacks.peers import Plain
from tests.routes.routes import Routes, command

STUDENTS = tuple(f"student{number}" for number in range(6))


def lay(folder: Path) -> None:
    """Write each student's submission, with the reference solution, into `folder/<student>/<assignment>/`."""
    sample = samples.load(ASSIGNMENT)["ada"]
    for student in STUDENTS:
        place = folder / student / ASSIGNMENT
        place.mkdir(parents=True)
        content = sample.notebook(notebook.source_path(ASSIGNMENT), student)
        (place / f"{ASSIGNMENT}.ipynb").write_bytes(content)


def seconds(call: Callable[[], object]) -> float:
    """Return the seconds for each submission."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) / len(STUDENTS)


def otter(zip_file: Path, submissions: Path, **environment: str) -> None:
    for student in STUDENTS:
        folder = submissions / student / ASSIGNMENT
        words = ("otter", "run", "-a", zip_file, f"{ASSIGNMENT}.ipynb")
        command(*words, cwd=folder, NEURODYNEX_STUDENT=student, **environment)


def measure(top: Path) -> dict[str, float]:
    """Return route -> seconds for each submission."""
    routes = Routes(top / "ours")
    plain = Plain(top / "plain")
    for folder in (routes.nbgrader / "submitted", plain.course / "submitted", top / "ours-otter", top / "plain-otter"):
        lay(folder)
    command("nbgrader", "generate_assignment", ASSIGNMENT, cwd=routes.nbgrader, **routes.environment)
    grade = (sys.executable, "-m", "autograder", "grade", routes.nbgrader / "submitted", "--out", top / "out")
    autograde = ("nbgrader", "autograde", ASSIGNMENT)
    zip_file = routes.zip_of(ASSIGNMENT)
    return {
        "plain nbgrader": seconds(lambda: command(*autograde, cwd=plain.course)),
        "nbgrader": seconds(lambda: command(*autograde, cwd=routes.nbgrader, **routes.environment)),
        "grade": seconds(lambda: command(*grade, cwd=top, **routes.environment)),
        "plain Otter": seconds(lambda: otter(plain.zip, top / "plain-otter")),
        "otter run": seconds(lambda: otter(zip_file, top / "ours-otter", **routes.environment)),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("ours", "plain"):
            (Path(folder) / name).mkdir()
        found = measure(Path(folder))
    peers = {"nbgrader": "plain nbgrader", "grade": "plain nbgrader", "otter run": "plain Otter"}
    print(f"{len(STUDENTS)} reference solutions of {ASSIGNMENT}\n")
    for name, time_taken in found.items():
        ratio = f"{time_taken / found[peers[name]]:6.2f} of {peers[name]}" if name in peers else ""
        print(f"{name:16} {time_taken:6.2f} s each  {ratio}")


if __name__ == "__main__":
    main()

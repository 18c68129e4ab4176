"""How long the pages of a class take, with the students' own figures: the first time, and again.

Run ``python -m benchmarks.bench_report [--students 500] [--assignment NAME ...] [--grades DIR]``. The samples of each assignment are
graded for real, once. The class is copies of those results under other identities, dealt out in turn to students who have the same
variant. In each copy, the heights in the figures' plain data are multiplied by a number near 1, so that no two figures of the class are
the same. Other answers are as the samples have them, what functions returned too, though each student's inputs are others: most lie far off
in the plots of functions. The page of copies has more shared answers to compare than that of a real class, and no code. With ``--grades`` the class is kept in a folder, and taken from there.

Wall seconds and memory are of the command and all its processes; its CPU seconds are of the whole machine. CPU seconds of the
parts are of another run, in one process.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from importlib import import_module
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from rich.console import Console
from rich.table import Table

from autograder import assignments, batch, pages, samples
from autograder.course import Context, Course, read_course_toml
from autograder.pages import class_page, gather, own_figures
from autograder.pages import copies as copies_page
from autograder.result import Result
from autograder.sandbox import Figures
from autograder.submitted import Job
from benchmarks.bench_class import Cost, lay, measure
from tests.routes.routes import command

write = import_module("autograder.pages.write")
#: Part -> what does it, none within another.
PARTS: dict[str, tuple[tuple[Any, str], ...]] = {
    "reading": ((batch, "read_result"), (gather, "decoded")),
    "answers beside bands": ((gather.Group, "add"),),
    "own figures": ((own_figures, "of"),),
    "class's pages": ((class_page, "render"),),
    "copies": ((copies_page.Copies, "add"), (copies_page, "render"), (write, "add_notebooks")),
}
REST = "students' pages and the rest"
#: The standard deviation of what figures are multiplied by, around 1.
CHANGE = 0.01


def graded_samples(assignment: str) -> list[Result]:
    """Grade the samples of an assignment."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        lay(place / "class", assignment, len(samples.load(assignment)))
        command(sys.executable, "-m", "autograder", "grade", "class", "--out", "out", cwd=place)
        found = [batch.read_result(path) for path in batch.files_in(place / "out")]
    return [result for result in found if result]


def copies(found: list[Result], course: Course) -> Iterator[Result]:
    """Yield copies of results for ever, each for a student of its own who has the variant of the original."""
    by_variant = defaultdict[str, list[Result]](list)
    for result in found:
        by_variant[str(result.variant)].append(result)
    turns = {variant: cycle(results) for variant, results in by_variant.items()}
    rng = np.random.default_rng(1)
    for number in count():
        student = f"student{number:04d}"
        variant = str(Context.of(student, found[0].assignment, course).variant)
        yield copy(next(turns[variant]), student, rng.normal(1, CHANGE))


def copy(result: Result, student: str, factor: float) -> Result:
    """Return a result for another student, with what its figures show so many times as high."""
    questions = []
    for question in result.questions:
        drawn = question.answers.get(Figures().key)
        answers = {**question.answers, Figures().key: times(drawn, factor)} if drawn else question.answers
        questions.append(question.model_copy(update={"answers": answers}))
    return result.model_copy(update={"student": student, "questions": tuple(questions)})


def times(drawn: Any, factor: float, height: bool = False) -> Any:
    """Return a figure's plain data with all heights multiplied."""
    if isinstance(drawn, dict):
        return {key: times(value, factor, key in ("y", "v", "ylim")) for key, value in drawn.items()}
    if isinstance(drawn, list):
        return [times(value, factor, height) for value in drawn]
    if isinstance(drawn, bytes) and height:
        return (factor * np.frombuffer(drawn)).tobytes()
    return drawn * factor if height and isinstance(drawn, int | float) else drawn


def made(folder: Path, students: int, course: Course, assignment: str) -> Path:
    """Write the class's grades of an assignment, as far as they are not there; return their folder."""
    place = folder / assignment
    if len(batch.files_in(place)) != students:
        shutil.rmtree(place, ignore_errors=True)
        for result in islice(copies(graded_samples(assignment), course), students):
            path = batch.place(place, Job(Path(), result.student, assignment))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(result.to_json(), encoding="utf-8")
    return place


def together(folder: Path, names: list[str]) -> Path:
    """Return a folder with the grades of all these assignments."""
    place = folder / "all"
    shutil.rmtree(place, ignore_errors=True)
    for name in names:
        for path in batch.files_in(folder / name):
            (place / path.parent.name).mkdir(parents=True, exist_ok=True)
            (place / path.parent.name / path.name).hardlink_to(path)
    return place


def command_cost(grades: Path) -> Cost:
    """Return what the command costs, start included."""
    words = (sys.executable, "-m", "autograder", "report", grades)
    return measure(len(batch.files_in(grades)), lambda: command(*words, cwd=Path.cwd()))


def parts(grades: Path, course: Course) -> dict[str, float]:
    """Return the CPU seconds of the parts of writing all pages in this process."""
    seconds = defaultdict[str, float](float)

    def timed(part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed_call(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            try:
                return call(*args, **options)
            finally:
                seconds[part] += time.process_time() - start

        return timed_call

    with ExitStack() as changed:
        for part, places in PARTS.items():
            for place, name in places:
                changed.enter_context(mock.patch.object(place, name, timed(part, getattr(place, name))))
        changed.enter_context(mock.patch.object(write, "_MANY", sys.maxsize))
        start = time.process_time()
        pages.write_pages(grades, course)
        seconds[REST] = time.process_time() - start - sum(seconds.values())
    return seconds


def megabytes(paths: Iterable[Path]) -> float:
    return sum(path.stat().st_size for path in paths) / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--assignment", nargs="*", default=list(assignments.NAMES))
    parser.add_argument("--grades", type=Path, help="a folder for the class, which is kept")
    asked = parser.parse_args()
    course = read_course_toml()
    costs = Table("grades", "pages", "wall s", "CPU s", "most memory (MB)")
    sizes = Table("grades", "all pages (MB)", "a class's page (MB)", "a student's page (KB)")
    times = Table("CPU s, one process", *PARTS, REST)
    with tempfile.TemporaryDirectory() as made_folder:
        folder = asked.grades.resolve() if asked.grades else Path(made_folder)
        places = [made(folder, asked.students, course, name) for name in asked.assignment]
        for place in [*places, *([together(folder, asked.assignment)] if len(places) > 1 else [])]:
            shutil.rmtree(place / pages.PLACE, ignore_errors=True)
            for turn in ("the first time", "again"):
                cost = command_cost(place)
                costs.add_row(place.name, turn, f"{cost.wall:.1f}", f"{cost.cpu:.1f}", f"{cost.memory_mb:.0f}")
            report = place / pages.PLACE
            students = list(report.glob("students/*/*.html"))
            sizes.add_row(
                place.name,
                f"{megabytes(path for path in report.rglob('*') if path.is_file()):.1f}",
                f"{max(megabytes([path]) for path in report.glob('*.html')):.1f}",
                f"{1024 * megabytes(students) / len(students):.0f}",
            )
            found = parts(place, course)
            times.add_row(place.name, *(f"{found[part]:.1f}" for part in (*PARTS, REST)))
    console = Console(width=120)
    for table in (costs, sizes, times):
        console.print(table)


if __name__ == "__main__":
    main()

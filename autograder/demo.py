"""The main job, shown on the sample submissions: build, hand out, hand in, grade, report."""

from __future__ import annotations

import os
import shutil
import webbrowser
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder import assignments, batch, notebook, pages, samples, tables
from autograder.build import build_all
from autograder.course import ROOT, Course, own_folder
from autograder.errors import InstructorError
from autograder.result import write_atomically

# Some samples never end by themselves; the demonstration does not wait for them as long as a course would. No cell of the others
# computes for more than a second and a half, which a busy machine may stretch to the fourfold of this limit on the clock.
CELL_SECONDS = 15


def run_demo(out: Path, course: Course, sandbox: str | None, console: Console) -> str:
    """Build everything, grade all samples, print a table, and write `out/grades/report/`.

    Parameters
    ----------
    out : Path
        Everything goes here but `release/` and `dist/`.
    course : Course
    sandbox : str, optional
        By default the strongest that there is.
    console : Console

    Returns
    -------
    str
        Where to look.
    """
    names = list(assignments.NAMES)
    shutil.rmtree(out, ignore_errors=True)
    build_all(names, (own_folder() or ROOT) / "dist", course)
    console.print(f"Built release/ and dist/ for {', '.join(names)}.")
    for name in names:
        for student, sample in samples.load(name).items():
            path = out / "submitted" / student / name / f"{name}.ipynb"
            write_atomically(path, sample.notebook(notebook.source_path(name), student).decode())
    jobs = batch.find_jobs(out / "submitted")
    course = course.with_limits(cell_seconds=CELL_SECONDS)
    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Grading", total=len(jobs))
        graded = batch.run(
            jobs,
            out / "grades",
            course=course,
            sandbox=sandbox,
            on_done=lambda job: progress.update(task, advance=1, description=f"Grading {job.student}"),
        )
    results = graded.results
    console.print(tables.class_table(results))
    if graded.failures:
        raise InstructorError(f"Not graded: {graded.failures}")
    first = pages.write_pages(out / "grades", course, heading="Sample submissions")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(first.resolve().as_uri())
    return (
        f"Sandbox: {results[0].sandbox}. The report is {first}; each grade is {out}/grades/<student>/<assignment>.json; "
        "what students get is dist/<assignment>/student.zip, and what Gradescope gets is dist/<assignment>/autograder.zip."
    )

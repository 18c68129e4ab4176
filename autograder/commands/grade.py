"""`python -m autograder grade` and `otter`: run submissions and judge them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.collect import print_collected
from autograder.commands.terminal import (
    Sandbox,
    console,
    errors,
    existing_assignment,
    progress_bar,
    warn,
    warn_not_judged,
)
from autograder.course import read_course_toml


def grade(
    path: Annotated[
        Path, typer.Argument(help="A notebook, an nbgrader submitted/ tree, or an export as `collect` takes it.")
    ],
    student: Annotated[str | None, typer.Option(help="The student's id; of a tree, grade only this student.")] = None,
    assignment: Annotated[
        str | None,
        typer.Option(callback=existing_assignment, help="The assignment, where the file's name does not tell it."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Where <student>/<assignment>.json is written.")] = Path("build/grades"),
    sandbox: Sandbox = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Submissions at a time. Default: one for each core.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Grade again what has a current grade already.")] = False,
    cold: Annotated[
        bool | None,
        typer.Option(
            "--cold/--warm",
            help="Start each sandbox afresh, or each as a fork of a process that has imported the libraries. Default: fork all "
            "but the first.",
        ),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, whose workers grade in place of this machine.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="Of an export, who is who; by default the roster that course.toml names.")
    ] = None,
) -> None:
    """Grade PATH. Exit code 0: all graded; 1: some could not be read, graded or judged; 2: nothing was graded."""
    from autograder import batch, corrected, pages, report, tables
    from autograder.platforms import collect as collecting
    from autograder.platforms import roster as rosters
    from autograder.settings import unused_overrides
    from autograder.submitted import overlooked
    from autograder.totals import ClassTotals, to_be_marked

    course = read_course_toml()
    collected = None
    people = rosters.of_course(course, roster)
    # Before anything is run, so that a mark that cannot be costs no time.
    class_totals = ClassTotals.read(out, course, people, [path] if path.is_dir() else [])
    if not student and not collecting.is_tree(path) and collecting.platform_of(path):
        tree = out / "submitted"
        collected = collecting.collect(path, tree, course=course, roster=people, assignment=assignment)
        print_collected(collected)
        jobs = collecting.jobs(collected, tree)
    else:
        jobs = batch.find_jobs(path, student, assignment)
    if path.is_dir() or collected:
        jobs = corrected.in_place(jobs, [path.resolve().parent, Path.cwd()])
    if path.is_dir() and not student:
        handed_in = [(job.assignment, job.student) for job in jobs]
        for note in unused_overrides(course.variant.overrides, handed_in, course.for_students(overrides=False)):
            warn(f"Note: {note}")
    with progress_bar() as progress:
        task = progress.add_task("Grading", total=len(jobs))
        graded = batch.run(
            jobs,
            out,
            course=course,
            sandbox=sandbox,
            workers=workers,
            force=force,
            cold=cold,
            scheduler=scheduler,
            on_done=lambda job: progress.update(task, advance=1, description=f"Grading {job.student}"),
        )
    results = graded.results
    not_found = {} if collected else overlooked(path, student, assignment)
    if len(results) == 1:
        totals = class_totals.of(results[0])
        console.print(report.submission_text(results[0], totals), markup=False, highlight=False, soft_wrap=True)
    elif results:
        console.print(tables.class_table(results, class_totals.of))
    for line in to_be_marked(class_totals.still_to_mark(results), {result.assignment for result in results}):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for job, reason in graded.failures.items():
        warn(f"Not graded: {job.path}: {reason.rstrip('.')}.")
    for place, reason in not_found.items():
        warn(f"Not graded: {place}: {reason}.")
    faulty = [result for result in results if result.not_judged]
    warn_not_judged(faulty, out / batch.FAULTS)
    if graded.failures:
        errors.print(
            "Correct what is reported there and run the command again: it grades only what has no current grade.",
            soft_wrap=True,
        )
    if not results:
        raise typer.Exit(2)
    run_anew = len(results) - graded.kept - graded.judged_again
    console.print(
        f"{run_anew} run, {graded.judged_again} judged again from the answers of an earlier run, {graded.kept} current before.",
        soft_wrap=True,
        highlight=False,
    )
    report_page = pages.write_pages(out, course, totals=class_totals)
    console.print(
        f"Results: {out}/<student>/<assignment>.json and {report_page} (sandbox: {results[0].sandbox})",
        soft_wrap=True,
        markup=False,
    )
    unreadable = not all(result.readable for result in results)
    raise typer.Exit(
        1 if unreadable or faulty or graded.failures or not_found or (collected and collected.refused) else 0
    )


def otter(
    path: Annotated[Path, typer.Argument(help="One student's notebook, zip file or folder.")],
    student: Annotated[str, typer.Option(envvar="NEURODYNEX_STUDENT", help="The student's id.")],
    assignment: Annotated[
        str | None,
        typer.Option(callback=existing_assignment, help="The assignment, where neither name nor content tells it."),
    ] = None,
    autograder: Annotated[
        Path | None, typer.Option(help="By default dist/<assignment>/autograder.zip, which `build` makes.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder for results.json.")] = Path(),
) -> None:
    """Grade PATH with Otter as `otter run` does, however it is named, packed or encoded. Exit code 0: graded; 1: not read or judged."""
    from autograder import report
    from autograder.adapters import gradescope, otter_run
    from autograder.submitted import find_one

    job = find_one(path, student, assignment)
    zip_file = autograder or Path("dist") / job.assignment / "autograder.zip"
    result, failure = otter_run.grade_with_otter(job, zip_file, out, read_course_toml())
    if not result.readable:
        console.print(report.submission_text(result), markup=False, highlight=False, soft_wrap=True)
    for fault in [*([failure] if failure else []), *gradescope.faults(result)]:
        warn(fault)
    console.print(f"Results: {out / 'results.json'} (sandbox: {result.sandbox})", soft_wrap=True, markup=False)
    raise typer.Exit(0 if result.readable and not result.not_judged and not failure else 1)

"""`python -m autograder regrade`: judge stored answers again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.terminal import console, errors, existing_assignment, progress_bar, warn, warn_not_judged
from autograder.course import read_course_toml
from autograder.formatting import format_count


def regrade(
    grades: Annotated[Path, typer.Argument(help="The folder that `grade` has filled.")] = Path("build/grades"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show whose score would change; write nothing.")] = False,
    assignment: Annotated[str | None, typer.Option(callback=existing_assignment, help="Only this assignment.")] = None,
    student: Annotated[str | None, typer.Option(help="Only this student.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes. Default: one for each core.")] = None,
) -> None:
    """Judge the answers in GRADES again by today's questions, tolerances and points; nothing is run.

    Exit code 0: all judged; 1: some have to be run, or could not be judged; 2: nothing was judged.
    """
    from autograder import batch, tables
    from autograder import regrade as regrading

    course = read_course_toml()
    with progress_bar() as progress:
        task = progress.add_task("Judging", total=len(regrading.selected_files(grades, assignment, student)))
        found = regrading.regrade(
            grades,
            course,
            assignment=assignment,
            student=student,
            dry_run=dry_run,
            workers=workers or batch.cores(),
            on_done=lambda count: progress.advance(task, count),
        )
    if found.changes:
        console.print(tables.score_changes_table(found.changes))
    for path, reason in found.to_run.items():
        warn(f"To be run: {path}: {reason}.")
    warn_not_judged(found.not_judged, grades / batch.FAULTS)
    if found.outdated_runs:
        errors.print(
            f"Note: {found.outdated_runs} were run with another library, other packages or other limits than today's; `grade` runs them "
            "again.",
            soft_wrap=True,
        )
    console.print(
        f"{found.judged} judged again, {format_count(len(found.changes), 'score')} {'would change' if dry_run else 'changed'}, "
        f"{len(found.to_run)} to be run.",
        soft_wrap=True,
        highlight=False,
    )
    if dry_run:
        console.print("Nothing was written.")
    else:
        from autograder import pages  # half of what there is to import

        console.print(
            f"Results: {grades}/<student>/<assignment>.json and {pages.write_pages(grades, course)}",
            soft_wrap=True,
            markup=False,
        )
    raise typer.Exit(2 if not found.judged else 1 if found.to_run or found.not_judged else 0)

"""`python -m autograder verify` and `key`: prove the questions, and say what is expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from autograder import assignments
from autograder.commands.terminal import Names, console, progress_bar
from autograder.course import Course, read_course_toml

if TYPE_CHECKING:
    from autograder.mutation import Kind, Row


def verify(
    names: Names = None,
    students: Annotated[int, typer.Option(min=1, help="For how many made-up students' variants.")] = 20,
    mutants: Annotated[
        bool,
        typer.Option("--mutants", help="Run the reference solutions with systematic mistakes; each must be refused."),
    ] = False,
    honest: Annotated[
        bool, typer.Option("--honest", help="Run them with other honest choices; each must be accepted.")
    ] = False,
    most: Annotated[int | None, typer.Option(min=1, help="So many changes of each solution at the most.")] = None,
) -> None:
    """Prove that each question is fair: right answers, edges, slips and garbage of its own making. Exit code 1: a fault."""
    from autograder.verify import verify as prove

    chosen = names or list(assignments.NAMES)
    course = read_course_toml()
    if mutants or honest:
        found = _mutate(chosen, "mutants", course, most) if mutants else 0
        found += _mutate(chosen, "honest", course, most) if honest else 0
        raise typer.Exit(1 if found else 0)
    total = sum(len(assignments.load(name).questions) for name in chosen)
    with progress_bar() as progress:
        task = progress.add_task("Proving", total=total)
        report = prove(chosen, students, course, lambda _: progress.advance(task))
    kinds = ("variants", "right", "wrong", "slip", "garbage")
    console.print(_grid(kinds, report.counts))
    for fault in report.faults:
        console.print(f"Fault: {fault}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(report.faults)} faults, {students} students.")
    raise typer.Exit(1 if report.faults else 0)


def key(
    names: Names = None,
    out: Annotated[Path, typer.Option(help="Where the pages go. They hold all expected values.")] = Path("build/key"),
    mutants: Annotated[
        bool,
        typer.Option(
            "--mutants",
            help="Show what becomes of the reference solutions' mutants and honest variations, too (minutes).",
        ),
    ] = False,
) -> None:
    """Write the answer key, for instructors: expected values, tolerances, slips, and how honest values spread."""
    from autograder import key as answer_key

    chosen = names or list(assignments.NAMES)
    for name in chosen:
        assignments.load(name)
    course = read_course_toml()
    kinds: tuple[Kind, ...] = ("mutants", "honest") if mutants else ()
    tested = {kind: _changed(chosen, kind, course) for kind in kinds}
    with progress_bar() as progress:
        task = progress.add_task("Measuring", total=answer_key.count_steps(chosen, course))
        made = answer_key.write_key(chosen, out, course, lambda _: progress.advance(task), tested)
    console.print(f"The answer key is {made[0]}. Keep it from students.", soft_wrap=True)


def _mutate(names: list[str], kind: Kind, course: Course, most: int | None) -> int:
    """Run an experiment on all questions, print what came of it, and return how many outcomes should not be."""
    from autograder.mutation import COLUMNS

    rows = _changed(names, kind, course, most)
    columns = COLUMNS[kind]
    counts = {row.question: Counter({title: row.counts[key] for key, title in columns.items()}) for row in rows}
    console.print(_grid(tuple(columns.values()), counts))
    for row in rows:
        for outcome, reason in row.listed:
            console.print(
                f"Listed: {row.question}, {outcome.change}: {reason}", markup=False, highlight=False, soft_wrap=True
            )
        for outcome in row.found:
            message = outcome.message.replace("\n", " ")
            console.print(
                f"Fault: {row.question}, {outcome.change}: {message} {outcome.answers}",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
    return sum(len(row.found) for row in rows)


def _changed(names: list[str], kind: Kind, course: Course, most: int | None = None) -> list[Row]:
    """Run an experiment on all questions of the assignments, with a progress bar."""
    from autograder.mutation import experiments, run, summarize

    chosen = experiments(names)
    with progress_bar() as progress:
        task = progress.add_task("Running mutants" if kind == "mutants" else "Running variations", total=len(chosen))
        return summarize(run(chosen, kind, course, most=most, on_done=lambda _: progress.advance(task)), kind)


def _grid(kinds: tuple[str, ...], counts: Mapping[str, Counter[str]]) -> Table:
    """Return a table of counts, a question a row, with their sums."""
    grid = Table("question", *kinds, box=None, pad_edge=False, header_style="bold")
    for question_id, of_it in counts.items():
        grid.add_row(question_id, *(str(of_it[kind]) for kind in kinds))
    grid.add_row("all", *(str(sum(of_it[kind] for of_it in counts.values())) for kind in kinds))
    return grid

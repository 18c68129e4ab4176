"""`python -m autograder build` and `demo`: make what goes out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder import assignments
from autograder.commands.terminal import Names, Sandbox, console, errors, progress_bar, warn
from autograder.course import read_course_toml

UNCHANGED = "change-me"


def build(
    names: Names = None,
    dist: Annotated[Path, typer.Option(help="Where the zip files go.")] = Path("dist"),
    solutions: Annotated[
        bool,
        typer.Option(
            "--solutions", help="Instead, run the worked solutions, to be handed out: DIST/<assignment>/solutions/."
        ),
    ] = False,
    student: Annotated[str | None, typer.Option(help="With --solutions: for this student's own variants.")] = None,
    roster: Annotated[
        Path | None, typer.Option(help="With --solutions: for the own variants of all in this roster.")
    ] = None,
) -> None:
    """Build release/ and, for each assignment, DIST/<assignment>/student.zip and autograder.zip."""
    from autograder.authoring import unfinished
    from autograder.build import build_all
    from autograder.platforms import roster as rosters
    from autograder.solutions import build_solutions

    if (student or roster) and not solutions:
        raise typer.BadParameter(
            "--student and --roster go with --solutions: what is released is the same for everybody"
        )
    chosen = names or list(assignments.NAMES)
    for name in chosen:
        assignments.load(name)
    course = read_course_toml()
    with progress_bar() as progress:
        task = progress.add_task("Building", total=len(chosen))
        if solutions:
            students = [student] if student else []
            if roster and (people := rosters.of_course(course, roster)):
                students += [person.id for person in people.people if person.id not in students]
            made = build_solutions(chosen, dist, course, students, lambda _: progress.advance(task))
        else:
            made = build_all(chosen, dist, course, lambda _: progress.advance(task))
    for path in made:
        console.print(str(path), soft_wrap=True)
    for line in (line for name in chosen for line in unfinished(name)):
        warn(f"Note: {line}")
    if course.course.salt == UNCHANGED:
        errors.print(
            f'Note: course.toml still has the salt "{UNCHANGED}". Set one of your own before you hand anything out.'
        )


def demo(
    out: Annotated[Path, typer.Option(help="Where everything of the demonstration goes.")] = Path("build/demo"),
    sandbox: Sandbox = None,
) -> None:
    """Build everything, grade the sample submissions for real, and write a report page."""
    from autograder.demo import run_demo

    console.print(run_demo(out, read_course_toml(), sandbox, console), soft_wrap=True)

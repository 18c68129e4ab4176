"""`python -m autograder collect` and `export`: from a platform, and back to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.terminal import RosterFile, console, existing_assignment, warn
from autograder.course import read_course_toml

if TYPE_CHECKING:
    from autograder.platforms.collect import Collected


def collect(
    export: Annotated[
        Path,
        typer.Argument(
            help="Canvas's, Moodle's or Gradescope's export, or nbgrader's exchange: a zip file or a folder."
        ),
    ],
    assignment: Annotated[
        str | None, typer.Option(callback=existing_assignment, help="Take this assignment only.")
    ] = None,
    roster: RosterFile = None,
    out: Annotated[Path, typer.Option(help="The tree that is filled.")] = Path("submitted"),
) -> None:
    """Sort EXPORT into OUT/<student>/<assignment>/. Exit code 0: all taken; 1: some not; 2: nothing."""
    from autograder.platforms import collect as collecting
    from autograder.platforms import roster as rosters

    course = read_course_toml()
    people = rosters.of_course(course, roster)
    collected = collecting.collect(export, out, course=course, roster=people, assignment=assignment)
    print_collected(collected, table=True)
    if not collected.taken:
        raise typer.Exit(2)
    raise typer.Exit(1 if collected.refused else 0)


def export(
    to: Annotated[str, typer.Option(help="canvas, moodle, gradescope, or csv (a table of our own).")],
    file: Annotated[
        Path | None, typer.Argument(help="The platform's own gradebook, worksheet or roster, which is filled.")
    ] = None,
    assignment: Annotated[
        str | None,
        typer.Option(callback=existing_assignment, help="Whose scores; by default the only one that is graded."),
    ] = None,
    column: Annotated[str | None, typer.Option(help="The title of the column; by default the assignment's.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="By default <FILE's name>-graded.csv in this folder.")
    ] = None,
    grades: Annotated[Path, typer.Option(help="Where `grade` has written.")] = Path("build/grades"),
    submitted: Annotated[Path, typer.Option(help="The tree that `collect` has filled, for groups.")] = Path(
        "submitted"
    ),
    roster: RosterFile = None,
    feedback: Annotated[
        Path | None,
        typer.Option(
            help="A folder of students' pages, as <grades>/report/students: makes the zip file of them that Canvas or Moodle takes."
        ),
    ] = None,
) -> None:
    """Write the scores into a platform's own file. Exit code 0: written; 2: not."""
    from autograder.files import write_together
    from autograder.platforms import export as exporting
    from autograder.platforms import feedback as feedbacks
    from autograder.platforms import roster as rosters
    from autograder.platforms import words

    if to not in (*exporting.PLATFORMS, exporting.CSV):
        raise typer.BadParameter(f"there is no {to!r}; there are: {', '.join(exporting.PLATFORMS)}, {exporting.CSV}")
    if (file is None) != (to == exporting.CSV):
        raise typer.BadParameter("csv takes no file" if file else f"{to} needs the platform's own file")
    course = read_course_toml()
    people = rosters.of_course(course, roster)
    found = exporting.Grades.read(grades, submitted, course, assignment)
    made = exporting.to_csv(found, people) if file is None else exporting.to_platform(to, file, found, people, column)
    path = output or Path(f"{file.stem if file else 'grades'}{'-graded' if file else ''}.csv")
    files = {path: made.content}
    if feedback:
        trees = [grades / "submitted", submitted]
        content, count, notes = feedbacks.pack_feedback(feedback, trees, to, found.assignment, found.key)
        pages_file = path.with_name(f"{path.stem}-feedback.zip")
        files[pages_file] = content
        made.notes += notes
        console.print(f"{count} students' pages are in {pages_file}.", markup=False, highlight=False, soft_wrap=True)
    write_together(files)
    for note in made.notes:
        warn(f"Note: {words.printable(note)}")
    console.print(
        f"{made.filled} scores of {found.assignment} are in {path}.", markup=False, highlight=False, soft_wrap=True
    )


def print_collected(collected: Collected, *, table: bool = False) -> None:
    """Print what was collected and what not."""
    from autograder.platforms import words

    if table and collected.taken:
        console.print(words.taken_table(collected))
    for line in words.summary_lines(collected):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for line in words.refusals(collected):
        warn(line)

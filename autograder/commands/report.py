"""`python -m autograder report`: the pages of a folder of grades."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.course import read_course_toml


def report(
    grades: Annotated[Path, typer.Argument(help="The folder that `grade` has filled.")] = Path("build/grades"),
    student: Annotated[
        str | None, typer.Option(help="Of the students' pages, write only this one's. The class's are always of all.")
    ] = None,
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Write expected values into the students' pages, too: not for students.")
    ] = False,
    roster: Annotated[Path | None, typer.Option(help="Names; by default the roster that course.toml names.")] = None,
    submitted: Annotated[
        Path, typer.Option(help="The tree that was graded: times of handing in, and notebooks to be compared.")
    ] = Path("submitted"),
) -> None:
    """Write the pages of all grades in GRADES: report/index.html for the class, and one for each student."""
    from autograder import pages
    from autograder.platforms import roster as rosters
    from autograder.totals import ClassTotals

    course = read_course_toml()
    people = rosters.of_course(course, roster)
    totals = ClassTotals.read(grades, course, people, [submitted])
    typer.echo(f"The report is {pages.write_pages(grades, course, totals=totals, with_key=with_key, only=student)}")

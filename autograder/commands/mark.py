"""`python -m autograder mark`: grade free-text answers by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.terminal import existing_assignment
from autograder.course import read_course_toml


def mark(
    question: Annotated[
        str | None,
        typer.Argument(help="The id of a text, as oja_what_why. Without it, what is to be graded is listed."),
    ] = None,
    grades: Annotated[Path, typer.Argument(help="The folder that `grade` has filled.")] = Path("build/grades"),
    assignment: Annotated[
        str | None, typer.Option(callback=existing_assignment, help="The assignment, where several have such a text.")
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(help="Only write the page, which works without this command; take its CSV in with --take."),
    ] = None,
    take: Annotated[
        list[Path] | None,
        typer.Option(help="Take marks in: a CSV file, or nbgrader's gradebook.db. More than once, if you like."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="With --take: what is taken in counts where marks differ.")
    ] = False,
    give: Annotated[Path | None, typer.Option(help="Put all marks into nbgrader's gradebook.db.")] = None,
    submitted: Annotated[
        Path, typer.Option(help="The tree that was graded: the pictures in texts come from there.")
    ] = Path("submitted"),
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Grade all texts to QUESTION by hand, without names. Marks go to GRADES/marks/QUESTION.csv as they are given."""
    from autograder.marking import work

    course = read_course_toml()
    if take:
        work.take(take, grades, course, replace=replace)
    if give:
        work.give(give, grades, course)
    if question:
        work.grade_by_hand(question, assignment, grades, course, page, browser, submitted)
    elif not take and not give:
        work.show_list(grades, course, assignment)

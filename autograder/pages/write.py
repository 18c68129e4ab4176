"""Writes all pages of a folder of grades, whichever run wrote those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment

from autograder import __version__, batch
from autograder.course import Context, Course
from autograder.errors import InstructorError
from autograder.files import write_again
from autograder.pages import class_page, copies, own_figures, student
from autograder.pages.copies import Copies, add_notebooks
from autograder.pages.gather import Answers, Entry, Group, gather
from autograder.pages.templating import jinja_environment
from autograder.platforms import roster
from autograder.portions import Processes, portions_of
from autograder.result import Result
from autograder.sources import Sources
from autograder.titles import titles
from autograder.totals import ClassTotals

#: The folder beside the grades.
PLACE = "report"
#: Grades that a process takes at a time. Another process takes longer to start than fewer than so many grades to show.
_PORTION, _MANY = 10, 100
_KILLED = "A process that wrote pages was killed; perhaps the memory is used up. The grades are there. Run `python -m autograder report {}`."


def write_pages(
    out: Path,
    course: Course,
    *,
    totals: ClassTotals | None = None,
    heading: str = "",
    with_key: bool = False,
    only: str | None = None,
) -> Path:
    """Write the pages of all grades in a folder; return where to begin.

    Parameters
    ----------
    out : Path
        The folder that `grade` has filled.
    course : Course
    totals : ClassTotals, optional
        What beside the results decides what a class gets.
    heading : str
        Of the first page, where there is more than one assignment.
    with_key : bool
        Write expected values into the students' pages, too.
    only : str, optional
        Write the pages of this student only. The class's are always of all.

    Raises
    ------
    InstructorError
        If there are no grades, or none of the student that is asked for, or if a page cannot be written.
    """
    files = batch.files_in(out)
    if not files:
        raise InstructorError(f"There are no results in {out}. `grade` writes them.")
    try:
        totals = totals or ClassTotals.read(out, course, roster.of_course(course, None))
        folder = _Folder(out / PLACE, course, totals, Sources.now(), with_key, only)
        with Processes(batch.cores() if len(files) >= _MANY else 1, if_killed=_KILLED.format(out)) as processes:
            return _write(folder, files, heading or f"Grades of the course {course.course.id}", processes)
    except OSError as problem:
        raise InstructorError(
            f"The grades are there, but not their pages in {out / PLACE} ({problem.strerror or problem}). Correct that and run "
            f"`python -m autograder report {out}`."
        ) from None


@dataclass(frozen=True)
class _Folder:
    """The folder of pages, and by what they are written; picklable."""

    place: Path
    course: Course
    totals: ClassTotals
    sources: Sources
    with_key: bool
    only: str | None

    def written(self, *names: str, text: str) -> Path:
        """Write a page; return its file."""
        path = self.place.joinpath(*names)
        write_again(path, text)
        return path


@dataclass
class _Class:
    """What the pages of a class need of its grades, and the students' pages that are written.

    Attributes
    ----------
    groups : dict
        Assignment -> grades.
    copies : dict
        Assignment -> what is compared.
    written : set of Path
    """

    groups: dict[str, Group] = field(default_factory=dict)
    copies: dict[str, Copies] = field(default_factory=dict)
    written: set[Path] = field(default_factory=set)

    def add_all(self, other: _Class) -> None:
        """Add the grades of others."""
        for name, group in other.groups.items():
            self.groups.setdefault(name, Group(name)).add_all(group)
            self.copies.setdefault(name, Copies(name)).add_all(other.copies[name])
        self.written |= other.written


def _students(folder: _Folder, files: Sequence[Path]) -> _Class:
    """Read some grades, and write their students' pages."""
    templates = jinja_environment()
    found = _Class()

    def write_page(entry: Entry, result: Result, context: Context, answers: Answers) -> None:
        if folder.only is not None and folder.totals.key(folder.only) != folder.totals.key(result.student):
            return
        page = student.student_page(
            entry,
            result,
            context,
            answers,
            handed_in=folder.totals.handed_in(result),
            is_outdated=entry.is_outdated,
            with_key=folder.with_key,
            figures=own_figures.of(result, answers, templates.get_template("figure.html")),
        )
        for ending in ("html", "md"):
            text = templates.get_template(f"student.{ending}").render(page=page)
            name = f"{result.assignment}.{ending}"
            found.written.add(folder.written("students", entry.folder, name, text=text))

    def compare(entry: Entry, result: Result, context: Context, answers: Answers) -> None:
        found.copies.setdefault(result.assignment, Copies(result.assignment)).add(entry, result, context, answers)

    found.groups = gather(files, folder.course, folder.totals, folder.sources, [write_page, compare])
    return found


def _all_students(folder: _Folder, files: Sequence[Path], processes: Processes) -> _Class:
    """Read all grades, and write the students' pages."""
    for name in {path.stem for path in files}:
        folder.totals.times(name)  # read once, not by each process
    found = _Class()
    for part in processes.each(partial(_students, folder), portions_of(files, _PORTION)):
        found.add_all(part)
    return found


def _write(folder: _Folder, files: Sequence[Path], heading: str, processes: Processes) -> Path:
    """Write all pages; return where to begin."""
    found = _all_students(folder, files, processes)
    if folder.only is not None and not found.written:
        raise InstructorError(f"There are no results of {folder.only} in {folder.place.parent}.")
    groups = dict(sorted(found.groups.items()))
    templates = jinja_environment()
    several = len(groups) > 1
    for name, group in groups.items():
        results = [entry.result for entry in group.entries]
        links = {
            "several": several,
            "copies": "copies.html",
            "version": __version__,
            "sandboxes": _sandboxes(results),
            "not_attempted": sum(not question.attempted for result in results for question in result.questions),
        }
        address = f"{name}.html" if several else "index.html"
        found.written.add(folder.written(address, text=class_page.render(templates, group, links, processes)))
    if several:
        found.written.add(folder.written("index.html", text=_index(templates, groups, heading)))
    compared = [found.copies[name] for name in groups]
    for one in compared:
        add_notebooks(one, folder.totals)
    found.written.add(folder.written("copies.html", text=copies.render(templates, compared)))
    if folder.only is None:
        _remove_others(folder.place, found.written)
    return folder.place / "index.html"


def _index(templates: Environment, groups: dict[str, Group], heading: str) -> str:
    students: dict[str, dict[str, Entry]] = {}
    for name, group in groups.items():
        for entry in group.entries:
            students.setdefault(entry.name or entry.result.student, {})[name] = entry
    return templates.get_template("index.html").render(
        heading=heading,
        groups=list(groups.values()),
        students=dict(sorted(students.items())),
        rows=[_row(group) for group in groups.values()],
        version=__version__,
    )


def _remove_others(place: Path, written: set[Path]) -> None:
    """Remove the pages of grades that are no more there."""
    found = [*place.glob("*.html"), *place.glob("students/*/*.html"), *place.glob("students/*/*.md")]
    for path in set(found) - written:
        path.unlink()
        if path.parent != place and not any(path.parent.iterdir()):
            path.parent.rmdir()


def _sandboxes(results: Sequence[Result]) -> list[str]:
    """Return which sandboxes ran a class, with what each lacked."""
    found = []
    for result in results:
        missing = f" (without: {', '.join(result.missing_layers)})" if result.missing_layers else ""
        found.append(f"{result.sandbox}{missing}")
    return list(dict.fromkeys(found))


def _row(group: Group) -> dict[str, Any]:
    totals = [entry.totals.total for entry in group.entries]
    named = titles(group.assignment)
    passed: dict[str, int] = {}
    for entry in group.entries:
        for question in entry.result.questions:
            passed[question.id] = passed.get(question.id, 0) + question.passed
    hardest = min(passed, key=lambda name: passed[name], default="")
    share = f", {100 * passed[hardest] / len(totals):.0f} % passed" if hardest else ""
    all_passed = hardest and passed[hardest] == len(totals)
    return {
        "address": f"{group.assignment}.html",
        "title": group.title,
        "graded": len(totals),
        "mean": float(np.mean(totals)),
        "median": float(np.median(totals)),
        "maximum": max(entry.totals.maximum for entry in group.entries),
        "hardest": "none: all passed" if all_passed else f"{named.get(hardest, hardest)}{share}",
    }

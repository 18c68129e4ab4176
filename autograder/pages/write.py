"""Writes all pages of a folder of grades, whichever run wrote those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment

from autograder import __version__, batch
from autograder.course import Context, Course
from autograder.errors import InstructorError
from autograder.files import write_again
from autograder.pages import class_page, copies, student
from autograder.pages.copies import Copies, add_notebooks
from autograder.pages.gather import Answers, Entry, Group, gather
from autograder.pages.own_figures import OwnFigures
from autograder.pages.templating import environment
from autograder.platforms import roster
from autograder.result import Result
from autograder.titles import titles
from autograder.totals import ClassTotals

#: The folder beside the grades.
PLACE = "report"


def write(
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
        If there are no grades, or if a page cannot be written.
    """
    files = batch.files_in(out)
    if not files:
        raise InstructorError(f"There are no results in {out}. `grade` writes them.")
    try:
        writer = _Writer(
            out, course, totals or ClassTotals.read(out, course, roster.of_course(course, None)), with_key, only
        )
        return writer.write(files, heading or f"Grades of the course {course.course.id}")
    except OSError as problem:
        raise InstructorError(
            f"The grades are there, but not their pages in {out / PLACE} ({problem.strerror or problem}). Correct that and run "
            f"`python -m autograder report {out}`."
        ) from None


@dataclass
class _Writer:
    out: Path
    course: Course
    totals: ClassTotals
    with_key: bool
    only: str | None
    templates: Environment = field(default_factory=environment)
    written: set[Path] = field(default_factory=set)
    copies: dict[str, Copies] = field(default_factory=dict)

    @property
    def place(self) -> Path:
        return self.out / PLACE

    @cached_property
    def figures(self) -> OwnFigures:
        return OwnFigures(self.place / ".figures")

    def write(self, files: Sequence[Path], heading: str) -> Path:
        groups = gather(files, self.course, self.totals, [self._student, self._compare])
        several = len(groups) > 1
        for name, group in groups.items():
            found = [entry.result for entry in group.entries]
            links = {
                "several": several,
                "copies": "copies.html",
                "version": __version__,
                "sandboxes": _sandboxes(found),
                "not_attempted": sum(not question.attempted for result in found for question in result.questions),
            }
            address = f"{name}.html" if several else "index.html"
            self._put(self.place / address, class_page.render(self.templates, group, links))
        if several:
            self._put(self.place / "index.html", self._index(groups, heading))
        compared = [self.copies[name] for name in groups]
        for one in compared:
            add_notebooks(one, self.totals)
        self._put(self.place / "copies.html", copies.render(self.templates, compared))
        if self.only is None:
            self._remove_others()
        return self.place / "index.html"

    def _index(self, groups: dict[str, Group], heading: str) -> str:
        students: dict[str, dict[str, Entry]] = {}
        for name, group in groups.items():
            for entry in group.entries:
                students.setdefault(entry.name or entry.result.student, {})[name] = entry
        return self.templates.get_template("index.html").render(
            heading=heading,
            groups=list(groups.values()),
            students=dict(sorted(students.items())),
            rows=[_row(group) for group in groups.values()],
            version=__version__,
        )

    def _student(self, entry: Entry, result: Result, context: Context, answers: Answers) -> None:
        if self.only is not None and self.totals.key(self.only) != self.totals.key(result.student):
            return
        page = student.page(
            entry,
            result,
            context,
            answers,
            handed_in=self.totals.handed_in(result),
            is_outdated=entry.is_outdated,
            with_key=self.with_key,
            figures=self.figures.of(result, answers),
        )
        folder = self.place / "students" / entry.folder
        for ending in ("html", "md"):
            text = self.templates.get_template(f"student.{ending}").render(page=page)
            self._put(folder / f"{result.assignment}.{ending}", text)

    def _compare(self, entry: Entry, result: Result, context: Context, answers: Answers) -> None:
        self.copies.setdefault(result.assignment, Copies(result.assignment)).add(entry, result, context, answers)

    def _put(self, path: Path, text: str) -> None:
        write_again(path, text)
        self.written.add(path)

    def _remove_others(self) -> None:
        """Remove the pages of grades that are no more there."""
        found = [*self.place.glob("*.html"), *self.place.glob("students/*/*.html"), *self.place.glob("students/*/*.md")]
        self.figures.remove_others()
        for path in set(found) - self.written:
            path.unlink()
            if path.parent != self.place and not any(path.parent.iterdir()):
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
    return {
        "address": f"{group.assignment}.html",
        "title": group.title,
        "graded": len(totals),
        "mean": float(np.mean(totals)),
        "median": float(np.median(totals)),
        "maximum": max(entry.totals.maximum for entry in group.entries),
        "hardest": f"{named.get(hardest, hardest)}{share}",
    }

"""A class's results as the pages need them: of each answer what a plot shows, and nothing that fills the memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from autograder import assignments, batch
from autograder.course import Context, Course
from autograder.judge import decoded
from autograder.pages.shapes import View
from autograder.pages.views import views
from autograder.question import Got
from autograder.result import Result
from autograder.sandbox import KnownFigures
from autograder.sources import Sources
from autograder.totals import ClassTotals, Totals

#: A student's answers as the judge reads them: question id -> request key -> value.
Answers = Mapping[str, Got]


@dataclass(frozen=True)
class Entry:
    """One student's grade.

    Attributes
    ----------
    result : Result
        Without the answers.
    totals : Totals
    folder : str
        The name of the student's folder.
    name : str
        The student's name in the roster, if there is one.
    is_outdated : bool
        Whether the grade was made by other rules than today's.
    """

    result: Result
    totals: Totals
    folder: str
    name: str = ""
    is_outdated: bool = False

    @property
    def address(self) -> str:
        """Return where the student's page is, as seen from the class's."""
        return f"students/{quote(self.folder)}/{self.result.assignment}.html"


@dataclass(frozen=True)
class Seen:
    """What a plot shows of one student's answer."""

    entry: Entry
    view: View
    passed: bool


@dataclass
class Group:
    """A class's grades of one assignment.

    Attributes
    ----------
    assignment : str
    entries : list of Entry
    seen : dict
        (question id, index of its answer, index of the view) -> what all students gave.
    """

    assignment: str
    entries: list[Entry] = field(default_factory=list)
    seen: dict[tuple[str, int, int], list[Seen]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return assignments.load(self.assignment).title

    @property
    def outdated(self) -> set[str]:
        """Return the students whose grades were made by other rules than today's."""
        return {entry.result.student for entry in self.entries if entry.is_outdated}

    def add(self, entry: Entry, result: Result, context: Context, answers: Answers) -> None:
        """Add a student's grade, with what is to be drawn of the answers."""
        definition = assignments.load(self.assignment)
        self.entries.append(entry)
        if not result.readable:
            return
        known = {question.id: question for question in definition.questions}
        for question in result.questions:
            if question.id not in known or not question.attempted:
                continue
            got = answers[question.id]
            for index, (answer, part) in enumerate(zip(known[question.id].answers, question.parts, strict=False)):
                for number, view in enumerate(views(answer, got, context)):
                    if view is None:
                        continue
                    seen = self.seen.setdefault((question.id, index, number), [])
                    seen.append(Seen(entry, view, part.status == "passed"))

    def add_all(self, other: Group) -> None:
        """Add the grades of others."""
        self.entries += other.entries
        for key, seen in other.seen.items():
            self.seen.setdefault(key, []).extend(seen)


def answers_of(result: Result) -> Answers:
    """Return a student's answers as the judge reads them."""
    known: KnownFigures = {}
    return {
        question.id: {key: decoded(value, known) for key, value in question.answers.items()}
        for question in result.questions
    }


def gather(
    files: Iterable[Path],
    course: Course,
    totals: ClassTotals,
    sources: Sources,
    each: Sequence[Callable[[Entry, Result, Context, Answers], None]] = (),
) -> dict[str, Group]:
    """Read a class's results.

    Parameters
    ----------
    files : iterable of Path
    course : Course
    totals : ClassTotals
    sources : Sources
        The grader's files, by which a grade is outdated or not.
    each : sequence of callable
        Called with each student's grade, the result with its answers, the context, and the answers as the judge reads them.

    Returns
    -------
    dict
        Assignment -> grades.
    """
    groups: dict[str, Group] = {}
    keys = dict[str, tuple[str, str]]()
    for path in files:
        result = batch.read_result(path)
        if result is None or path.stem != result.assignment:
            continue
        person = totals.roster.by_id(result.student) if totals.roster else None
        if result.assignment not in keys:
            keys[result.assignment] = batch.todays_keys(result.assignment, sources, course)
        entry = Entry(
            result.without_answers(),
            totals.of(result),
            path.parent.name,
            person.name if person else "",
            keys[result.assignment] != (result.run_key, result.judging_key),
        )
        context = Context.of(result.student, result.assignment, course)
        answers = answers_of(result)
        groups.setdefault(result.assignment, Group(result.assignment)).add(entry, result, context, answers)
        for do in each:
            do(entry, result, context, answers)
    return groups

"""Judge the stored answers of a class again by today's rules: nothing is run, and whose score changed is reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from autograder import batch
from autograder.course import Course
from autograder.errors import InstructorError
from autograder.grade import AssignmentRules, judge_by
from autograder.portions import Processes, portions_of
from autograder.result import Result, write_atomically
from autograder.sources import Sources

#: Results that a process takes at a time. Fewer than two portions are judged in this process.
_PORTION = 50
_KILLED = (
    "A process that judged was killed; perhaps the memory is used up. What was written is whole. Run the command again."
)


@dataclass(frozen=True)
class ScoreChange:
    """A score that is another now.

    Attributes
    ----------
    student, assignment : str
    before, after : float
    questions : dict
        Id of each question whose score changed -> the score before, and now.
    """

    student: str
    assignment: str
    before: float
    after: float
    questions: dict[str, tuple[float, float]]


@dataclass
class Regraded:
    """What came of judging again.

    Attributes
    ----------
    judged : int
        How many results were judged again.
    changes : list of Change
    to_run : dict
        File of a result -> why its submission has to be run; the file is left as it is.
    outdated_runs : int
        How many were judged whose run would be another today, which only `grade` makes.
    not_judged : list of Result
        Those on which the judge itself failed, without their answers.
    """

    judged: int = 0
    changes: list[ScoreChange] = field(default_factory=list)
    to_run: dict[Path, str] = field(default_factory=dict)
    outdated_runs: int = 0
    not_judged: list[Result] = field(default_factory=list)

    def add(self, other: Regraded) -> None:
        """Add what came of other results."""
        self.judged += other.judged
        self.changes += other.changes
        self.to_run |= other.to_run
        self.outdated_runs += other.outdated_runs
        self.not_judged += other.not_judged


def regrade(
    out: Path,
    course: Course,
    *,
    assignment: str | None = None,
    student: str | None = None,
    dry_run: bool = False,
    workers: int = 2,
    on_done: Callable[[int], None] = lambda _: None,
) -> Regraded:
    """Judge all results in a folder of grades again, and write those that changed.

    Parameters
    ----------
    out : Path
        The folder that `grade` has filled.
    course : Course
    assignment, student : str, optional
        Judge only these again.
    dry_run : bool
        Write nothing.
    workers : int
        How many processes.
    on_done : callable
        Called with a number of results that are done.

    Raises
    ------
    InstructorError
        If there are no results, if a batch is writing to the folder, or if the grader's own files change meanwhile.
    """
    files = selected_files(out, assignment, student)
    sources = Sources.now()
    judge_portion = partial(_portion, course=course, sources=sources, dry_run=dry_run)
    portions = portions_of(files, _PORTION)
    found = Regraded()
    with batch.locked(out), batch.logged(out), Processes(workers, if_killed=_KILLED) as processes:
        for portion, part in zip(portions, processes.each(judge_portion, portions), strict=True):
            for result in part.not_judged:
                batch.log_faults(result)
            found.add(part)
            on_done(len(portion))
    found.changes.sort(key=lambda change: (change.assignment, change.student))
    return found


def selected_files(out: Path, assignment: str | None = None, student: str | None = None) -> list[Path]:
    """Return the files of the results to judge again.

    Raises
    ------
    InstructorError
        If there are none.
    """
    files = [
        path
        for path in batch.files_in(out)
        if assignment in (None, path.stem) and (student is None or path.parent == batch.folder_of(out, student))
    ]
    if not files:
        whose = " ".join(filter(None, (student and f"of {student}", assignment and f"for {assignment}")))
        raise InstructorError(f"There are no results {whose + ' ' if whose else ''}in {out}. `grade` writes them.")
    return files


def _portion(files: Sequence[Path], course: Course, sources: Sources, dry_run: bool) -> Regraded:
    sources.require_unchanged()
    found = Regraded()
    rules = {name: AssignmentRules.of(name, course, sources=sources) for name in {path.stem for path in files}}
    for path in files:
        _one(path, rules[path.stem], dry_run, found)
    sources.require_unchanged()
    return found


def _one(path: Path, rules: AssignmentRules, dry_run: bool, found: Regraded) -> None:
    """Judge one result again, write it where it changed, and note what came of it."""
    stored = batch.read_result(path)
    if stored is None or stored.assignment != path.stem:
        found.to_run[path] = "it is no whole result of this version"
        return
    judged = judge_by(rules, stored)
    if judged is None:
        found.to_run[path] = "a question asks for something that its run did not answer, or its variant is another now"
        return
    found.judged += 1
    found.outdated_runs += stored.run_key != rules.run_key
    if judged.not_judged:
        found.not_judged.append(judged.without_answers())
    result = judged.replacing(stored, datetime.now(UTC))
    if result.history != stored.history:
        before, now = stored.scores, result.scores
        questions = {
            question: (before.get(question, 0.0), now.get(question, 0.0))
            for question in {**before, **now}
            if before.get(question) != now.get(question)
        }
        found.changes.append(ScoreChange(stored.student, stored.assignment, stored.score, result.score, questions))
    if result != stored and not dry_run:
        write_atomically(path, result.to_json())

"""Grade many submissions: in parallel, resumable, one file each; a bad one never stops the others.

A grade that lies there is current as long as all that it depends on is unchanged. Where only the judging has changed, its
answers are judged again; else the submission is run again.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder import assignments, cluster, notebook
from autograder.course import Context, Course
from autograder.errors import BadSubmission, InstructorError
from autograder.result import Result, read_result, remove_parts, write_atomically
from autograder.running import limits
from autograder.sandbox import backend
from autograder.sandbox.locks import lock
from autograder.sources import Sources, judging_key, run_key
from autograder.submitted import Job, find_jobs
from autograder.workers import LOG, JobOutcome, Rules, in_parallel

__all__ = [
    "BatchResults",
    "Job",
    "by_other_rules",
    "cores",
    "files_in",
    "find_jobs",
    "folder_of",
    "locked",
    "log_faults",
    "logged",
    "place",
    "read_result",
    "results_in",
    "run",
]

LOCK = ".lock"
FAULTS = "faults.log"
#: What of a student's name cannot be in a folder's name, and the sign that it is replaced with there.
UNSAFE = re.compile(r"[/\\\x00-\x1f%]|^\.{1,2}$")


@dataclass(frozen=True)
class BatchResults:
    """What came of a batch.

    Attributes
    ----------
    results : list of Result
        In the order of the jobs, without their answers: those of a whole class would fill the memory.
    failures : dict
        Job -> why it has no grade, where that is not the submission's fault: a sandbox that did not start, a process that
        was killed, a full disk. Nothing was written for it; the next run tries it again.
    kept, judged_again : int
        How many grades were current already, and how many were judged again from the answers of an earlier run. All others
        were run.
    """

    results: list[Result]
    failures: dict[Job, str]
    kept: int = 0
    judged_again: int = 0


def run(
    jobs: list[Job],
    out: Path,
    *,
    course: Course,
    sandbox: str | None = None,
    workers: int | None = None,
    force: bool = False,
    cold: bool | None = None,
    scheduler: str | None = None,
    on_done: Callable[[Job], None] = lambda _: None,
) -> BatchResults:
    """Grade jobs and write `out/<student>/<assignment>.json` for each, as soon as it is known.

    What was graded before is taken from there, unless `force` is given: as it is where nothing has changed on which it
    depends, and judged again where that holds for the run but not for the judging. Any other result that lies there is set
    aside as `.outdated` until the new one is written.

    Parameters
    ----------
    jobs : list of Job
    out : Path
    course : Course
    sandbox : str, optional
        Its name; by default the strongest of the machine that runs the submission.
    workers : int, optional
        How many at a time on this machine.
    force : bool
        Whether to run what has a current grade, too.
    cold : bool, optional
        How sandboxes are started; see `autograder.sandbox.backend`.
    scheduler : str, optional
        Address of a Dask scheduler, whose workers grade in place of this machine.
    on_done : callable
        Called with each job that is done.

    Raises
    ------
    InstructorError, NoIsolation
        If there is no sandbox that isolates, if the folder `out` cannot be written to or another batch is writing to it, or if
        the grader's own files change meanwhile.
    """
    if not scheduler:  # before anything is started, so that a missing sandbox is one error, not a hundred
        chosen = backend(sandbox, cold=cold)
        sandbox, cold = chosen.name, chosen.cold
    rules = Rules(course, sandbox, Sources.now(), cold)
    with locked(out), logged(out):
        done: dict[Job, Result] = {}
        failures: dict[Job, str] = {}
        todo: dict[Job, Path | None] = {}
        for job in jobs:
            try:
                stored = None if force else _stored(job, out, rules)
                if stored and _is_current(stored, job, rules):
                    done[job] = stored.without_answers()
                    _restore(job, out)
                else:
                    aside = _set_aside(job, out)
                    todo[job] = aside if stored and stored.readable else None
            except OSError as problem:
                failures[job] = _unwritten(job, out, problem)
            if job in done or job in failures:
                on_done(job)
        kept, again = len(done), 0
        if todo and scheduler:
            outcomes = cluster.in_parallel(todo, rules, scheduler)
        else:
            outcomes = in_parallel(todo, rules, workers or min(cores(), 8))
        for job, outcome in outcomes:
            if isinstance(outcome, JobOutcome):
                log_faults(outcome.result)
                earlier = read_result(_outdated(place(out, job)))
                result = outcome.result.replacing(earlier, datetime.now(UTC)) if earlier else outcome.result
                try:
                    write_atomically(place(out, job), result.to_json())
                    _outdated(place(out, job)).unlink(missing_ok=True)
                    done[job] = result.without_answers()
                    again += outcome.judged_again
                except OSError as problem:
                    failures[job] = _unwritten(job, out, problem)
            else:
                failures[job] = outcome
            on_done(job)
    return BatchResults([done[job] for job in jobs if job in done], failures, kept, again)


def results_in(out: Path) -> list[Result]:
    """Return every result that lies in a folder of grades, whichever run wrote it, in the order of the students' folders.

    The answers are left out.
    """
    found = []
    for path in files_in(out):
        result = read_result(path)
        if result and path.stem == result.assignment:
            found.append(result.without_answers())
    return found


def files_in(out: Path) -> list[Path]:
    """Return the files of results in a folder of grades, in the order of the students' folders."""
    return [path for path in sorted(out.glob("*/*.json")) if path.stem in assignments.NAMES]


def by_other_rules(results: Sequence[Result], course: Course) -> list[Result]:
    """Return the results that were graded by other code, points or settings than they would be today."""
    sources = Sources.now()
    keys = {name: todays_keys(name, sources, course) for name in {result.assignment for result in results}}
    return [result for result in results if keys[result.assignment] != (result.run_key, result.judging_key)]


def todays_keys(assignment: str, sources: Sources, course: Course) -> tuple[str, str]:
    """Return the keys of a run and of a judging that were made today."""
    known = notebook.points_of(assignment)
    return run_key(sources, course, known, limits(course)), judging_key(sources, course, known)


@contextmanager
def logged(out: Path) -> Iterator[None]:
    """Let the grader's own faults appear on stderr, and in a file beside the grades; there is none without a fault."""
    handlers = (
        logging.StreamHandler(),
        logging.FileHandler(out / FAULTS, encoding="utf-8", errors="backslashreplace", delay=True),
    )
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        LOG.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            LOG.removeHandler(handler)
            handler.close()


def log_faults(result: Result) -> None:
    for question in result.not_judged:
        for fault in question.faults:
            LOG.error("%s of %s could not be judged.\n%s", question.id, result.student, fault)


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Keep other batches from the folder `out`, as long as this process lives and no longer."""
    with ExitStack() as stack:
        try:
            out.mkdir(parents=True, exist_ok=True)
            lock(stack.enter_context((out / LOCK).open("w")).fileno())
        except BlockingIOError:
            reason = f"Another batch is grading into {out}. Wait until it has ended"
            raise InstructorError(f"{reason}, or give another folder with --out.") from None
        except OSError as problem:
            reason = f"Nothing can be written to the folder {out} ({problem.strerror}). Correct that"
            raise InstructorError(f"{reason}, or give another folder with --out.") from None
        yield


def _stored(job: Job, out: Path, rules: Rules) -> Result | None:
    """Return the last result if it is of the same submission and its run would be the same today; also one that was set aside."""
    path = place(out, job)
    result = read_result(path if os.path.lexists(path) else _outdated(path))
    return result if result and _is_same_run(result, job, rules) else None


def _is_same_run(result: Result, job: Job, rules: Rules) -> bool:
    problem, sha256, files = job.problem, "", dict[str, str]()
    if problem is None:
        try:
            content = job.read()
            sha256, files = notebook.digest(content), job.extra_files(rules.course, content).digests
        except BadSubmission as bad:
            problem = str(bad)
    context, known = Context.of(job.student, job.assignment, rules.course), notebook.points_of(job.assignment)
    return (
        result.notebook_sha256 == sha256
        and result.files == files
        and (problem is None or problem in result.errors)
        and (job.note is None or job.note in result.errors)
        and result.run_key == run_key(rules.sources, rules.course, known, limits(rules.course))
        and rules.sandbox in (None, result.sandbox)
        and result.variant == context.variant
        and result.student == context.student
    )


def _is_current(stored: Result, job: Job, rules: Rules) -> bool:
    known = notebook.points_of(job.assignment)
    return stored.judging_key == judging_key(rules.sources, rules.course, known) and not stored.not_judged


def _set_aside(job: Job, out: Path) -> Path:
    """Leave nothing at a job's place that could be taken for its result; return where what was there is now."""
    path = place(out, job)
    remove_parts(path)
    if os.path.lexists(path):
        path.replace(_outdated(path))
    return _outdated(path)


def _restore(job: Job, out: Path) -> None:
    """Put a current result that was set aside back to its place."""
    path = place(out, job)
    remove_parts(path)
    if not os.path.lexists(path):
        _outdated(path).replace(path)


def _outdated(path: Path) -> Path:
    return path.with_name(f"{path.name}.outdated")


def _unwritten(job: Job, out: Path, problem: OSError) -> str:
    return f"its result cannot be written to {place(out, job)} ({problem.strerror})"


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def place(out: Path, job: Job) -> Path:
    """Return where a job's result is written."""
    return folder_of(out, job.student) / f"{job.assignment}.json"


def folder_of(out: Path, student: str) -> Path:
    """Return a student's folder; a student's name never leaves `out`."""
    return out / UNSAFE.sub(lambda found: "".join(f"%{ord(sign):02X}" for sign in found[0]), student)

"""Grade many submissions: in parallel, resumable, one file each; a bad one never stops the others."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from autograder import __version__, assignments, notebook
from autograder.course import Context, load
from autograder.errors import BadSubmission, InstructorError
from autograder.grade import fingerprint, grade
from autograder.result import Result, write_atomically
from autograder.sandbox import backend

UNSAFE = re.compile(r"[/\\\x00-\x1f]|^\.{1,2}$")


@dataclass(frozen=True)
class Job:
    """One submission to grade.

    Attributes
    ----------
    path : Path
        The notebook, or where it should have been.
    student, assignment : str
    problem : str or None
        What is wrong with the hand-in, where that shows from outside already.
    """

    path: Path
    student: str
    assignment: str
    problem: str | None = None


def find(path: Path, student: str | None = None, only: str | None = None) -> list[Job]:
    """Find the submissions at `path`: a notebook, or an nbgrader `submitted/` tree.

    Parameters
    ----------
    path : Path
        A file `<assignment>.ipynb`, or a folder `submitted/<student>/<assignment>/`.
    student : str, optional
        For one notebook, whose it is; by default the folder `<student>` of such a tree, else the user's own choice is asked.
    only : str, optional
        One assignment's name.

    Raises
    ------
    InstructorError
        If there is nothing to grade there.
    """
    if path.is_file():
        assignment = only or _assignment_of(path)
        return [Job(path, student or _student_of(path, assignment), assignment)]
    if not path.is_dir():
        raise InstructorError(f"There is no notebook and no folder at {path}.")
    jobs = [
        _job(folder, who.name, folder.name)
        for who in sorted(path.iterdir())
        if who.is_dir() and not who.is_symlink()
        for folder in sorted(who.iterdir())
        if folder.is_dir() and folder.name in assignments.NAMES and only in (None, folder.name)
    ]
    if student:
        jobs = [job for job in jobs if job.student == student]
    if not jobs:
        raise InstructorError(
            f"No submission was found in {path}. Expected a notebook, or a tree <student>/<assignment>/<assignment>.ipynb, "
            f"where the assignment is one of: {', '.join(assignments.NAMES)}."
        )
    return jobs


@dataclass(frozen=True)
class Graded:
    """What came of a batch.

    Attributes
    ----------
    results : list of Result
        In the order of the jobs.
    failures : dict
        Job -> why it has no grade, where that is not the submission's fault: a sandbox that did not start, a process that
        was killed. Nothing was written for it; the next run tries it again.
    """

    results: list[Result]
    failures: dict[Job, str]


def run(
    jobs: list[Job],
    out: Path,
    *,
    sandbox: str | None = None,
    workers: int | None = None,
    force: bool = False,
    on_done: Callable[[Job], None] = lambda _: None,
) -> Graded:
    """Grade jobs and write `out/<student>/<assignment>.json` for each, as soon as it is known.

    What was graded before, with the same file, package, course and sandbox, is taken from there unless `force` is given.

    Raises
    ------
    InstructorError, NoIsolation
        If there is no sandbox that isolates, or the course is not as it should be.
    """
    chosen = backend(sandbox)  # before anything is started, so that a missing sandbox is one error, not a hundred
    load()
    done: dict[Job, Result] = {}
    failures: dict[Job, str] = {}
    for job in jobs:
        if not force and (result := _stored(job, out, chosen.name)):
            done[job] = result
            on_done(job)
    todo = [job for job in jobs if job not in done]
    for job, outcome in _in_parallel(todo, chosen.name, workers or min(_cores(), 8)):
        if isinstance(outcome, Result):
            write_atomically(place(out, job), outcome.to_json())
            done[job] = outcome
        else:
            failures[job] = outcome
        on_done(job)
    return Graded([done[job] for job in jobs if job in done], failures)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def place(out: Path, job: Job) -> Path:
    """Return where a job's result is written; a student's name never leaves `out`."""
    return out / UNSAFE.sub("_", job.student) / f"{job.assignment}.json"


def grade_job(job: Job, sandbox: str) -> Result:
    """Grade one job; whatever the submission is, there is a result."""
    if job.problem is None:
        try:
            return grade(notebook.read(job.path), job.assignment, job.student, backend(sandbox)).result
        except BadSubmission as problem:
            return broken(job, str(problem), sandbox)
    return broken(job, job.problem, sandbox)


def broken(job: Job, problem: str, sandbox: str) -> Result:
    """Return the result of a submission that could not be graded: no points, and what is wrong."""
    empty = grade(b"", job.assignment, job.student, backend(sandbox)).result
    return empty.model_copy(update={"errors": (problem,)})


def _in_parallel(jobs: list[Job], sandbox: str, workers: int) -> Iterator[tuple[Job, Result | str]]:
    # A worker that dies (out of memory, killed) breaks its pool: start a new one, and give up on a job at its second time.
    tries = dict.fromkeys(jobs, 0)
    while tries:
        with ProcessPoolExecutor(min(workers, len(tries)), get_context("spawn"), _ignore_interrupts) as pool:
            waiting, running = iter(list(tries)), dict[Future[Result], Job]()
            try:
                while True:
                    for job in islice(waiting, workers - len(running)):
                        running[pool.submit(grade_job, job, sandbox)] = job
                    if not running:
                        break
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        outcome = _outcome(future)
                        job = running.pop(future)
                        del tries[job]
                        yield job, outcome
            except BrokenProcessPool:
                for job in running.values():
                    tries[job] += 1
                    if tries[job] == 2:
                        del tries[job]
                        yield job, "the grading process died on it, twice"
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _outcome(future: Future[Result]) -> Result | str:
    try:
        return future.result()
    except (BrokenProcessPool, InstructorError):
        raise
    except Exception as error:  # a sandbox that did not start, or a mistake of ours: it costs one grade, not a batch
        return f"{type(error).__name__}: {error}"


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stored(job: Job, out: Path, sandbox: str) -> Result | None:
    try:
        result = Result.from_json(place(out, job).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    try:
        content = notebook.read(job.path) if job.problem is None else b""
    except BadSubmission:
        content = b""
    context = Context.of(job.student, job.assignment)
    current = (
        result.notebook_sha256 == notebook.digest(content)
        and result.package == __version__
        and result.course == fingerprint(load(), notebook.points(job.assignment))
        and result.sandbox == sandbox
        and result.variant == context.variant
        and result.student == context.student
    )
    return result if current else None


def _job(folder: Path, student: str, assignment: str) -> Job:
    wanted = folder / f"{assignment}.ipynb"
    if wanted.exists() or wanted.is_symlink():
        return Job(wanted, student, assignment)
    others = sorted(entry.name for entry in folder.glob("*.ipynb"))
    if len(others) == 1:
        return Job(folder / others[0], student, assignment)
    found = f"There are {', '.join(others)}." if others else "There is no notebook at all."
    return Job(wanted, student, assignment, f"The submission holds no file {wanted.name}. {found}")


def _assignment_of(path: Path) -> str:
    for name in (path.stem, path.parent.name):
        if name in assignments.NAMES:
            return name
    raise InstructorError(
        f"{path} does not tell its assignment by its name. Give it with --assignment; there are: {', '.join(assignments.NAMES)}."
    )


def _student_of(path: Path, assignment: str) -> str:
    folders = path.resolve().parent
    if folders.name == assignment and folders.parent.parent.name == "submitted":
        return folders.parent.name
    raise InstructorError(f"{path} does not tell whose it is. Give the student's id with --student.")

"""Grade many submissions: in parallel, resumable, one file each; a bad one never stops the others."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path

from autograder import __version__, notebook
from autograder.course import Context, Course
from autograder.errors import BadSubmission, InstructorError
from autograder.grade import fingerprint, grade
from autograder.result import Result, remove_parts, write_atomically
from autograder.sandbox import backend, close_all
from autograder.sandbox.locks import lock
from autograder.submitted import Job, find

__all__ = ["Graded", "Job", "broken", "find", "grade_job", "place", "run"]

LOCK = ".lock"
#: What of a student's name cannot be in a folder's name, and the sign that it is replaced with there.
UNSAFE = re.compile(r"[/\\\x00-\x1f%]|^\.{1,2}$")


@dataclass(frozen=True)
class Graded:
    """What came of a batch.

    Attributes
    ----------
    results : list of Result
        In the order of the jobs.
    failures : dict
        Job -> why it has no grade, where that is not the submission's fault: a sandbox that did not start, a process that
        was killed, a full disk. Nothing was written for it; the next run tries it again.
    """

    results: list[Result]
    failures: dict[Job, str]


def run(
    jobs: list[Job],
    out: Path,
    *,
    course: Course,
    sandbox: str | None = None,
    workers: int | None = None,
    force: bool = False,
    on_done: Callable[[Job], None] = lambda _: None,
) -> Graded:
    """Grade jobs and write `out/<student>/<assignment>.json` for each, as soon as it is known.

    What was graded before, with the same file, package, course and sandbox, is taken from there unless `force` is given.
    Another result that lies there, of an earlier hand-in, is set aside as `.outdated` until the new one is written.

    Raises
    ------
    InstructorError, NoIsolation
        If there is no sandbox that isolates, or if the folder `out` cannot be written to or another batch is writing to it.
    """
    chosen = backend(sandbox)  # before anything is started, so that a missing sandbox is one error, not a hundred
    with _claimed(out):
        done: dict[Job, Result] = {}
        failures: dict[Job, str] = {}
        for job in jobs:
            try:
                result = _tidied(job, out, course, chosen.name)
            except OSError as problem:
                failures[job] = _unwritten(job, out, problem)
            else:
                if result and not force:
                    done[job] = result
            if job in done or job in failures:
                on_done(job)
        todo = [job for job in jobs if job not in done and job not in failures]
        for job, outcome in _in_parallel(todo, course, chosen.name, workers or min(_cores(), 8)):
            if isinstance(outcome, Result):
                try:
                    write_atomically(place(out, job), outcome.to_json())
                    _outdated(place(out, job)).unlink(missing_ok=True)
                    done[job] = outcome
                except OSError as problem:
                    failures[job] = _unwritten(job, out, problem)
            else:
                failures[job] = outcome
            on_done(job)
    return Graded([done[job] for job in jobs if job in done], failures)


@contextmanager
def _claimed(out: Path) -> Iterator[None]:
    """Keep other batches from the folder `out`, as long as this process lives and no longer."""
    with ExitStack() as stack:
        try:
            out.mkdir(parents=True, exist_ok=True)
            lock(stack.enter_context((out / LOCK).open("w")).fileno())
        except BlockingIOError:
            reason = f"Another batch is grading into {out}. Wait until it has ended"
            raise InstructorError(f"{reason}, or give another folder with --out.") from None
        except OSError as problem:
            reason = f"Nothing can be written to the folder {out} ({problem.strerror}). Mend that"
            raise InstructorError(f"{reason}, or give another folder with --out.") from None
        yield


def _tidied(job: Job, out: Path, course: Course, sandbox: str) -> Result | None:
    """Return a job's result if there is a current one; leave nothing at its place that could be taken for it otherwise."""
    path = place(out, job)
    remove_parts(path)
    result = _stored(job, path, course, sandbox)
    if result is None and os.path.lexists(path):
        path.replace(_outdated(path))
    return result


def _outdated(path: Path) -> Path:
    return path.with_name(f"{path.name}.outdated")


def _unwritten(job: Job, out: Path, problem: OSError) -> str:
    return f"its result cannot be written to {place(out, job)} ({problem.strerror})"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def place(out: Path, job: Job) -> Path:
    """Return where a job's result is written; a student's name never leaves `out`."""
    folder = UNSAFE.sub(lambda found: "".join(f"%{ord(sign):02X}" for sign in found[0]), job.student)
    return out / folder / f"{job.assignment}.json"


def grade_job(job: Job, course: Course, sandbox: str) -> Result:
    """Grade one job; whatever the submission is, there is a result."""
    if job.problem is None:
        try:
            content = notebook.read(job.path)
            return grade(content, job.assignment, job.student, backend(sandbox), course=course).result
        except BadSubmission as problem:
            return broken(job, str(problem), course, sandbox)
    return broken(job, job.problem, course, sandbox)


def broken(job: Job, problem: str, course: Course, sandbox: str) -> Result:
    """Return the result of a submission of which no file could be read: no points, and what is wrong."""
    empty = grade(b"", job.assignment, job.student, backend(sandbox), course=course).result
    return empty.model_copy(update={"errors": (problem,), "notebook_sha256": ""})


def _in_parallel(jobs: list[Job], course: Course, sandbox: str, workers: int) -> Iterator[tuple[Job, Result | str]]:
    # A worker that dies (out of memory, killed) breaks its pool, and whose fault it was shows only when each of the jobs
    # that ran is tried again by itself.
    left = dict.fromkeys(jobs)
    while left:
        suspects = []
        for job, outcome in _until_broken(list(left), course, sandbox, workers):
            del left[job]
            if outcome is None:
                suspects.append(job)
            else:
                yield job, outcome
        for suspect in suspects:
            for job, outcome in _until_broken([suspect], course, sandbox, 1):
                yield job, outcome or "the grading process died on it, twice"


def _until_broken(
    jobs: list[Job], course: Course, sandbox: str, workers: int
) -> Iterator[tuple[Job, Result | str | None]]:
    """Grade jobs until all are done or a worker died; those that ran then come with None, later ones do not come."""
    with ProcessPoolExecutor(min(workers, len(jobs)), get_context("spawn"), _start_worker) as pool:
        waiting, running = iter(jobs), dict[Future[Result], Job]()
        try:
            while True:
                for job in islice(waiting, workers - len(running)):
                    running[pool.submit(grade_job, job, course, sandbox)] = job
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    outcome = _outcome(future)
                    yield running.pop(future), outcome
        except BrokenProcessPool:
            for job in running.values():
                yield job, None
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


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_worker)
    threading.Thread(target=_end_with_the_batch, daemon=True).start()


def _end_worker(*_: object) -> None:
    try:
        close_all()
    finally:
        os._exit(1)


def _end_with_the_batch() -> None:
    # A worker whose batch was killed would wait for work for ever.
    batch = parent_process()
    assert batch
    batch.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10)
    os._exit(1)


def _stored(job: Job, path: Path, course: Course, sandbox: str) -> Result | None:
    try:
        result = Result.from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    problem, sha256 = job.problem, ""
    if problem is None:
        try:
            sha256 = notebook.digest(notebook.read(job.path))
        except BadSubmission as bad:
            problem = str(bad)
    context = Context.of(job.student, job.assignment, course)
    current = (
        result.notebook_sha256 == sha256
        and (problem is None or problem in result.errors)
        and result.package == __version__
        and result.course == fingerprint(course, notebook.points(job.assignment))
        and result.sandbox == sandbox
        and result.variant == context.variant
        and result.student == context.student
    )
    return result if current else None

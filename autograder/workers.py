"""The processes that grade a batch's jobs, each by the same rules; one that dies costs no other job its grade."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path

from autograder import notebook
from autograder.course import Course
from autograder.errors import BadSubmission, InstructorError
from autograder.extra_files import ExtraFiles
from autograder.grade import grade, judge_again
from autograder.result import Result, read_result
from autograder.sandbox import Backend, SandboxFailed, backend, close_all
from autograder.sources import Sources
from autograder.submitted import Job

LOG = logging.getLogger("autograder")


@dataclass(frozen=True)
class JobOutcome:
    """What a worker made of a job: its result, and whether that was judged from the answers of an earlier run."""

    result: Result
    judged_again: bool = False


@dataclass(frozen=True)
class Rules:
    """By what a whole batch grades, computed once and handed to every worker.

    Attributes
    ----------
    course : Course
    sandbox : str or None
        Its name; None for the strongest of each machine.
    sources : Sources
        The grader's files when the batch began.
    cold : bool, optional
        How sandboxes are started; see `autograder.sandbox.backend`.
    """

    course: Course
    sandbox: str | None
    sources: Sources
    cold: bool | None = None


@dataclass(frozen=True)
class HandInFiles:
    """What a worker needs of a hand-in, wherever it works: the notebook as it was read, and the files beside it."""

    notebook: bytes = b""
    extra_files: ExtraFiles = field(default_factory=ExtraFiles)


def grade_job(job: Job, rules: Rules) -> Result:
    """Grade one job; whatever the submission is, there is a result."""
    return _grade(*read_hand_in(job, rules), rules)


def _grade(job: Job, contents: HandInFiles, rules: Rules) -> Result:
    if job.problem is not None:  # no file of it could be read: no points, and what is wrong
        unread = _grade(replace(job, problem=None, note=None), HandInFiles(), rules)
        return unread.model_copy(update={"errors": (job.problem,), "notebook_sha256": ""})
    result = grade(
        contents.notebook,
        job.assignment,
        job.student,
        chosen_backend(rules.sandbox, rules.cold),
        course=rules.course,
        sources=rules.sources,
        extra_files=contents.extra_files,
    ).result
    return result.model_copy(update={"errors": (job.note, *result.errors)}) if job.note else result


@lru_cache(maxsize=1)
def chosen_backend(sandbox: str | None, cold: bool | None = None) -> Backend:
    """Choose how this process isolates; finding out what works takes a process of its own."""
    return backend(sandbox, cold=cold)


def _work(job: Job, stored: Path | None, rules: Rules) -> JobOutcome:
    return do_job(*read_hand_in(job, rules), read_result(stored) if stored else None, rules)


def read_hand_in(job: Job, rules: Rules) -> tuple[Job, HandInFiles]:
    """Return a job that knows what is wrong with its hand-in, and what was handed in."""
    if job.problem is not None:
        return job, HandInFiles()
    try:
        content = job.read()
    except BadSubmission as problem:
        return replace(job, problem=str(problem)), HandInFiles()
    return job, HandInFiles(content, job.extra_files(rules.course, content))


def do_job(job: Job, contents: HandInFiles, stored: Result | None, rules: Rules) -> JobOutcome:
    """Do one job in a worker, by the rules of its batch or not at all."""
    rules.sources.require_unchanged()
    again = _judge_again(contents, stored, rules) if stored else None
    outcome = JobOutcome(again, judged_again=True) if again else JobOutcome(_grade(job, contents, rules))
    # What this process loaded on the way was loaded between the two checks.
    rules.sources.require_unchanged()
    return outcome


def _judge_again(contents: HandInFiles, stored: Result, rules: Rules) -> Result | None:
    handed_in = notebook.digest(contents.notebook), contents.extra_files.digests
    if handed_in != (stored.notebook_sha256, stored.files):  # handed in anew since the batch began
        return None
    return judge_again(stored, course=rules.course, sources=rules.sources)


def in_parallel(todo: Mapping[Job, Path | None], rules: Rules, workers: int) -> Iterator[tuple[Job, JobOutcome | str]]:
    """Yield each job with what came of it: its outcome, or why it has none.

    Parameters
    ----------
    todo : mapping
        Job -> the file of an earlier result of it whose answers may be judged again, or None.
    rules : Rules
    workers : int
        How many at a time.
    """
    # A worker that dies (out of memory, killed) breaks its pool, and whose fault it was shows only when each of the jobs
    # that ran is tried again by itself.
    left = dict(todo)
    while left:
        suspects = []
        for job, outcome in until_broken(dict(left), rules, workers):
            del left[job]
            if outcome is None:
                suspects.append(job)
            else:
                yield job, outcome
        for suspect in suspects:
            for job, outcome in until_broken({suspect: todo[suspect]}, rules, 1):
                yield job, outcome or "the grading process died on it, twice"


def until_broken(
    todo: Mapping[Job, Path | None], rules: Rules, workers: int
) -> Iterator[tuple[Job, JobOutcome | str | None]]:
    """Grade jobs until all are done or a worker died; those that ran then come with None, later ones do not come."""
    with ProcessPoolExecutor(min(workers, len(todo)), get_context("spawn"), _start_worker) as pool:
        waiting, running = iter(todo), dict[Future[JobOutcome], Job]()
        try:
            while True:
                for job in islice(waiting, workers - len(running)):
                    running[pool.submit(_work, job, todo[job], rules)] = job
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    job = running.pop(future)
                    yield job, outcome_of(job, future.result, BrokenProcessPool)
        except BrokenProcessPool:
            for job in running.values():
                yield job, None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def outcome_of(job: Job, result: Callable[[], JobOutcome], *raised: type[Exception]) -> JobOutcome | str:
    """Return the outcome that a worker's call gives, or why there is none; what ends the batch or is in `raised` is raised."""
    try:
        return result()
    except InstructorError:
        raise
    except raised:
        raise
    except SandboxFailed as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:  # a mistake of ours must cost one grade, not a batch
        LOG.error("%s of %s could not be graded.", job.assignment, job.student, exc_info=error)
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

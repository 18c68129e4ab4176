"""Grade a batch on the workers of a Dask cluster: submissions travel as bytes, and each worker has a sandbox of its own.

Workers need one thread each, this package with the same files, and the same packages beside it; a worker that differs is refused, as
half a class would be graded by other rules. Security of the connection (TLS) is what Dask's own configuration says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import InstructorError
from autograder.result import Result, read_result
from autograder.sources import Sources, environment_digest
from autograder.submitted import Job
from autograder.workers import HandInFiles, JobOutcome, Rules, do_job, outcome_of, read_hand_in

if TYPE_CHECKING:
    from distributed import Client

#: How long to wait for the scheduler and for its first worker, in seconds.
PATIENCE = 30
#: Submissions that wait at the scheduler for each worker, so that none is idle.
_AHEAD = 3
_INSTALL = "Dask is not installed. Type: pip install 'neurodynex-assignments[cluster]'"


class _OtherWorker(Exception):
    """A worker would grade by other rules."""


def in_parallel(todo: Mapping[Job, Path | None], rules: Rules, address: str) -> Iterator[tuple[Job, JobOutcome | str]]:
    """Yield each job with what came of it: its outcome, or why it has none.

    A worker that ends costs its submissions a second try on another one, not a grade.

    Parameters
    ----------
    todo : mapping
        Job -> an earlier result of it whose answers may be judged again, or None.
    rules : Rules
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786`` or ``tls://...``.

    Raises
    ------
    InstructorError
        If Dask is not installed, if no scheduler or no worker is there, or if a worker would grade by other rules.
    """
    client = _connect(address)
    try:
        yield from _through(client, todo, rules)
    finally:
        client.close()


def _connect(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise InstructorError(_INSTALL) from None
    if not re.fullmatch(r"([a-z]+://)?\S+:\d+", address):
        raise InstructorError(
            f"{address!r} is no address of a Dask scheduler. Expected is HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT, as "
            "`dask scheduler` prints it."
        )
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as problem:
        raise InstructorError(
            f"No Dask scheduler answers at {address} ({problem}). Start one with `dask scheduler`, and give its address."
        ) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close()
        raise InstructorError(
            f"The scheduler at {address} has no worker. Start some with `dask worker {address} --nthreads 1`."
        ) from None
    return client


def _through(client: Client, todo: Mapping[Job, Path | None], rules: Rules) -> Iterator[tuple[Job, JobOutcome | str]]:
    from distributed import as_completed

    waiting, running = iter(todo.items()), dict[Any, Job]()
    queue = as_completed(loop=client.loop)

    def submit(count: int) -> None:
        for job, path in islice(waiting, count):
            stored = read_result(path) if path else None  # the worker does not see our files
            future = client.submit(_work, *read_hand_in(job, rules), stored, rules, environment_digest(), pure=False)
            running[future] = job
            queue.add(future)

    submit(_AHEAD * _workers(client))
    for future in queue:
        job = running.pop(future)
        outcome = _outcome(job, future.result)
        future.release()
        yield job, outcome
        submit(_AHEAD * _workers(client) - len(running))


def _workers(client: Client) -> int:
    return max(1, len(client.scheduler_info(n_workers=-1)["workers"]))


def _work(job: Job, contents: HandInFiles, stored: Result | None, rules: Rules, packages: str) -> JobOutcome:
    """Do one job on a worker, by the rules of its batch or not at all."""
    from distributed import get_worker

    worker = get_worker()
    if worker.state.nthreads != 1:
        raise _OtherWorker(f"{worker.address} has {worker.state.nthreads} threads; start it with --nthreads 1")
    if Sources.now() != rules.sources:
        raise _OtherWorker(f"{worker.address} has other files of this package or of the course")
    if environment_digest() != packages:
        raise _OtherWorker(f"{worker.address} has another Python or other packages installed")
    return do_job(job, contents, stored, rules)


def _outcome(job: Job, result: Callable[[], JobOutcome]) -> JobOutcome | str:
    from distributed import KilledWorker

    try:
        return outcome_of(job, result, _OtherWorker, KilledWorker)
    except _OtherWorker as refused:
        raise InstructorError(
            f"The worker {refused}. It would grade by other rules. Install there what is here, and run the command again: what is "
            "graded stays."
        ) from None
    except KilledWorker:
        return "each worker that graded it ended meanwhile (no memory left?)"

"""Portions of a class's files, each for a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from autograder.errors import InstructorError

T = TypeVar("T")


def in_portions(
    do: Callable[[Sequence[Path]], T], files: Sequence[Path], *, size: int, workers: int, if_killed: str
) -> Iterator[tuple[int, T]]:
    """Do something with portions of files, in parallel; a single portion is done in this process.

    Parameters
    ----------
    do : callable
        Picklable.
    files : sequence of Path
    size : int
        Of a portion.
    workers : int
        Processes at most.
    if_killed : str
        What the instructor reads if a process is killed.

    Yields
    ------
    int, T
        How many files a portion holds, and what came of it, in the files' order.

    Raises
    ------
    InstructorError
        If a process is killed.
    """
    portions = [files[at : at + size] for at in range(0, len(files), size)]
    if len(portions) < 2:
        for portion in portions:
            yield len(portion), do(portion)
        return
    with ProcessPoolExecutor(min(workers, len(portions)), get_context("spawn")) as pool:
        try:
            yield from zip(map(len, portions), pool.map(do, portions), strict=True)
        except BrokenProcessPool:
            raise InstructorError(if_killed) from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise

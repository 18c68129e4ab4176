"""Work on a class that is shared out, to this process and others beside it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from types import TracebackType
from typing import Self, TypeVar

from autograder.errors import InstructorError

T = TypeVar("T")
S = TypeVar("S")


class Processes:
    """This process and others, which are started when there is enough to do. A context manager, at whose end they end.

    Parameters
    ----------
    count : int
        Processes at most, this one included.
    if_killed : str
        What the instructor reads if one is killed.
    """

    def __init__(self, count: int, *, if_killed: str) -> None:
        self.count = count
        self.if_killed = if_killed
        self.others: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.others:
            self.others.shutdown(wait=kind is None, cancel_futures=True)

    def each(self, do: Callable[[S], T], items: Sequence[S]) -> Iterator[T]:
        """Do something with each item, and yield what came of it, in their order.

        Parameters
        ----------
        do : callable
            Picklable, as are the items. A single one is done in this process.
        items : sequence

        Raises
        ------
        InstructorError
            If a process is killed.
        """
        if self.count < 2 or len(items) < 2:
            yield from map(do, items)
            return
        self.others = self.others or ProcessPoolExecutor(self.count - 1, get_context("spawn"))
        try:
            yield from self._shared(do, items, self.others)
        except BrokenProcessPool:
            raise InstructorError(self.if_killed) from None

    def _shared(self, do: Callable[[S], T], items: Sequence[S], others: ProcessPoolExecutor) -> Iterator[T]:
        """Give each other process one item to do and one to go on with, and do the next here while they are busy."""
        elsewhere: dict[int, Future[T]] = {}
        here: dict[int, T] = {}
        left = iter(range(len(items)))
        for index in range(len(items)):
            while index not in here:
                busy = sum(not future.done() for future in elsewhere.values())
                for given in itertools.islice(left, 2 * (self.count - 1) - busy):
                    elsewhere[given] = others.submit(do, items[given])
                if index in elsewhere and elsewhere[index].done():
                    break
                mine = next(left, None)
                if mine is None:
                    break
                here[mine] = do(items[mine])
            yield here.pop(index) if index in here else elsewhere.pop(index).result()


def portions_of(items: Sequence[S], size: int) -> list[Sequence[S]]:
    """Return items in portions of that size; the last may be smaller."""
    return [items[at : at + size] for at in range(0, len(items), size)]

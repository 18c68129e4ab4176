"""What a run is asked to do: cells to execute, answers to read, and how much it may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np


@dataclass(frozen=True)
class Cell:
    """A code cell of the student's notebook.

    Attributes
    ----------
    index : int
        The caller's number for the cell; it comes back in `CellOutcome.index`.
    source : str
        The cell's text, magics and all.
    """

    index: int
    source: str


@dataclass(frozen=True)
class New:
    """An argument that is made inside the sandbox, for one call.

    Attributes
    ----------
    path : str
        ``"package.module:function"``; the function is called without arguments, and returns a context manager that gives the
        argument and ends with the call.
    """

    path: str


Argument: TypeAlias = float | np.ndarray | New


@dataclass(frozen=True)
class Variable:
    """Read one of the notebook's variables."""

    name: str

    @property
    def key(self) -> str:
        """Name of this answer in `Run.answers`."""
        return f"variable:{self.name}"


@dataclass(frozen=True)
class Call:
    """Call one of the notebook's functions, positionally, at one point at a time.

    Attributes
    ----------
    name : str
        The function's name.
    args : tuple of tuple
        The points; one tuple of positional arguments each.
    repeats : int
        How many times the whole list of points is asked: 1 is once.
    """

    name: str
    args: tuple[tuple[Argument, ...], ...]
    repeats: int = 1

    @property
    def key(self) -> str:
        """Name of this answer in `Run.answers`."""
        return f"call:{self.name}"


@dataclass(frozen=True)
class Figures:
    """Read every matplotlib figure that was made so far."""

    @property
    def key(self) -> str:
        """Name of this answer in `Run.answers`."""
        return "figures"


Request: TypeAlias = Variable | Call | Figures


@dataclass(frozen=True)
class Ask:
    """A question: its answers are read with the notebook's state at this point.

    Attributes
    ----------
    id : str
        The question's id, unique in a run.
    requests : tuple of Variable, Call or Figures
        What to read. No two may have the same `key`.
    """

    id: str
    requests: tuple[Request, ...]


Step: TypeAlias = Cell | Ask


@dataclass(frozen=True)
class Limits:
    """What one notebook may use.

    The limits of a cell and of a call are computing time (CPU), so that a grade does not depend on what else the machine
    does. `wall_seconds` is the time on the clock that goes with them, which only guards against code that waits.

    Attributes
    ----------
    cell_seconds : float
        Computing time for a cell. The slowest reference cell needs 20 s on one core; a grading machine may be four times slower.
    call_seconds : float
        Computing time for one call of a student's function, and for reading one variable.
    total_seconds : float
        Time on the clock for the whole run with all restarts. Gradescope gives up after 10 minutes, and then nothing counts.
    grace_seconds : float
        How long after a limit the interrupted code may take to come back before its sandbox is killed from outside.
    memory_mb : int
        Resident memory of all processes together; beyond it the sandbox is killed. Brian2 and matplotlib need 250.
    processes : int
        Processes and threads. Enough for a pool of workers, too few for a fork bomb to be felt.
    output_bytes : int
        Output of one cell, images included; the rest is cut, as a browser has to show it.
    total_output_bytes : int
        Output of all cells together, for the same reason.
    disk_mb : int
        Size of each place where files may be written. Brian2's log and a saved figure need 1.
    restarts : int
        How many fresh sandboxes follow one that died. Each one runs the earlier cells again.
    """

    cell_seconds: float = 120.0
    call_seconds: float = 30.0
    total_seconds: float = 480.0
    grace_seconds: float = 5.0
    memory_mb: int = 1024
    processes: int = 64
    output_bytes: int = 1_000_000
    total_output_bytes: int = 6_000_000
    disk_mb: int = 64
    restarts: int = 3

    def wall_seconds(self, seconds: float) -> float:
        """Return the time on the clock in which so much computing must be done, by a machine that is four times too busy."""
        return min(4 * seconds, seconds + 60)

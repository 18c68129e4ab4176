"""Runs an untrusted notebook in isolation and brings back plain data.

`run_notebook` executes a student's cells in a sandbox that `backend` chooses, reads the answers of the questions between
them, and returns a `Run`. Student code and the caller never share a process: a runner of ours (`autograder.sandbox.runner`)
shares the student's, and may be made to lie. So its replies are strict JSON in a closed vocabulary (see
`neurodynex.answer_data`), which `decode` checks: a reply can say what the answers are, and nothing else.

>>> from autograder.sandbox import Ask, Cell, Variable, backend, decode, run_notebook
>>> steps = [Cell(0, "I_min = 1.01"), Ask("threshold", (Variable("I_min"),))]
>>> run = run_notebook(steps, backend=backend("none"))
>>> decode(run.answers["threshold"]["variable:I_min"])
1.01
"""

from neurodynex.answer_data.decoder import BadReply, KnownFigures, decode
from neurodynex.answer_data.values import (
    Arrows,
    Axes,
    Calls,
    Error,
    Figure,
    Function,
    Missing,
    Object,
    Quantity,
    Series,
    TooLarge,
    Value,
)

from .backends import Backend, NoIsolation, available, backend, close_all
from .outcome import CellOutcome, Run
from .run import run_notebook
from .session import SandboxFailed
from .steps import Argument, Ask, Call, Cell, Figures, Limits, New, Request, Step, Variable

__all__ = [
    "Argument",
    "Arrows",
    "Ask",
    "Axes",
    "Backend",
    "BadReply",
    "Call",
    "Calls",
    "Cell",
    "CellOutcome",
    "Error",
    "Figure",
    "Figures",
    "Function",
    "KnownFigures",
    "Limits",
    "Missing",
    "New",
    "NoIsolation",
    "Object",
    "Quantity",
    "Request",
    "Run",
    "SandboxFailed",
    "Series",
    "Step",
    "TooLarge",
    "Value",
    "Variable",
    "available",
    "backend",
    "close_all",
    "decode",
    "run_notebook",
]

"""Runs a notebook's steps in order, and goes on in a fresh sandbox when one has died."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from neurodynex.answer_data.bounds import MAX_ELEMENTS
from neurodynex.answer_data.decoder import BadReply, decode
from neurodynex.answer_data.values import error

from .backends.base import Backend, SandboxSpec
from .outcome import CellOutcome, Run, read_cell, read_defined, valid_text
from .session import Died, RunBudget, Session, Stopped
from .steps import Argument, Ask, Call, Cell, Figures, Limits, New, Request, Step, Variable

#: After so many calls of a function that did not come back, its other points are not asked.
_HUNG_CALLS = 2

Encoded = dict[str, Any]


def run_notebook(
    steps: Sequence[Step],
    *,
    backend: Backend,
    limits: Limits | None = None,
    environment: Mapping[str, str] | None = None,
    packages: Sequence[Path] = (),
    files: Mapping[str, bytes] | None = None,
    on_answer: Callable[[str, dict[str, Encoded]], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Run:
    """Run a student's notebook in a sandbox and read its answers.

    A cell that raises or takes too long costs only what depends on it. When the sandbox itself dies with a step, a fresh
    one runs the earlier cells again and goes on behind the culprit; what was recorded before stays. A sandbox that just
    ended may have been killed by somebody else, so the step has a second try before it is the culprit.

    Parameters
    ----------
    steps : sequence of Cell or Ask
        The cells, and between them the questions, in the notebook's order.
    backend : Backend
        How to isolate; see `autograder.sandbox.backend`.
    limits : Limits, optional
        What the notebook may use.
    environment : mapping, optional
        Extra environment variables for the sandbox.
    packages : sequence of Path, optional
        Directories of Python packages which the notebook can import. Nothing else of the grader's files is visible.
    files : mapping, optional
        What lies beside the notebook: path below its folder -> content. The paths are plain, and none is a folder of another.
    on_answer : callable, optional
        Called with the question's id and its answers as soon as they are all there.
    stop : callable, optional
        Asked several times a second; the run ends early when it returns True.

    Returns
    -------
    Run
        Whatever the notebook does, it comes back, within ``limits.total_seconds`` and a moment.

    Raises
    ------
    ValueError
        If two asks have the same id, or two requests of one ask the same key.
    SandboxFailed
        If a sandbox cannot even be started.
    """
    _check(steps)
    job = SandboxSpec(limits or Limits(), dict(environment or {}), tuple(map(Path, packages)), dict(files or {}))
    return _Notebook(steps, backend, job, on_answer, stop).run()


def _check(steps: Sequence[Step]) -> None:
    asks = [step for step in steps if isinstance(step, Ask)]
    if len({ask.id for ask in asks}) != len(asks):
        raise ValueError("Two questions have the same id.")
    for ask in asks:
        if len({request.key for request in ask.requests}) != len(ask.requests):
            raise ValueError(f"Question {ask.id!r} asks for the same thing twice; put all points into one Call.")


class _Answer:
    """One request's answer, as far as it is known: a dead sandbox must not lose it.

    Attributes
    ----------
    value : dict or None
        The encoded answer, once it is complete.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.value: Encoded | None = None
        self.is_function = False
        self.returned: list[Encoded] = []
        self.hung = 0

    @property
    def missing(self) -> str | None:
        """Name that the notebook did not have when it was asked for."""
        request = self.request
        return None if isinstance(request, Figures) or "missing" not in (self.value or {}) else request.name

    def read(self, session: Session) -> None:
        """Ask the sandbox for what is not known yet."""
        seconds = session.limits.call_seconds
        request = self.request
        if isinstance(request, Figures):
            self.value = _checked(session.ask("figures", seconds))
            return
        if isinstance(request, Variable):
            self.value = _checked(session.ask("get", seconds, name=request.name, is_function=False))
            return
        if not self.is_function:
            found = _checked(session.ask("get", seconds, name=request.name, is_function=True))
            if "function" not in found:
                self.value = found
                return
            self.is_function = True
        points = list(request.args) * request.repeats
        elements = MAX_ELEMENTS // (len(points) + 1)
        for point in points[len(self.returned) :]:
            if self.hung >= _HUNG_CALLS:
                break
            reply = session.ask(
                "call", seconds, name=request.name, args=[_argument(argument) for argument in point], elements=elements
            )
            self.returned.append(_checked(reply))
            self.hung += reply.get("late") is True
        self.finish("NotAsked", f"not asked, as {_HUNG_CALLS} calls before took too long")

    def died(self, death: Died) -> None:
        """Note that the sandbox died with what was asked last."""
        if self.is_function:
            self.returned.append(error("SandboxDied", str(death)))
            self.hung += death.status == "timeout"
        else:
            self.value = error("SandboxDied", str(death))

    def finish(self, kind: str, message: str) -> None:
        """Complete the answer, with an error for whatever is not known."""
        if not self.is_function:
            self.value = self.value or error(kind, message)
            return
        request = self.request
        assert isinstance(request, Call)
        size = len(request.args)
        returned = self.returned + [error(kind, message)] * (size * request.repeats - len(self.returned))
        rounds = [returned[size * turn : size * (turn + 1)] for turn in range(request.repeats)]
        self.value = _checked({"value": {"calls": rounds}})


def read_answers(session: Session, requests: Sequence[Request]) -> dict[str, Encoded]:
    """Read answers in a session of the caller's own.

    Raises
    ------
    Died
        If the sandbox died on one of them.
    """
    answers = [_Answer(request) for request in requests]
    for answer in answers:
        answer.read(session)
    return {answer.request.key: answer.value for answer in answers if answer.value is not None}


class _Notebook:
    """The state of one run, kept through restarts."""

    def __init__(
        self,
        steps: Sequence[Step],
        backend: Backend,
        job: SandboxSpec,
        on_answer: Callable[[str, dict[str, Encoded]], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.steps = steps
        self.backend = backend
        self.job = job
        self.on_answer = on_answer
        self.stop = stop
        self.bytes_left = job.limits.total_output_bytes
        self.outcomes: dict[int, CellOutcome] = {}
        self.answers = {
            at: [_Answer(request) for request in step.requests]
            for at, step in enumerate(steps)
            if isinstance(step, Ask)
        }
        self.answered: set[int] = set()
        self.culprits: set[int] = set()
        self.suspects: set[int] = set()
        self.at = 0
        self.since = 0.0
        self.claimed: str | None = None
        self.defined_later: frozenset[str] = frozenset()

    def run(self) -> Run:
        """Run all steps."""
        start = time.monotonic()
        budget = RunBudget(start + self.job.limits.total_seconds, self.stop)
        stopped = None
        deaths = 0
        while True:
            try:
                with Session(self.backend, self.job, budget) as session:
                    self._live(session)
                break
            except Died as death:
                if death.by_itself and self.at not in self.suspects:
                    self.suspects.add(self.at)
                    continue
                self._blame(death)
                deaths += 1
                if deaths > self.job.limits.restarts:
                    stopped = f"{deaths} sandboxes died: {death}"
                    break
            except Stopped as reason:
                stopped = str(reason)
                break
        return self._result(stopped, time.monotonic() - start)

    def _live(self, session: Session) -> None:
        """Do everything from the first step, in one sandbox, until it dies."""
        for at, step in enumerate(self.steps):
            self.at, self.since = at, time.monotonic()
            if isinstance(step, Cell):
                if self.at not in self.culprits:
                    self._run_cell(session, step)
            elif self.at not in self.answered:
                for answer in self.answers[self.at]:
                    if answer.value is None:
                        answer.read(session)
                self._answered(step)
        self.at = len(self.steps)
        self._read_end(session)

    def _run_cell(self, session: Session, cell: Cell) -> None:
        reply = session.ask("cell", session.limits.cell_seconds, source=cell.source)
        try:
            outcome = read_cell(reply, cell.index, time.monotonic() - self.since, self.bytes_left)
        except BadReply as problem:
            raise Died("killed", f"the sandbox gave an unreadable reply ({problem})") from None
        if self.at not in self.outcomes:
            self.outcomes[self.at] = outcome
            self.bytes_left -= len(json.dumps(outcome.outputs))

    def _answered(self, ask: Ask) -> None:
        self.answered.add(self.at)
        if self.on_answer is not None:
            self.on_answer(ask.id, self._values(self.at))

    def _values(self, at: int) -> dict[str, Encoded]:
        return {answer.request.key: answer.value for answer in self.answers[at] if answer.value is not None}

    def _read_end(self, session: Session) -> None:
        missing = sorted({name for known in self.answers.values() for answer in known if (name := answer.missing)})
        reply = session.ask("end", session.limits.call_seconds, names=missing)
        claimed = reply.get("claimed")
        self.claimed = valid_text(claimed, 200) if isinstance(claimed, str) else None
        self.defined_later = read_defined(reply, missing)

    def _blame(self, death: Died) -> None:
        """Record what the sandbox died of, so that the next one leaves it out."""
        if self.at == len(self.steps):
            return
        step = self.steps[self.at]
        if isinstance(step, Cell):
            self.culprits.add(self.at)
            seconds = time.monotonic() - self.since
            self.outcomes.setdefault(self.at, CellOutcome(step.index, death.status, [], str(death), seconds))
        else:
            next(answer for answer in self.answers[self.at] if answer.value is None).died(death)

    def _result(self, stopped: str | None, seconds: float) -> Run:
        answers = {}
        for at, known in self.answers.items():
            for answer in known:
                if answer.value is None:
                    answer.finish("NotReached", f"not reached: {stopped}")
            step = self.steps[at]
            assert isinstance(step, Ask)
            answers[step.id] = self._values(at)
        cells = [
            self.outcomes.get(at, CellOutcome(step.index, "not_reached"))
            for at, step in enumerate(self.steps)
            if isinstance(step, Cell)
        ]
        layers = self.backend.missing_layers
        return Run(cells, answers, self.claimed, self.backend.name, layers, seconds, stopped, self.defined_later)


def _checked(reply: dict[str, Any]) -> Encoded:
    """Return the encoded value of a reply, if it is one."""
    value = reply.get("value")
    try:
        decode(value)
    except BadReply as problem:
        return error("BadReply", f"the sandbox gave an unreadable reply: {problem}")
    assert isinstance(value, dict)
    return value


def _argument(argument: Argument) -> Encoded:
    """Return an argument as `runner.serve` reads it."""
    if isinstance(argument, New):
        return {"new": argument.path}
    if isinstance(argument, np.ndarray):
        return {"array": {"data": argument.ravel().tolist(), "dtype": argument.dtype.str, "shape": argument.shape}}
    return {"number": argument}

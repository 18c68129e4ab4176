"""Run the mutants, or the honest variations, of each question's reference solution, and judge what comes out."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from autograder import assignments, notebook
from autograder.course import ROOT, Context, Course
from autograder.judge import judge
from autograder.mutation.edits import Edited
from autograder.mutation.mutants import mutants
from autograder.mutation.variations import variations
from autograder.question import Question
from autograder.running import sandbox_environment
from autograder.sandbox import Call, Figures, Limits, Variable
from autograder.sandbox.backends.base import SandboxSpec
from autograder.sandbox.backends.plain import Plain
from autograder.sandbox.run import read_answers
from autograder.sandbox.session import Died, RunBudget, Session

Kind = Literal["mutants", "honest"]
Encoded = dict[str, Any]
STUDENT = "student0"
SOLUTION = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)
# A mutated search may never end; the reference cells take a few seconds at the most.
LIMITS = Limits(cell_seconds=20.0, call_seconds=10.0, total_seconds=1e9, memory_mb=3000, grace_seconds=5.0)
FORKING = Path(__file__).parent / "forking_runner"


class Forking(Plain):
    """Runs our own cells, which need no isolation, in a runner that can be put back."""

    name = "forking"

    def command(self) -> list[str]:
        return [sys.executable, "-s", "-P", "-m", FORKING.name]


@dataclass(frozen=True)
class Experiment:
    """One question, with the cells that lead to it.

    Attributes
    ----------
    assignment, question : str
    before : tuple of str
        The notebook's code cells above the question's own, with the reference solutions.
    solution : str
        The reference solution of the question.
    """

    assignment: str
    question: str
    before: tuple[str, ...]
    solution: str

    def changes(self, kind: Kind, context: Context) -> list[Edited]:
        """Return the changed solutions."""
        question = assignments.load(self.assignment).question(self.question)
        if kind == "honest":
            return list(variations(self.solution, [answer.form() for answer in question.answers]))
        requests = question.requests(context)
        names = [request.name for request in requests if isinstance(request, Variable | Call)]
        drawn = any(isinstance(request, Figures) for request in requests)
        words = {answer.name for answer in question.answers if not answer.of_numbers}
        return list(mutants(self.solution, names, [name for name in names if name not in words], drawn))


@dataclass(frozen=True)
class Outcome:
    """What became of one changed solution.

    Attributes
    ----------
    question : str
    change : Edited
    result : {"same", "failed", "passed", "named", "refused"}
        "same" if it gives the reference's own answers; "failed" if it gives none; else what the judge said, "named" being a refusal
        that names the mistake.
    message : str
        The judge's.
    answers : str
        What it gave, cut.
    """

    question: str
    change: Edited
    result: Literal["same", "failed", "passed", "named", "refused"]
    message: str
    answers: str


def experiments(names: Iterable[str]) -> list[Experiment]:
    """Return the experiments of assignments, in the order of their questions."""
    found = []
    for name in names:
        cells = json.loads(notebook.source_path(name).read_text(encoding="utf-8"))["cells"]
        questions = {question.id for question in assignments.load(name).questions}
        before: list[str] = []
        own: list[str] = []
        for cell in cells:
            meta = cell["metadata"].get("nbgrader") or {}
            if cell["cell_type"] != "code":
                continue
            if meta.get("grade_id") in questions:
                found.append(Experiment(name, meta["grade_id"], tuple(before), "\n\n".join(own)))
                before, own = before + own, []
            else:
                text = SOLUTION.sub("", "".join(cell["source"]))
                (own if meta.get("solution") else before).append(text)
    return found


def run(
    chosen: Iterable[Experiment],
    kind: Kind,
    course: Course,
    *,
    workers: int = 2,
    most: int | None = None,
    on_done: Callable[[Experiment], None] = lambda _: None,
) -> dict[str, list[Outcome]]:
    """Run experiments in parallel.

    Parameters
    ----------
    chosen : iterable of Experiment
    kind : {"mutants", "honest"}
    course : Course
    workers : int
    most : int, optional
        So many of each question's changes at the most, spread over all of them.
    on_done : callable
        Called with each experiment when it is done.

    Returns
    -------
    dict
        Question id -> outcomes, in the order of `chosen`.
    """
    chosen = list(chosen)
    done: dict[str, list[Outcome]] = {experiment.question: [] for experiment in chosen}
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        running = {pool.submit(outcomes, experiment, kind, course, most): experiment for experiment in chosen}
        for future in as_completed(running):
            done[running[future].question] = future.result()
            on_done(running[future])
    return done


def outcomes(experiment: Experiment, kind: Kind, course: Course, most: int | None = None) -> list[Outcome]:
    """Run one experiment."""
    context = Context.of(STUDENT, experiment.assignment, course)
    changes = experiment.changes(kind, context)
    if most is not None and len(changes) > most:
        changes = [changes[index * len(changes) // most] for index in range(most)]
    question = assignments.load(experiment.assignment).question(experiment.question)
    # What must be supported by earlier questions is looked at by itself here.
    question = replace(question, supported_by=())
    found = []
    reference: Mapping[str, Encoded] | None = None
    for change, answers, problem in _run(experiment, changes, question, context):
        if change is None:
            reference = answers
            if reference is None:
                raise RuntimeError(f"The reference solution of {experiment.question} failed: {problem}")
            continue
        found.append(_outcome(question, context, change, answers, problem, reference))
    return found


def _outcome(
    question: Question,
    context: Context,
    change: Edited,
    answers: Mapping[str, Encoded] | None,
    problem: str,
    reference: Mapping[str, Encoded] | None,
) -> Outcome:
    if answers is None:
        return Outcome(question.id, change, "failed", problem, "")
    shown = json.dumps(answers)[:300]
    if answers == reference:
        return Outcome(question.id, change, "same", "", shown)
    judged = judge(question, 1.0, answers, context, {})
    if judged.passed:
        return Outcome(question.id, change, "passed", judged.message, shown)
    slips = [part.mistake for part in judged.parts if part.mistake and part.mistake != "form"]
    return Outcome(question.id, change, "named" if slips else "refused", judged.message, shown)


def _run(
    experiment: Experiment, changes: list[Edited], question: Question, context: Context
) -> Iterator[tuple[Edited | None, Mapping[str, Encoded] | None, str]]:
    """Yield (change, answers, what went wrong) for the reference, as None, and each change; start anew where a process died."""
    left: list[Edited | None] = [None, *changes]
    job = SandboxSpec(LIMITS, sandbox_environment(STUDENT, context), (ROOT / "neurodynex", FORKING))
    while left:
        with Session(Forking(), job, RunBudget(time.monotonic() + LIMITS.total_seconds, replies=10**12)) as session:
            for source in experiment.before:
                session.ask("cell", LIMITS.cell_seconds * 4, source=source)
            while left:
                change = left.pop(0)
                source = change.source if change else experiment.solution
                try:
                    session.ask("fork")
                    problem = session.ask("cell", LIMITS.cell_seconds, source=source)["error"]
                    answers = read_answers(session, question.requests(context))
                    session.ask("leave")
                except Died as death:
                    yield change, None, str(death)
                    break
                missing = problem and all("missing" in answer for answer in answers.values())
                yield change, None if missing else answers, problem or ""

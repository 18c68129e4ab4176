"""Run one submission in a sandbox: its cells in their order, and between them the requests of the questions."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder import elsewhere, notebook
from autograder.course import ROOT, Context, Course
from autograder.extra_files import ExtraFiles
from autograder.question import Assignment
from autograder.result import TestCell
from autograder.sandbox import (
    Ask,
    Backend,
    Call,
    Cell,
    CellOutcome,
    Figures,
    Limits,
    Request,
    Run,
    Variable,
    run_notebook,
)
from neurodynex import variant as variants
from neurodynex._notebook import placeholders as empty_functions

# What a container may use, as the second and the first version of Linux's control groups tell it.
CONTAINER_MEMORY = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
GRADER_MB = 300  # the judge with Otter and pandas, measured at 220
# An object's address differs from run to run; a grade must not.
ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}")

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class RunRecord:
    """All of a run that judging needs; a stored result gives it back.

    Attributes
    ----------
    answers : dict
        Question id -> request key -> encoded value.
    sandbox : str
    missing_layers : tuple of str
    failed_cells : dict
        Index of a cell that did not end well -> what it ended with.
    errors : tuple of str
        Everything that went wrong on the way, failed cells included.
    seconds : float
    defined_later : tuple of str
        Names that were missing where a question asked for them, and that the notebook has at its end.
    test_cells : dict
        Question id -> where its answers were read; without a test cell, at the end.
    placeholders : tuple of str
        Functions that are as they were handed out, with nothing in them; None while the run goes on.
    """

    answers: Mapping[str, Answers]
    sandbox: str
    missing_layers: tuple[str, ...] = ()
    failed_cells: Mapping[int, str] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    seconds: float = 0.0
    defined_later: tuple[str, ...] = ()
    test_cells: Mapping[str, TestCell] = field(default_factory=dict)
    placeholders: tuple[str, ...] | None = None


def run_submission(
    submission: notebook.Submission,
    definition: Assignment,
    context: Context,
    student: str,
    backend: Backend,
    on_answer: Callable[[str, Answers], None],
    test_cells: Mapping[str, TestCell],
    extra_files: ExtraFiles,
) -> tuple[RunRecord, tuple[CellOutcome, ...]]:
    """Run a submission.

    Parameters
    ----------
    submission : Submission
    definition : Assignment
    context : Context
    student : str
        The identity as the platform gives it, which the library in the sandbox is told.
    backend : Backend
    on_answer : callable
        Called with a question's id and its answers as soon as they are all there.
    test_cells : mapping
        Question id -> where its answers are read, for the record; see `places`.
    extra_files : ExtraFiles
        The files beside the notebook.

    Returns
    -------
    RunRecord
    tuple of CellOutcome
        What each cell printed and showed.
    """
    answers: dict[str, Answers] = {}
    others = names_of_others(definition, context)

    def keep(question_id: str, given: dict[str, Any]) -> None:
        found = _without_addresses(given)
        answers[question_id] = {key: without_names(value, others) for key, value in found.items()}
        on_answer(question_id, answers[question_id])

    ran = run_notebook(
        steps(submission, definition, context),
        backend=backend,
        limits=limits(context.course),
        environment=sandbox_environment(student, context),
        packages=[ROOT / "neurodynex"],
        files=extra_files.files,
        on_answer=keep,
    )
    failed = {cell.index: _ended_with(cell) for cell in ran.cells if cell.status not in ("ok", "not_reached")}
    problems = [in_words(index, what) for index, what in failed.items()]
    missed = elsewhere.notes([*problems, *_texts(answers)], context.course.grading.packages)
    errors = (*submission.notes, *extra_files.notes, *problems, *missed, *_notes(ran, context))
    later = tuple(sorted(ran.defined_later))
    empty = tuple(sorted(placeholder_functions(submission, definition, context)))
    record = RunRecord(answers, ran.sandbox, ran.missing_layers, failed, errors, ran.seconds, later, test_cells, empty)
    return record, tuple(ran.cells)


def sandbox_environment(student: str, context: Context) -> dict[str, str]:
    """Return what the library in a sandbox learns from outside: whose submission it is, and the course's settings for this student."""
    settings = asdict(context.course.for_students())
    key = variants.student_key(student, context.assignment, context.course.for_students())
    chosen = settings["overrides"].get(context.assignment, {})
    settings["overrides"] = {context.assignment: {key: chosen[key]}} if key in chosen else {}
    return {
        "NEURODYNEX_STUDENT": student,
        "NEURODYNEX_GRADING": "1",
        "NEURODYNEX_COURSE": json.dumps(settings, ensure_ascii=False),
    }


def steps(submission: notebook.Submission, definition: Assignment, context: Context) -> list[Cell | Ask]:
    """Return what to run and where to read answers: at a question's own cell, or at the end where that is missing."""
    plan: list[Cell | Ask] = []
    missing = {question.id: question for question in definition.questions}
    for cell in submission.cells:
        if cell.question is None:
            plan.append(Cell(cell.index, cell.source))
        elif question := missing.pop(cell.question, None):
            plan.append(Ask(question.id, question.requests(context)))
    plan.extend(Ask(question.id, question.requests(context)) for question in missing.values())
    return plan


def places(submission: notebook.Submission, definition: Assignment, context: Context) -> dict[str, TestCell]:
    """Return where each question's answers are read, of those that have their own cell."""
    found = {}
    for cell in submission.cells:
        if cell.question is not None and cell.question not in found:
            requests = definition.question(cell.question).requests(context)
            names = {request.name for request in requests if isinstance(request, (Variable, Call))}
            found[cell.question] = TestCell(index=cell.index, assigned=tuple(sorted(names & cell.assigned)))
    return found


def placeholder_functions(submission: notebook.Submission, definition: Assignment, context: Context) -> frozenset[str]:
    """Return those of the functions that are asked for which are as they were handed out."""
    names = {request.name for request in _requests(definition, context) if isinstance(request, Call)}
    return empty_functions([cell.source for cell in submission.cells], names)


def limits(course: Course) -> Limits:
    """Return the course's limits, with no more memory than leaves the grader enough in a container."""
    wanted = Limits(**course.limits.model_dump())
    for file in CONTAINER_MEMORY:
        with contextlib.suppress(OSError, ValueError):  # no container, or no limit ("max")
            container = int(file.read_text(encoding="ascii")) // 2**20
            return replace(wanted, memory_mb=min(wanted.memory_mb, max(300, container - GRADER_MB)))
    return wanted


def in_words(index: int, what: str) -> str:
    """Return the sentence that names a failed cell."""
    return f"Cell {index + 1}: {what}"


def _ended_with(cell: CellOutcome) -> str:
    return ADDRESS.sub("0x…", cell.error or cell.status)


def _notes(ran: Run, context: Context) -> list[str]:
    notes = [f"The run ended early: {ran.stopped}."] if ran.stopped else []
    if ran.claimed_student is not None and not context.is_student(ran.claimed_student):
        notes.append(
            f"The notebook names {ran.claimed_student[:80]!r}; what counts is the identity that it was handed in with, "
            f"{context.student!r}, and so is the variant."
        )
    return notes


def _without_addresses(value: Any) -> Any:
    if isinstance(value, str):
        return ADDRESS.sub("0x…", value)
    if isinstance(value, list):
        if _is_numbers(value):
            return value
        return [_without_addresses(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_addresses(item) for key, item in value.items()}
    return value


def names_of_others(definition: Assignment, context: Context) -> frozenset[str]:
    """Return the names that cannot be meant for a missing one: those that are handed out, or that some question asks for."""
    asked = {request.name for request in _requests(definition, context) if not isinstance(request, Figures)}
    return notebook.given_names(definition.name) | asked


def _requests(definition: Assignment, context: Context) -> list[Request]:
    return [request for question in definition.questions for request in question.requests(context)]


def without_names(value: Any, names: Collection[str]) -> Any:
    """Return an answer that tells of names nearly the missing one without those `names`."""
    if not (isinstance(value, dict) and "missing" in value):
        return value
    found = value["missing"]
    return {"missing": {**found, "similar": [name for name in found["similar"] if name not in names]}}


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list) and not _is_numbers(value):
        for item in value:
            yield from _texts(item)


def _is_numbers(items: list[Any]) -> bool:
    """Tell, without a look at each of thousands, whether a list holds nothing that has parts, and no text."""
    return {str, list, dict}.isdisjoint(map(type, items))

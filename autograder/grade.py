"""Grade one submission: run it in a sandbox, read the answers, judge them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder import __version__, assignments, notebook
from autograder.course import ROOT, Context, Course
from autograder.errors import BadSubmission, InstructorError
from autograder.judge import judge
from autograder.question import Assignment
from autograder.result import QuestionResult, Result
from autograder.sandbox import Ask, Backend, Cell, CellOutcome, Limits, Run, run_notebook
from neurodynex.variant import load_course

# What a container may use, as the second and the first version of Linux's control groups tell it.
CONTAINER_MEMORY = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
GRADER_MB = 300  # the judge with Otter and pandas, measured at 220
# An object's address differs from run to run; a grade must not.
ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}")


@dataclass(frozen=True)
class Graded:
    """A grade and the outcomes of the cells that were run, for adapters that show them."""

    result: Result
    cells: Mapping[int, CellOutcome]


def grade(
    content: bytes,
    assignment: str,
    student: str,
    backend: Backend,
    *,
    course: Course,
    known: notebook.Points | None = None,
    on_question: Callable[[Result], None] | None = None,
) -> Graded:
    """Grade one submission.

    Parameters
    ----------
    content : bytes
        The notebook file.
    assignment : str
    student : str
        The identity that the platform gives, never what the notebook claims.
    backend : Backend
        The sandbox to run it in.
    course : Course
    known : Points, optional
        Points and cell types, by default those of the source notebook.
    on_question : callable, optional
        Called with the result so far after each question: what is not judged yet has no points in it.

    Returns
    -------
    Graded
        Whatever the submission is; one that cannot be read has the score 0 and says why.

    Raises
    ------
    InstructorError
        If the course or the assignment is not as it should be.
    """
    if course.for_students() != load_course():
        raise InstructorError(
            "course.toml has changed since neurodynex/course.json was made from it, so that students would have other variants "
            "than are graded. Run `python -m autograder build` first."
        )
    context = Context.of(student, assignment, course)
    known = known or notebook.points(assignment)
    definition = assignments.load(assignment)
    draft = _Draft(definition, known, context, backend.name)
    try:
        submission = notebook.parse(content, known)
    except BadSubmission as problem:
        return Graded(draft.unreadable(str(problem), notebook.digest(content)), {})

    if on_question:
        on_question(draft.result(submission.sha256, 0.0))

    def judged(question_id: str, answers: dict[str, Any]) -> None:
        draft.judge(question_id, answers)
        if on_question:
            on_question(draft.result(submission.sha256, 0.0))

    run = run_notebook(
        steps(submission, definition, context),
        backend=backend,
        limits=_limits(course),
        environment={"NEURODYNEX_STUDENT": student, "NEURODYNEX_GRADING": "1"},
        packages=[ROOT / "neurodynex"],
        on_answer=judged,
    )
    draft.finish(run, submission, student)
    return Graded(draft.result(submission.sha256, run.seconds), {cell.index: cell for cell in run.cells})


def steps(submission: notebook.Submission, definition: Assignment, context: Context) -> list[Cell | Ask]:
    """Return what to run and where to read answers: at a question's own cell, or at the end where that is gone."""
    plan: list[Cell | Ask] = []
    gone = {question.id: question for question in definition.questions}
    for cell in submission.cells:
        if cell.question is None:
            plan.append(Cell(cell.index, cell.source))
        elif question := gone.pop(cell.question, None):
            plan.append(Ask(question.id, question.requests(context)))
    plan.extend(Ask(question.id, question.requests(context)) for question in gone.values())
    return plan


def judge_all(
    definition: Assignment, known: notebook.Points, answers: Mapping[str, Mapping[str, Any]], context: Context
) -> dict[str, QuestionResult]:
    """Judge all questions in their order, from answers that were taken out of a sandbox before."""
    results: dict[str, QuestionResult] = {}
    for question in definition.questions:
        taken = answers.get(question.id, {})
        results[question.id] = judge(question, known.points.get(question.id, 0.0), taken, context, results)
    return results


def fingerprint(course: Course, known: notebook.Points) -> str:
    """Return a short hash of what decides a grade beside the submission and the package: settings and points."""
    text = json.dumps([course.model_dump(mode="json"), known.points, known.by_hand], sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _limits(course: Course) -> Limits:
    """Return the course's limits, with no more memory than leaves the grader enough in a container."""
    limits = Limits(**course.limits.model_dump())
    for file in CONTAINER_MEMORY:
        with contextlib.suppress(OSError, ValueError):  # no container, or no limit ("max")
            container = int(file.read_text(encoding="ascii")) // 2**20
            return replace(limits, memory_mb=min(limits.memory_mb, max(300, container - GRADER_MB)))
    return limits


class _Draft:
    """A grade in the making."""

    def __init__(self, definition: Assignment, known: notebook.Points, context: Context, sandbox: str):
        self.definition, self.known, self.context, self.sandbox = definition, known, context, sandbox
        self.answers: dict[str, dict[str, Any]] = {}
        self.results = judge_all(definition, known, {}, context)
        self.errors: list[str] = []
        self.missing_layers: tuple[str, ...] = ()

    def judge(self, question_id: str, answers: dict[str, Any]) -> None:
        self.answers[question_id] = _without_addresses(answers)
        question = self.definition.question(question_id)
        points = self.known.points.get(question_id, 0.0)
        self.results[question_id] = judge(question, points, self.answers[question_id], self.context, self.results)

    def finish(self, run: Run, submission: notebook.Submission, student: str) -> None:
        self.sandbox, self.missing_layers = run.sandbox, run.missing_layers
        # A question may lie before those that bear it out, where a student has moved cells.
        self.results = judge_all(self.definition, self.known, self.answers, self.context)
        self.errors += submission.notes
        failures = {cell.index: _failure(cell) for cell in run.cells if cell.status not in ("ok", "not_reached")}
        self.errors += failures.values()
        self._explain_not_reached(submission, failures)
        if run.stopped:
            self.errors.append(f"The run ended early: {run.stopped}.")
        if run.claimed_student is not None and not self.context.is_student(run.claimed_student):
            self.errors.append(
                f"The notebook names {run.claimed_student[:80]!r}; what counts is the identity that it was handed in with, "
                f"{self.context.student!r}, and so is the variant."
            )

    def _explain_not_reached(self, submission: notebook.Submission, failures: Mapping[int, str]) -> None:
        place = {cell.question: cell.index for cell in submission.cells if cell.question}
        for question_id, result in self.results.items():
            if not any(part.status == "not reached" for part in result.parts):
                continue
            before = [text for index, text in failures.items() if index < place.get(question_id, 10**9)]
            if before:
                message = f"{result.message}\nAn earlier cell failed: {before[-1]}"
                self.results[question_id] = result.model_copy(update={"message": message})

    def unreadable(self, problem: str, notebook_sha256: str) -> Result:
        nothing = "Nothing was run, because the submission could not be read."
        for question_id, result in self.results.items():
            parts = tuple(
                part.model_copy(update={"status": "not reached", "message": nothing}) for part in result.parts
            )
            self.results[question_id] = result.model_copy(update={"parts": parts, "message": nothing, "mistake": None})
        self.errors.append(problem)
        return self.result(notebook_sha256, 0.0).model_copy(update={"readable": False})

    def result(self, notebook_sha256: str, seconds: float) -> Result:
        questions = tuple(self.results[question.id] for question in self.definition.questions)
        return Result(
            assignment=self.definition.name,
            student=self.context.student,
            score=round(sum(question.score for question in questions), 4),
            max_score=round(sum(question.max_score for question in questions), 4),
            questions=questions,
            by_hand=self.known.by_hand,
            variant=self.context.variant,
            notebook_sha256=notebook_sha256,
            package=__version__,
            course=fingerprint(self.context.course, self.known),
            sandbox=self.sandbox,
            missing_layers=self.missing_layers,
            errors=tuple(self.errors),
            seconds=round(seconds, 2),
        )


def _failure(cell: CellOutcome) -> str:
    what = ADDRESS.sub("0x…", cell.error or cell.status)
    return f"Cell {cell.index + 1}: {what}"


def _without_addresses(value: Any) -> Any:
    if isinstance(value, str):
        return ADDRESS.sub("0x…", value)
    if isinstance(value, list):
        return [_without_addresses(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_addresses(item) for key, item in value.items()}
    return value

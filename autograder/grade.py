"""Grade one submission: run it in a sandbox, read the answers, judge them; or judge the answers of an earlier run again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder import __version__, assignments, elsewhere, notebook
from autograder.attempted import untouched
from autograder.course import Context, Course, check_built
from autograder.errors import BadSubmission
from autograder.extra_files import ExtraFiles
from autograder.judge import judge
from autograder.question import Assignment
from autograder.result import QuestionResult, Result, TestCell
from autograder.running import RunRecord, in_words, limits, places, run_submission
from autograder.sandbox import Backend, CellOutcome, KnownFigures, Request
from autograder.sources import Sources, input_digests, judging_key, run_key
from neurodynex.answer_data.reading import FROM_THE_TOP


@dataclass(frozen=True)
class GradedSubmission:
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
    sources: Sources | None = None,
    on_question: Callable[[Result], None] | None = None,
    extra_files: ExtraFiles | None = None,
) -> GradedSubmission:
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
    sources : Sources, optional
        The files that this process loaded, by default as they are now.
    on_question : callable, optional
        Called with the result so far after each question: what is not judged yet has no points in it.
    extra_files : ExtraFiles, optional
        The files that were handed in beside the notebook.

    Returns
    -------
    Graded
        Whatever the submission is; one that cannot be read has the score 0 and says why.

    Raises
    ------
    InstructorError
        If the course or the assignment is not as it should be.
    """
    case = _Case.of(student, AssignmentRules.of(assignment, course, known, sources))
    try:
        submission = notebook.parse_submission(content, case.rules.known)
    except BadSubmission as problem:
        return GradedSubmission(case.unreadable(str(problem), notebook.digest(content), backend.name), {})
    answers: dict[str, Mapping[str, Any]] = {}
    judged: dict[str, QuestionResult] = {}
    extra_files = extra_files or ExtraFiles()
    handed_in = {
        "notebook_sha256": submission.sha256,
        "files": extra_files.digests,
        "texts": dict(submission.texts),
    }

    cells = places(submission, case.definition, case.context)

    def report(question_id: str | None = None, given: Mapping[str, Any] | None = None) -> None:
        if question_id is not None and given is not None:
            answers[question_id] = given
        if on_question:
            judged.update(case.judge(answers, judged))
            record = RunRecord(answers, backend.name, test_cells=cells)
            on_question(case.result(record, handed_in, judged))

    report()
    record, outcomes = run_submission(
        submission, case.definition, case.context, student, backend, report, cells, extra_files
    )
    result = case.result(record, handed_in, case.judge(record.answers, judged))
    return GradedSubmission(result, {cell.index: cell for cell in outcomes})


def judge_again(
    stored: Result, *, course: Course, known: notebook.Points | None = None, sources: Sources | None = None
) -> Result | None:
    """Judge the answers that a stored result holds by today's rules; nothing is run.

    Parameters
    ----------
    stored : Result
        The new result names the run that its answers came from, also where a run would be another today: see
        `autograder.sources.run_key`.
    course : Course
    known : Points, optional
    sources : Sources, optional
        As for `grade`.

    Returns
    -------
    Result or None
        None if today's questions ask for something that the stored answers do not hold.
    """
    return judge_by(AssignmentRules.of(stored.assignment, course, known, sources), stored)


def judge_by(rules: AssignmentRules, stored: Result) -> Result | None:
    """Judge again as `judge_again` does, by rules that serve for many results of their assignment."""
    case = _Case.of(stored.student, rules)
    if not stored.readable:
        result = case.unreadable("", stored.notebook_sha256, stored.sandbox)
        return result.model_copy(update={"errors": stored.errors, "run_key": stored.run_key})
    if case.context.variant != stored.variant:
        return None
    there = {question.id: question for question in stored.questions}
    answers = {}
    for question, keys in case.asked.items():
        asked = there.get(question)
        if asked is None or not set(keys) <= asked.answers.keys():
            return None
        if not case.inputs[question].items() <= asked.inputs.items():
            return None
        answers[question] = {key: asked.answers[key] for key in keys}
    record = RunRecord(
        answers,
        stored.sandbox,
        stored.missing_layers,
        stored.failed_cells,
        stored.errors,
        stored.seconds,
        stored.defined_later,
        {question.id: question.test_cell for question in stored.questions if question.test_cell},
        stored.placeholders,
    )
    result = case.result(
        record,
        {"notebook_sha256": stored.notebook_sha256, "files": stored.files, "texts": stored.texts},
        case.judge(answers),
    )
    return result.model_copy(update={"run_key": stored.run_key})


def judge_all(
    definition: Assignment,
    known: notebook.Points,
    answers: Mapping[str, Mapping[str, Any]],
    context: Context,
    so_far: Mapping[str, QuestionResult] | None = None,
) -> dict[str, QuestionResult]:
    """Judge all questions in their order, from answers that were taken out of a sandbox before.

    Results `so_far` stay as they are where neither the answers nor the results that support them are others now.
    """
    results: dict[str, QuestionResult] = {}
    figures: KnownFigures = {}
    so_far = so_far or {}
    for question in definition.questions:
        taken, before = answers.get(question.id, {}), so_far.get(question.id)
        supported = any(results.get(name) is not so_far.get(name) for name in question.supported_by)
        if before is not None and before.answers == taken and not supported:
            results[question.id] = before
        else:
            points = known.points.get(question.id, 0.0)
            results[question.id] = judge(question, points, taken, context, results, figures)
    return results


@dataclass(frozen=True)
class AssignmentRules:
    """By what all submissions of an assignment are graded.

    Attributes
    ----------
    definition : Assignment
    known : Points
    course : Course
    run_key, judging_key : str
        As in `Result`.
    """

    definition: Assignment
    known: notebook.Points
    course: Course
    run_key: str
    judging_key: str

    @classmethod
    def of(
        cls, assignment: str, course: Course, known: notebook.Points | None = None, sources: Sources | None = None
    ) -> AssignmentRules:
        """Return today's rules; `known` and `sources` as for `grade`.

        Raises
        ------
        InstructorError
            If the course or the assignment is not as it should be.
        """
        check_built(course)
        elsewhere.check_installed(course.grading.packages)
        known, sources = known or notebook.points_of(assignment), sources or Sources.now()
        return cls(
            assignments.load(assignment),
            known,
            course,
            run_key(sources, course, known, limits(course)),
            judging_key(sources, course, known),
        )


@dataclass(frozen=True)
class _Case:
    """Whose submission is graded, and by which rules."""

    rules: AssignmentRules
    context: Context

    @classmethod
    def of(cls, student: str, rules: AssignmentRules) -> _Case:
        return cls(rules, Context.of(student, rules.definition.name, rules.course))

    @property
    def definition(self) -> Assignment:
        return self.rules.definition

    @cached_property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """Question id -> keys of what it asks for."""
        return {name: tuple(request.key for request in requests) for name, requests in self._requests.items()}

    @cached_property
    def inputs(self) -> dict[str, dict[str, str]]:
        """Question id -> digests of the inputs of the functions that it asks for."""
        return {name: input_digests(requests) for name, requests in self._requests.items()}

    @cached_property
    def _requests(self) -> dict[str, tuple[Request, ...]]:
        return {question.id: question.requests(self.context) for question in self.definition.questions}

    def judge(
        self, answers: Mapping[str, Mapping[str, Any]], so_far: Mapping[str, QuestionResult] | None = None
    ) -> dict[str, QuestionResult]:
        return judge_all(self.definition, self.rules.known, answers, self.context, so_far)

    def result(self, record: RunRecord, handed_in: Mapping[str, Any], judged: Mapping[str, QuestionResult]) -> Result:
        """Return the result of what a run brought back, as it was judged.

        `handed_in` holds what the result says of the notebook itself.
        """
        questions = []
        not_tried = untouched(record, self.definition)
        for question in judged.values():
            test_cell = record.test_cells.get(question.id)
            more = {
                "inputs": self.inputs[question.id],
                "test_cell": test_cell,
                "attempted": question.id not in not_tried,
            }
            questions.append(_explained(question, record, test_cell).model_copy(update=more))
        return self._result(questions, record, handed_in)

    def unreadable(self, problem: str, notebook_sha256: str, sandbox: str) -> Result:
        """Return the result of a file that holds no notebook."""
        nothing = "Nothing was run, because the submission could not be read."
        questions = []
        for question in self.judge({}).values():
            parts = tuple(
                part.model_copy(update={"status": "not reached", "message": nothing}) for part in question.parts
            )
            questions.append(question.model_copy(update={"parts": parts, "message": nothing, "mistake": None}))
        record = RunRecord({}, sandbox, errors=(problem,))
        handed_in = {"notebook_sha256": notebook_sha256, "texts": {}}
        return self._result(questions, record, handed_in).model_copy(update={"readable": False})

    def _result(self, questions: list[QuestionResult], record: RunRecord, handed_in: Mapping[str, Any]) -> Result:
        return Result(
            assignment=self.definition.name,
            student=self.context.student,
            score=round(sum(question.score for question in questions), 4),
            max_score=round(sum(question.max_score for question in questions), 4),
            questions=tuple(questions),
            by_hand=self.rules.known.by_hand,
            variant=self.context.variant,
            package=__version__,
            run_key=self.rules.run_key,
            judging_key=self.rules.judging_key,
            sandbox=record.sandbox,
            missing_layers=record.missing_layers,
            failed_cells=dict(record.failed_cells),
            defined_later=record.defined_later,
            placeholders=record.placeholders or (),
            errors=record.errors,
            seconds=round(record.seconds, 2),
            **handed_in,
        )


def _explained(question: QuestionResult, record: RunRecord, test_cell: TestCell | None) -> QuestionResult:
    """Say why answers were not reached: the cell that failed before, or a definition that comes too late.

    A question without a test cell is read at the end.
    """
    if not any(part.status == "not reached" for part in question.parts):
        return question
    reasons = _misplaced(question, record.defined_later, test_cell) if test_cell else []
    message = question.message
    # Where each name that is missing is found elsewhere, a run from the top would show nothing more.
    if len(reasons) >= message.count(FROM_THE_TOP):
        message = message.replace(f" {FROM_THE_TOP}", "")
    before = [
        in_words(index, what)
        for index, what in record.failed_cells.items()
        if test_cell is None or index < test_cell.index
    ]
    if before:
        reasons.append(f"An earlier cell failed: {before[-1]}")
    return question.model_copy(update={"message": "\n".join([message, *reasons])})


def _misplaced(question: QuestionResult, defined_later: Collection[str], test_cell: TestCell) -> list[str]:
    """Say of each name that was missing at the test cell that it is defined below, or in the test cell itself."""
    sentences = []
    for key, value in question.answers.items():
        kind, _, name = key.partition(":")
        if kind not in ("variable", "call") or not isinstance(value, Mapping) or "missing" not in value:
            continue
        if name in test_cell.assigned:
            where = "in the question's test cell, whose code is not run"
        elif name in defined_later:
            where = "below the question's test cell"
        else:
            continue
        sentences.append(f"`{name}` is defined only {where}; move it up into the answer cell.")
    return list(dict.fromkeys(sentences))

"""The judge: compares answers, which are plain data, with what is accepted. It never raises over an answer."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Mapping
from typing import Any

from autograder.course import Context
from autograder.question import Answer, Question, Verdict, failed, passed
from autograder.result import PartResult, QuestionResult
from autograder.sandbox import BadReply, KnownFigures, decode
from autograder.sandbox.outcome import valid_text
from neurodynex.answer_data.reading import UNREADABLE, Unreadable

# All routes round alike: nbgrader keeps what a cell prints, Otter rounds a question's score to 5 places.
PLACES = 4
# Characters of a message, which may quote what a student's code said; terminal codes in it are left out.
LONGEST = 5_000


def judge(
    question: Question,
    points: float,
    answers: Mapping[str, Any],
    context: Context,
    earlier: Mapping[str, QuestionResult],
    known: KnownFigures | None = None,
) -> QuestionResult:
    """Judge one question.

    Parameters
    ----------
    question : Question
    points : float
        What it is worth.
    answers : mapping
        Request key -> encoded value, as it came out of the sandbox (or out of a stored result).
    context : Context
        Whose submission it is.
    earlier : mapping
        Question id -> result, of the questions before, which may bear an answer out.
    known : dict, optional
        Figures of the submission that were decoded before; see `decode`.
    """
    got = {key: decoded(value, known) for key, value in answers.items()}
    verdicts = [(answer.name, answer.weight, _verdict(answer, got, context)) for answer in question.answers]
    if question.supported_by:
        weight = sum(weight for _, weight, _ in verdicts)
        verdicts.append(("supported", weight, _supported(question, [v for *_, v in verdicts], earlier)))
    shares = share_out(points, [weight for _, weight, _ in verdicts])
    parts = tuple(
        PartResult(
            name=name,
            score=share if verdict.passed else 0.0,
            max_score=share,
            status=verdict.status,
            message=valid_text(verdict.message, LONGEST),
            mistake=verdict.mistake,
        )
        for (name, _, verdict), share in zip(verdicts, shares, strict=True)
    )
    return QuestionResult(
        id=question.id,
        score=round(sum(part.score for part in parts), PLACES),
        max_score=0.0 if question.bonus else points,
        passed=all(part.status == "passed" for part in parts),
        bonus=question.bonus,
        message="\n".join(dict.fromkeys(part.message for part in parts)),
        mistake=next((part.mistake for part in parts if part.mistake), None),
        parts=parts,
        answers=dict(answers),
        faults=tuple(verdict.fault for _, _, verdict in verdicts if verdict.fault),
    )


def share_out(points: float, weights: list[float]) -> list[float]:
    """Split points by weights, each share rounded, so that the shares sum to the points exactly."""
    shares = [round(points * weight / sum(weights), PLACES) for weight in weights[:-1]]
    return [*shares, round(points - sum(shares), PLACES)]


def decoded(value: Any, known: KnownFigures | None = None) -> Any:
    """Return an answer as the kinds of answers read it."""
    try:
        return decode(value, known)
    except BadReply:
        return UNREADABLE


def _verdict(answer: Answer, got: Mapping[str, Any], context: Context) -> Verdict:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return answer.judge(context, got)
        except Unreadable as problem:
            return Verdict(problem.status, str(problem), None if problem.status == "not reached" else "form")
        except Exception as error:  # a mistake of ours must cost one answer, not a batch
            message = (
                f"`{answer.name}` could not be judged, through a fault of the grader and not of yours; please show this to your "
                f"instructor ({type(error).__name__})."
            )
            return Verdict("error", message, fault="".join(traceback.format_exception(error)))


def _supported(question: Question, verdicts: list[Verdict], earlier: Mapping[str, QuestionResult]) -> Verdict:
    measured = [result for question_id in question.supported_by if (result := earlier.get(question_id))]
    if any(verdict.status == "error" for verdict in verdicts):
        return Verdict("error", "Whether your measurements support it could not be judged either.")
    if not all(verdict.passed for verdict in verdicts):
        return failed("This counts once the answer itself is right.")
    if any(result.passed for result in measured):
        return passed("Your own measurements support it.")
    if faults := [fault for result in measured for fault in result.faults]:
        message = "A measurement that might support it could not be judged; please show this to your instructor."
        return Verdict("error", message, fault=faults[0])
    return failed("None of your measurements supports it yet: one of the questions before this one must be right too.")

"""Every question proves that it is fair: it makes its own submissions and judges them.

Right answers, answers at and just beyond each edge of the tolerance, each typical slip, and garbage. What a question may
depend on is the student's variant and the hidden inputs, so students who share both are proved together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from typing import Any

import numpy as np

from autograder import assignments
from autograder.authoring import unfinished
from autograder.course import Context, Course
from autograder.judge import judge
from autograder.question import Answer, Example, Question
from autograder.result import QuestionResult
from neurodynex.answer_data.encode import encode

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.])")
GARBAGE: dict[str, Any] = {
    name: encode(value)
    for name, value in {
        "NaN": float("nan"),
        "infinity": float("inf"),
        "None": None,
        "empty text": "",
        "text": "nonsense",
        "empty list": [],
        "empty array": np.empty(0),
        "empty dictionary": {},
        "truth value": True,
        "huge integer": 10**39,
        "huge number": 1e300,
        "complex": 1 + 1j,
        "array of NaN": np.full(12, np.nan),
        "wrong shape": np.ones((3, 2, 2)),
        "list of texts": ["a"] * 12,
        "dictionary": {"passed": True, "score": 100},
        "ragged": [[1.0, [2.0, "a"]], 3],
        "function": print,
        "object": object(),
        "a billion elements": range(10**9),
    }.items()
} | {
    "an error": {"error": {"type": "RuntimeError", "message": "boo"}},
    "undefined": {"missing": {"name": "x", "similar": []}},
    "a verdict": {"verdict": {"passed": True, "score": 100}},
    "not a value": 17,
}


@dataclass
class Report:
    """What a proof found.

    Attributes
    ----------
    counts : dict
        Question id -> kind of submission ("right", "edge", "slip", "garbage") -> how many were judged.
    faults : list of str
        What must be fixed: a right answer refused, a wrong one accepted, a slip not named, an expected value revealed.
    """

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def verify(
    names: Iterable[str],
    students: int,
    course: Course,
    on_done: Callable[[str], None] = lambda _: None,
    workers: int = 2,
) -> Report:
    """Prove all questions of the named assignments for so many students.

    Parameters
    ----------
    names : iterable of str
    students : int
        Made-up students `student0`, `student1`, ...
    course : Course
    on_done : callable
        Called with the id of each question when it is proved.
    """
    names = list(names)
    if unfilled := [line for name in names for line in unfinished(name)]:
        return Report(faults=unfilled)
    tasks = [(name, question.id, students, course) for name in names for question in assignments.load(name).questions]
    report = Report()
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for (_, question_id, *_), (counts, faults) in zip(
            tasks, pool.map(prove, *zip(*tasks, strict=True)), strict=True
        ):
            report.counts[question_id] = counts
            report.faults += faults
            on_done(question_id)
    return report


def prove(name: str, question_id: str, students: int, course: Course) -> tuple[Counter[str], list[str]]:
    """Prove one question; return how many submissions of each kind were judged, and the faults."""
    question = assignments.load(name).question(question_id)
    counts: Counter[str] = Counter()
    faults: dict[str, None] = {}
    seen = set()
    for number in range(students):
        context = Context.of(f"student{number}", name, course)
        same = repr((sorted(context.variant.items()), question.requests(context)))
        if same in seen:
            continue
        seen.add(same)
        for index, answer in enumerate(question.answers):
            for kind, fault in _prove_answer(alone(question, answer), context):
                counts[kind] += 1
                if fault:
                    place = f"autograder/assignments/{name}/questions.py, {question_id}"
                    faults[f"{place}, {answer.name} ({index + 1}), {context.student}: {fault}"] = None
    counts["variants"] = len(seen)
    return counts, list(faults)


def alone(question: Question, answer: Answer) -> Question:
    """Return a question that asks for one of its answers only."""
    return replace(question, answers=(answer,), supported_by=())


def unfair(example: Example, result: QuestionResult) -> str | None:
    """Say how an example is not judged as it must be; None if it is."""
    if result.passed != example.passes:
        sentence = f"{example.label} was {'accepted' if result.passed else 'refused'}: {result.message}"
        return sentence + _remedy(example)
    if example.mistake and result.mistake != example.mistake:
        return f"{example.label}: the slip {example.mistake!r} was not named: {result.message}"
    return None


def _prove_answer(question: Question, context: Context) -> Iterator[tuple[str, str | None]]:
    (answer,) = question.answers
    right: Mapping[str, Any] | None = None
    for example in answer.examples(context):
        result = judge(question, 1.0, example.answers, context, {})
        fault = unfair(example, result)
        if fault is None and not result.passed:
            fault = _disclosed(question, result.message, example.answers, context)
        if example.passes and right is None:
            right = example.answers
        yield "right" if example.passes else "slip" if example.slip else "wrong", fault
    if right is None:
        yield "right", "there is no right example"
        return
    for request in answer.decisive(context):
        for name, value in GARBAGE.items():
            result = judge(question, 1.0, {**right, request.key: value}, context, {})
            fault = None
            if result.passed:
                fault = f"{name} for {request.key} was accepted: {result.message}"
            elif any(part.status == "error" for part in result.parts):
                fault = f"{name} for {request.key} made the judge stumble: {result.message}"
            yield "garbage", fault


def _remedy(example: Example) -> str:
    """Return what an author can do about an example that is judged wrongly, where that is known."""
    if example.label == "right":
        return " Let `expected` lie inside `accept`."
    if example.slip:
        return " Who makes this slip gets the points: narrow `accept`, ask where the two differ, or take the slip out."
    return ""


def _disclosed(question: Question, message: str, answers: Mapping[str, Any], context: Context) -> str | None:
    """Say so if a message tells an expected value that the submission did not hold."""
    own = [float(found) for found in NUMBER.findall(repr(dict(answers)))]
    accepted = [band for answer in question.answers for band in answer.undisclosed(context)]
    for found in map(float, NUMBER.findall(message)):
        is_own = any(abs(found - value) <= 1e-5 * max(1, abs(value)) for value in own)
        if not is_own and any(band.contains(found) for band in accepted):
            return f"the message tells an accepted value ({found:g}): {message}"
    return None

"""Classes for the pages' tests: results judged from encoded answers, without a sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autograder import answers as kinds
from autograder import assignments, batch, notebook
from autograder.course import Context
from autograder.grade import AssignmentRules, _Case
from autograder.notebook import digest
from autograder.question import Answer
from autograder.result import Result
from autograder.running import RunRecord
from autograder.sources import Sources
from autograder.submitted import Job
from neurodynex.answer_data.encode import encode
from tests.conftest import COURSE

SOURCES = Sources.now()


def make(assignment: str, students: list[str], seed: int = 1) -> list[Result]:
    """Return results of students of whom each does some questions right, some wrong in usual ways, and leaves some out."""
    rng = np.random.default_rng(seed)
    definition, known = assignments.load(assignment), notebook.points_of(assignment)
    examples: dict[Any, list[tuple[bool, dict[str, Any]]]] = {}
    found = []
    for student in students:
        case = _Case.of(student, AssignmentRules.of(assignment, COURSE, known, SOURCES))
        skill = rng.beta(5, 2)
        answers: dict[str, dict[str, Any]] = {}
        for question in definition.questions:
            got: dict[str, Any] = {}
            for answer in question.answers:
                got |= _answered(answer, case.context, rng, skill, examples)
            asked = [request.key for request in question.requests(case.context)]
            if rng.random() > 0.75 + 0.3 * skill:
                got = {}
            missing = {
                key: {"missing": {"name": key.partition(":")[2], "similar": []}} for key in asked if key != "figures"
            }
            answers[question.id] = (
                {"figures": {"figures": []}, **missing, **got} if "figures" in asked else {**missing, **got}
            )
        record = RunRecord(answers, "none", placeholders=())
        handed_in = {"notebook_sha256": digest(student.encode()), "texts": {}}
        found.append(case.result(record, handed_in, case.judge(answers)))
    return found


def _answered(
    answer: Answer, context: Context, rng: np.random.Generator, skill: float, examples: dict[Any, Any]
) -> dict[str, Any]:
    if isinstance(answer, kinds.Value) and rng.random() < 0.7:
        band = answer.accept(context)
        width = float(np.asarray(band.high)) - float(np.asarray(band.low))
        value = answer.expected(context) + rng.normal(0, width * (0.2 if rng.random() < skill else 0.9))
        return {f"variable:{answer.name}": encode(value)}
    key = (id(answer), context.student if answer.form()["kind"] in ("function", "direction") else str(context.variant))
    if key not in examples:
        made = list(answer.examples(context))
        examples[key] = [(example.passes, dict(example.answers), example.mistake) for example in made[:60]]
    chosen = rng.random() < 0.5 + 0.5 * skill
    fitting = [given for passes, given, mistake in examples[key] if passes == chosen and (passes or mistake != "form")]
    return fitting[int(rng.integers(min(len(fitting), 12)))] if fitting else {}


def write(results: list[Result], out: Path) -> Path:
    """Write results as `grade` does."""
    for result in results:
        path = batch.place(out, Job(Path(), result.student, result.assignment))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(result.to_json(), encoding="utf-8")
    return out


def names(count: int) -> list[str]:
    """Return ids of students."""
    first = ["ada", "marie", "emmy", "rosalind", "grace", "hedy", "sofia", "lise", "chien", "maryam", "vera", "jane"]
    return [f"{first[n % 12]}.{n:03d}" for n in range(count)]

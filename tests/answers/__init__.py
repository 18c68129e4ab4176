"""Each kind of answer by itself: what is right, its edges, what cannot be compared, slips, and what students and the key are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from autograder.course import Context
from autograder.judge import judge
from autograder.question import Answer, Question
from autograder.result import PartResult
from neurodynex._forms import CHECKS
from tests.conftest import COURSE

CONTEXT = Context.of("ada", "leaky_integrate_and_fire", COURSE)


def judged_as(answer: Answer, encoded: Mapping[str, Any]) -> PartResult:
    """Return what the judge says of an answer, from encoded values under their request keys."""
    question = Question("alone", asks="an answer", tolerance="", answers=(answer,))
    return judge(question, 1.0, encoded, CONTEXT, {}).parts[0]


def judged(answer: Answer, value: Any) -> PartResult:
    """Return what the judge says of a value, as the kind's `encoded` takes it."""
    return judged_as(answer, answer.encoded(value))


def outcome(answer: Answer, value: Any) -> str:
    """Return "passed", the mistake that is named, or "failed"."""
    part = judged(answer, value)
    assert part.status in ("passed", "failed"), part.message
    return part.mistake or part.status


def proves_itself(answer: Answer) -> bool:
    """Tell whether an answer's own examples come out as they say, and its form and facts can be shown."""
    examples = list(answer.examples(CONTEXT))
    assert examples[0].passes and not all(example.passes for example in examples)
    for example in examples:
        part = judged_as(answer, example.answers)
        assert (part.status == "passed") == example.passes, (example.label, part.message)
        assert not example.mistake or part.mistake == example.mistake, (example.label, part.message)
    asked = {request.key for request in answer.requests(CONTEXT)}
    assert asked == examples[0].answers.keys() and {request.key for request in answer.decisive(CONTEXT)} <= asked
    form, facts = answer.form(), answer.facts(CONTEXT)
    assert form["kind"] in CHECKS, "neurodynex/_forms.py has no check of that name"
    return json.loads(json.dumps(form)) == form and all((form["kind"], facts.kind, facts.expected, facts.accepted))

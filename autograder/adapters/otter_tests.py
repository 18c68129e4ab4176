"""Otter's test files: one case for each answer of a question, judged from the answers that the sandbox brought back."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from autograder import assignments, notebook
from autograder.course import Context, read_course_toml
from autograder.grade import judge_all
from autograder.judge import share_out
from autograder.question import Question
from autograder.result import QuestionResult

MADE_BY = "Made by `python -m autograder build`."
HEADER = f'''"""Question {{id}}. {MADE_BY}"""

from otter.test_files import test_case

OK_FORMAT = False
name = "{{id}}"
'''

CASE = """

@test_case(name="{name}", points={points!r}, hidden=False)
def case_{index}(submitted):
    from autograder.adapters.otter_tests import require

    require(submitted, "{id}", {index})
"""

PUBLIC = """

@test_case(
    name="form",
    success_message="Form, unit and plausible size are in order. Whether the answer is right is judged after you hand in.",
)
def form(env):
    from neurodynex.check import require

    require("{id}", env)
"""


def judged_test(question: Question, points: float) -> str:
    """Return the test file for the autograder zip. It holds no expected value: the judge computes them."""
    weights = [answer.weight for answer in question.answers]
    names = [answer.name for answer in question.answers]
    if question.supported_by:
        weights.append(sum(weights))
        names.append("supported")
    shares = share_out(points, weights)
    cases = [
        CASE.format(id=question.id, index=index, name=f"{question.id} - {name}", points=share)
        for index, (name, share) in enumerate(zip(names, shares, strict=True))
    ]
    return HEADER.format(id=question.id) + "".join(cases)


def public_test(question: Question) -> str:
    """Return the test file that students get: form, unit, plausibility, consistency; for `grader.check` and `otter check`."""
    return HEADER.format(id=question.id) + PUBLIC.format(id=question.id)


def require(submitted: dict[str, Any], question_id: str, part: int) -> None:
    """Raise AssertionError with the judge's message unless that part of the question passed.

    Parameters
    ----------
    submitted : dict
        `student`, `assignment` and `answers` (question id -> request key -> encoded value), as the plugin's notebook holds them.
    """
    result = _judged(json.dumps(submitted, sort_keys=True, allow_nan=False))[question_id].parts[part]
    if result.status != "passed":
        raise AssertionError(result.message)


@lru_cache(maxsize=1)
def _judged(submitted: str) -> dict[str, QuestionResult]:
    fields = json.loads(submitted)
    context = Context.of(fields["student"], fields["assignment"], read_course_toml())
    definition = assignments.load(fields["assignment"])
    return judge_all(definition, notebook.points_of(fields["assignment"]), fields["answers"], context)

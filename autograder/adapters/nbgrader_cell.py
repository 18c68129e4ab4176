"""The judge in a test cell, for courses that run stock nbgrader without our configuration.

The scores are the same; the security is stock nbgrader's: here the judge sits in the student's kernel, where student code can
reach it.
"""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
import warnings
from pathlib import Path
from typing import Any

from autograder import assignments, notebook, report
from autograder.course import Context, read_course_toml
from autograder.errors import InstructorError
from autograder.judge import judge
from autograder.question import Assignment
from autograder.result import QuestionResult
from autograder.running import names_of_others, without_names
from autograder.sandbox import Call, Figures, New, Request
from neurodynex.answer_data.encode import encode, error, missing

_judged: dict[str, QuestionResult] = {}


def score(question_id: str) -> float:
    """Judge a question in the kernel that this is called from; print the feedback and return the points.

    Parameters
    ----------
    question_id : str
        The test cell's `grade_id`.

    Returns
    -------
    float
        As the cell's last expression, this is what nbgrader takes for partial credit.
    """
    from IPython import get_ipython

    shell: Any = get_ipython()
    definition = _assignment_of(question_id)
    context = Context.of(_student(definition.name), definition.name, read_course_toml())
    question = definition.question(question_id)
    others = names_of_others(definition, context)
    answers = {
        request.key: without_names(_answer(request, shell.user_ns), others) for request in question.requests(context)
    }
    points = notebook.points_of(definition.name).points[question_id]
    result = _judged[question_id] = judge(question, points, answers, context, _judged)
    print(report.feedback_text(result))
    return float(result.score)


def _answer(request: Request, names: dict[str, Any]) -> Any:
    """Read an answer out of this process, in the form in which it would come out of a sandbox."""
    if isinstance(request, Figures):
        from neurodynex.answer_data.tracker import watch

        return watch().encode()
    if request.name not in names:
        return missing(request.name, names, is_function=isinstance(request, Call))
    value = names[request.name]
    if isinstance(request, Call) and callable(value):
        return {"calls": [[_call(value, args) for args in request.args] for _ in range(request.repeats)]}
    return encode(value)


def _call(function: Any, args: tuple[Any, ...]) -> Any:
    made = [_made(arg) for arg in args]
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return encode(function(*made))
    except Exception as problem:
        return error(problem)


def _made(argument: Any) -> Any:
    if not isinstance(argument, New):
        return copy.copy(argument)  # a function may change an array in place
    module, _, name = argument.path.partition(":")
    return getattr(importlib.import_module(module), name)()


def _assignment_of(question_id: str) -> Assignment:
    for name in assignments.NAMES:
        definition = assignments.load(name)
        if any(question.id == question_id for question in definition.questions):
            return definition
    raise InstructorError(f"There is no question {question_id!r} in any assignment.")


def _student(assignment: str) -> str:
    """Return whose submission nbgrader runs here: it executes in `autograded/<student>/<assignment>`."""
    folder = Path.cwd()
    if folder.name == assignment:
        return folder.parent.name
    raise InstructorError(f"{folder} does not tell the student: nbgrader runs a submission in <student>/{assignment}.")

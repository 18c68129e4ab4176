"""Which questions a student has not tried: told apart from wrong answers by what the run brought back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from autograder.answers import Curve
from autograder.judge import decoded
from autograder.question import Assignment
from autograder.running import RunRecord
from autograder.sandbox import Missing


def untouched(record: RunRecord, definition: Assignment) -> set[str]:
    """Return the ids of the questions to which there is nothing of the student's.

    That is so if each name that a question is the first to ask for is not defined, is still `...`, or is a function as it was
    handed out; what a curve is divided by may be given in the notebook. In doubt it is not: if a cell of the question's own part
    of the notebook failed, if the name stands elsewhere or is nearly another one, if the run ended before, or while it goes on.
    """
    if record.placeholders is None:
        return set()
    found: set[str] = set()
    known: set[str] = set()
    places = {name: record.test_cells[name].index for name in record.answers if name in record.test_cells}
    begin = -1.0
    for question in sorted(record.answers, key=lambda name: places.get(name, math.inf)):
        answers, end = record.answers[question], places.get(question, math.inf)
        given = {
            f"variable:{a.divide_by[0]}"
            for a in definition.question(question).answers
            if isinstance(a, Curve) and a.divide_by
        }
        own = {key: value for key, value in answers.items() if key not in known | given | {"figures"}} or answers
        failed = any(begin < index < end for index in record.failed_cells)
        if not failed and all(_is_nothing(*pair, record, question) for pair in own.items()):
            found.add(question)
        known.update(answers)
        begin = end
    return found


def _is_nothing(key: str, value: Any, record: RunRecord, question: str) -> bool:
    kind, _, name = key.partition(":")
    if not isinstance(value, Mapping):
        return False
    if "missing" in value:
        cell = record.test_cells.get(question)
        elsewhere = name in record.defined_later or (cell is not None and name in cell.assigned)
        return not elsewhere and _without_likes(value)
    if kind == "call":
        return name in (record.placeholders or ())
    return value in ({"object": "ellipsis"}, {"figures": []})


def _without_likes(value: Any) -> bool:
    """Tell whether the notebook has no name that is nearly the one that is missing."""
    missing = decoded(value)
    return isinstance(missing, Missing) and not missing.similar

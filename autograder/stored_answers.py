"""How the document of a grade holds answers: a figure that several questions have once, and many numbers as bytes.

Beside that, an answer is in the document as it came out of the sandbox; see `neurodynex.answer_data.values`.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic_core import to_json

from neurodynex.answer_data.decoder import packed

#: So many numbers of an array, of a curve or of arrows are written as Base64 of little-endian doubles. Others stay a list.
MANY = 50


def pack(questions: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Put numbers in the place of the questions' figures, and Base64 in that of many numbers.

    Parameters
    ----------
    questions : iterable of mapping
        Each with its `answers`, which are changed.

    Returns
    -------
    list
        All figures, each once.
    """
    numbers: dict[bytes, int] = {}
    figures: list[Any] = []
    for question in questions:
        for answer in question["answers"].values():
            for place, name in _columns(answer):
                place[name] = _written(place[name])
        for answer in _with_figures(question["answers"]):
            for index, figure in enumerate(answer["figures"]):
                number = numbers.setdefault(to_json(figure), len(figures))
                if number == len(figures):
                    figures.append(figure)
                answer["figures"][index] = number
    return figures


def unpack(answers: Iterable[Mapping[str, Any]], figures: list[Any]) -> None:
    """Undo `pack`; numbers that were written as Base64 are bytes then, which `decode` takes in a list's place.

    Parameters
    ----------
    answers : iterable of mapping
        Of each question; they are changed.
    figures : list
        Empty in a document from before figures were numbered.

    Raises
    ------
    KeyError, TypeError, ValueError
        If a figure is not there, or is none.
    """
    numbered = dict(enumerate(figures))
    for given in answers:
        for answer in _with_figures(given):
            answer["figures"] = [numbered[item] if isinstance(item, int) else item for item in answer["figures"]]
        for answer in given.values():
            for place, name in _columns(answer):
                if isinstance(place[name], str):
                    place[name] = binascii.a2b_base64(place[name])


def _written(numbers: list[Any] | bytes) -> list[Any] | str:
    if isinstance(numbers, list):
        found = packed(numbers) if len(numbers) >= MANY else None
        if found is None:
            return numbers
        numbers = found
    return binascii.b2a_base64(numbers, newline=False).decode("ascii")


def _with_figures(answers: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the answers that are figures."""
    for answer in answers.values():
        if isinstance(answer, dict) and isinstance(answer.get("figures"), list):
            yield answer


def _columns(answer: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield where an answer has many numbers: the object that they are in, and their name there."""
    for figure in answer.get("figures") or ():
        for axes in figure["axes"]:
            for series in (*axes["lines"], *axes["points"]):
                yield from ((series, name) for name in "xy")
            yield from ((axes["arrows"], name) for name in "xyuv")
    value = answer["quantity"]["value"] if "quantity" in answer else answer
    if "array" in value and value["array"]["kind"] == "f":
        yield value["array"], "data"

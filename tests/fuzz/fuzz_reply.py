"""The bytes that a sandbox sends, on all of their way: framing, JSON, the decoder, the check of a cell's reply, the judge."""

from __future__ import annotations

import json
import os
import zlib
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder import assignments, notebook
from autograder.course import Context
from autograder.judge import judge
from autograder.question import Question
from autograder.sandbox import BadReply, Limits, SandboxFailed, decode
from autograder.sandbox.backends.base import SandboxSpec
from autograder.sandbox.outcome import read_cell
from autograder.sandbox.session import Died, RunBudget, Session, Stopped
from neurodynex.answer_data.decoder import parse
from neurodynex.answer_data.encode import encode
from tests.answer_strategies import AWKWARD
from tests.conftest import COURSE

LONGEST = 60_000  # what fits into a pipe at once
WORDS = [
    *(
        f'{{"{kind}":'.encode()
        for kind in ["number", "int", "complex", "string", "boolean", "null", "list", "set", "map", "array", "quantity"]
    ),
    *(f'{{"{kind}":'.encode() for kind in ["function", "missing", "error", "object", "too_large", "calls", "figures"]),
    *(
        b'"nan"',
        b'"-inf"',
        b"1e308",
        b"1e-320",
        b"-0.0",
        b"NaN",
        b"true",
        b"null",
        b"\\ud800",
        b"\\u0000",
        b"\n",
        b"\r\n",
    ),
    *(b'"number":2', b'"status":"ok"', b'"outputs":[]', b'"value":', b"9" * 41, b"\x1b[31m", b"\xff"),
]


@lru_cache(maxsize=1)
def posed() -> list[tuple[Question, float, Context, str, dict[str, Any]]]:
    """Return every request of every question, with right answers to the question."""
    found = []
    for name in assignments.NAMES:
        context = Context.of("ada", name, COURSE)
        for question in assignments.load(name).questions:
            right: dict[str, Any] = {}
            for answer in question.answers:
                right = next(dict(e.answers) for e in answer.examples(context) if e.passes) | right
            points = notebook.points_of(name).points[question.id]
            found += [(question, points, context, key, right) for key in right]
    return found


def seeds() -> list[bytes]:
    """Return what a sandbox might say: the replies to a cell, and right answers to all questions."""
    cell = {
        "number": 2,
        "status": "error",
        "error": "ValueError: no",
        "outputs": [
            {"output_type": "stream", "name": "stderr", "text": "a\x1b[0m"},
            {"output_type": "execute_result", "data": {"text/plain": "1"}, "metadata": {}, "execution_count": 1},
            {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo="}, "metadata": {}},
            {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["line"]},
        ],
    }
    others = [
        [
            3.5,
            10**30,
            1j,
            None,
            True,
            "h",
            {"a": [1, {2, 3}]},
            {(1, "b"): float("nan")},
            np.eye(2),
            np.array([True]),
            len,
        ],
        np.array([[1 + 2j]]),
    ]
    tokens: list[Any] = [
        {"missing": {"name": "I_min", "similar": ["I_mn"]}},
        {"error": {"type": "E", "message": "m"}},
        {"too_large": "list"},
        {
            "quantity": {
                "dimension": [2, 1, -3, -1, 0, 0, 0],
                "value": {"array": {"shape": [1], "kind": "f", "data": [1]}},
            }
        },
    ]
    right = [answers[key] for *_, key, answers in posed()]
    values = [*right, *map(encode, others), *tokens, *AWKWARD]
    lines = [{"number": 3, "value": value, "late": False, "asked": number} for number, value in enumerate(values)]
    replies = [b"\n".join(json.dumps(reply).encode() for reply in (cell, line)) + b"\n" for line in lines]
    return [reply for reply in replies if len(reply) < LONGEST / 2]


def run(data: bytes) -> str:
    """Read the bytes in every way they can be read; return what happened, in a few words.

    Raises
    ------
    Exception
        Whatever should not have come out.
    """
    seen = [_spoken(data[:LONGEST])]
    for line in data.split(b"\n")[:4]:
        try:
            tree = parse(line)
        except BadReply as problem:
            seen.append(str(problem)[:20])
            continue
        # Which request it answers: the one that the reply names, so that right answers can be changed a little.
        asked = tree.get("asked") if type(tree) is dict else None
        asked = asked if type(asked) is int else zlib.crc32(line)
        seen += [_cell(tree), _value(tree, asked)]
        if type(tree) is dict:
            seen.append(_value(tree.get("value"), asked))
    return "; ".join(seen)


def _spoken(data: bytes) -> str:
    """Hold a conversation with a sandbox that says just this after a good start."""
    replies, said = os.pipe()
    os.write(said, b'{"number":1}\n' + data)
    os.close(said)
    heard, commands = os.pipe()
    errors, complained = os.pipe()
    opened = [replies, heard, commands, errors, complained]
    stream = lambda descriptor: SimpleNamespace(fileno=lambda: descriptor)  # noqa: E731
    sandbox = SimpleNamespace(
        process=SimpleNamespace(stdin=stream(commands), stdout=stream(replies), stderr=stream(errors)),
        fonts="",
        close=lambda: [os.close(descriptor) for descriptor in opened],
        uses_more_than=lambda memory: False,
        computing_seconds=lambda: 0.0,
        complaint=lambda: None,
    )
    backend = SimpleNamespace(name="bytes", limits_processes=True, start=lambda job: sandbox)
    job = SandboxSpec(Limits())
    try:
        with Session(backend, job, RunBudget(float("inf"))) as session:  # type: ignore[arg-type]
            for number, do in ((2, "cell"), (3, "get"), (4, "end")):
                reply = session.ask(do, 1.0)
                assert type(reply) is dict and reply["number"] == number
    except (Died, Stopped, SandboxFailed) as end:
        return f"{type(end).__name__} {str(end)[:40]}"
    return "spoken"


def _cell(tree: Any) -> str:
    if type(tree) is not dict:
        return "no reply"
    try:
        outcome = read_cell(tree, 0, 0.0, 100_000)
    except BadReply as problem:
        return str(problem)
    assert len(json.dumps(outcome.outputs)) < 10 * len(json.dumps(tree)) + 1000
    json.dumps(outcome.outputs, ensure_ascii=False).encode("utf-8")
    return f"{outcome.status} {[output['output_type'] for output in outcome.outputs][:5]}"


def _value(tree: Any, asked: int) -> str:
    try:
        value = decode(tree)
    except BadReply as problem:
        return str(problem)
    if _native(value):
        again = encode(value)
        if "too_large" not in json.dumps(again):
            assert json.dumps(encode(decode(parse(json.dumps(again).encode())))) == json.dumps(again), "no round trip"
    question, points, context, key, right = posed()[asked % len(posed())]
    result = judge(question, points, {**right, key: tree}, context, {})
    assert 0 <= result.score <= points
    result.model_dump_json()
    assert not any(part.status == "error" for part in result.parts), result.message
    return f"{type(value).__name__} for {key}: {[(part.status, part.mistake) for part in result.parts]}"


def _native(value: Any) -> bool:
    """Tell whether the encoder has a kind of its own for the value and all that is in it."""
    if isinstance(value, list | tuple | frozenset):
        return all(map(_native, value))
    if isinstance(value, dict):
        return all(_native(key) and _native(entry) for key, entry in value.items())
    return value is None or isinstance(value, bool | int | float | complex | str | np.ndarray)

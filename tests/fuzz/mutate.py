"""Changes bytes, and JSON as JSON, a little at a time."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from random import Random
from typing import Any

SCALARS: list[Any] = [None, True, False, 0, 1, -1, 2, 7, 0.5, 1e308, -1e300, 5e-324, 2**31, 2**63, 10**39, 10**41]
SCALARS += ["", "nan", "inf", "-inf", "\ud800", "a\x1b[0m", "ok", "f", "c", [], {}, [[]], [{}], {"": 0}]
DEEPEST = 60


def mutate(data: bytes, random: Random, corpus: Sequence[bytes], words: Sequence[bytes], longest: int) -> bytes:
    """Return the bytes with one to four changes, cut where they are too long.

    Parameters
    ----------
    data : bytes
    random : random.Random
        What decides.
    corpus : sequence of bytes
        Other inputs, of which parts may be taken.
    words : sequence of bytes
        What often stands in such inputs.
    longest : int
    """
    for _ in range(random.choice((1, 1, 2, 4))):
        if random.random() < 0.6:
            data = _as_json(data, random, corpus)[:longest]
        else:
            data = _as_bytes(data, random, corpus, words)[:longest]
    return data


def _as_bytes(data: bytes, random: Random, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    start = random.randint(0, len(data))
    end = min(len(data), start + random.choice((0, 1, 2, 8, 64)))
    other = random.choice(corpus)
    at = random.randint(0, len(other))
    new = random.choice(
        (
            b"",
            random.randbytes(random.randint(1, 4)),
            random.choice(words),
            data[start:end] * random.choice((2, 3, 50)),
            other[at : at + random.choice((4, 32, 256))],
        )
    )
    return data[:start] + new + data[end:]


def _as_json(data: bytes, random: Random, corpus: Sequence[bytes]) -> bytes:
    """Change one place of one line, if that is JSON."""
    lines = data.split(b"\n")
    index = random.randrange(len(lines))
    tree = _tree(lines[index])
    if not isinstance(tree, dict | list) or not tree:
        return data
    holder, key = _place(tree, random)
    what = random.randrange(6)
    if what == 0:
        holder[key] = copy.deepcopy(random.choice(SCALARS))
    elif what == 1:
        other = _tree(random.choice(random.choice(corpus).split(b"\n")))
        holder[key] = _part(other, random)
    elif what == 2:
        del holder[key]
    elif what == 3:
        holder[key] = random.choice(([holder[key]], {"list": [holder[key]]}, [holder[key]] * 20))
    elif what == 4 and isinstance(holder, dict):
        holder[random.choice(_names(tree))] = holder.pop(key)
    elif isinstance(holder[key], int | float):
        holder[key] = holder[key] * random.choice((-1, 1e3, 1e-3, 1.0, 1.01, random.uniform(-2, 2)))
    else:
        one, two = _place(tree, random), _place(tree, random)
        one[0][one[1]], two[0][two[1]] = copy.deepcopy(two[0][two[1]]), copy.deepcopy(one[0][one[1]])
    try:
        lines[index] = json.dumps(tree).encode()
    except (ValueError, RecursionError, OverflowError):
        return data
    return b"\n".join(lines)


def _tree(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _place(tree: Any, random: Random) -> tuple[Any, Any]:
    """Return a container somewhere in the tree, and a key or an index of it."""
    for _ in range(DEEPEST):
        key = random.choice(list(tree)) if isinstance(tree, dict) else random.randrange(len(tree))
        inner = tree[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.15:
            break
        tree = inner
    return tree, key


def _part(tree: Any, random: Random) -> Any:
    if not isinstance(tree, dict | list) or not tree:
        return tree
    holder, key = _place(tree, random)
    return holder[key]


def _names(tree: Any) -> list[str]:
    """Return keys that are near the top of the tree, and some that mean something elsewhere."""
    return [*(tree if isinstance(tree, dict) else ()), "number", "list", "array", "value", "figures", "cells", "source"]

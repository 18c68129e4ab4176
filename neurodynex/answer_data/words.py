"""Reads answers that are words listed in a question, or dictionaries with such keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from .reading import Unreadable, describe, shorten

# How people write several words into one text.
_BETWEEN = re.compile(r"[,;/&+|]|\band\b", re.IGNORECASE)


def plain(text: str) -> str:
    """Return `text` without what does not count in a listed word: case, spaces, hyphens, underscores."""
    return "".join(ch for ch in text.casefold() if ch not in " -_\t\n")


def word(value: Any, name: str, options: Sequence[str]) -> str:
    """Return which of the options a decoded value is.

    Raises
    ------
    Unreadable
        If it is none of them.
    """
    listed = ", ".join(repr(option) for option in options)
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        raise Unreadable(f"`{name}` is {describe(value)}; the question asks for one of the words {listed}.")
    for option in options:
        if plain(option) == plain(value):
            return option
    raise Unreadable(f"`{name}` is {shorten(repr(value))}, which is none of the listed words: {listed}.")


def words(value: Any, name: str, options: Sequence[str]) -> frozenset[str]:
    """Return which of the options a word, or a list, tuple, set or array of words, names.

    Raises
    ------
    Unreadable
        If it names none, or something else.
    """
    listed = ", ".join(repr(option) for option in options)
    if isinstance(value, np.ndarray):
        value = value.reshape(-1).tolist()
    named: set[str] = set()
    for item in list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]:
        if not isinstance(item, str):
            raise Unreadable(
                f"`{name}` is or holds {describe(item)}; the question asks for one or more of the words {listed}."
            )
        named.update(_option(part, name, options) for part in _BETWEEN.split(item) if plain(part))
    if not named:
        raise Unreadable(f"`{name}` is empty; the question asks for one or more of the words {listed}.")
    return frozenset(named)


def _option(part: str, name: str, options: Sequence[str]) -> str:
    for option in options:
        if plain(option) == plain(part):
            return option
    listed = ", ".join(repr(option) for option in options)
    raise Unreadable(f"`{name}` holds {shorten(repr(part.strip()))}, which is none of the listed words: {listed}.")


def entries(value: Any, name: str, keys: Sequence[str]) -> dict[str, Any]:
    """Return a dictionary's entry for each of the keys, of which case, spaces, hyphens and underscores do not count.

    Raises
    ------
    Unreadable
        If it is no dictionary, or lacks one.
    """
    if not isinstance(value, dict):
        listed = ", ".join(repr(key) for key in keys)
        raise Unreadable(f"`{name}` is {describe(value)}; the question asks for a dictionary with the keys {listed}.")
    by_key = {plain(key): entry for key, entry in value.items() if isinstance(key, str)}
    for key in keys:
        if plain(key) not in by_key:
            raise Unreadable(f"`{name}` has no entry {key!r}.")
    return {key: by_key[plain(key)] for key in keys}


def word_of_each(value: Any, name: str, keys: Sequence[str], options: Sequence[str]) -> dict[str, str]:
    """Return which of the options a dictionary holds for each of the keys."""
    found = entries(value, name, keys)
    return {key: word(entry, f"{name}[{key!r}]", options) for key, entry in found.items()}

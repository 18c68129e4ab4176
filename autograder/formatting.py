"""Points, counts and texts as every route and page writes them."""

from __future__ import annotations

import re

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def format_points(score: float) -> str:
    """Return a number of points without needless decimals."""
    return f"{score:.4f}".rstrip("0").rstrip(".")


def format_count(number: float, noun: str) -> str:
    """Return a number with its noun: "1 point", "2.5 points"."""
    return f"{format_points(number)} {noun}{'' if number == 1 else 's'}"


def without_controls(text: str) -> str:
    """Return a text without characters that control a terminal, or turn the direction of what follows."""
    return CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Return a text in one line, without such characters."""
    return without_controls(text.replace("\n", " "))

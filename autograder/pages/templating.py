"""The pages' templates: whatever a student has typed is escaped."""

from __future__ import annotations

import re
from functools import cache
from textwrap import wrap
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from autograder import report
from autograder.formatting import format_count, format_points, without_controls

#: Characters of a line of a text in Markdown.
_WIDTH = 88
MARKS = {
    "passed": "✓",
    "partly passed": "◐",
    "not passed": "✗",
    "not attempted": "○",
    "not reached": "–",
    "not judged": "!",
}


def _code(text: str) -> Markup:
    """Return a line with what stands between backticks as code."""
    pieces = without_controls(text).split("`")
    if len(pieces) % 2 == 0:
        return escape(without_controls(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces)
    )


def percent(share: float) -> str:
    """Return a share as whole percents."""
    return f"{100 * share:.0f} %"


def _markdown(text: Any) -> str:
    """Return a text for Markdown, in which nothing of it is markup."""
    return report.escaped(without_controls(re.sub(r"\s+", " ", str(text))))


def _lines(text: str) -> list[str]:
    """Return a text's lines, each no longer than a mail's should be."""
    return [
        part
        for line in without_controls(text).splitlines()
        for part in wrap(line, _WIDTH, replace_whitespace=False) or [""]
    ]


@cache
def jinja_environment() -> Environment:
    """Return the environment that the pages' templates are rendered in; each template is compiled once in a process."""
    made = Environment(
        loader=PackageLoader("autograder.pages"),
        undefined=StrictUndefined,
        finalize=lambda value: without_controls(value) if type(value) is str else value,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "code": _code,
        "percent": percent,
        "points": format_points,
        "md": _markdown,
        "lines": _lines,
    }
    made.globals |= {"marks": MARKS, "counted": format_count, "status": report.status, "slips": report.slips}
    return made

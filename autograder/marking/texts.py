"""A text as the page of marks shows it: Markdown, formulas as they were typed, and the pictures that belong to it.

What `autograder.inert` calls active is shown letter by letter. Of the rest nothing becomes a link, a heading of the page, a field to fill
in or a request to elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, import_plugin

from autograder.errors import BadSubmission
from autograder.formatting import without_controls
from autograder.graded_notebooks import graded_notebooks
from autograder.inert import MAX_PICTURES, REFERENCE, Pixels, inert
from autograder.notebook import grade_id
from autograder.result import Result
from autograder.totals import ClassTotals

#: Characters of the pictures of one text, and of all of a page, in base64: more takes a browser too long. Pixels of one text.
MAX_ANSWER, MAX_PAGE, MAX_PIXELS = 8_000_000, 80_000_000, 50_000_000
_PLUGINS = ("strikethrough", "table")

#: A cell's attachments, as a submission has them: file name -> MIME type -> base64.
Attachments = Any


@dataclass
class PictureBudget:
    """How much of pictures a page may still hold."""

    characters: int = MAX_PAGE


def attachments(results: Iterable[Result], question: str, totals: ClassTotals) -> dict[str, Attachments]:
    """Return the pictures of the texts to a question, of the notebooks that are found: student -> attachments of the cell.

    Parameters
    ----------
    results : iterable of Result
        Of one assignment.
    question : str
    totals : ClassTotals
        Knows the trees of submissions.
    """
    with_pictures = [result for result in results if REFERENCE in (result.texts or {}).get(question, "")]
    found = {}
    for result, job, _ in graded_notebooks(with_pictures, totals.trees, totals.key):
        try:
            cells = json.loads(job.read(attachments=MAX_PICTURES))["cells"]
        except (BadSubmission, OSError):
            continue
        found[result.student] = next((c.get("attachments") for c in reversed(cells) if grade_id(c) == question), None)
    return found


def markdown_as_html(markdown: str, pictures: Attachments = None, budget: PictureBudget | None = None) -> Markup:
    """Return a text as HTML that does nothing.

    Parameters
    ----------
    markdown : str
    pictures : object
        The attachments of its cell, as the submission has them.
    budget : PictureBudget, optional
        Of the page.
    """
    budget = budget or PictureBudget()
    typed = without_controls(markdown)
    try:
        text, kept = inert(typed, pictures, Pixels(MAX_PIXELS))
        renderer = _Renderer(kept, budget)
        return Markup(MarkdownWithMath(renderer, plugins=map(import_plugin, _PLUGINS)).render(text))
    except Exception:  # whatever a renderer does with what anybody may write, recursion too
        return Markup("<pre>{}</pre>").format(typed)


class _Renderer(IPythonRenderer):
    """Renders what cannot act on the page, and of links their addresses."""

    def __init__(self, pictures: Mapping[str, Mapping[str, str]], budget: PictureBudget) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
        self.pictures, self.budget, self.left = pictures, budget, MAX_ANSWER

    def heading(self, text: str, level: int, **_: Any) -> str:
        return f"<p><strong>{text}</strong></p>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return text if escape(url) == text else f"{text} ({escape(url)})"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        name = url.removeprefix(REFERENCE)
        data = self.pictures.get(name, {}) if url.startswith(REFERENCE) else {}
        for kind, encoded in data.items():
            if len(encoded) > min(self.left, self.budget.characters):
                return f"(picture {escape(name)}: too large to be shown here; it is in the notebook)"
            self.left -= len(encoded)
            self.budget.characters -= len(encoded)
            return f'<img loading="lazy" alt="{escape(Markup(text).striptags())}" src="data:{kind};base64,{encoded}">'
        return f"(picture {escape(url)}: not shown here)"

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre>{escape(code)}</pre>\n"

    def inline_math(self, body: str) -> str:
        return f'<span class="formula">${escape(body)}$</span>'

    def block_math(self, body: str) -> str:
        return f'<span class="formula">$${escape(body)}$$</span>'

    def latex_environment(self, name: str, body: str) -> str:
        return f'<span class="formula">\\begin{{{escape(name)}}}{escape(body)}\\end{{{escape(name)}}}</span>'

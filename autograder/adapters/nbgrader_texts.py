"""nbgrader: a submitted text as it may be shown in the browser of whoever grades, with its pictures and formulas.

nbgrader's feedback and its formgrader show a submission's texts as HTML, with whatever is in them.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

MAX_PICTURES = 20_000_000  # characters of a notebook's pictures, in base64
MAX_RENDERED = 20_000  # characters of a text that is looked at as Markdown; longer ones are shown as they are
# What a picture begins with; SVG is not among them, as it holds scripts.
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
REFERENCE = "attachment:"
# HTML that does nothing, as Jupyter itself writes it where a picture's size is changed, or as people use it for spaces and breaks.
HARMLESS = re.compile(
    r"</?(?:b|i|em|strong|sub|sup|u|p|center|br|hr)\s*/?>|<!---->"
    r"|<img(?:\s+(?:src=\"attachment:[^\"<>&]*\"|(?:alt|title)=\"[^\"<>&]*\"|(?:width|height)=\"?\d+(?:px|%)?\"?))+\s*/?>"
)
# Of formulas, what makes links or loads something.
ACTIVE_TEX = re.compile(r"\\(?:href|require|cssId|class|style|unicode|html[A-Z]?\w*|data)\b")


def inert(markdown: str, attachments: Any) -> tuple[str, dict[str, dict[str, str]]]:
    """Return a text that can do nothing, and the pictures that belong to it.

    Parameters
    ----------
    markdown : str
    attachments : object
        As the submission has it: file name -> MIME type -> base64.

    Returns
    -------
    str
        The text as it is if it can do nothing, else one that shows it letter by letter. Pictures that are not there, or are no
        pictures, are named instead.
    dict
        File name -> MIME type -> base64.
    """
    pictures = _pictures(attachments)
    seen = _Watch.over(markdown)
    if seen is None or seen.is_active or active(markdown):
        shown = "".join(f"\n\n![picture]({REFERENCE}picture-{n}.png)" for n, _ in enumerate(pictures, start=1))
        return as_is(markdown) + shown, {f"picture-{n}.png": data for n, data in enumerate(pictures.values(), start=1)}
    if seen.referred:
        keys = {name: _key(name, number) for number, name in enumerate(pictures, start=1)}
        markdown, pictures = _referring(markdown, keys), {keys[name]: data for name, data in pictures.items()}
        again = _Watch.over(markdown)
        if again is None or again.is_active or again.referred - set(pictures):
            return as_is(markdown), {}
    return markdown, pictures


def active(markdown: str) -> bool:
    """Tell whether a text holds the address of a script, or a formula that does more than look like one."""
    address = re.sub(r"[\s\x00-\x1f]", "", html.unescape(markdown)).lower()
    return bool(re.search("script:|data:text", address) or ACTIVE_TEX.search(markdown))


def as_is(text: str) -> str:
    """Return Markdown that shows a text letter by letter."""
    fence = "~" * (3 + max((len(run) for run in re.findall("~+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


class _Watch(IPythonRenderer):
    """Goes through a text as nbgrader shows it, and notes HTML and pictures."""

    def __init__(self) -> None:
        super().__init__(escape=False)
        self.is_active = False
        self.referred: set[str] = set()

    @classmethod
    def over(cls, markdown: str) -> _Watch | None:
        """Return what was seen; None where the text cannot be gone through."""
        if len(markdown) > MAX_RENDERED:
            return None
        watch = cls()
        try:
            MarkdownWithMath(renderer=watch).render(markdown)
        except Exception:  # whatever a renderer does with what anybody may write, recursion too
            return None
        return watch

    def block_html(self, html: str) -> str:
        return self.inline_html(html)

    def inline_html(self, html: str) -> str:
        self.is_active |= bool(HARMLESS.sub("", html).strip())
        self.referred |= set(re.findall(r'src="attachment:([^"]*)"', html))
        return ""

    def block_mermaidjs(self, code: str) -> str:
        self.is_active = True  # not escaped
        return ""

    def multiline_math(self, text: str) -> str:
        self.is_active |= "<" in text  # not escaped, in older versions
        return ""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        self.is_active |= _scheme(url) not in ("", "http", "https", "mailto")
        return text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        self.is_active |= _scheme(url) not in ("", "http", "https", "attachment")
        if url.startswith(REFERENCE):
            self.referred.add(url.removeprefix(REFERENCE))
        return ""


def _scheme(url: str) -> str:
    scheme, colon, _ = url.strip().lower().partition(":")
    return scheme if colon and re.fullmatch(r"[^/?#]*", scheme) else ""


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Return those attachments that are pictures, each under the type that it is."""
    found: dict[str, dict[str, str]] = {}
    for name, data in attachments.items() if isinstance(attachments, Mapping) else ():
        for encoded in data.values() if isinstance(data, Mapping) else ():
            text = "".join(map(str, encoded)) if isinstance(encoded, list) else encoded
            if isinstance(name, str) and isinstance(text, str) and (kind := _kind(text)):
                found[name] = {kind: "".join(text.split())}
    return found


def _kind(encoded: str) -> str | None:
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return next((kind for kind, magic in PICTURES.items() if data.startswith(magic)), None)


def _key(name: str, number: int) -> str:
    """Return a picture's name as it can stand in a reference."""
    return name if re.fullmatch(r"[\w.-]+", name) else f"picture-{number}"


def _referring(markdown: str, keys: Mapping[str, str]) -> str:
    """Make each reference to a picture one that nbgrader follows, or where there is no such picture, its name."""

    def replaced(found: re.Match[str]) -> str:
        name = found[1] or found[2] or found[3]
        key = keys.get(name) or keys.get(unquote(name)) or keys.get(html.unescape(name))
        plain = re.sub(r"[^\w .-]", "?", unquote(name))
        return f"![picture]({REFERENCE}{key})" if key else f"(picture {plain}: not in the notebook)"

    return re.sub(
        rf'!\[[^\]]*\]\((?:<{REFERENCE}([^>\n]*)>|{REFERENCE}([^)\s]*))[^)]*\)|<img[^>]*src="{REFERENCE}([^"]*)"[^>]*>',
        replaced,
        markdown,
    )

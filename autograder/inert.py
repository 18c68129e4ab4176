"""A submitted text as it may be shown in the browser of whoever grades, with its pictures and formulas.

nbgrader's feedback and its formgrader show a submission's texts as HTML, with whatever is in them; so does our page of marks.
"""

from __future__ import annotations

import base64
import html
import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from PIL import Image

MAX_PICTURES = 20_000_000  # characters of a notebook's pictures, in base64
MAX_RENDERED = 20_000  # characters of a text that is looked at as Markdown; longer ones are shown as they are
MAX_PIXELS = (
    200_000_000  # of a notebook's pictures together: ten of a telephone's. A browser takes four bytes for each.
)
# SVG is not among them, as it holds scripts.
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif"}
REFERENCE = "attachment:"
INLINE = re.compile(r"(!\[[^\]]{0,200}\])\(data:image/[\w.+-]{1,20};base64,([A-Za-z0-9+/=]++)\)")
# A picture beside the notebook, in the folder that nbgrader shows it from.
BESIDE = re.compile(r"(?:\./)?(?:[\w-](?:[\w .-]|%20)*/)*[\w-](?:[\w .-]|%20)*\.(?:png|jpe?g|gif)", re.IGNORECASE)
# HTML that does nothing, as Jupyter itself writes it where a picture's size is changed, or as people use it for spaces and breaks.
HARMLESS = re.compile(
    r"</?(?:b|i|em|strong|sub|sup|u|p|center|br|hr)\s*/?>|<!---->"
    r"|<img(?:\s+(?:src=\"attachment:[^\"<>&]*\"|(?:alt|title)=\"[^\"<>&]*\"|(?:width|height)=\"?\d+(?:px|%)?\"?))+\s*/?>"
)
# Of formulas, what makes links or loads something.
ACTIVE_TEX = re.compile(r"\\(?:href|require|cssId|class|style|unicode|html[A-Z]?\w*|data)\b")


@dataclass
class Pixels:
    """How many pixels the pictures of a notebook may still have: a file of some kilobytes can hold billions."""

    left: int = MAX_PIXELS


def inert(markdown: str, attachments: Any, pixels: Pixels) -> tuple[str, dict[str, dict[str, str]]]:
    """Return a text that can do nothing, and the pictures that belong to it.

    Parameters
    ----------
    markdown : str
    attachments : object
        As the submission has it: file name -> MIME type -> base64.
    pixels : Pixels

    Returns
    -------
    str
        The text as it is if it can do nothing, else one that shows it letter by letter. Pictures that are not there, are no
        pictures, or would be loaded from elsewhere, are named instead.
    dict
        File name -> MIME type -> base64.
    """
    markdown, attachments = _taken_out(markdown, attachments)
    pictures = _pictures(attachments, pixels)
    seen = _Watch.over(markdown)
    if seen is None or seen.is_active or active(markdown):
        shown = "".join(f"\n\n![picture]({REFERENCE}picture-{n}.png)" for n, _ in enumerate(pictures, start=1))
        return as_is(markdown) + shown, {f"picture-{n}.png": data for n, data in enumerate(pictures.values(), start=1)}
    if seen.referred or seen.elsewhere:
        keys = {name: _key(name, number) for number, name in enumerate(pictures, start=1)}
        markdown, pictures = (
            _referring(markdown, keys, set(attachments)),
            {keys[name]: data for name, data in pictures.items()},
        )
        again = _Watch.over(markdown)
        if again is None or again.is_active or again.elsewhere or again.referred - set(pictures):
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
        # A picture from another place tells that place who looks at it and when, or asks something of nbgrader's own server.
        self.elsewhere = False

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
        if url.startswith(REFERENCE):
            self.referred.add(url.removeprefix(REFERENCE))
        else:
            self.elsewhere |= not BESIDE.fullmatch(url)
        return ""


def _scheme(url: str) -> str:
    scheme, colon, _ = url.strip().lower().partition(":")
    return scheme if colon and re.fullmatch(r"[^/?#]*", scheme) else ""


def _taken_out(markdown: str, attachments: Any) -> tuple[str, dict[Any, Any]]:
    """Return a text and its attachments, among which are now the pictures that the text itself held, as Colab writes them."""
    found = dict(attachments) if isinstance(attachments, Mapping) else {}

    def taken(picture: re.Match[str]) -> str:
        name = f"pasted-{len(found)}.png"
        found[name] = {"image/png": picture[2]}
        return f"{picture[1]}({REFERENCE}{name})"

    return INLINE.sub(taken, markdown), found


def _pictures(attachments: Mapping[Any, Any], pixels: Pixels) -> dict[str, dict[str, str]]:
    """Return those attachments that are pictures, each under the type that it is."""
    found: dict[str, dict[str, str]] = {}
    for name, data in attachments.items():
        for encoded in data.values() if isinstance(data, Mapping) else ():
            text = "".join(map(str, encoded)) if isinstance(encoded, list) else encoded
            if isinstance(name, str) and isinstance(text, str) and (kind := _kind(text, pixels)):
                found[name] = {kind: "".join(text.split())}
    return found


def _kind(encoded: str, pixels: Pixels) -> str | None:
    """Return the MIME type of a picture that can be shown, by its head; nothing is decoded."""
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of many pixels, which are counted here
            with Image.open(io.BytesIO(data), formats=list(PICTURES)) as picture:
                size, kind = picture.width * picture.height, PICTURES[str(picture.format)]
    except Exception:  # whatever a reader of pictures does with what anybody may write
        return None
    if size > pixels.left:
        return None
    pixels.left -= size
    return kind


def _key(name: str, number: int) -> str:
    """Return a picture's name as it can stand in a reference."""
    return name if re.fullmatch(r"[\w.-]+", name) else f"picture-{number}"


def _referring(markdown: str, keys: Mapping[str, str], there: set[str]) -> str:
    """Make each reference to a picture one that nbgrader follows, or where there is no such picture, its name."""

    def replaced(found: re.Match[str]) -> str:
        url = found[1] or found[2] or found[3]
        plain = re.sub(r"[^\w .:/-]", "?", unquote(url.removeprefix(REFERENCE))[:100])
        if not url.startswith(REFERENCE):
            return found[0] if BESIDE.fullmatch(url) else f"(picture `{plain}`: not loaded from there)"
        name = url.removeprefix(REFERENCE)
        names = [name, unquote(name), html.unescape(name)]
        if key := next((keys[name] for name in names if name in keys), None):
            return f"![picture]({REFERENCE}{key})"
        shown = "no PNG, JPEG or GIF, or too large" if there.intersection(names) else "not in the notebook"
        return f"(picture {plain}: {shown})"

    return re.sub(
        rf'!\[[^\]]*\]\(\s*(?:<([^>\n]*)>|([^)\s]+))[^)]*\)|<img[^>]*src="({REFERENCE}[^"]*)"[^>]*>',
        replaced,
        markdown,
    )

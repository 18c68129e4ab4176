"""Goes through a file of JSON in pieces and keeps what is needed of a notebook, in bounded memory.

JSON readers for streams refuse the NaN that plotting libraries write, and encodings other than UTF-8.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Protocol

MAX_FILE = 1_000_000_000  # bytes, with all outputs
MAX_TEXT = 20_000_000  # characters of sources and ids; those of an honest notebook are some ten thousand
MAX_DEPTH = 200  # of lists and maps in each other; an output of a plotting library has about ten

_PIECE = 1 << 18
_MARKS = (  # longer ones first: UTF-32's little endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The keys whose values are looked through, and those whose values are kept as they are.
_LOOKED_THROUGH = {"cells", "worksheets", "metadata"}
_KEPT = {"nbformat", "nbformat_minor", "cell_type", "source", "input", "level", "nbgrader"}
_SPACE = re.compile(r"[ \t\r\n]*+")
# Atomic groups: Python before 3.11.5 gets possessive repeats of a group wrong.
_IN_STRING = r'(?>(?:[^"\\]++|\\.)*)'
_STRING = re.compile(_IN_STRING, re.DOTALL)
_SCALAR = re.compile(r'[^ \t\r\n"{}\[\],:]++')
# What is gone past in one step: all that is no bracket, strings, and lists and maps that are not too deep.
_PLAIN = rf'[^"{{}}\[\]]++|"{_IN_STRING}"'
_NESTED = rf"[\[{{](?>(?:{_PLAIN})*)[\]}}]"
for _ in range(3):
    _NESTED = rf"[\[{{](?>(?:{_PLAIN}|{_NESTED})*)[\]}}]"
_FLAT = re.compile(rf"(?>(?:{_PLAIN}|{_NESTED})*)", re.DOTALL)


class Readable(Protocol):
    """A file of bytes."""

    def read(self, size: int, /) -> bytes:
        """Return up to so many bytes."""
        ...


class NotReadable(ValueError):
    """The file is no notebook that can be read; the message says what it is instead."""


def needed(file: Readable, attachments: int) -> str:
    """Return the notebook's JSON with null in place of what is not needed, such as outputs.

    Parameters
    ----------
    file : file of bytes
        Read in pieces, up to `MAX_FILE` bytes.
    attachments : int
        How many characters of pictures in texts are kept; one text's that go beyond are left out.

    Raises
    ------
    NotReadable
        If it is none, or beyond one of the bounds. Otherwise it may still be no JSON.
    """
    return _Reader(_decoded(file), attachments).read()


def encoding(head: bytes) -> tuple[str, int]:
    """Return the encoding of a file that holds JSON, and the length of its byte order mark.

    Parameters
    ----------
    head : bytes
        Its first four bytes or more.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    # JSON begins with an ASCII character, so that its zero bytes tell the rest.
    return json.detect_encoding(head[:4]), 0


def _decoded(file: Readable) -> Iterator[str]:
    """Yield the file's text in pieces. What is not in its encoding comes as U+FFFD: in outputs and comments it decides nothing."""
    head = file.read(_PIECE)
    name, mark = encoding(head)
    # Some programs write halves of characters as if they were characters; `well_formed` replaces them later.
    decoder = codecs.getincrementaldecoder(name)("replace")
    left, piece = MAX_FILE, head[mark:]
    while piece:
        left -= len(piece)
        if left < 0:
            raise NotReadable(
                f"The file is larger than {MAX_FILE // 1_000_000} MB. Clear its outputs (Kernel, Restart and clear outputs), save it, and hand it in again."
            )
        yield decoder.decode(piece)
        piece = file.read(_PIECE)
    yield decoder.decode(b"", True)


class _Text:
    """Text that comes in pieces, of which what was read is let go."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self.pieces, self.text, self.at = iter(pieces), "", 0

    def next(self) -> str:
        """Return the next sign that is no space, without going past it; at the end nothing."""
        while True:
            found = _SPACE.match(self.text, self.at)
            assert found
            self.at = found.end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def take(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """Go past what matches a pattern that has no length; yield it in pieces."""
        while True:
            found = pattern.match(self.text, self.at)
            if found:
                yield found[0]
                self.at = found.end()
            # A pattern may stop within an escape, whose second sign is in the next piece.
            if self.at < len(self.text) - 1 or not self._more():
                return

    def string(self) -> Iterator[str]:
        """Go past a string, yield it in pieces, with its quotes."""
        self.at += 1
        yield '"'
        yield from self.take(_STRING)
        if self.text[self.at : self.at + 1] == '"':
            self.at += 1
            yield '"'

    def _more(self) -> bool:
        for piece in self.pieces:
            if piece:
                self.text, self.at = self.text[self.at :] + piece, 0
                return True
        return False


class _Reader:
    """Goes through a notebook's JSON and keeps what is needed of it.

    Parameters
    ----------
    pieces : iterable of str
        The file's text.
    attachments : int
        Characters of pictures that are kept.
    """

    def __init__(self, pieces: Iterable[str], attachments: int) -> None:
        self.text, self.attachments, self.left = _Text(pieces), attachments, MAX_TEXT
        self.kept = io.StringIO()

    def read(self) -> str:
        """Return the JSON with null in place of what is not needed."""
        text, inside, key_next = self.text, "", False
        self._begin()
        while sign := text.next():
            if sign == '"' and key_next:
                self._entry("".join(text.string()))
                key_next = False
            elif sign == '"':
                self._keep(text.string())
            elif sign in "{}[],:":
                text.at += 1
                inside = inside + sign if sign in "{[" else inside[:-1] if sign in "}]" else inside
                key_next = sign == "{" or (sign == "," and inside[-1:] == "{")
                self._keep([sign])
                _check_depth(len(inside))
            else:
                self._keep(text.take(_SCALAR))
                self._keep([" "])  # what was two words stays two
        return self.kept.getvalue()

    def _begin(self) -> None:
        sign = self.text.next()
        while sign == "\ufeff":
            self.text.at += 1
            sign = self.text.next()
        if sign and sign != "{":
            odd = any(unreadable in self.text.text[:200] for unreadable in "\ufffd\0")
            raise NotReadable(
                "The file is not a notebook: it is not even text."
                if odd
                else f"The file is not a notebook that Jupyter could open (it begins with {sign!r} instead of a brace)."
            )

    def _entry(self, key: str) -> None:
        """Keep a key, and its value if that is needed."""
        self._keep([key])
        if self.text.next() != ":":
            return
        self.text.at += 1
        self._keep([":"])
        name = _plain(key)
        if name in _LOOKED_THROUGH:
            return
        value = self._value()
        if name in _KEPT:
            self._keep(value)
        elif name == "attachments":
            self._keep([self._pictures(value)])
        else:
            for _ in value:
                pass
            self._keep(["null"])

    def _value(self) -> Iterator[str]:
        """Go past a whole value; yield it in pieces."""
        text = self.text
        sign = text.next()
        if sign == '"':
            yield from text.string()
            return
        if sign not in tuple("{["):
            yield from text.take(_SCALAR)
            return
        depth = 0
        while sign := text.next():
            if sign in "{}[]":
                text.at += 1
                depth += 1 if sign in "{[" else -1
                _check_depth(depth)
                yield sign
                if depth == 0:
                    return
            elif sign == '"':
                yield from text.string()
            yield from text.take(_FLAT)

    def _pictures(self, value: Iterator[str]) -> str:
        """Return a text's pictures, or null if they are more than is left for pictures."""
        pieces, size = [], 0
        for piece in value:
            size += len(piece)
            if size <= self.attachments:
                pieces.append(piece)
        if size > self.attachments:
            return "null"
        self.attachments -= size
        self.left += size  # they are counted by themselves
        return "".join(pieces)

    def _keep(self, pieces: Iterable[str]) -> None:
        for piece in pieces:
            self.left -= len(piece)
            if self.left < 0:
                raise NotReadable(f"The notebook holds more than {MAX_TEXT // 1_000_000} MB beside its outputs.")
            self.kept.write(piece)


def _check_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotReadable(f"The file is not a notebook: lists lie in each other more than {MAX_DEPTH} deep.")


def _plain(key: str) -> str:
    """Return a key without quotes and escapes."""
    if "\\" in key:
        with contextlib.suppress(ValueError):
            return str(json.loads(key))
    return key[1:-1]

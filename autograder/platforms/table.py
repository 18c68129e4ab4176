"""A platform's table (CSV): read in any encoding and with any separator, and written back with only the changed cells new."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import InstructorError

MAX_BYTES = 50_000_000
SEPARATORS = ",;\t"
_BLANKS = r"[\s\x00-\x1f\u200b\ufeff]*"
#: What a spreadsheet takes for a formula; also behind a sign at which a spreadsheet of another country divides cells.
_FORMULA = re.compile(rf"^({_BLANKS})(?=[=+\-@＝＋－＠])|(?<=[;,\t\r\n])({_BLANKS})(?=[=+@＝＋＠]|[-－][^\s\d\-])")
#: A number, or the sign that stands for "nothing".
_NUMBER = re.compile(r"\s*[+-]?[\d.,\s%]*")


@dataclass
class CsvTable:
    """The cells of a file, each as it stands there, quotes included.

    Attributes
    ----------
    path : Path
    rows : list of list of str
    ends : list of str
        What ends each row.
    separator : str
    encoding : str
    mark : bytes
        The byte order mark.
    """

    path: Path
    rows: list[list[str]]
    ends: list[str]
    separator: str
    encoding: str
    mark: bytes

    @property
    def columns(self) -> list[str]:
        """Return the titles, without blanks around them."""
        return [_value(raw).strip() for raw in self.rows[0]]

    def cell(self, row: int, column: int | None) -> str:
        """Return a cell's text; an empty one where there is no such cell."""
        cells = self.rows[row]
        return _value(cells[column]) if column is not None and column < len(cells) else ""

    def values(self, column: int, rows: Sequence[int] | None = None) -> list[str]:
        """Return the texts of a column below its title, without blanks around them."""
        return [self.cell(row, column).strip() for row in (self.filled() if rows is None else rows)]

    def filled(self) -> list[int]:
        """Return the numbers of the rows below the titles that hold something."""
        return [row for row in range(1, len(self.rows)) if any(_value(raw).strip() for raw in self.rows[row])]

    def set(self, row: int, column: int, text: str) -> None:
        """Put a text into a cell."""
        cells = self.rows[row]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = self._raw(text, quoted=cells[column].startswith('"'))

    def add_column(self, title: str) -> int:
        """Add a column behind the last one and return its number."""
        number = len(self.rows[0])
        self.set(0, number, title)
        return number

    def column(self, *titles: str) -> int | None:
        """Return the number of the first column that has one of the titles, whatever its case; None if there is none."""
        there = [title.casefold() for title in self.columns]
        return next((there.index(title.casefold()) for title in titles if title.casefold() in there), None)

    def disarmed(self) -> list[str]:
        """Put an apostrophe before whatever a spreadsheet would run, in any cell, and return the texts of those cells."""
        found = []
        for row, cells in enumerate(self.rows):
            for column, raw in enumerate(cells):
                text = _value(raw)
                if (safe := disarmed(text)) != text:
                    self.set(row, column, safe)
                    found.append(text)
        return found

    def to_bytes(self) -> bytes:
        """Return the file."""
        text = "".join(self.separator.join(cells) + end for cells, end in zip(self.rows, self.ends, strict=True))
        return self.mark + text.encode(self.encoding)

    def _raw(self, text: str, *, quoted: bool = False) -> str:
        special = any(sign in text for sign in f'{self.separator}"\r\n') or text != text.strip()
        return '"' + text.replace('"', '""') + '"' if quoted or special else text


def disarmed(text: str) -> str:
    """Return a cell's text so that no spreadsheet runs it: with an apostrophe before what looks like a formula."""
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(lambda found: f"'{found[0]}", text)


def armed(text: str) -> str:
    """Return the text of which `disarmed` made this one."""
    unquoted = re.sub(rf"'(?={_BLANKS}[=+\-@＝＋－＠])", "", text)
    return unquoted if disarmed(unquoted) == text else text


def read(path: Path) -> CsvTable:
    """Read a table.

    Raises
    ------
    InstructorError
        If it cannot be read, or holds no rows.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise InstructorError(f"The table {path} cannot be read ({problem.strerror}).") from None
    if len(content) > MAX_BYTES:
        raise InstructorError(f"The table {path} has more than {MAX_BYTES:,} bytes; it is no roster and no gradebook.")
    text, encoding, mark = _decoded(content)
    if "\0" in text or not text.strip():
        what = "is empty" if not text.strip() else "is no text"
        raise InstructorError(f"{path} {what}. Expected a table in CSV; save it as CSV (UTF-8) and try again.")
    separator = _separator(text)
    rows, ends = _split(text, separator)
    return CsvTable(path, rows, ends, separator, encoding, mark)


def new(path: Path, rows: Sequence[Sequence[str]]) -> CsvTable:
    """Return a table of our own: UTF-8 with a byte order mark, by which spreadsheets know the encoding."""
    table = CsvTable(path, [[""] for _ in rows], ["\r\n"] * len(rows), ",", "utf-8", codecs.BOM_UTF8)
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            table.set(row, column, text)
    return table


def _decoded(content: bytes) -> tuple[str, str, bytes]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding), encoding, mark
            except UnicodeDecodeError:
                break
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding, b""
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1", b""


def _separator(text: str) -> str:
    """Return the sign behind the first title, which never holds such a sign itself."""
    rest = re.sub(r'^"(?:[^"]|"")*"', "", text)
    first = re.search(f"[{SEPARATORS}\r\n]", rest)
    return first[0] if first and first[0] in SEPARATORS else ","


def _split(text: str, separator: str) -> tuple[list[list[str]], list[str]]:
    cell = re.compile(rf'("(?:[^"]|"")*"[^{separator}\r\n]*|[^{separator}\r\n]*)({separator}|\r\n|\r|\n|\Z)')
    rows: list[list[str]] = [[]]
    ends: list[str] = []
    place = 0
    while place <= len(text):
        found = cell.match(text, place)
        assert found  # the second form of a cell matches whatever comes
        rows[-1].append(found[1])
        if found[2] != separator:
            ends.append(found[2])
            if found.end() == len(text):
                break
            rows.append([])
        place = found.end()
    return rows, ends


def _value(raw: str) -> str:
    if len(raw) > 1 and raw.startswith('"'):
        inner, closing, rest = raw[1:].rpartition('"')
        return inner.replace('""', '"') + rest if closing else raw
    return raw

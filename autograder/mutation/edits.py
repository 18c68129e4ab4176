"""Replace parts of a program's text: what mutants and variations are made of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Edited:
    """A program with one change.

    Attributes
    ----------
    operator : str
        What kind of change it is, for a table.
    line : int
        Where it was made, counted from 1.
    before, after : str
        The changed expression.
    source : str
        The whole program.
    """

    operator: str
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"line {self.line}: `{self.before}` became `{self.after}` ({self.operator})"


class Program:
    """A program's text beside its syntax tree."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self._lines = source.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def text(self, node: ast.expr | ast.stmt) -> str:
        """Return the text of a node."""
        start, end = self._span(node)
        return self.source[start:end]

    def replace(self, node: ast.expr | ast.stmt, after: str, operator: str) -> Edited:
        """Return the program with other text in the place of a node."""
        start, end = self._span(node)
        source = self.source[:start] + after + self.source[end:]
        return Edited(operator, node.lineno, _shown(self.source[start:end]), _shown(after), source)

    def append(self, statement: str, operator: str) -> Edited:
        """Return the program with one more statement."""
        source = f"{self.source.rstrip()}\n{statement}\n"
        return Edited(operator, len(self._lines) + 1, "", _shown(statement), source)

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        # The tree counts a line's bytes, the text its characters.
        before = self._lines[line - 1].encode()[:column].decode() if line <= len(self._lines) else ""
        return self._starts[line - 1] + len(before)


def statements(body: list[ast.stmt], drawn: bool) -> Iterator[ast.AST]:
    """Yield the nodes of a program that can change an answer: not what only prints or, unless `drawn`, draws."""
    for statement in body:
        if _presents(statement, drawn):
            continue
        yield from _nodes(statement, drawn)


def _nodes(node: ast.AST, drawn: bool) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.stmt) and _presents(child, drawn)):
            yield from _nodes(child, drawn)


# Calls that put data into a picture; everything else that stands alone as an expression labels, shows or prints.
DRAWING = frozenset(
    [
        "plot",
        "scatter",
        "step",
        "errorbar",
        "bar",
        "hist",
        "loglog",
        "semilogx",
        "semilogy",
        "axline",
        "axhline",
        "axvline",
        "contour",
        "quiver",
        "streamplot",
        "plot_flow",
        "imshow",
        "hlines",
        "vlines",
    ]
)


def _presents(statement: ast.stmt, drawn: bool) -> bool:
    if isinstance(statement, ast.For):
        return bool(statement.body) and all(_presents(inner, drawn) for inner in statement.body)
    if not isinstance(statement, ast.Expr):
        return isinstance(statement, ast.Import | ast.ImportFrom)
    if not isinstance(statement.value, ast.Call):
        return True
    return not (drawn and called(statement.value) in DRAWING)


def called(call: ast.Call) -> str:
    """Return the last name of what is called: `np.linspace(...)` gives "linspace"."""
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _shown(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 100 else flat[:99] + "…"

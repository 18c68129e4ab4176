"""Replace parts of a program's text: what mutants and variations are made of."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
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
    within : str
        What stands in that line, or in the first of several; empty for a statement that is added.
    before, after : str
        The changed expression.
    source : str
        The whole program.
    """

    operator: str
    line: int
    within: str
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
        within = self._lines[node.lineno - 1].strip()
        return Edited(operator, node.lineno, within, _shown(self.source[start:end]), _shown(after), source)

    def append(self, statement: str, operator: str) -> Edited:
        """Return the program with one more statement."""
        source = f"{self.source.rstrip()}\n{statement}\n"
        return Edited(operator, len(self._lines) + 1, "", "", _shown(statement), source)

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        # The tree counts a line's bytes, the text its characters.
        before = self._lines[line - 1].encode()[:column].decode() if line <= len(self._lines) else ""
        return self._starts[line - 1] + len(before)


def statements(body: list[ast.stmt], names: Iterable[str], drawn: bool) -> Iterator[ast.AST]:
    """Yield the nodes of a program that can change an answer.

    Parameters
    ----------
    body : list of ast.stmt
    names : iterable of str
        The answers. What neither they nor what they are made of is computed from is left out.
    drawn : bool
        Whether what is drawn is an answer, too. What only prints or labels is left out either way.
    """
    for statement in _slice(body, set(names), drawn):
        yield from _nodes(statement, drawn)


def _slice(body: list[ast.stmt], needed: set[str], drawn: bool) -> list[ast.stmt]:
    """Return the statements on which the needed names depend (a backward slice, Weiser 1984), in their order."""
    left = [statement for statement in body if not _presents(statement, drawn)]
    kept: list[ast.stmt] = []
    while found := [statement for statement in left if _changes(statement) & needed or (drawn and _draws(statement))]:
        left = [statement for statement in left if statement not in found]
        kept += found
        needed = needed.union(*map(_uses, found))
    return sorted(kept, key=lambda statement: statement.lineno)


def _changes(statement: ast.stmt) -> set[str]:
    """Return the names that a statement defines, or changes by a method or an index."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    changed = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            changed.add(node.id)
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            changed |= {name.id for name in ast.walk(node.value) if isinstance(name, ast.Name)}
        elif (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
        ):
            changed |= {name.id for name in ast.walk(node.value.func.value) if isinstance(name, ast.Name)}
    return changed


def _uses(statement: ast.stmt) -> set[str]:
    """Return the names that a statement reads; a function's own are not among them."""
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    if isinstance(statement, ast.FunctionDef):
        own = {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}
        read -= own | {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return read


def _draws(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Call) and called(node) in DRAWING for node in ast.walk(statement))


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

"""Reads a notebook file for what is needed to run and grade it: sources and ids, never outputs.

Whatever a file's content tells without doubt is read: any Unicode encoding, with a byte order mark or without; any size of
outputs.
"""

from __future__ import annotations

import ast
import io
import json
import re
import warnings
from collections.abc import Container, Iterator, Mapping, Sequence, Set
from typing import Any

from neurodynex._needed_json import NotReadable, Readable, needed

# Lists and maps outside of outputs: each takes a hundred times the memory of its two bytes. A notebook in a format of before
# 2015 is validated on its way to today's, which takes a millisecond for each one that is wrong.
MAX_CONTAINERS = 1_000_000
MAX_OLD_CONTAINERS = 5_000
# Characters of a cell that is looked through for names. A parser's effort, and the depth of its stack, grow with them.
MAX_PARSED = 10_000
# Lines that IPython reads and Python does not.
MAGIC = re.compile(r"(?m)^([ \t]*)[%!].*")
_LOCAL = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def read(file: Readable, attachments: int = 0) -> bytes:
    """Return a notebook without outputs, in today's format and in UTF-8, as a file that every program can read.

    Parameters
    ----------
    file : binary file
        Read in pieces, up to `_needed_json.MAX_FILE` bytes.
    attachments : int
        How many characters of pictures in texts are kept; what goes beyond is left out.

    Returns
    -------
    bytes
        JSON. Each cell has its kind, its source, of its metadata nbgrader's, and its pictures.

    Raises
    ------
    NotReadable
    """
    text = needed(file, attachments)
    if not text:
        raise NotReadable("The file is empty. Save the notebook and hand it in again.")
    containers = text.count("{") + text.count("[")  # some stand in sources
    if containers > MAX_CONTAINERS:
        raise NotReadable(f"The notebook holds more than {MAX_CONTAINERS:,} lists and maps beside its outputs.")
    try:
        cells = [_clean_cell(cell, index) for index, cell in enumerate(_cells(json.loads(text), containers))]
    except Exception as error:  # nbformat, json and recursion have many ways to refuse what anybody may write
        raise NotReadable(f"The file is not a notebook that Jupyter could open ({_reason(error)}).") from None
    made = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, ensure_ascii=False).encode("utf-8")


def loads(content: bytes, attachments: int = 0) -> bytes:
    """Return what `read` makes of a file's bytes."""
    return read(io.BytesIO(content), attachments)


def well_formed(value: Any) -> Any:
    """Return plain data in which each half of a character (a lone surrogate) is a question mark, so that it can be written."""
    if isinstance(value, str):
        pairs = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return re.sub("[\ud800-\udfff]", "?", pairs)
    if isinstance(value, list):
        return [well_formed(item) for item in value]
    if isinstance(value, dict):
        return {well_formed(key): well_formed(item) for key, item in value.items()}
    return value


def _cells(notebook: Any, containers: int) -> list[Any]:
    """Return the cells of a notebook of any format; it is not validated, since only sources and ids count."""
    if notebook.get("nbformat") != 4:
        notebook = _converted(_without_nulls(notebook), containers)
    cells = notebook["cells"]
    if not isinstance(cells, list):
        raise ValueError("its cells are no list")
    return cells


def _converted(notebook: Any, containers: int) -> Any:
    """Return a notebook of another format in that of today."""
    import nbformat
    import nbformat.reader

    sheets = notebook.get("worksheets", ()) if isinstance(notebook, dict) else ()
    for cell in (cell for sheet in sheets for cell in sheet.get("cells", ())):
        # The level of an old format's heading becomes as many signs in the new one.
        if cell.get("level", 1) not in range(7):
            raise ValueError("a heading has no level from 1 to 6")
        if cell.get("cell_type") == "code":
            cell.setdefault("outputs", [])
    old = nbformat.reader.reads(json.dumps(notebook))
    if old["nbformat"] < 4 and containers > MAX_OLD_CONTAINERS:
        raise ValueError("it is in an old format, and large")
    return nbformat.convert(old, 4)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return value


def _clean_cell(cell: Any, index: int) -> dict[str, Any]:
    """Return a cell with what is needed of it; what is no cell becomes an empty one, so that the others keep their numbers."""
    cell = cell if isinstance(cell, Mapping) else {}
    source, metadata, kind = cell.get("source"), cell.get("metadata"), cell.get("cell_type")
    meta = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    source = "".join(map(str, source)) if isinstance(source, list) else "" if source is None else str(source)
    made = {
        "id": f"cell-{index}",
        "cell_type": kind if kind in ("code", "markdown") else "raw",
        "metadata": {"nbgrader": _place(meta)} if isinstance(meta, Mapping) else {},
        "source": well_formed(source),
    }
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    elif isinstance(cell.get("attachments"), Mapping):
        made["attachments"] = well_formed(_attachments(cell["attachments"]))
    return made


def _attachments(found: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what of a text's attachments has the form that nbformat expects: file name -> MIME type -> base64."""
    return {
        name: {kind: "".join(map(str, data)) for kind, data in kinds.items() if isinstance(data, str | list)}
        for name, kinds in found.items()
        if isinstance(kinds, Mapping)
    }


def _place(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of nbgrader's metadata tells which cell of the assignment this is."""
    marks = {mark: bool(meta.get(mark)) for mark in ("grade", "solution", "locked")}
    name = meta.get("grade_id")
    return {"grade_id": well_formed(name), **marks} if isinstance(name, str) else marks


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:200].encode("utf-8", "backslashreplace").decode()


def grade_id(cell: Any) -> str | None:
    """Return the `grade_id` of a cell that nbgrader would take for one of its own, or None."""
    metadata = cell.get("metadata") if isinstance(cell, Mapping) else None
    meta = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if not isinstance(meta, Mapping) or not (meta.get("grade") or meta.get("solution") or meta.get("locked")):
        return None
    name = meta.get("grade_id")
    return name if isinstance(name, str) else None


def counting(
    cells: Sequence[Any], questions: Container[str], cell_types: Mapping[str, str]
) -> Iterator[tuple[int, str | None, str]]:
    """Yield the cells that count, for the grader and for the check: those to run, and the places of questions.

    Parameters
    ----------
    cells : sequence
        Of a notebook as `read` returns it.
    questions : container of str
        The questions' ids.
    cell_types : mapping
        Every `grade_id` -> "code" or "markdown": what a cell of that id is, whatever a submission makes of it.

    Yields
    ------
    index : int
    question : str or None
        The question whose answers are read here; its cell's code is not run.
    source : str
    """
    # Of a doubled id the last counts, as in nbgrader's DeduplicateIds.
    places = {name: index for index, cell in enumerate(cells) if (name := grade_id(cell)) in cell_types}
    for index, cell in enumerate(cells):
        name = grade_id(cell)
        own = name if name is not None and places.get(name) == index else None
        if own is not None and own in questions:
            yield index, own, cell["source"]
        elif (cell_types[own] if own else cell["cell_type"]) == "code" and cell["source"].strip():
            yield index, None, cell["source"]


def parsed(source: str) -> ast.Module:
    """Return the code's syntax tree, an empty one where it is no Python, or very long."""
    if len(source) > MAX_PARSED:
        return ast.Module([], [])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(MAGIC.sub(r"\1pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def placeholders(sources: Sequence[str], names: Set[str]) -> frozenset[str]:
    """Return those of some functions that are as they were handed out: the last definition of each has no statement but `pass`.

    Parameters
    ----------
    sources : sequence of str
        The code of a notebook's cells.
    names : set of str
    """
    empty: dict[str, bool] = {}
    for source in reversed(sources):
        sought = names - empty.keys()
        if any(name in source for name in sought) and "def " in source:
            last = {node.name: node.body for node in parsed(source).body if isinstance(node, ast.FunctionDef)}
            empty |= {name: all(map(_says_nothing, last[name])) for name in sought & last.keys()}
    return frozenset(name for name, is_empty in empty.items() if is_empty)


def _says_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def assigned(source: str) -> frozenset[str]:
    """Return the global names that code would define; none where it is no Python, or very long."""
    tree = parsed(source)
    names = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        if not isinstance(node, _LOCAL + _COMPREHENSIONS):
            waiting.extend(ast.iter_child_nodes(node))
    return frozenset(names)

"""The choices that honest students make differently, as changes of a program: all of them have to be accepted."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.mutation.edits import Edited, Program, called

# Names of numbers that are a matter of taste, and the factors by which they may differ.
CHOICES: dict[str, tuple[float, ...]] = {
    "level": (0.6, 1.4),  # of a spike's detection
    "resolution": (0.5, 1.9),
    "dt": (0.5, 0.2, 2.0),
    "transient": (0.8, 1.5),
    "runs": (0.5, 2.0),
    "eta": (0.5,),
    "tend": (1.25,),
}
BISECTION = {"high": ("(low + high) / 2",)}  # either end of the last bracket, or its middle
WRAPS = {
    "number": ("np.float64({})", "np.array({})", "np.float32({})", "np.array([{}])[0]"),
    "series": ("list({})", "tuple({})", "np.asarray({}, dtype=object)", "__import__('pandas').Series({})"),
    "result": ("np.array({})", "np.float64({})"),
}
KINDS = {"value": "number", "count": "number", "numbers": "series", "curve": "series", "trajectory": "series"}


def variations(source: str, forms: Sequence[Mapping[str, Any]]) -> Iterator[Edited]:
    """Yield the variations of a solution.

    Parameters
    ----------
    source : str
        The reference solution.
    forms : sequence of dict
        The answers' forms, as the self-check has them: name, kind and unit.
    """
    program = Program(source)
    for node in ast.walk(program.tree):
        yield from _other_choice(program, node)
        yield from _other_grid(program, node)
        yield from _other_end(program, node)
    for form in forms:
        yield from _other_form(program, form)


def _other_choice(program: Program, node: ast.AST) -> Iterator[Edited]:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name, value = node.targets[0].id, node.value
    elif isinstance(node, ast.keyword) and node.arg:
        name, value = node.arg, node.value
    else:
        return
    if isinstance(value, ast.Constant) and isinstance(value.value, int | float) and not isinstance(value.value, bool):
        for factor in CHOICES.get(name, ()):
            changed = value.value * factor
            after = str(round(changed)) if isinstance(value.value, int) else f"{changed:.6g}"
            yield program.replace(value, after, f"another {name}")


def _other_grid(program: Program, node: ast.AST) -> Iterator[Edited]:
    if not isinstance(node, ast.Call):
        return
    if called(node) == "arange" and len(node.args) == 3:
        start, _, step = map(program.text, node.args)
        yield program.replace(node.args[0], f"({start}) + 0.37 * ({step})", "grid moved")
        yield program.replace(node.args[2], f"({step}) / 2", "finer grid")
    if called(node) == "linspace" and len(node.args) == 3:
        yield program.replace(node.args[2], f"2 * ({program.text(node.args[2])}) + 1", "finer grid")


def _other_end(program: Program, node: ast.AST) -> Iterator[Edited]:
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Name):
        for after in BISECTION.get(node.value.id, ()):
            yield program.replace(node.value, after, "other end of the bracket")


def _other_form(program: Program, form: Mapping[str, Any]) -> Iterator[Edited]:
    kind, unit = form["kind"], form.get("unit")
    if kind == "function":
        for wrap in WRAPS["result"] if unit is not None else ():
            yield program.append(_wrapped_function(form["name"], wrap.format("_value")), "other container")
        if unit:
            yield program.append(_wrapped_function(form["name"], f"_value * {_quantity(unit)}"), "a quantity")
        return
    for name, of_name in _variables(form):
        for wrap in WRAPS.get(KINDS.get(kind, ""), ()):
            yield program.append(f"{name} = {wrap.format(name)}", "other container")
        if of_name:
            array = name if KINDS.get(kind) == "number" else f"np.asarray({name})"
            yield program.append(f"{name} = {array} * {_quantity(of_name)}", "a quantity")


def _variables(form: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield the variables of an answer, each with its unit."""
    if "names" in form:
        yield from zip(form["names"], form.get("units", [None] * len(form["names"])), strict=True)
    elif form["kind"] == "curve":
        yield from ((name, unit) for name, unit in (form["x"], form["y"]))
    elif "name" in form:
        yield form["name"], form.get("unit")


def _quantity(unit: str) -> str:
    return "1" if unit in ("degrees", "rad") else f"__import__('brian2').{unit}"


def _wrapped_function(name: str, value: str) -> str:
    return (
        f"_plain_{name} = {name}\ndef {name}(*arguments):\n    _value = _plain_{name}(*arguments)\n    return {value}"
    )

"""The choices that honest students make differently, as changes of a program: all of them have to be accepted."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograder.mutation.edits import Edited, Program, called

Form = Mapping[str, Any]

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
# What else may hold a number, a series of numbers, and what a function returns.
NUMBER = ("np.float64({})", "np.array({})", "np.float32({})", "np.array([{}])[0]")
SERIES = ("list({})", "tuple({})", "np.asarray({}, dtype=object)", "__import__('pandas').Series({})")
RESULT = ("np.array({})", "np.float64({})")


def variations(source: str, forms: Sequence[Form]) -> Iterator[Edited]:
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
        if form["kind"] in OTHER_FORMS:
            yield from OTHER_FORMS[form["kind"]](program, form)


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


def _value(program: Program, form: Form) -> Iterator[Edited]:
    yield from _held_by(program, form["name"], NUMBER)
    yield from _with_unit(program, form["name"], form["name"], form["unit"])


def _numbers(program: Program, form: Form) -> Iterator[Edited]:
    yield from _series(program, form["name"], form["unit"])


def _value_set(program: Program, form: Form) -> Iterator[Edited]:
    yield from _with_unit(program, form["name"], f"np.asarray({form['name']})", form["unit"])


def _curve(program: Program, form: Form) -> Iterator[Edited]:
    for name, unit in (form["x"], form["y"]):
        yield from _series(program, name, unit)


def _trajectory(program: Program, form: Form) -> Iterator[Edited]:
    for name, unit in zip(form["names"], form["units"], strict=True):
        yield from _series(program, name, unit)


def _function(program: Program, form: Form) -> Iterator[Edited]:
    if "unit" in form:  # else it returns an array
        for holder in RESULT:
            yield program.append(_wrapped_function(form["name"], holder.format("_value")), "other container")
        if form["unit"]:
            yield program.append(_wrapped_function(form["name"], f"_value * {_quantity(form['unit'])}"), "a quantity")


#: The kinds of answers of which the same numbers may be handed in in another form.
OTHER_FORMS: dict[str, Callable[[Program, Form], Iterator[Edited]]] = {
    "value": _value,
    "numbers": _numbers,
    "value_set": _value_set,
    "curve": _curve,
    "trajectory": _trajectory,
    "function": _function,
}


def _series(program: Program, name: str, unit: str) -> Iterator[Edited]:
    yield from _held_by(program, name, SERIES)
    yield from _with_unit(program, name, f"np.asarray({name})", unit)


def _held_by(program: Program, name: str, holders: Sequence[str]) -> Iterator[Edited]:
    for holder in holders:
        yield program.append(f"{name} = {holder.format(name)}", "other container")


def _with_unit(program: Program, name: str, numbers: str, unit: str) -> Iterator[Edited]:
    if unit:
        yield program.append(f"{name} = {numbers} * {_quantity(unit)}", "a quantity")


def _quantity(unit: str) -> str:
    return "1" if unit in ("degrees", "rad") else f"__import__('brian2').{unit}"


def _wrapped_function(name: str, value: str) -> str:
    return (
        f"_plain_{name} = {name}\ndef {name}(*arguments):\n    _value = _plain_{name}(*arguments)\n    return {value}"
    )

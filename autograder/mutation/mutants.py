"""The mistakes that students make, as changes of a program.

Each operator is a generator that takes the program and one node of it, and yields (node to replace, new text). What
they have in common with those of mutation testing of programs (Jia and Harman, IEEE Trans. Softw. Eng. 37, 2011) is that
each change is one slip, made in one place.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from autograder.mutation.edits import Edited, Program, called, statements

Change = tuple[ast.expr, str]
Operator = Callable[[Program, ast.AST], Iterator[Change]]

# What is easily taken for one another.
CONFUSED = {
    "sin": ("cos",),
    "cos": ("sin",),
    "tanh": ("tan",),
    "max": ("mean", "min"),
    "min": ("max",),
    "argmax": ("argmin",),
    "median": ("max", "min"),
    "mean": ("sum", "max"),
    "any": ("all",),
    "all": ("any",),
    "log": ("log10",),
    "degrees": ("radians",),
    "radians": ("degrees",),
    "arctan2": ("hypot",),
    "NeuronX": ("NeuronY",),
    "NeuronY": ("NeuronX",),
    "HH_Ramp": ("HH_Step",),
}
# Functions that students forget.
FORGOTTEN = frozenset(["abs", "sqrt", "degrees", "radians", "diff", "deg2rad", "rad2deg"])
OPPOSITE = {ast.Lt: ">", ast.Gt: "<", ast.LtE: ">=", ast.GtE: "<=", ast.Eq: "!=", ast.NotEq: "=="}


def dropped(program: Program, node: ast.AST) -> Iterator[Change]:
    """Leave out a factor, a divisor, a term or an exponent."""
    if not isinstance(node, ast.BinOp):
        return
    left, right = program.text(node.left), program.text(node.right)
    if isinstance(node.op, ast.Mult | ast.Div | ast.Add | ast.Sub | ast.Pow):
        yield node, f"({left})"
    if isinstance(node.op, ast.Mult | ast.Add):
        yield node, f"({right})"


def doubled(program: Program, node: ast.AST) -> Iterator[Change]:
    """Take a number in a sum, product or power twice or half."""
    if isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            if _is_number(side):
                yield side, f"(2 * {program.text(side)})"
                yield side, f"({program.text(side)} / 2)"


def sign(program: Program, node: ast.AST) -> Iterator[Change]:
    """Turn a sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node, f"({program.text(node.operand)})"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = "-" if isinstance(node.op, ast.Add) else "+"
        yield node, f"({program.text(node.left)} {other} ({program.text(node.right)}))"


def inverted(program: Program, node: ast.AST) -> Iterator[Change]:
    """Multiply in place of dividing, and the other way about."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        other = "/" if isinstance(node.op, ast.Mult) else "*"
        yield node, f"(({program.text(node.left)}) {other} ({program.text(node.right)}))"


def confused(program: Program, node: ast.AST) -> Iterator[Change]:
    """Take one function or name for another: sine for cosine, maximum for mean, NeuronX for NeuronY."""
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Store):
        for other in CONFUSED.get(node.attr, ()):
            yield node, f"{program.text(node.value)}.{other}"
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for other in CONFUSED.get(node.id, ()):
            yield node, other


def forgotten(program: Program, node: ast.AST) -> Iterator[Change]:
    """Leave out a conversion or a root."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords and called(node) in FORGOTTEN:
        yield node, f"({program.text(node.args[0])})"


def exchanged(program: Program, node: ast.AST) -> Iterator[Change]:
    """Exchange two arguments, elements or results."""
    if (
        isinstance(node, ast.Call)
        and len(node.args) >= 2
        and not any(isinstance(a, ast.Starred) for a in node.args[:2])
    ):
        first, second = program.text(node.args[0]), program.text(node.args[1])
        if first != second:
            rest = [program.text(argument) for argument in node.args[2:]]
            rest += [
                f"{k.arg}={program.text(k.value)}" if k.arg else f"**{program.text(k.value)}" for k in node.keywords
            ]
            yield node, f"{program.text(node.func)}({', '.join([second, first, *rest])})"
    if isinstance(node, ast.Tuple | ast.List) and len(node.elts) == 2:
        first, second = map(program.text, node.elts)
        closed = "[{}, {}]" if isinstance(node, ast.List) else "({}, {})"
        if first != second and isinstance(node.ctx, ast.Load):
            yield node, closed.format(second, first)


def default(program: Program, node: ast.AST) -> Iterator[Change]:
    """Forget a keyword argument, so that the default is used."""
    if not isinstance(node, ast.Call):
        return
    for out in node.keywords:
        if out.arg in (None, "do_plot", "label", "axis"):
            continue
        kept = [program.text(argument) for argument in node.args]
        kept += [f"{k.arg}={program.text(k.value)}" for k in node.keywords if k is not out and k.arg]
        yield node, f"{program.text(node.func)}({', '.join(kept)})"


def index(program: Program, node: ast.AST) -> Iterator[Change]:
    """Take the first for the last element, or one component for the other; leave out a slice (a transient cut off)."""
    if not isinstance(node, ast.Subscript) or isinstance(node.ctx, ast.Store):
        return
    value = program.text(node.value)
    other = {"0": "-1", "-1": "0", "1": "0"}.get(program.text(node.slice))
    if other:
        yield node, f"{value}[{other}]"
    if program.text(node.slice) == "0":
        yield node, f"{value}[1]"
    if isinstance(node.slice, ast.Slice):
        yield node, f"{value}"


def turned(program: Program, node: ast.AST) -> Iterator[Change]:
    """Turn a comparison or a truth value."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OPPOSITE:
        sides = program.text(node.left), program.text(node.comparators[0])
        yield node, f"({sides[0]} {OPPOSITE[type(node.ops[0])]} {sides[1]})"
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, repr(not node.value)
    if isinstance(node, ast.BoolOp):
        word = "or" if isinstance(node.op, ast.And) else "and"
        yield node, "(" + f" {word} ".join(map(program.text, node.values)) + ")"


OPERATORS: dict[str, Operator] = {
    "left out": dropped,
    "twice or half": doubled,
    "sign": sign,
    "inverted": inverted,
    "confused": confused,
    "conversion left out": forgotten,
    "exchanged": exchanged,
    "default used": default,
    "index": index,
    "turned": turned,
}


def mutants(source: str, names: Sequence[str], numbers: Sequence[str], drawn: bool) -> Iterator[Edited]:
    """Yield the mutants of a solution, each different text once.

    Parameters
    ----------
    source : str
        The reference solution.
    names : sequence of str
        The variables and functions that are its answers, or help to read them.
    numbers : sequence of str
        Those of them that get unit factors, too.
    drawn : bool
        Whether a picture is one of the answers.
    """
    program = Program(source)
    known = {source}
    for node in statements(program.tree.body, names, drawn):
        if isinstance(node, ast.keyword) and node.arg == "do_plot":
            continue
        for label, operator in OPERATORS.items():
            for replaced, after in operator(program, node):
                made = program.replace(replaced, after, label)
                if made.source not in known and _compiles(made.source):
                    known.add(made.source)
                    yield made
    yield from _scaled(program, numbers)


def _scaled(program: Program, names: Sequence[str]) -> Iterator[Edited]:
    """Yield the program with its answers a thousand times too large and too small."""
    functions = {node.name for node in ast.walk(program.tree) if isinstance(node, ast.FunctionDef)}
    for name in names:
        for factor in ("1e3", "1e-3"):
            if name in functions:
                statement = (
                    f"_right_{name} = {name}\n"
                    f"def {name}(*arguments):\n    return np.asarray(_right_{name}(*arguments)) * {factor}"
                )
            else:
                statement = f"{name} = np.asarray({name}) * {factor}"
            yield program.append(statement, "unit")


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True

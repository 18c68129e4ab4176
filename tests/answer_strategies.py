"""Hypothesis strategies for answers: every value of the closed vocabulary, JSON that is none, and what a question does not ask for."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.answers import (
    ArrayFunction,
    Branches,
    Choice,
    Choices,
    Counts,
    Curve,
    Function,
    Latencies,
    LearnedDirection,
    MatrixFunction,
    OneOrEach,
    PhasePortrait,
    Plot,
    SpreadAngles,
    Trajectory,
    Truths,
    Typical,
    Value,
    ValueSet,
    Words,
)
from autograder.course import Context
from autograder.question import Answer
from neurodynex.answer_data.bounds import MAX_DIGITS
from neurodynex.answer_data.encode import number
from neurodynex.answer_data.reading import UNITS

KINDS = "number int complex string boolean null list set map array quantity function missing error object too_large calls figures"

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["True", "1.01", "limit cycle", "\x1b[31m", "I", "<script>"]
)
reals = st.floats().map(number)
wholes = st.integers(1 - 10**MAX_DIGITS, 10**MAX_DIGITS - 1) | st.integers(-3, 3)
complexes = st.lists(reals, min_size=2, max_size=2)
ELEMENTS = {
    "b": st.booleans(),
    "i": st.integers(-(2**63), 2**63 - 1),
    "u": st.integers(0, 2**64 - 1),
    "f": reals,
    "c": complexes,
}


@st.composite
def arrays(draw, kinds: str = "biufc", min_dims: int = 0) -> dict[str, Any]:
    kind = draw(st.sampled_from(kinds))
    shape = draw(hnp.array_shapes(min_dims=min_dims, max_dims=3, min_side=0, max_side=4) | st.just((12,)))
    size = 1
    for length in shape:
        size *= length
    data = draw(st.lists(ELEMENTS[kind], min_size=size, max_size=size))
    return {"array": {"shape": list(shape), "kind": kind, "data": data}}


def one(kind: str, payload: st.SearchStrategy) -> st.SearchStrategy:
    return payload.map(lambda payload: {kind: payload})


def fixed(**fields: st.SearchStrategy) -> st.SearchStrategy:
    return st.fixed_dictionaries(fields)


dimensions = st.sampled_from([list(map(float, dimension)) for _, dimension in UNITS.values()]) | st.lists(
    st.floats(-4, 4), min_size=7, max_size=7
)
numbers = one("number", reals) | one("int", wholes)
quantities = one("quantity", fixed(dimension=dimensions, value=numbers | one("complex", complexes) | arrays()))
texts = one("string", text)
truths = one("boolean", st.booleans())
nulls = st.just({"null": None})
tokens = (
    one("function", text)
    | one("object", text)
    | one("too_large", text)
    | one("missing", fixed(name=text, similar=st.lists(text, max_size=3)))
    | one("error", fixed(type=text | st.just("NotReached"), message=text))
)


@st.composite
def series(draw) -> dict[str, Any]:
    size = draw(st.integers(0, 12))
    x, y = (draw(st.lists(reals, min_size=size, max_size=size)) for _ in range(2))
    return {"label": draw(text), "x": x, "y": y}


@st.composite
def arrows(draw: st.DrawFn) -> dict[str, list[float]]:
    size = draw(st.integers(0, 12))
    return {name: draw(st.lists(reals, min_size=size, max_size=size)) for name in "xyuv"}


limits = st.lists(reals, min_size=2, max_size=2)
axes = fixed(
    title=text,
    xlabel=text,
    ylabel=text,
    xlim=limits,
    ylim=limits,
    legend=st.lists(text, max_size=2),
    lines=st.lists(series(), max_size=3),
    points=st.lists(series(), max_size=2),
    arrows=arrows(),
    images=st.integers(-1, 2),
)
figures = one(
    "figures",
    st.lists(fixed(title=text, xlabel=text, ylabel=text, axes=st.lists(axes, max_size=2)), max_size=2),
)
hashable = texts | one("number", reals) | truths | nulls
plain = st.one_of(numbers, one("complex", complexes), texts, truths, nulls, arrays(), quantities, tokens)
values = st.recursive(
    plain | figures | one("set", st.lists(hashable, max_size=3, unique_by=repr)),
    lambda inner: (
        one("list", st.lists(inner, max_size=12))
        | one("map", st.lists(st.tuples(hashable, inner).map(list), max_size=3))
        | one("calls", st.lists(st.lists(inner, max_size=8), max_size=3))
    ),
    max_leaves=20,
)
malformed = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KINDS.split()) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)
anything = values | malformed

_FLOATS = {"shape": [], "kind": "f", "data": [1.0]}
# What numpy, or a reader that looks no deeper than one level, takes for something else.
AWKWARD: list[Any] = [
    {"array": _FLOATS},
    {"list": [{"array": _FLOATS}] * 12},
    {"list": [{"array": {"shape": [2, n], "kind": "f", "data": [1.0] * 2 * n}} for n in (3, 4)]},
    {"list": [{"list": [{"array": {"shape": [2, n], "kind": "f", "data": [1.0] * 2 * n}} for n in (3, 4)]}] * 2},
    {"list": [{"list": [{"number": 1.0}] * n} for n in range(12)]},
    {"list": [{"list": []}] * 12},
    {"list": [{"list": [{"boolean": True}, {"number": 1.0}]}] * 12},
    {"list": [{"null": None}] * 12},
    {"list": [{"map": []}, {"set": []}]},
    {"array": {"shape": [0, 3], "kind": "f", "data": []}},
    {"array": {"shape": [1] * 8, "kind": "u", "data": [2**64 - 1]}},
    {"map": [[{"string": key}, {"list": []}] for key in ("A", "NeuronX", "NeuronY")]},
    {"map": [[{"null": None}, {"null": None}], [{"list": [{"number": 1.0}]}, {"number": "nan"}]]},
    {"calls": []},
    {"calls": [[]] * 3},
    {"figures": [{"title": "", "xlabel": "", "ylabel": "", "axes": []}]},
    {"string": "1e999"},
    {"int": 10**39},
    *(
        {"quantity": {"dimension": list(map(float, dimension)), "value": value}}
        for dimension in dict.fromkeys(dimension for _, dimension in UNITS.values())
        for value in (
            {"complex": [1.0, 1.0]},
            {"int": 10**39},
            {"number": "nan"},
            {"array": {"shape": [], "kind": "c", "data": [[1.0, 1.0]]}},
            {"array": {"shape": [1], "kind": "b", "data": [True]}},
            {"array": {"shape": [12], "kind": "c", "data": [[1.0, 1.0]] * 12}},
            {"array": {"shape": [0], "kind": "f", "data": []}},
            {"array": {"shape": [3, 4], "kind": "i", "data": [2**62] * 12}},
        )
    ),
]

_ELSEWHERE = texts | truths | nulls | tokens | figures | malformed.filter(lambda tree: type(tree) is not dict)
_NOT_FINITE = one("number", st.sampled_from(["nan", "inf", "-inf"]))
_COMPLEX = one("complex", st.tuples(st.floats(-9, 9), st.floats(0.1, 9)).map(list))


def other_dimension(unit: str, encoded: Any) -> st.SearchStrategy:
    """Return right numbers as quantities that `unit` does not measure."""
    foreign = [list(map(float, dimension)) for _, dimension in UNITS.values() if dimension != UNITS[unit][1]]
    if not {"number", "int", "complex", "array"} & set(encoded):
        encoded = {"number": 1.0}
    return one("quantity", fixed(dimension=st.sampled_from(foreign), value=st.just(encoded)))


def not_real(unit: str, encoded: Any) -> st.SearchStrategy:
    """Return right numbers as complex ones, bare or with the unit, whose real parts are right."""
    scale, dimension = UNITS[unit]
    if "array" in encoded:
        array = encoded["array"]
        made = {"array": {**array, "kind": "c", "data": [[scale * item, 1.0] for item in array["data"]]}}
    else:
        made = {"complex": [scale * next(iter(encoded.values())), 1.0]} if {"number", "int"} & set(encoded) else {}
    quantity = {"quantity": {"dimension": list(map(float, dimension)), "value": made}}
    return st.sampled_from([made, quantity]) if made else _COMPLEX


def _a_number(unit: str) -> Any:
    several = one("list", st.lists(numbers, min_size=2, max_size=4))
    return lambda right: (
        _ELSEWHERE
        | _NOT_FINITE
        | not_real(unit, right)
        | several
        | arrays(min_dims=1).filter(lambda tree: len(tree["array"]["data"]) != 1)
        | one("map", st.lists(st.tuples(texts, numbers).map(list), max_size=2))
        | other_dimension(unit, right)
    )


def _an_array(unit: str) -> Any:
    mixed = one("list", st.tuples(st.just({"number": 1.0}), _ELSEWHERE).map(list))
    return lambda right: (
        _ELSEWHERE
        | numbers
        | mixed
        | one("map", st.lists(st.tuples(texts, numbers).map(list), max_size=2))
        | arrays("bc", min_dims=1)
        | other_dimension(unit, right)
        | not_real(unit, right)
    )


def _words(right: Any) -> st.SearchStrategy:
    return truths | nulls | tokens | figures | numbers | arrays() | one("list", st.lists(numbers, max_size=3))


def _table(right: Any) -> st.SearchStrategy:
    return _ELSEWHERE | numbers | arrays() | one("list", st.lists(numbers, max_size=3)) | st.just({"map": []})


def _calls(wrong: Any) -> Any:
    """Return right calls of which one, or all, returned something else; and values that are no calls."""

    def calls(right: Any) -> st.SearchStrategy:
        rounds = right["calls"]

        def spoilt(value: Any) -> st.SearchStrategy:
            at = st.integers(0, len(rounds[0]) - 1)
            return at.map(
                lambda at: {"calls": [[value if n == at else v for n, v in enumerate(row)] for row in rounds]}
            )

        short = st.just({"calls": [row[:-1] for row in rounds]}) | st.just({"calls": []})
        return wrong(rounds[0][0]).flatmap(spoilt) | _ELSEWHERE | numbers | short

    return calls


def _no_figure(right: Any) -> st.SearchStrategy:
    return (
        values.filter(lambda tree: "figures" not in tree)
        | st.just({"figures": []})
        | one("figures", st.lists(fixed(title=text, xlabel=text, ylabel=text, axes=st.just([])), max_size=2))
    )


def wrong_for(answer: Answer, context: Context) -> dict[str, Any]:
    """Return for each request that must be right what makes, of a right answer, a strategy of answers of the wrong kind."""
    match answer:
        case Value() | Typical():
            return {f"variable:{answer.name}": _a_number(answer.unit)}
        case Curve():
            wrong = {f"variable:{name}": _an_array(unit) for name, unit in (answer.x, answer.y)}
            if answer.divide_by:
                wrong[f"variable:{answer.divide_by[0]}"] = lambda right: _ELSEWHERE | _NOT_FINITE | _COMPLEX
            return wrong
        case SpreadAngles():
            return {f"variable:{answer.name}": _an_array(answer.unit)}
        case OneOrEach():
            return {
                f"variable:{answer.name}": lambda right: (
                    _ELSEWHERE | _NOT_FINITE | _COMPLEX | arrays("bc", min_dims=1) | other_dimension(answer.unit, right)
                )
            }
        case Trajectory():
            return {
                f"variable:{name}": _an_array(unit) for name, unit in zip(answer.names, ("ms", "mV", "mV"), strict=True)
            }
        case ValueSet():
            return {
                f"variable:{answer.name}": lambda right: (
                    _ELSEWHERE | numbers | arrays("b") | other_dimension(answer.unit, right)
                )
            }
        case Choice() | Words():
            return {f"variable:{answer.name}": _words}
        case Choices() | Counts() | Truths() | Latencies():
            return {f"variable:{answer.name}": _table}
        case Function() | LearnedDirection():
            return {f"call:{answer.name}": _calls(_a_number(answer.unit))}
        case ArrayFunction() | MatrixFunction():
            return {f"call:{answer.name}": _calls(_an_array(""))}
        case Plot() | PhasePortrait() | Branches():
            return {"figures": _no_figure}
    raise AssertionError(f"Say here what kind of answer {type(answer).__name__} takes.")

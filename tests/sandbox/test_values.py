"""What crosses the boundary, and what does not."""

import contextlib
import json
import math
import sys
from collections import OrderedDict, deque, namedtuple
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.answers.figure_answer import axes_example, figure_example
from autograder.sandbox import BadReply, Function, Missing, Object, Quantity, TooLarge, decode
from neurodynex.answer_data import bounds, decoder
from neurodynex.answer_data.decoder import parse
from neurodynex.answer_data.encode import encode, error, missing


def crossed(value):
    """What the trusted side gets, bytes and all."""
    return decode(parse(json.dumps(encode(value), allow_nan=False).encode()))


def same(one, other):
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.shape == other.shape and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    if isinstance(one, complex) and one != one:
        return isinstance(other, complex) and repr(one) == repr(other)
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
whole = st.integers(-(10**39), 10**39)
keys = st.none() | st.booleans() | whole | st.floats(allow_nan=False) | text
arrays = st.one_of(
    [hnp.arrays(kind, hnp.array_shapes(max_dims=3, max_side=4)) for kind in (bool, np.int64, np.uint64, float, complex)]
)
plain = st.one_of(st.none(), st.booleans(), whole, st.floats(), st.complex_numbers(), text, arrays)
values = st.recursive(
    plain | st.frozensets(keys, max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
KINDS = [
    "number",
    "int",
    "complex",
    "string",
    "boolean",
    "null",
    "list",
    "set",
    "map",
    "array",
    "quantity",
    "function",
    "missing",
    "error",
    "object",
    "too_large",
    "calls",
    "figures",
]


def trees(leaves):
    """Return a strategy for what may be taken for an encoded value."""
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(KINDS) | st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=30,
    )


json_values = trees(st.none() | st.booleans() | st.integers() | st.floats() | st.text())
#: A stored result has packed numbers, too.
stored_values = trees(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=40))
PACKED = np.array([1.0, 2.0]).tobytes()


@settings(deadline=None, max_examples=300)
@given(values)
def test_a_value_of_the_vocabulary_comes_back_as_it_was(value):
    assert same(value, crossed(value))


@settings(deadline=None, max_examples=500)
@given(stored_values)
@example({"number": PACKED})
@example({"string": PACKED})
@example({"list": PACKED})
@example({"array": {"shape": [2], "kind": "b", "data": PACKED}})
@example({"array": {"shape": [0, 10**18], "kind": "f", "data": []}})
@example({"array": {"shape": [-1, -1], "kind": "f", "data": [1.0]}})
@example({"array": {"shape": [1], "kind": "i", "data": [2**63]}})
@example({"set": [{"array": {"shape": [0], "kind": "f", "data": []}}]})
@example({"map": [[{"string": "a"}, {"null": None}], [{"string": "a"}, {"null": None}]]})
@example({"quantity": {"dimension": ["nan", 0, 0, 0, 0, 0, 0], "value": {"number": 1.0}}})
@example({"number": True})
@example({"number": 10**400})
@example({"string": "\ud800"})
@example({"figures": [{"title": "", "xlabel": "", "ylabel": "", "axes": [{}]}]})
def test_decoding_any_json_gives_a_value_or_a_bad_reply(encoded):
    with contextlib.suppress(BadReply):
        decode(encoded)


def series(x, y):
    """Return encoded figures with one line."""
    axes = axes_example("x", []) | {"lines": [{"label": "", "x": x, "y": y}]}
    return {"figures": [figure_example([axes])]}


def test_packed_numbers_are_taken_in_the_place_of_a_list():
    (figure,) = decode(series(PACKED, [3.0, "nan"]))
    (line,) = figure.axes[0].lines
    np.testing.assert_array_equal([line.x, line.y], [[1, 2], [3, math.nan]])
    np.testing.assert_array_equal(decode({"array": {"shape": [2, 1], "kind": "f", "data": PACKED}}), [[1], [2]])


@pytest.mark.parametrize(
    "encoded",
    [
        series(PACKED, PACKED[:8]),
        series(PACKED, [1.0]),
        series("AAAAAAAA8D8=", "AAAAAAAA8D8="),  # as a result's document has it
        series(PACKED[:-1], PACKED[:-1]),
        series(np.array([1, math.nan]).tobytes(), PACKED),
        series(bytes(8 * (bounds.MAX_POINTS + 1)), bytes(8 * (bounds.MAX_POINTS + 1))),
        {"array": {"shape": [3], "kind": "f", "data": PACKED}},
        {"array": {"shape": [2], "kind": "i", "data": PACKED}},
        {"array": {"shape": [2], "kind": "f", "data": bytearray(PACKED)}},
        {"array": {"shape": [2], "kind": "f", "data": np.array([1, math.inf]).tobytes()}},
        {"array": {"shape": [bounds.MAX_ELEMENTS], "kind": "f", "data": bytes(8 * bounds.MAX_ELEMENTS + 8)}},
    ],
)
def test_packed_numbers_that_do_not_fit_are_a_bad_reply(encoded):
    with pytest.raises(BadReply):
        decode(encoded)


@settings(deadline=None, max_examples=300)
@given(st.binary() | text.map(str.encode) | json_values.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 100_000)
@example(b'{"a": ' * 100_000)
@example(b"1" * 300_000)
@example(b'{"number": NaN}')
@example(b'{"number": 1e999}')
@example(b'{"number": 1.0, "number": 2.0}')
@example(b'{"string": "\\ud800"}')
@example(b'"\xff"')
def test_parsing_any_bytes_gives_json_or_a_bad_reply(line):
    with contextlib.suppress(BadReply):
        decode(parse(line))


@pytest.mark.parametrize(
    "line",
    [
        b'{"number": NaN}',
        b'{"number": Infinity}',
        b'{"number": 1e999}',
        b'{"number": -1.5E+0400}',
        b'{"number": ' + b"7" * 250 + b".5e99}",
        b'{"int": ' + b"9" * 41 + b"}",
        b'{"int": ' + b"9" * 300_000 + b"}",
        b'{"int": 1.0}',
        b'{"int": true}',
        b'{"number": true}',
        b'{"boolean": 1}',
        b'{"boolean": true, "number": 1}',
        b'{"number": 1.0, "number": 2.0}',
        b'{"score": 4.0}',
        b'{"null": 0}',
        b"{}",
        b"[1, 2]",
        b"true",
        b"",
        b'{"list": [1, 2]}',
        b'{"string": "\\ud800"}',
        b'{"string": "' + b"a" * 10_001 + b'"}',
        b'{"list": [' * 21 + b"]}" * 21,
        b'{"list": [' + b",".join([b'{"null": null}'] * 200_001) + b"]}",
        b'{"set": [' + b",".join(b'{"int": %d}' % (n * (2**61 - 1)) for n in range(2_001)) + b"]}",
        b'{"array": {"shape": [2], "kind": "f", "data": [1.0]}}',
        b'{"array": {"shape": [1], "kind": "f", "data": [true]}}',
        b'{"array": {"shape": [1], "kind": "O", "data": [1.0]}}',
        b'{"array": {"shape": [1], "kind": "f", "data": [1.0], "more": 1}}',
        b'{"quantity": {"dimension": [1, 2], "value": {"number": 1.0}}}',
        b'{"quantity": {"dimension": [0, 0, 0, 0, 0, 0, 0], "value": {"string": "1"}}}',
        b" " * 8_000_001,
    ],
)
def test_the_decoder_refuses_what_is_not_in_the_vocabulary_or_beyond_its_bounds(line):
    with pytest.raises(BadReply):
        decode(parse(line))


Point = namedtuple("Point", "x y")


class Sneaky(float):
    def __float__(self):
        return 1.0

    __eq__ = __ge__ = __le__ = lambda *_: True
    __hash__ = float.__hash__


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(0.5), 0.5),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.uint8(3), 3),
        (np.bool_(True), True),
        (np.complex64(1j), 1j),
        (np.str_("h"), "h"),
        (np.array(2.5), 2.5),
        (np.array(None, dtype=object), None),
        (np.array([1, 2.5, None], dtype=object), [1, 2.5, None]),
        (np.array(["m", "h"]), ["m", "h"]),
        (np.float64("nan"), math.nan),
        (float("-inf"), -math.inf),
        (Fraction(1, 4), 0.25),
        (Decimal("0.25"), 0.25),
        ((1, 2), [1, 2]),
        (Point(1, 2), [1, 2]),
        (range(4, 0, -2), [4, 2]),
        (range(5, 0), []),
        (deque([1]), [1]),
        ({1: 2}.values(), [2]),
        (OrderedDict(a=1), {"a": 1}),
        ({-1.0: False, (1, "b"): True}, {-1.0: False, (1, "b"): True}),
        ({"m", "h"}, frozenset({"m", "h"})),
        (Sneaky(7.0), 7.0),
        ("a\ud800b", "a?b"),
        (len, Function("len")),
        (lambda: 0, Function("<lambda>")),
        (iter([1]), Object("list_iterator")),
        (object(), Object("object")),
        (b"bytes", Object("bytes")),
        (10**50, TooLarge("integer of 167 bits")),
        (range(10**9), TooLarge("range of 1000000000 elements")),
        (np.broadcast_to(1.0, 10**9), TooLarge("array of shape (1000000000,)")),
        ([0] * 200_001, TooLarge("list of 200001 elements")),
    ],
)
def test_natural_answers_are_understood(value, expected):
    assert same(expected, crossed(value))


def test_pandas_and_sympy_answers_are_understood():
    pandas, sympy = pytest.importorskip("pandas"), pytest.importorskip("sympy")
    assert same(np.array([1.0, 2.0]), crossed(pandas.Series([1.0, 2.0])))
    assert same(np.array([1, 2]), crossed(pandas.Index([1, 2])))
    assert same(np.array([[1, 2]]), crossed(pandas.DataFrame({"a": [1], "b": [2]})))
    assert same(0.5, crossed(sympy.Rational(1, 2)))
    assert same(3, crossed(sympy.Integer(3)))
    assert same(1j, crossed(sympy.I))
    assert crossed(sympy.Symbol("x")) == Object("Symbol")


def test_matrices_are_arrays_and_long_double_is_a_number():
    assert same(np.array([[1, 2]]), crossed(np.array([[1, 2]]).view(np.matrix)))
    assert same(0.5, crossed(np.longdouble(0.5)))


def test_quantities_carry_their_si_dimension():
    from brian2 import Hz, NeuronGroup, ms, mV

    volt = (2.0, 1.0, -3.0, -1.0, 0.0, 0.0, 0.0)
    assert crossed(3 * mV) == Quantity(0.003, volt)
    assert crossed(mV) == Quantity(0.001, volt)
    assert same(np.array([0.001, 0.002]), crossed([1, 2] * mV).value)
    assert crossed([1 * mV, 2 * ms]) == [Quantity(0.001, volt), Quantity(0.002, (0, 0, 1, 0, 0, 0, 0))]
    assert crossed({"rate": 5 * Hz}) == {"rate": Quantity(5.0, (0, 0, -1, 0, 0, 0, 0))}
    assert crossed(3 * mV / mV) == 3.0
    assert crossed((1 * ms) ** 0.5).dimension[2] == 0.5
    assert same(np.zeros(2), crossed(NeuronGroup(2, "v : volt").v).value)


def test_answers_that_contain_themselves_or_are_too_deep_are_too_large():
    loop: list = []
    loop.append(loop)
    fan: list = []
    fan.extend([fan, fan])
    deep: object = 0
    for _ in range(sys.getrecursionlimit() * 3):
        deep = [deep]
    for value in (loop, fan, deep):
        assert isinstance(crossed(value), TooLarge)


def test_the_largest_allowed_answers_fit():
    trajectory = np.random.default_rng(0).standard_normal(200_000)
    assert same(trajectory, crossed(trajectory))
    assert same(trajectory.tolist(), crossed(trajectory.tolist()))


class Meta(type):
    def __eq__(cls, other):
        raise SystemExit

    __hash__ = None

    @property
    def __mro__(cls):
        raise SystemExit

    @property
    def __name__(cls):
        raise SystemExit

    def __instancecheck__(cls, other):
        raise SystemExit


class Hostile(metaclass=Meta):
    def __getattribute__(self, name):
        raise SystemExit(name)

    __eq__ = __array__ = __float__ = __repr__ = __len__ = __iter__ = __index__ = lambda *_: sys.exit(1)
    __hash__ = None


class HostileList(list):
    __iter__ = __len__ = __getitem__ = __repr__ = lambda *_: sys.exit(1)


class HostileArray(np.ndarray):
    shape = size = dtype = property(lambda _: sys.exit(1))
    __getitem__ = __array__ = tolist = astype = lambda *_: sys.exit(1)


def test_objects_with_hostile_methods_are_read_without_calling_them():
    assert crossed(Hostile()) == Object("Hostile")
    assert crossed(HostileList([1, 2])) == [1, 2]
    assert same(np.array([1.0, 2.0]), crossed(np.array([1.0, 2.0]).view(HostileArray)))


def test_a_generator_is_not_consumed():
    generator = (n for n in range(3))
    assert crossed(generator) == Object("generator")
    assert list(generator) == [0, 1, 2]


def test_a_missing_name_comes_with_the_nearest_names_there_are_of_its_kind():
    names = {"i_min": 1, "I_mim": [2], "_I_min": 3, "rates": 4, 5: 6, "I_mins": max, "I_mine": math}
    assert decode(missing("I_min", names)) == Missing("I_min", ("i_min", "I_mim"))
    assert decode(missing("I_min", names, is_function=True)) == Missing("I_min", ("I_mins",))


def test_an_exception_whose_message_raises_is_still_an_error():
    class Mute(Exception):
        def __str__(self):
            raise self

    assert decode(error(Mute())).type == "Mute"
    assert len(decode(error(ValueError("x" * 10**6))).message) == 500


def test_thousands_of_ordinary_numbers_are_read_without_a_call_for_each(monkeypatch):
    ordinary = [1.5e-300, 1e22, 2e99, -0.1, 3]
    monkeypatch.setattr(decoder, "_finite", lambda digits: pytest.fail(digits))
    assert parse(json.dumps(ordinary).encode()) == ordinary


def test_a_text_that_looks_like_a_huge_number_is_a_text():
    assert parse(b'["1e999", 2.5]') == ["1e999", 2.5]

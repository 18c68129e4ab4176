"""Values at points."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.answers import Curve
from autograder.question import Slip
from autograder.slips import rescaled_curve
from autograder.tolerance import Between, within
from neurodynex.answer_data.encode import encode
from tests.answers import CONTEXT, judged, judged_as, outcome, proves_itself

X = np.linspace(0.5, 4.0, 8)


def bands(context, x):
    return [within(x**2, absolute=0.5)]


PARABOLA = Curve(
    name="y",
    unit="Hz",
    x=("x", "nA"),
    accept=bands,
    at=lambda c: X,
    points=5,
    range=(0.0, 5.0),
    cover=lambda c, x: None if x.max() > 2 else "`x` must go beyond 2.",
    slips=(
        rescaled_curve("kHz", k=1e-3, accept=bands, at=lambda c: X, message="These are kHz."),
        Slip(
            name="whole",
            made=lambda c, found: bool((found[1] == np.round(found[1])).all()),
            message="These are rounded.",
            example=lambda c: (X, np.round(X**2 + 1e-9)),
            sure=True,
        ),
    ),
    think="Compare one point.",
)
GAIN = replace(PARABOLA, divide_by=("I", "nA"), slips=())
RISING = replace(PARABOLA, rising=True, slips=())
PHASE = replace(PARABOLA, period=2 * np.pi, accept=lambda c, x: [within(-x / 4, absolute=0.1)], slips=())


@pytest.mark.parametrize("answer", [PARABOLA, GAIN, RISING, PHASE], ids=["plain", "divided", "rising", "angle"])
def test_its_examples_come_out_as_they_say(answer):
    assert proves_itself(answer)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (X, X**2, "passed"),
        (X[::-1], X[::-1] ** 2 + 0.5, "passed"),
        (np.append(X, 9.0), np.append(X**2, 0.0), "passed"),
        (X, X**2 + 0.6 * (X == 4), "failed"),
        (X, X**2 / 1e3, "kHz"),
        (X, np.round(X**2 + 1e-9), "whole"),
        (X**2, X, "exchanged"),
        (1e3 * X, X**2, "unit of x"),
        (X[:4], X[:4] ** 2, "form"),
        (X / 2, X**2 / 4, "form"),
        (X, X[:-1] ** 2, "form"),
    ],
    ids=[
        *("right", "at an edge, backwards", "a point beyond the range", "one point off", "other unit", "sure slip"),
        *("exchanged", "x in another unit", "too few", "a part only", "another length"),
    ],
)
def test_arrays_are_judged(x, y, expected):
    assert outcome(PARABOLA, (x, y)) == expected


def test_a_refusal_shows_the_first_point_that_is_wrong():
    message = judged(PARABOLA, (X, X**2 + 0.6 * (X >= 3.5))).message
    assert "at 2 of 8 points, the first at x = 3.5 nA (12.85 Hz at 3.5 nA)" in message


def test_values_may_not_fall_where_they_must_rise():
    y = X**2
    y[1] = y[0] - 0.2
    assert outcome(RISING, (X[:2].tolist() + X[2:].tolist(), y)) == "failed"
    flat = replace(RISING, accept=lambda c, x: [Between(0 * x, 20 + 0 * x)])
    assert "falls somewhere" in judged(flat, (X, y)).message and outcome(flat, (X, X)) == "passed"


def test_values_are_divided_by_one_number_or_by_one_for_each_point():
    for divisor in (0.5, np.linspace(0.1, 1, X.size)):
        assert outcome(GAIN, (X, X**2, divisor)) == "passed"
    answers = GAIN.encoded((X, X**2, 0.5)) | {"variable:I": encode(0.0)}
    assert judged_as(GAIN, answers).mistake == "form"


def test_an_angle_may_be_a_turn_off():
    assert outcome(PHASE, (X, -X / 4 + 2 * np.pi * np.arange(8))) == "passed"


def test_the_key_shows_the_band_over_the_points():
    facts = PARABOLA.facts(CONTEXT)
    assert facts.table.rows[1] == ("1", "0.5 to 1.5") and facts.bands.ylabel == "y (Hz)"
    assert PARABOLA.form() == {"kind": "curve", "x": ["x", "nA"], "y": ["y", "Hz"], "points": 5, "range": [0.0, 5.0]}

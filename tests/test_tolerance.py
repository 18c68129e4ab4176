"""What is accepted does not depend on what is handed in."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograder.tolerance import Between, any_contains, within

finite = st.floats(-1e6, 1e6)


@given(finite, finite, finite)
def test_an_interval_holds_exactly_what_lies_between_its_edges(low, high, value):
    assume(low <= high)
    margin = 1e-9 * max(abs(low), abs(high)) + 1e-11
    assume(min(abs(value - low), abs(value - high)) > margin)
    assert bool(Between(low, high).contains(value)) == (low <= value <= high)


@given(finite, st.floats(0, 1), st.floats(0, 10))
def test_the_edges_of_a_tolerance_are_inside(centre, relative, absolute):
    margin = max(relative * abs(centre), absolute)
    band = within(centre, relative, absolute)
    assert band.contains(centre - margin) and band.contains(centre + margin) and band.contains(centre)


@given(st.floats(0.1, 100), st.floats(0.001, 0.2), st.floats(1.01, 1e9))
def test_a_larger_answer_does_not_widen_its_own_tolerance(centre, relative, factor):
    value = centre * (1 + relative) * factor
    assume(value > centre * (1 + relative) * (1 + 1e-6))
    assert not within(centre, relative).contains(value)


@given(finite, st.floats(0, 1), st.floats(0, 1), finite)
def test_a_wider_tolerance_accepts_no_less(centre, narrow, more, value):
    if within(centre, absolute=narrow).contains(value):
        assert within(centre, absolute=narrow + more).contains(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_in_no_interval(value):
    assert not Between(-1e300, 1e300).contains(value)


def test_the_edges_allow_for_rounding():
    assert Between(13.8, 14.0).contains(0.14 * 100)
    assert Between(2.69, 2.8).contains(np.arange(0, 4, 0.1)[28])


def test_one_of_several_bands_is_enough_element_by_element():
    bands = [Between([0, 0], [1, 1]), Between([5, 5], [6, 6])]
    assert any_contains(bands, [0.5, 5.5]).tolist() == [True, True]
    assert any_contains(bands, [5.5, 3.0]).tolist() == [True, False]

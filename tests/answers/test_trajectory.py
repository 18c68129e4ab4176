"""A trajectory that settles on a limit cycle."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

from autograder.answers import Trajectory
from autograder.answers.trajectory import FINE, LATE, measure
from autograder.question import Slip
from tests.answers import CONTEXT, judged, outcome, proves_itself

PERIOD = 40.0


def solve(context, t):
    """Return u and w of a spiral out of the origin onto an ellipse."""
    grown, turn = 1 - np.exp(-t / 20), 2 * np.pi * t / PERIOD
    return np.array([2 * grown * np.sin(turn), grown * np.sin(turn - 1)])


T = np.linspace(0, 320, 1601)
U, W = solve(None, T)
SPIRAL = Trajectory(
    names=("t", "u", "w"),
    start=(0.0, 0.0),
    duration=300.0,
    expected=lambda c: SimpleNamespace(period=PERIOD, extent=np.array([4.0, 2.0])),
    solve=solve,
    slips=(
        Slip(
            name="at rest",
            made=lambda c, found: bool(np.ptp(found[1][-50:]) < 0.1),
            message="It comes to rest.",
            example=lambda c: (T, U * np.exp(-T / 20), W * np.exp(-T / 20)),
        ),
    ),
    think="Check the current.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(SPIRAL)


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ((T, U, W), "passed"),
        ((T, 1.029 * U, W), "passed"),
        ((T, 1.035 * U, W), "failed"),
        ((1.035 * T, U, W), "failed"),
        ((T[:-60], U[60:], W[60:]), "failed"),
        ((T, 0 * U, 0 * W), "at rest"),
        ((T[:900], U[:900], W[:900]), "form"),
        ((T[::-1], U, W), "form"),
        ((T, U[1:], W), "form"),
    ],
    ids=["right", "inside", "too wide", "too slow", "another start", "at rest", "short", "backwards", "lengths"],
)
def test_three_arrays_are_judged(arrays, expected):
    assert outcome(SPIRAL, arrays) == expected


def test_a_refusal_says_what_is_not_that_of_the_cycle():
    assert "the extent of `w` is 2." in judged(SPIRAL, (T, U, 1.1 * W)).message


def test_it_is_named_by_its_variables():
    assert SPIRAL.name == "t, u, w"
    assert SPIRAL.form()["names"] == ["t", "u", "w"]
    assert SPIRAL.facts(CONTEXT).table.rows[0] == ("period (ms)", "40", "38.8 to 41.2")


@pytest.mark.parametrize("points", [40, 400, 4001])
def test_the_late_part_is_measured_as_if_the_whole_were_interpolated(points):
    t = np.linspace(0, 300, points) ** 1.1
    u, w = np.sin(t / 7) + 0.01 * t, np.cos(t / 7)
    fine = np.linspace(t[-1] - LATE * t[-1], t[-1], int(FINE * LATE * t[-1] / 44) + 2)
    whole = [float(np.ptp(PchipInterpolator(t, values)(fine))) for values in (u, w)]
    assert measure(t, u, w, 44)[1:] == tuple(whole)

"""Figures of the phase plane."""

import numpy as np
import pytest

from autograder.answers import PhasePortrait
from autograder.answers.figure_answer import axes_example, figure_example
from autograder.answers.flow import Flow, OtherFlow, distances
from autograder.question import Slip
from tests.answers import judged, outcome, proves_itself


def cubic(u, current=0.0):
    return u * (1 - u**2) + current


def line(u):
    return 2 * u + 2


NULLCLINES = PhasePortrait(what="both nullclines", u_nullcline=cubic, w_nullcline=line, range=(-1.5, 1.5))
TURN = np.linspace(0, 2 * np.pi, 200)
PORTRAIT = PhasePortrait(
    what="the trajectory",
    u_nullcline=cubic,
    w_nullcline=line,
    range=(-1.0, 1.0),
    current=1.0,
    cycle=lambda c: np.column_stack([np.cos(TURN), 1 + np.sin(TURN)]),
    flow=Flow(
        lambda u, w: (-(w - 1), u),
        (OtherFlow(name="reversed", field=lambda u, w: (w - 1, -u), message="They point backwards."),),
    ),
    slips=(
        Slip(
            name="nothing but points",
            made=lambda c, drawn: not any(axes.lines for _, axes in drawn),
            message="There is no line.",
            example=lambda c: [figure_example([axes_example("u", [])])],
        ),
    ),
)
U = np.linspace(-2, 2, 81)
LINES = [(U, cubic(U)), (U[[0, -1]], line(U[[0, -1]]))]


def figure(lines, xlabel="u"):
    axes = axes_example(xlabel, lines)
    x, y = (np.concatenate(values) for values in zip(*lines, strict=True))
    axes |= {"xlim": [float(x.min()), float(x.max())], "ylim": [float(y.min()), float(y.max())]}
    return [figure_example([axes])]


@pytest.mark.parametrize("answer", [NULLCLINES, PORTRAIT], ids=["nullclines", "trajectory and flow"])
def test_its_examples_come_out_as_they_say(answer):
    assert proves_itself(answer)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (figure(LINES), "passed"),
        (figure([(y, x) for x, y in LINES]), "passed"),
        (figure([(U, cubic(U) + 0.1), LINES[1]]), "passed"),
        (figure([(U, cubic(U, 0.7)), LINES[1]]), "passed"),
        (figure(LINES, xlabel=""), "failed"),
        (figure(LINES[:1]), "failed"),
        (figure([(U, U - U**3 / 3), LINES[1]]), "failed"),
        (figure([(U[40:], cubic(U[40:])), LINES[1]]), "failed"),
    ],
    ids=["right", "turned", "as a contour", "any current", "no label", "one nullcline", "another model", "a half"],
)
def test_nullclines_are_judged(figures, expected):
    assert outcome(NULLCLINES, figures) == expected


def test_a_refusal_says_what_was_found():
    assert (
        "none shows both nullclines over u from -1.5 to 1.5; the u-nullcline was found"
        in judged(NULLCLINES, figure(LINES[:1])).message
    )
    other = figure([(U, cubic(U, 2.0)), LINES[1]])
    assert "A u-nullcline for another current was found (I is about 2)." in judged(PORTRAIT, other).message


def test_the_self_check_knows_how_many_series_there_are():
    assert NULLCLINES.form()["series"] == 2 and PORTRAIT.form()["series"] == 4


def test_distances_are_those_to_the_nearest_point_also_from_very_far():
    rng = np.random.default_rng(0)
    points, path = rng.normal(size=(50, 2)), rng.normal(size=(70, 2))
    nearest = np.linalg.norm(points[:, None] - path, axis=2).min(axis=1)
    assert np.allclose(distances(points, path), nearest, rtol=1e-12, atol=0)
    assert distances(np.array([[1e308, 0.0], [np.inf, -np.inf]]), path).min() > 1e99

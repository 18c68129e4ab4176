"""A figure of one or more curves."""

import numpy as np
import pytest

from autograder.answers import Curve, Plot
from autograder.answers.figure_answer import axes_example, figure_example
from autograder.tolerance import within
from tests.answers import judged, judged_as, proves_itself

X = np.linspace(0.5, 4.0, 12)


def curve(name, power):
    return Curve(
        name=name,
        unit="Hz",
        x=("x", "nA"),
        accept=lambda c, x: [within(x**power, relative=0.05)],
        at=lambda c: X,
        range=(0.1, 5.0),
        think="Look.",
    )


PLOT = Plot(curves=(curve("y", 2),), what="y against x")
TWO = Plot(curves=(curve("y", 2), curve("z", 3)), what="both against x")


def drawn(*lines, xlabel="x"):
    return [figure_example([axes_example(xlabel, list(lines))])]


@pytest.mark.parametrize("answer", [PLOT, TWO], ids=["one curve", "two curves"])
def test_its_examples_come_out_as_they_say(answer):
    assert proves_itself(answer)


@pytest.mark.parametrize(
    ("figures", "status"),
    [
        (drawn((X, X**2)), "passed"),
        (drawn((1e3 * X, 1e-3 * X**2)), "passed"),
        (drawn((X, 0 * X), (X, X**2)), "passed"),
        (drawn(*((X[n : n + 1], X[n : n + 1] ** 2) for n in range(12))), "passed"),
        (drawn((np.linspace(1, 3, 20), np.linspace(1, 3, 20) ** 2)), "passed"),
        (drawn((X, X**2), xlabel=""), "failed"),
        (drawn((X, X**3)), "failed"),
        (drawn((X[:5], X[:5] ** 2)), "failed"),
    ],
    ids=["own", "other units", "beside another", "by point", "accepted points", "no label", "another curve", "a part"],
)
def test_a_figure_is_judged(figures, status):
    assert judged(PLOT, ([(X, X**2)], figures)).status == status


def test_wrong_arrays_of_the_students_own_count_as_drawn():
    """They lose their points where the arrays are judged."""
    wrong = (X, 10 * X + 1)
    assert judged(PLOT, ([wrong], drawn(wrong))).status == "passed"
    assert judged_as(PLOT, {"figures": {"figures": drawn(wrong)}}).status == "failed"


def test_each_curve_must_be_drawn():
    part = judged(TWO, ([(X, X**2), (X, X**3)], drawn((X, X**2))))
    assert "none shows both against x from your arrays (`z` against `x`)" in part.message


def test_the_self_check_knows_the_names_of_what_is_drawn():
    assert TWO.form() == {"kind": "figure", "what": "both against x", "curves": [["x", "y"], ["x", "z"]], "points": 10}

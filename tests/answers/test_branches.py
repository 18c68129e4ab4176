"""A figure of several branches of values."""

import numpy as np
import pytest

from autograder.answers import Branches
from autograder.answers.figure_answer import axes_example, figure_example
from tests.answers import judged, proves_itself


def parts(x):
    """Return two branches that coincide from 1 to 3."""
    apart = np.maximum(np.abs(x - 2) - 1, 0)
    return np.array([1 + apart, 1 - apart])


BRANCHES = Branches(
    what="the real parts",
    expected=lambda c, x: parts(x),
    regions=((0.0, 0.9), (1.5, 2.5), (3.1, 4.0)),
    think="Use more points.",
)
X = np.linspace(0, 4, 21)
UPPER, LOWER = ((X, branch) for branch in parts(X))


def drawn(*lines, xlabel="I"):
    return [figure_example([axes_example(xlabel, list(lines))])]


def test_its_examples_come_out_as_they_say():
    assert proves_itself(BRANCHES)


@pytest.mark.parametrize(
    ("figures", "status"),
    [
        (drawn(UPPER, LOWER), "passed"),
        (drawn((X, UPPER[1] + 0.02), LOWER), "passed"),
        (drawn((X, 1e3 * UPPER[1]), (X, 1e3 * LOWER[1])), "passed"),
        (drawn(UPPER[::-1], LOWER[::-1]), "passed"),
        ([figure_example([axes_example("I", [line]) for line in (UPPER, LOWER)])], "passed"),
        (drawn(UPPER), "failed"),
        (drawn((X, UPPER[1] + 0.1), LOWER), "failed"),
        (drawn((X[:11], UPPER[1][:11]), (X[:11], LOWER[1][:11])), "failed"),
        (drawn(UPPER, LOWER, xlabel=""), "failed"),
        ([*drawn(UPPER), *drawn(LOWER)], "failed"),
    ],
    ids=[
        *("right", "near", "other unit", "turned", "panels", "one branch", "off", "a region lacks", "no label"),
        "in two figures",
    ],
)
def test_a_figure_is_judged(figures, status):
    assert judged(BRANCHES, figures).status == status


def test_the_self_check_knows_what_is_asked_for():
    assert BRANCHES.form() == {"kind": "drawn", "what": "the real parts", "series": 1}

"""What is said of figures, whatever they should show."""

import numpy as np
import pytest

from autograder.answers import Branches, Curve, PhasePortrait, Plot
from autograder.tolerance import within
from tests.answers import CONTEXT, judged_as

KINDS = {
    "a plot of it": Branches(what="it", expected=lambda c, x: np.array([x]), regions=((0.0, 1.0),), think="Look."),
    "a plot of that": Plot(
        what="that",
        curves=(
            Curve(
                name="y",
                unit="",
                x=("x", ""),
                accept=lambda c, x: [within(x)],
                at=lambda c: np.linspace(0, 1, 12),
                think="Look.",
            ),
        ),
    ),
    "both nullclines": PhasePortrait(
        what="both nullclines", u_nullcline=lambda u, current: u, w_nullcline=lambda u: -u, range=(-1.0, 1.0)
    ),
}


@pytest.mark.parametrize("asked", KINDS)
@pytest.mark.parametrize(
    "answers", [{}, {"figures": {"figures": []}}, {"figures": {"null": None}}], ids=["nothing", "no figure", "None"]
)
def test_where_nothing_is_drawn_the_question_was_not_reached(asked, answers):
    part = judged_as(KINDS[asked], answers)
    assert part.status == "not reached"
    assert part.message == f"No figure was drawn up to here; the question asks for {asked}."


@pytest.mark.parametrize("asked", KINDS)
def test_only_the_figures_decide(asked):
    assert [request.key for request in KINDS[asked].decisive(CONTEXT)] == ["figures"]

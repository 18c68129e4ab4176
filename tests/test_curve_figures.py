"""A figure of a curve is read whatever it is drawn with."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection

from autograder.assignments.leaky_integrate_and_fire import reference as lif
from neurodynex.answer_data.figures import read_figure
from tests.conftest import judged

CURRENTS = np.linspace(0.5, 3, 12)
RATES = np.where(CURRENTS > 1, 1000 / lif.period(CURRENTS), 0)


def collection(ax):
    points = np.column_stack([CURRENTS, RATES])
    ax.add_collection(LineCollection(np.stack([points[:-1], points[1:]], axis=1)))
    ax.autoscale()


def one_by_one(ax):
    for current, rate in zip(CURRENTS, RATES, strict=True):
        ax.plot(current, rate, "ko")


def below_and_above(ax):
    ax.plot(CURRENTS[:3], RATES[:3], "r.")
    ax.plot(CURRENTS[3:], RATES[3:], "b.")


def beside_the_theory(ax):
    above = np.linspace(1.001, 3.5, 300)
    ax.plot(above, 1000 / lif.period(above))
    for current, rate in zip(CURRENTS, RATES, strict=True):
        ax.scatter(current, rate)
    ax.axvline(1.0)


def on_a_twin(ax):
    ax.plot(CURRENTS, 0 * CURRENTS)
    twin = ax.twinx()
    twin.plot(CURRENTS, RATES)
    twin.set_ylabel("rate")


WAYS = {
    "plot": lambda ax: ax.plot(CURRENTS, RATES),
    "scatter": lambda ax: ax.scatter(CURRENTS, RATES),
    "step": lambda ax: ax.step(CURRENTS, RATES, where="mid"),
    "errorbar": lambda ax: ax.errorbar(CURRENTS, RATES, yerr=10),
    "error bars only": lambda ax: ax.errorbar(CURRENTS, RATES, yerr=10, fmt="none"),
    "stem": lambda ax: ax.stem(CURRENTS, RATES),
    "bar": lambda ax: ax.bar(CURRENTS, RATES, width=0.1),
    "semilogx": lambda ax: ax.semilogx(CURRENTS, RATES, "o"),
    "picoampere and kHz": lambda ax: ax.plot(1000 * CURRENTS, RATES / 1000),
    "line collection": collection,
    "a loop, point by point": one_by_one,
    "two series": below_and_above,
    "points beside the theory": beside_the_theory,
    "a twin axes": on_a_twin,
}


def figure_part(draw, currents=CURRENTS, rates=RATES):
    figure, ax = plt.subplots()
    ax.set(xlabel="I", ylabel="f")
    draw(ax)
    encoded = {"figures": [read_figure(figure, 5000)]}
    plt.close(figure)
    return judged("lif_fi_curve", {"currents": currents, "rates": rates}, figures=encoded).parts[1]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_draw_the_curve_is_read(way):
    assert figure_part(WAYS[way]).status == "passed"


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: ax.plot(RATES, CURRENTS),
        lambda ax: ax.plot(CURRENTS, np.sin(CURRENTS)),
        lambda ax: ax.plot(CURRENTS[:6], RATES[:6]),
        lambda ax: ax.axline((0, 0), (1, 100)),
    ],
    ids=["exchanged axes", "another curve", "half of the points", "a straight line"],
)
def test_another_picture_is_not_the_curve(draw):
    assert figure_part(draw).status == "failed"


def test_points_beyond_the_judged_range_may_be_drawn():
    currents, rates = np.append(CURRENTS, [11, 15]), np.append(RATES, [0, 0])
    assert figure_part(lambda ax: ax.plot(currents, rates), currents, rates).status == "passed"


def test_own_arrays_are_drawn_even_where_they_are_wrong():
    assert figure_part(lambda ax: ax.plot(CURRENTS, 2 * RATES), CURRENTS, 2 * RATES).status == "passed"

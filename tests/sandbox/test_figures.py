"""Figures are remembered for what they show: not for their age, and not for what the library drew."""

import gc

import matplotlib.pyplot as plt
import numpy as np
import pytest

from autograder.sandbox import Ask, Cell, Figures, decode, run_notebook
from neurodynex.answer_data.bounds import MAX_ELEMENTS
from neurodynex.answer_data.tracker import Tracker, watch
from neurodynex.leaky_integrate_and_fire.LIF import LIF_Step

CURVE = "import numpy as np\nimport matplotlib.pyplot as plt\nx = np.arange(12)\nfig, ax = plt.subplots()\nax.plot(x, x**2)\n"
LIBRARY = "from neurodynex.leaky_integrate_and_fire.LIF import LIF_Step\n"


@pytest.fixture
def shown():
    """Return a function that gives the sizes of the lines drawn since the test began."""
    tracker = watch()
    plt.switch_backend("Agg")
    plt.rcParams["figure.max_open_warning"] = 0
    plt.close("all")
    tracker.figures.clear()

    def sizes() -> list[list[int]]:
        figures = decode(tracker.encode())
        return [sorted(line.x.size for axes in figure.axes for line in axes.lines) for figure in figures]

    yield sizes
    plt.close("all")
    tracker.figures.clear()


def curve(points: int = 12) -> None:
    _, ax = plt.subplots()
    ax.plot(np.arange(points), np.arange(points) ** 2)


def test_what_the_library_draws_is_nobodys_figure_until_a_student_draws_into_it(shown):
    LIF_Step(I_tend=30, tend=40, I_amp=1.5)
    assert shown() == []
    plt.plot([1, 2, 3], [1, 4, 9])
    assert 3 in shown()[0]


def test_the_first_of_many_figures_is_kept_whole(shown):
    curve(60)
    for _ in range(120):
        plt.figure()
        plt.plot(np.arange(4000), np.arange(4000))
        plt.close()
    sizes = shown()
    assert len(sizes) == 121 and sizes[0] == [60]


def test_a_figure_that_is_cleared_counts_only_if_it_was_shown(shown):
    for points in (5, 6, 7):
        plt.clf()
        plt.plot(range(points), range(points))
        if points == 6:
            plt.gcf().canvas.draw()
    assert shown() == [[6], [7]]


def test_axes_that_are_cleared_count_only_if_they_were_shown(shown):
    fig, ax = plt.subplots()
    for points in (5, 6, 7):
        ax.clear()
        ax.plot(range(points), range(points))
        if points == 6:
            fig.canvas.draw()
    assert shown() == [[6], [7]]


def test_a_closed_figure_is_read_again_while_its_code_still_draws(shown):
    fig, ax = plt.subplots()
    plt.close(fig)
    for _ in range(30):
        curve()
        plt.close()
    ax.plot(range(9), range(9))
    assert [9] in shown()


def test_a_number_that_is_used_again_is_another_figure(shown):
    for points in (5, 6):
        plt.figure(1)
        plt.plot(range(points), range(points))
        plt.close(1)
    assert shown() == [[5], [6]]


def test_subplots_made_in_a_function_are_kept_when_it_has_returned(shown):
    def draw() -> None:
        fig, (left, right) = plt.subplots(1, 2)
        left.plot(range(5), range(5))
        right.plot(range(8), range(8))
        plt.close(fig)

    draw()
    for _ in range(20):
        plt.close(plt.figure())
    gc.collect()
    assert shown() == [[5, 8]]


def test_however_much_is_drawn_an_answer_stays_within_its_bounds_and_keeps_the_newest(shown, pytestconfig):
    figures = 500 if pytestconfig.getoption("--thorough") else 100  # with all of their points, 40 are too much
    data = np.arange(100_000)
    for _ in range(figures):
        plt.figure()
        plt.plot(data, data)
        plt.close()
    curve(300)
    assert shown()[-1] == [300] and len(shown()) == figures + 1
    assert (
        sum(len(line["x"]) for f in watch().encode()["figures"] for a in f["axes"] for line in a["lines"])
        < MAX_ELEMENTS
    )


def test_closed_figures_are_not_kept_alive(shown):
    for _ in range(40):
        curve()
        plt.close()
    gc.collect()
    assert sum(entry.held is not None for entry in watch().figures) <= 12


def test_where_nothing_more_fits_the_oldest_figures_go(shown):
    for points in range(5, 30):
        curve(points)
    kept = Tracker.encode(watch(), elements=400)["figures"]
    assert [len(f["axes"][0]["lines"][0]["x"]) for f in kept] == [26, 27, 28, 29]


@pytest.mark.parametrize(
    "more",
    [
        "for _ in range(45):\n    LIF_Step(I_tend=10, tend=20, I_amp=1.5)",
        "for _ in range(60):\n    plt.figure(); plt.plot([0, 1], [0, 1]); plt.close()",
        "plt.figure()\nfor _ in range(60):\n    plt.clf(); plt.plot([0, 1], [0, 1])",
    ],
    ids=["the library's own", "closed", "cleared"],
)
def test_in_the_sandbox_a_curve_stays_beside_many_figures(best, more):
    run = run_notebook([Cell(0, LIBRARY + CURVE + more), Ask("curve", (Figures(),))], backend=best)
    figures = decode(run.answers["curve"]["figures"])
    assert any(12 in [line.x.size for axes in figure.axes for line in axes.lines] for figure in figures)

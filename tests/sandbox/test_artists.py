"""What is drawn is read, whatever it was drawn with."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path

from autograder.sandbox import decode
from neurodynex.answer_data.figures import read_figure

X = np.linspace(-2, 2, 41)
GRID = np.meshgrid(np.linspace(-2, 2, 81), np.linspace(-3, 5, 161))
ABOVE = GRID[1] - 2 * GRID[0] - 1  # zero on the line y = 2 x + 1


def read(draw, panels=1):
    fig, axes = plt.subplots(1, panels, squeeze=False)
    draw(*axes[0])
    encoded = {"figures": [read_figure(fig, 5000)]}
    plt.close(fig)
    (figure,) = decode(encoded)
    return figure.axes


def as_segments(ax):
    points = np.column_stack([X, 2 * X + 1])
    ax.add_collection(LineCollection(np.stack([points[:-1], points[1:]], axis=1), array=X[1:]))


def limits(ax):
    ax.set(xlim=(-2, 2), ylim=(-3, 5))


def by_axline(ax, **how):
    limits(ax)
    ax.axline((0, 1), **how)


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: ax.plot(X, 2 * X + 1),
        lambda ax: ax.step(X, 2 * X + 1, where="mid"),
        lambda ax: ax.stairs(2 * (X[1:] + X[:-1]) / 2 + 1, X),
        lambda ax: ax.errorbar(X, 2 * X + 1, yerr=0.2),
        lambda ax: ax.errorbar(X, 2 * X + 1, yerr=0.2, fmt="none"),
        lambda ax: ax.stem(X, 2 * X + 1),
        lambda ax: ax.scatter(X, 2 * X + 1),
        lambda ax: by_axline(ax, slope=2),
        lambda ax: by_axline(ax, xy2=(1, 3)),
        as_segments,
        lambda ax: ax.add_collection(LineCollection([np.column_stack([X, 2 * X + 1])])),
        lambda ax: ax.contour(*GRID, ABOVE, levels=[0]),
        lambda ax: ax.contourf(*GRID, ABOVE, levels=[-100, 0, 100]),
        lambda ax: ax.pcolormesh(*GRID, ABOVE),
        lambda ax: ax.pcolormesh(*GRID, ABOVE > 0, shading="nearest"),
        lambda ax: ax.imshow(np.sign(ABOVE), extent=(-2.025, 2.025, -3.025, 5.025), origin="lower"),
        lambda ax: ax.imshow(ABOVE[::-1] > 0, extent=(-2.025, 2.025, -3.025, 5.025), aspect="auto"),
        lambda ax: ax.add_patch(PathPatch(Path(np.column_stack([X, 2 * X + 1])), fill=False)),
        lambda ax: ax.add_patch(Polygon(np.column_stack([X, 2 * X + 1]), closed=False, fill=False)),
    ],
)
def test_a_straight_line_is_read_from_whatever_it_is_drawn_with(draw):
    (axes,) = read(draw)
    series = [*axes.lines, *axes.points]
    on_line = [one for one in series if len(one.x) >= 2 and np.abs(one.y - 2 * one.x - 1).max() < 0.06]
    assert on_line and min(one.x.min() for one in on_line) < -1.9 and max(one.x.max() for one in on_line) > 1.9


def test_horizontal_and_vertical_lines_are_where_they_are_drawn():
    def draw(ax):
        limits(ax)
        ax.axhline(0.5)
        ax.axvline(1.5)
        ax.hlines([2, 3], -1, 1)

    (axes,) = read(draw)
    found = [(one.x.tolist(), one.y.tolist()) for one in axes.lines]
    expected = [([-2, 2], [0.5, 0.5]), ([1.5, 1.5], [-3, 5]), ([-1, 1], [2, 2]), ([-1, 1], [3, 3])]
    assert np.allclose(found, expected)


def test_what_is_invisible_is_not_drawn():
    (axes,) = read(lambda ax: ax.plot(X, X)[0].set_visible(False))
    assert not axes.lines


def test_an_axis_that_is_shared_has_its_label():
    fig, (_, bottom) = plt.subplots(2, 1, sharex=True)
    twin = bottom.twinx()
    bottom.set(xlabel="I", ylabel="f")
    twin.set_ylabel("g")
    encoded = read_figure(fig, 100)
    plt.close(fig)
    (figure,) = decode({"figures": [encoded]})
    assert [(axes.xlabel, axes.ylabel) for axes in figure.axes] == [("I", ""), ("I", "f"), ("I", "g")]


def annotate(ax, x, y, u, v, style="->"):
    ends = {"xy": (x + u, y + v), "xytext": (x, y)} if style == "->" else {"xy": (x, y), "xytext": (x + u, y + v)}
    ax.annotate("", arrowprops={"arrowstyle": style}, **ends)


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax, x, y, u, v: ax.quiver(x, y, u, v),
        lambda ax, x, y, u, v: ax.quiver([x], [y], [np.hypot(u, v)], [0], angles=[np.degrees(np.arctan2(v, u))]),
        lambda ax, x, y, u, v: ax.barbs(x, y, u, v),
        lambda ax, x, y, u, v: ax.arrow(x, y, u, v, head_width=0.1),
        lambda ax, x, y, u, v: ax.add_patch(plt.Arrow(x, y, u, v)) if hasattr(plt, "Arrow") else ax.arrow(x, y, u, v),
        annotate,
        lambda ax, *arrow: annotate(ax, *arrow, style="<-"),
        lambda ax, x, y, u, v: ax.annotate("", (x + u, y + v), (x, y), arrowprops={"width": 1}),
    ],
)
def test_an_arrow_is_read_from_its_tail_to_its_head(draw):
    (axes,) = read(lambda ax: draw(ax, 0.5, -0.5, 1.5, -2.0))
    found = axes.arrows
    assert np.allclose([found.x, found.y], [[0.5], [-0.5]])
    assert np.allclose(np.arctan2(found.v, found.u), np.arctan2(-2.0, 1.5))


def test_an_arrow_without_a_head_or_with_two_shows_no_direction():
    def draw(ax):
        for style in ("-", "<->"):
            ax.annotate("", (1, 1), (0, 0), arrowprops={"arrowstyle": style})

    assert read(draw)[0].arrows.x.size == 0


def test_the_arrows_of_a_stream_plot_are_read_and_those_of_a_large_field_are_thinned():
    def draw(left, right):
        x, y = np.meshgrid(np.linspace(-2, 2, 60), np.linspace(-2, 2, 60))
        left.streamplot(x, y, -y, x)
        right.quiver(x, y, -y, x)

    stream, field = read(draw, panels=2)
    for arrows in (stream.arrows, field.arrows):
        assert 20 < arrows.x.size <= 1000
        assert (arrows.x * arrows.v - arrows.y * arrows.u > 0).all()

"""FitzHugh-Nagumo: the references against independent facts, and how answers are judged."""

import brian2 as b2
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import sympy

from autograder.assignments.phase_plane_analysis import questions as definition
from autograder.assignments.phase_plane_analysis import reference as fhn
from autograder.assignments.phase_plane_analysis import slips
from autograder.course import Context
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.figures import read_figure
from neurodynex.phase_plane_analysis.fitzhugh_nagumo import get_fixed_point, get_trajectory, plot_flow
from tests.conftest import COURSE, judged

CONTEXT = Context.of("ada", "phase_plane_analysis", COURSE)
U = np.linspace(-2.5, 2.5, 51)


@pytest.fixture(scope="module")
def trajectory():
    return get_trajectory(0, 0, 1.3)


def figures(*drawn):
    encoded = {"figures": {"figures": [read_figure(figure, 5000) for figure in drawn]}}
    plt.close("all")
    return encoded


def called(name, values):
    return {f"call:{name}": {"calls": [[encode(value) for value in values]]}}


@pytest.mark.parametrize("current", [-1.0, 0.0, 1.3, 2.0, 5.0])
def test_the_fixed_point_is_where_the_nullclines_meet_and_where_the_library_finds_it(current):
    u, w = fhn.fixed_point(current)
    assert w == pytest.approx(float(fhn.u_nullcline(u, current)), abs=1e-9)
    assert (u, w) == pytest.approx(get_fixed_point(current), abs=1e-9)


@pytest.mark.parametrize("current", [0.0, 0.9, 1.3, 2.0, 3.7])
def test_the_eigenvalues_are_those_that_numpy_finds(current):
    matrix = fhn.jacobian(fhn.fixed_point(current)[0])
    assert np.allclose(np.sort_complex(fhn.eigenvalues(current)), np.sort_complex(np.linalg.eigvals(matrix)))


def test_the_real_parts_change_their_sign_at_the_ends_of_the_unstable_range():
    low, high = fhn.unstable_range()
    assert np.allclose(fhn.real_parts([low, high]), 0, atol=1e-9)
    assert low + high == pytest.approx(4)  # the model is symmetric about I = 2
    signs = np.sign(fhn.real_parts([low - 0.01, low + 0.01, high - 0.01, high + 0.01])[0])
    assert signs.tolist() == [-1, 1, 1, -1]


def test_the_stable_node_becomes_a_focus_well_before_it_loses_its_stability():
    edge = fhn.node_to_focus()
    assert not fhn.eigenvalues(edge - 0.01).imag.any() and fhn.eigenvalues(edge + 0.01).imag.all()
    assert fhn.real_parts([edge])[0, 0] < 0
    assert round(edge, 2) == 0.83 and round(fhn.unstable_range(0.0)[1], 3) == 0.741


def test_the_limit_cycle_is_closed_and_the_library_ends_on_it(trajectory):
    cycle = fhn.limit_cycle()
    assert np.linalg.norm(cycle.points[0] - cycle.points[-1]) < 0.2
    t, u, w = trajectory
    assert np.allclose((np.ptp(u[t > 300]), np.ptp(w[t > 300])), cycle.extent, rtol=1e-3)
    crossings = t[1:][(u[1:] >= 0) & (u[:-1] < 0) & (t[1:] > 200)]
    assert np.diff(crossings).mean() == pytest.approx(cycle.period, rel=2e-3)


def test_trajectories_that_are_looked_at_for_long_tell_the_accepted_range():
    for band, currents in ((definition.LOW, np.arange(1, 2, 0.1)), (definition.HIGH, np.arange(2.2, 3.1, 0.1)[::-1])):
        late = [np.ptp(get_trajectory(0, 0, current)[1][-1000:]) for current in currents]
        assert band.contains(currents[np.array(late) > 0.5][0])


def test_the_functions_are_called_at_single_points():
    points = definition.u_inputs(CONTEXT)
    right = [u - u**3 + current for u, current in points]
    assert judged("fhn_nullclines", {}, **called("u_nullcline", right)).parts[0].status == "passed"
    forgotten = called("w_nullcline", [u + 2 for (u,) in definition.w_inputs(CONTEXT)])
    assert judged("fhn_nullclines", {}, **forgotten).parts[1].mistake == "0.5"
    eps = called("w_nullcline", [0.1 * (2 * u + 2) for (u,) in definition.w_inputs(CONTEXT)])
    assert judged("fhn_nullclines", {}, **eps).parts[1].mistake == "eps"


def nullclines(ax, current=0.0):
    ax.plot(U, fhn.u_nullcline(U, current))
    ax.plot(U, fhn.w_nullcline(U))
    ax.set(xlabel="u", ylabel="w")


def by_contour(ax, current=0.0):
    u, w = np.meshgrid(np.linspace(-2.5, 2.5, 40), np.linspace(-3, 3, 40))
    ax.contour(u, w, u - u**3 - w + current, levels=[0])
    ax.contour(u, w, u - 0.5 * w + 1, levels=[0])
    ax.set(xlabel="u", ylabel="w")


def by_points(ax):
    for u in U:
        ax.scatter(u, u - u**3)
    ax.plot([-2.5, 2.5], [-3, 7])
    ax.set(xlabel="u", ylabel="w")


@pytest.mark.parametrize("draw", [nullclines, lambda ax: nullclines(ax, 0.7), by_contour, by_points])
def test_nullclines_may_be_drawn_in_any_way(draw):
    fig, ax = plt.subplots()
    draw(ax)
    part = judged("fhn_nullclines", {}, **figures(fig)).parts[2]
    assert part.status == "passed", part.message


def test_a_portrait_may_be_drawn_in_any_arrangement(trajectory):
    t, u, w = trajectory
    fig, (left, right) = plt.subplots(1, 2)
    left.plot(t, u)
    nullclines(right, 1.3)
    right.plot(u[::10], w[::10])
    plt.sca(right)
    right.set(xlim=(-2, 2), ylim=(-1, 3))
    plot_flow(1.3)
    part = judged("fhn_trajectory", {"t": t, "u": u, "w": w}, **figures(fig)).parts[1]
    assert part.status == "passed", part.message


def portrait(trajectory, draw_flow):
    fig, ax = plt.subplots()
    ax.set(xlim=(-2.5, 2.5), ylim=(-1, 3))
    nullclines(ax, 1.3)
    ax.plot(*trajectory[1:])
    draw_flow(ax)
    return judged("fhn_trajectory", {}, **figures(fig)).parts[1]


def on_grid(draw, count=12, **other):
    u, w = np.meshgrid(np.linspace(-2.5, 2.5, count), np.linspace(-1, 3, count))
    return lambda ax: draw(ax, u, w, *slips.flow(**other)(u, w))


def arrow_by_arrow(draw):
    def all_of_them(ax, *columns):
        for x, y, u, v in np.column_stack([column.ravel() for column in columns]):
            draw(ax, x, y, 0.1 * u / np.hypot(u, v), 0.1 * v / np.hypot(u, v))

    return on_grid(all_of_them, 6)


FLOWS = [
    lambda ax: plot_flow(1.3),
    lambda ax: plot_flow(I=1.3, eps=0.1, a=2.0),
    on_grid(lambda ax, u, w, du, dw: ax.quiver(u, w, du, dw)),
    on_grid(lambda ax, u, w, du, dw: ax.quiver(u, w, du / np.hypot(du, dw), dw / np.hypot(du, dw), pivot="mid")),
    on_grid(lambda ax, u, w, du, dw: ax.quiver(u, w, du, dw), count=4),
    on_grid(lambda ax, u, w, du, dw: ax.barbs(u, w, du, dw)),
    on_grid(lambda ax, u, w, du, dw: ax.streamplot(u, w, du, dw), count=30),
    on_grid(lambda ax, u, w, du, dw: ax.streamplot(u, w, du, dw), count=8),
    on_grid(lambda ax, u, w, du, dw: ax.streamplot(u[0], w[:, 0], du, dw, density=0.4), count=40),
    arrow_by_arrow(lambda ax, x, y, u, v: ax.arrow(x, y, u, v, head_width=0.03)),
    arrow_by_arrow(lambda ax, x, y, u, v: ax.annotate("", (x + u, y + v), (x, y), arrowprops={"arrowstyle": "->"})),
]


@pytest.mark.parametrize("draw_flow", FLOWS)
def test_the_flow_is_read_from_arrows_of_every_kind(trajectory, draw_flow):
    part = portrait(trajectory, draw_flow)
    assert part.status == "passed", part.message


def quiver(**other):
    return on_grid(lambda ax, u, w, du, dw: ax.quiver(u, w, du, dw), **other)


def stream(**other):
    return on_grid(lambda ax, u, w, du, dw: ax.streamplot(u, w, du, dw), count=30, **other)


def along_the_trajectory(ax):
    u, w = fhn.solve(1.3, np.arange(0, 300, 2.0))
    du, dw = slips.flow()(u, w)
    ax.quiver(u, w, du, dw)


@pytest.mark.parametrize(
    ("draw_flow", "mistake", "says"),
    [
        (lambda ax: plot_flow(), "flow of I = 0", "I = 0"),
        (lambda ax: plot_flow(2.0), "flow of another current", "another"),
        (lambda ax: plot_flow(1.3, eps=1), "flow without epsilon", "epsilon"),
        (quiver(current=0.0), "flow of I = 0", "I = 0"),
        (stream(current=0.0), "flow of I = 0", "I = 0"),
        (quiver(epsilon=1.0), "flow without epsilon", "epsilon"),
        (stream(epsilon=1.0), "flow without epsilon", "epsilon"),
        (quiver(sign=-1.0), "flow reversed", "backwards"),
        (stream(sign=-1.0), "flow reversed", "backwards"),
        (quiver(third=3.0), "flow of the other cubic", "u^3/3"),
        (quiver(offset=0.0), "flow without the constant 1", "constant 1"),
        (on_grid(lambda ax, u, w, du, dw: ax.quiver(u, w, dw, du)), "flow exchanged", "exchanged"),
        (on_grid(lambda ax, u, w, du, dw: ax.quiver(u, w, u, w)), None, "Compare one of them"),
        (lambda ax: ax.quiver([0], [0], [1], [1]), "no flow", "all over the plane"),
        (along_the_trajectory, "no flow", "all over the plane"),
        (lambda ax: None, "no flow", "plot_flow"),
    ],
)
def test_arrows_that_point_elsewhere_are_refused_and_the_cause_is_named(trajectory, draw_flow, mistake, says):
    part = portrait(trajectory, draw_flow)
    assert (part.score, part.mistake) == (0, mistake) and says.replace("another", "other than") in part.message


def test_the_portrait_may_be_in_panels_of_one_figure_but_not_in_a_figure_each(trajectory):
    def draw(*axes):
        for ax in axes:
            ax.set(xlim=(-2.5, 2.5), ylim=(-1, 3), xlabel="u", ylabel="w")
        axes[0].plot(U, fhn.u_nullcline(U, 1.3))
        axes[1].axline((0, 2), slope=2)
        axes[1].plot(*trajectory[1:])
        plt.sca(axes[2])
        plot_flow(1.3)

    fig, axes = plt.subplots(1, 3)
    draw(*axes)
    assert judged("fhn_trajectory", {}, **figures(fig)).parts[1].status == "passed"
    apart = [plt.subplots() for _ in range(3)]
    draw(*(ax for _, ax in apart))
    assert judged("fhn_trajectory", {}, **figures(*(fig for fig, _ in apart))).parts[1].score == 0


@pytest.mark.parametrize(
    ("lacks", "says"), [("flow", "flow"), ("trajectory", "trajectory"), ("current", "nullclines"), ("label", "label")]
)
def test_what_a_portrait_lacks_is_named(trajectory, lacks, says):
    fig, ax = plt.subplots()
    nullclines(ax, 0.0 if lacks == "current" else 1.3)
    if lacks != "trajectory":
        ax.plot(*trajectory[1:])
    if lacks != "flow":
        plot_flow(1.3)
    if lacks == "label":
        ax.set_ylabel("")
    part = judged("fhn_trajectory", {}, **figures(fig)).parts[1]
    assert part.score == 0 and says in part.message


def test_a_time_course_is_no_phase_plane(trajectory):
    fig, ax = plt.subplots()
    ax.plot(trajectory[1])
    assert judged("fhn_trajectory", {}, **figures(fig)).parts[1].mistake == "u against t only"


@pytest.mark.parametrize(
    "change",
    [
        lambda t, u, w: (t, u, w),
        lambda t, u, w: (list(t), tuple(u), pd.Series(w)),
        lambda t, u, w: (t * b2.ms, u * b2.mV, w * b2.mV),
        lambda t, u, w: (t[:3001], u[:3001], w[:3001]),
        lambda t, u, w: (t[::30], u[::30], w[::30]),
        lambda t, u, w: (t[1:], u[1:], w[1:]),
        lambda t, u, w: (t[:3000], u[:3000], w[:3000]),
    ],
)
def test_natural_forms_of_the_trajectory_are_accepted(trajectory, change):
    part = judged("fhn_trajectory", dict(zip("tuw", change(*trajectory), strict=True))).parts[0]
    assert part.status == "passed", part.message


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda t, u, w: (t, w, u), "u and w exchanged"),
        (lambda t, u, w: get_trajectory(0, 0, 0), "at rest at I = 0"),
        (lambda t, u, w: get_trajectory(0, 0, 1.3, eps=1.0), "epsilon = 1"),
        (lambda t, u, w: get_trajectory(0, 0, 1.3, a=0.0), "without the constant 1"),
        (lambda t, u, w: get_trajectory(0, 0, 0.6), "at rest"),
        (lambda t, u, w: (t, *fhn.solve(1.3, t, third=3.0)), "other cubic"),
        (lambda t, u, w: (np.arange(t.size), u, w), "steps for ms"),
        (lambda t, u, w: get_trajectory(0, 0, 2.0), None),
        (lambda t, u, w: get_trajectory(1, 1, 1.3), None),
        (lambda t, u, w: (t[:2000], u[:2000], w[:2000]), "form"),
        (lambda t, u, w: (t / 1000, u, w), "form"),
        (lambda t, u, w: (u, w, t), "form"),
        (lambda t, u, w: (t, u, w[:-1]), "form"),
        (lambda t, u, w: (0 * t, u, w), "form"),
    ],
)
def test_other_trajectories_are_refused(trajectory, change, mistake):
    part = judged("fhn_trajectory", dict(zip("tuw", change(*trajectory), strict=True))).parts[0]
    assert (part.score, part.mistake) == (0, mistake)


@pytest.mark.parametrize("wrap", [list, np.array, np.matrix, lambda m: tuple(map(tuple, m)), lambda m: [m[0], m[1]]])
def test_the_jacobian_may_be_a_list_or_an_array(wrap):
    matrices = fhn.jacobian(np.array(definition.jacobian_inputs(CONTEXT))[:, 0])
    assert judged("fhn_jacobian", {}, **called("get_jacobian", [wrap(m) for m in matrices])).passed


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda m: m.T, "transposed"),
        (lambda m: m * np.array([[1], [10]]), "eps"),
        (lambda m: np.array([[2 - m[0, 0], m[0, 1]], m[1]]), "sign"),
        (lambda m: np.array([[(2 + m[0, 0]) / 3, m[0, 1]], m[1]]), "other cubic"),
        (lambda m: np.array([m[0], [0.1, -0.5]]), "eps in one element"),
        (lambda m: np.array([m[0], [0.1, -0.1]]), "0.5"),
        (lambda m: np.array([[m[0, 0], 1], m[1]]), "sign of w"),
        (lambda m: np.array([[0.3, -1], [0.1, -0.05]]), "argument not used"),
        (lambda m: m + 1e-3, None),
        (lambda m: m.ravel(), "form"),
        (lambda m: m[:1], "form"),
        (lambda m: "J", "form"),
        (lambda m: None, "form"),
        (lambda m: [[m, m], [m, m]], "form"),
    ],
)
def test_the_slips_of_the_jacobian_are_named(change, mistake):
    matrices = fhn.jacobian(np.array(definition.jacobian_inputs(CONTEXT))[:, 0])
    result = judged("fhn_jacobian", {}, **called("get_jacobian", [change(m) for m in matrices]))
    assert (result.score, result.mistake) == (0, mistake), result.message


def test_the_jacobian_may_be_of_sympy_or_with_units_or_by_forward_differences():
    points = definition.jacobian_inputs(CONTEXT)
    matrices = fhn.jacobian(np.array(points)[:, 0])

    def forward(u, w, h=1e-5):
        def f(u, w):
            return np.array([u * (1 - u**2) - w, 0.1 * (u - 0.5 * w + 1)])

        return np.column_stack([(f(u + h, w) - f(u, w)) / h, (f(u, w + h) - f(u, w)) / h])

    for made in (
        [sympy.Matrix(m) for m in matrices],
        [m / b2.ms for m in matrices],
        [[[x / b2.ms for x in row] for row in m] for m in matrices],
        [m.astype(complex) for m in matrices],
        [forward(*point) for point in points],
    ):
        result = judged("fhn_jacobian", {}, **called("get_jacobian", made))
        assert result.passed, result.message


def test_two_slips_in_one_jacobian_are_both_named():
    matrices = fhn.jacobian(np.array(definition.jacobian_inputs(CONTEXT))[:, 0], epsilon=1.0)
    matrices[:, 0, 0] = (2 + matrices[:, 0, 0]) / 3
    message = judged("fhn_jacobian", {}, **called("get_jacobian", list(matrices))).message
    assert "1 - u^2" in message and "epsilon" in message


@pytest.mark.parametrize(
    ("values", "mistake"),
    [
        (lambda u, i: u - u**3 + 1.3, "argument not used"),
        (lambda u, i: u - u**3, "current left out"),
        (lambda u, i: u**3 - u - i, "sign"),
        (lambda u, i: i - i**3 + u, "arguments exchanged"),
        (lambda u, i: u - u**3 / 3 + i, "other cubic"),
    ],
)
def test_the_slips_of_the_u_nullcline_are_named(values, mistake):
    points = np.array(definition.u_inputs(CONTEXT)).T
    part = judged("fhn_nullclines", {}, **called("u_nullcline", list(values(*points)))).parts[0]
    assert (part.score, part.mistake) == (0, mistake), part.message


@pytest.mark.parametrize(
    ("values", "mistake"),
    [
        (lambda u: u + 1, "0.5"),
        (lambda u: 2 * u, "constant 1"),
        (lambda u: -2 * u - 2, "sign"),
        (lambda u: u / 2 - 1, "solved for u"),
        (lambda u: 0 * u + 2, "argument not used"),
    ],
)
def test_the_slips_of_the_w_nullcline_are_named(values, mistake):
    (u,) = np.array(definition.w_inputs(CONTEXT)).T
    part = judged("fhn_nullclines", {}, **called("w_nullcline", list(values(u)))).parts[1]
    assert (part.score, part.mistake) == (0, mistake), part.message


@pytest.mark.parametrize(
    ("matrix", "mistake"),
    [
        (lambda u, w: fhn.jacobian(0.0), "not at the fixed point"),
        (lambda u, w: fhn.jacobian(w), "point exchanged"),
        (lambda u, w: fhn.jacobian(u, epsilon=1.0), "eps"),
        (lambda u, w: np.array([[1 - u**2, -1], [0.1, -0.05]]), "other cubic"),
        (lambda u, w: np.array([[1 + 3 * u**2, -1], [0.1, -0.05]]), "sign"),
    ],
)
def test_eigenvalues_of_another_matrix_are_named(matrix, mistake):
    values = np.linalg.eigvals(matrix(*fhn.fixed_point(1.3)))
    part = judged("fhn_eigenvalues", {"eigenvalues_13": values}).parts[1]
    assert (part.score, part.mistake) == (0, mistake), part.message


@pytest.mark.parametrize(
    "wrap",
    [
        lambda e: sympy.Matrix(fhn.jacobian(fhn.fixed_point(1.3)[0])).eigenvals(),
        lambda e: {"first": e[0], "second": e[1]},
        lambda e: [list(e)],
        lambda e: [e * b2.kHz],
        lambda e: np.array(e, object),
    ],
)
def test_eigenvalues_come_in_dictionaries_and_quantities_too(wrap):
    part = judged("fhn_eigenvalues", {"eigenvalues_13": wrap(fhn.eigenvalues(1.3))}).parts[1]
    assert part.status == "passed", part.message


@pytest.mark.parametrize("wrap", [np.array, list, tuple, set, lambda e: e[::-1], lambda e: np.array(e)[:, None]])
def test_eigenvalues_come_in_any_form_and_order(wrap):
    values = {"eigenvalues_0": wrap(fhn.eigenvalues(0.0).real), "eigenvalues_13": wrap(fhn.eigenvalues(1.3))}
    assert judged("fhn_eigenvalues", values).passed


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (lambda e: [e[0], e[0]], "one value twice"),
        (lambda e: e.real, "real parts only"),
        (lambda e: fhn.eigenvalues(0.0), "other current"),
        (lambda e: e + 0.002, None),
        (lambda e: [*e, 0], "form"),
        (lambda e: [], "form"),
        (lambda e: [e, np.eye(2)], "form"),
        (lambda e: "0.03+0.3j", "form"),
    ],
)
def test_the_slips_of_the_eigenvalues_are_named(change, mistake):
    part = judged("fhn_eigenvalues", {"eigenvalues_13": change(fhn.eigenvalues(1.3))}).parts[1]
    assert (part.score, part.mistake) == (0, mistake), part.message


@pytest.mark.parametrize(
    "value", [np.arange(0, 4, 0.1)[13], 1.3, 1.2, 1.26, [1.27], 1.3 * b2.mV / b2.mV, 1.3 * b2.mV, {1.3}, 1.3 + 0j]
)
def test_the_critical_current_is_accepted_from_any_grid(value):
    assert judged("fhn_critical_current", {"I_critical": value}).passed


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (0.717, ["u - u^3/3"]),
        (0.741, ["constant 1"]),
        (0.74, ["constant 1"]),
        (0.7, ["u - u^3/3", "constant 1"]),
        (0.8, ["u - u^3/3", "constant 1", "0.5", "spiral"]),
        (0.831, ["0.5", "spiral"]),
        (0.9, ["0.5", "spiral"]),
        (0.1, ["constant 1"]),
        (1.523, ["epsilon = 1"]),
        (1.6, ["epsilon = 1"]),
        (2.74, ["ends again"]),
        (1.4, []),
        (1.1, []),
        (0.5, []),
    ],
)
def test_all_causes_that_fit_a_wrong_critical_current_are_named_and_no_other(value, names):
    result = judged("fhn_critical_current", {"I_critical": value})
    assert result.score == 0
    words = ["u - u^3/3", "constant 1", "0.5", "spiral", "epsilon = 1", "ends again"]
    assert [word for word in words if word in result.message.replace(str(value), "")] == names


@pytest.mark.parametrize(
    ("low", "high", "mistakes"),
    [
        (0.0, 0.7, ("offset left out", "offset left out")),
        (-0.741, 0.741, ("offset left out", "offset left out")),
        (0.717, 3.283, ("other cubic", "other cubic")),
        (0.8, 3.2, ("other cubic", "other cubic")),
        (1.523, 2.476, ("eps", "eps")),
        (0.836, 1.164, ("without 0.5", "without 0.5")),
        (2.74, 1.26, ("upper end", "lower end")),
        (0.87, 3.1, ("node to focus", "focus to node")),
        (1.1, 2.9, (None, None)),
    ],
)
def test_the_slips_of_the_unstable_range_are_named(low, high, mistakes):
    parts = judged("fhn_unstable_range", {"I_low": low, "I_high": high}).parts[:2]
    assert tuple(part.mistake for part in parts) == mistakes


@pytest.mark.parametrize("high", [2.7, np.arange(0, 4, 0.1)[28], 2.74])
def test_the_last_unstable_and_the_first_stable_current_are_both_ends(high):
    assert [part.status for part in judged("fhn_unstable_range", {"I_low": 1.3, "I_high": high}).parts[:2]] == [
        "passed"
    ] * 2


def test_real_parts_may_be_drawn_as_lines_that_change_places_or_as_points():
    currents = np.arange(0, 4, 0.1)
    larger, smaller = fhn.real_parts(currents)
    swap = np.random.default_rng(0).random(currents.size) < 0.5
    for first, second in ((larger, smaller), (np.where(swap, larger, smaller), np.where(swap, smaller, larger))):
        fig, ax = plt.subplots()
        ax.plot(currents, first, "o")
        ax.scatter(currents, second)
        ax.axhline(0)
        ax.set(xlabel="I", ylabel="Re")
        assert judged("fhn_unstable_range", {}, **figures(fig)).parts[2].status == "passed"


def test_each_real_part_may_have_a_panel_or_an_axis_of_its_own():
    currents = np.arange(0, 4, 0.1)
    panels, (top, bottom) = plt.subplots(2, 1, sharex=True)
    twins, left = plt.subplots()
    for fig, first, second in ((panels, top, bottom), (twins, left, left.twinx())):
        first.plot(currents, fhn.real_parts(currents)[0])
        second.plot(currents, fhn.real_parts(currents)[1])
        second.set(xlabel="I", ylabel="Re 2")
        first.set_ylabel("Re 1")
        left.set_xlabel("I")
        part = judged("fhn_unstable_range", {}, **figures(fig)).parts[2]
        assert part.status == "passed", part.message


@pytest.mark.parametrize("word", ["limit cycle", "Limit-Cycle", ["limit_cycle"], "LIMITCYCLE"])
def test_the_attractor_is_a_listed_word(word):
    assert judged("fhn_attractor", {"attractor": word}).passed


@pytest.mark.parametrize(
    ("word", "mistake"), [("fixed point", "fixed point"), ("saddle point", None), ("the limit cycle", "form")]
)
def test_other_attractors_are_refused(word, mistake):
    result = judged("fhn_attractor", {"attractor": word})
    assert (result.score, result.mistake) == (0, mistake)

"""The phase plane exercise."""

# ruff: noqa: E741 - the current is called I in the documented interface.
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from neurodynex.phase_plane_analysis.fitzhugh_nagumo import get_fixed_point, get_trajectory, plot_flow


@given(st.floats(-20, 20), st.floats(-5, 5))
def test_both_derivatives_are_zero_at_the_fixed_point(I, a):
    v, w = get_fixed_point(I, a=a)
    assert v * (1 - v**2) - w + I == pytest.approx(0, abs=1e-9)
    assert v + 0.5 * (a - w) == pytest.approx(0, abs=1e-12)


def test_trajectory_is_that_of_the_tightly_solved_equations():
    t, u, w = get_trajectory(0.2, -0.3, 1.3, tend=100)
    true = solve_ivp(
        lambda _, s: [s[0] * (1 - s[0] ** 2) - s[1] + 1.3, 0.1 * (s[0] - 0.5 * s[1] + 1)],
        (0, 100),
        (0.2, -0.3),
        "DOP853",
        t_eval=t,
        rtol=1e-11,
        atol=1e-12,
    )
    np.testing.assert_allclose([u, w], true.y, atol=1e-5)
    assert (t[0], u[0], w[0]) == (0, 0.2, -0.3)
    assert t[-1] == pytest.approx(100) and len(t) == 1001


@pytest.mark.parametrize("start", [(), (0.2, -0.3, 1.3), (50, 0), (3, -300), (0.1, 0.1, 2, 0.02, 1.5, 300)])
def test_both_solvers_give_the_same_trajectory(start, monkeypatch):
    found = get_trajectory(*start)
    monkeypatch.setattr("neurodynex.phase_plane_analysis.fitzhugh_nagumo.compiled", lambda function: function)
    monkeypatch.setattr("neurodynex._loops.trajectory", lambda *_: pytest.fail("plain Python is too slow here"))
    np.testing.assert_allclose(found, get_trajectory(*start), rtol=0, atol=1e-6)


def test_a_trajectory_that_is_too_stiff_for_the_loop_is_left_to_scipy():
    _, v, w = get_trajectory(0, 1e9, tend=20)
    assert w[-1] == pytest.approx(1e9 * np.exp(-0.05 * 20), rel=0.01) and v[-1] == pytest.approx(
        -np.cbrt(w[-1]), rel=0.01
    )


def test_oscillation_starts_at_the_critical_current():
    amplitudes = [np.ptp(get_trajectory(I=I, tend=1500)[1][-2000:]) for I in (1.2, 1.31)]
    assert amplitudes[0] < 0.01 and amplitudes[1] > 2


@pytest.mark.parametrize("v0, w0", [(50, 0), (-10, 20), (3, -300)])
def test_trajectory_from_far_out_comes_back(v0, w0):
    _, u, w = get_trajectory(v0, w0)
    assert (u[-1], w[-1]) == pytest.approx(get_fixed_point(), abs=1e-3)


@pytest.mark.parametrize("tend, last", [(5, 5.0), (0.25, 0.2), (7.0, 7.0)])
def test_trajectory_ends_at_the_last_sample_within_tend(tend, last):
    t, _, _ = get_trajectory(tend=tend)
    assert t[-1] == pytest.approx(last)


@pytest.mark.parametrize("arguments", [{"tend": 0}, {"tend": -1}, {"I": np.nan}, {"v0": "0"}, {"eps": -5}])
def test_impossible_trajectory_is_refused(arguments):
    with pytest.raises(ValueError):
        get_trajectory(**{"v0": 0.5, **arguments})


def test_flow_points_along_the_derivatives_in_the_current_axes():
    mine = plt.figure()
    plt.plot([-2, 2], [0, 1])
    plt.xlim(-2, 2)
    plt.ylim(-1, 3)
    plot_flow(1.3)
    assert plt.get_fignums() == [mine.number]
    ax = plt.gca()
    assert ax.get_xlim() == (-2, 2) and ax.get_ylim() == (-1, 3)
    (arrows,) = ax.collections
    u, w = arrows.X, arrows.Y
    du, dw = u * (1 - u**2) - w + 1.3, 0.1 * (u - 0.5 * w + 1)
    np.testing.assert_allclose(arrows.U * dw, arrows.V * du, atol=1e-9)
    assert np.all(arrows.U * du + arrows.V * dw > 0)


def test_flow_shows_the_fixed_point_where_no_limits_are_set():
    plot_flow(4.0)
    low, high = plt.ylim()
    assert low < get_fixed_point(4.0)[1] < high
    assert plt.xlim() == (-2.5, 2.5)

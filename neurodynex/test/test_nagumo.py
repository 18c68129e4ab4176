"""Tests if the phase plane exercise runs."""

import matplotlib.pyplot as plt
import pytest

from neurodynex.phase_plane_analysis.fitzhugh_nagumo import get_fixed_point, get_trajectory, plot_flow


def test_runnable_get_trajectory():
    """Test if get_trajectory is runnable."""
    t, v, w = get_trajectory()
    assert t.shape == v.shape == w.shape


def test_runnable_get_fixed_point():
    """Test if get_fixed_point is runnable."""
    assert get_fixed_point() == pytest.approx((-1, 0))


def test_runnable_plot_flow():
    """Test if plot_flow is runnable."""
    plt.figure()
    plot_flow()
    assert plt.gca().collections
    plt.close()

"""The exercise on Oja's rule."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from neurodynex.ojas_rule.oja import learn, make_cloud, run_oja


@pytest.mark.parametrize("angle", [0, 30, 120, -45])
def test_long_axis_of_the_cloud_points_counter_clockwise_to_the_angle(angle):
    cloud = make_cloud(20000, 0.3, angle, rng=1)
    variances, axes = np.linalg.eigh(np.cov(cloud.T))
    direction = np.degrees(np.arctan2(axes[1, 1], axes[0, 1]))
    assert (direction - angle + 90) % 180 - 90 == pytest.approx(0, abs=1)
    assert np.sqrt(variances) == pytest.approx([0.3, 1], rel=0.03)


def test_every_step_is_ojas_rule_and_the_last_update_is_there():
    cloud = make_cloud(50, 0.5, rng=2)
    wcourse = learn(cloud, initial_angle=90, eta=0.05)
    assert wcourse.shape == (51, 2)
    np.testing.assert_allclose(wcourse[0], [0, 1], atol=1e-12)
    for w, following, x in zip(wcourse[:-1], wcourse[1:], cloud, strict=True):
        y = w @ x
        np.testing.assert_allclose(following, w + 0.05 * y * (x - y * w))


def test_the_numbers_are_those_of_the_documented_loop():
    cloud = make_cloud(3000, 0.4, 20, rng=7)
    w = np.array([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    expected = []
    for point in cloud:
        expected.append(w)
        y = np.dot(w, point)
        w = w + 0.01 * y * (point - y * w)
    np.testing.assert_allclose(learn(cloud, 30, 0.01), [*expected, w], rtol=0, atol=1e-12)


def test_machine_code_and_plain_python_give_the_same_weights(monkeypatch):
    cloud = make_cloud(3000, 0.4, 20, rng=7)
    found = learn(cloud, 30)
    monkeypatch.setattr("neurodynex.ojas_rule.oja.compiled", lambda function: function)
    assert np.array_equal(learn(cloud, 30), found)


def test_weight_ends_along_the_long_axis_with_length_one():
    w = learn(make_cloud(10000, 0.3, 60, rng=3), rng=4)[-1]
    assert np.hypot(*w) == pytest.approx(1, abs=0.02)
    assert np.degrees(np.arctan2(w[1], w[0])) % 180 == pytest.approx(60, abs=5)


def test_off_centre_data_are_learnt_towards_their_mean():
    w = learn(5 + make_cloud(5000, 0.3, 0, rng=5), rng=6)[-1]
    assert np.degrees(np.arctan2(w[1], w[0])) % 180 == pytest.approx(45, abs=3)


def test_initial_directions_are_random_and_repeatable():
    cloud = make_cloud(10, rng=1)
    starts = [learn(cloud)[0] for _ in range(3)]
    assert len({tuple(w) for w in starts}) == 3
    np.testing.assert_allclose(np.hypot(*np.array(starts).T), 1)
    np.random.seed(5)
    first = run_oja(100, do_plot=False)
    np.random.seed(5)
    assert np.array_equal(run_oja(100, do_plot=False), first)
    assert np.array_equal(run_oja(100, do_plot=False, rng=8), run_oja(100, do_plot=False, rng=8))


def test_result_is_plotted_only_where_asked():
    run_oja(100, do_plot=False)
    assert plt.get_fignums() == []
    run_oja(100)
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: make_cloud(0),
        lambda: make_cloud(10, ratio=-1),
        lambda: make_cloud(10, angle=np.nan),
        lambda: learn([1, 2, 3]),
        lambda: learn([[1, np.nan]]),
        lambda: learn(make_cloud(10), eta=-1),
        lambda: learn(make_cloud(1000, rng=1), eta=50),
    ],
)
def test_impossible_cloud_or_learning_is_refused(call):
    with pytest.raises(ValueError):
        call()

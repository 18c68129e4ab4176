"""Oja's rule: the references against independent facts, and how answers are judged."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rayleigh

from autograder.answers.spread_angles import axial_resultant
from autograder.assignments.ojas_rule import questions as definition
from autograder.assignments.ojas_rule import reference as oja
from autograder.course import Context
from autograder.tolerance import Axis, about
from neurodynex.answer_data.encode import encode
from neurodynex.ojas_rule.oja import learn, make_cloud
from tests.conftest import COURSE, judged

ADA = Context.of("ada", "ojas_rule", COURSE)


def final_weights(clouds, rng, eta=0.001):
    """Run the rule over many clouds at once, each from a random direction; shapes (runs, n, 2) and (runs, 2)."""
    start = rng.uniform(0, 2 * np.pi, len(clouds))
    w = np.column_stack([np.cos(start), np.sin(start)])
    for x in np.swapaxes(clouds, 0, 1):
        y = (w * x).sum(axis=1, keepdims=True)
        w = w + eta * y * (x - y * w)
    return w


def ellipses(rng, runs, ratio, angle):
    return np.linalg.cholesky(oja.covariance(ratio, angle)) @ rng.standard_normal((runs, 10000, 2, 1))


def angles_of(weights):
    return np.degrees(np.arctan2(weights[:, 1], weights[:, 0]))


@pytest.mark.parametrize("angle", [0, 30, 100, 160, 200])
def test_the_covariance_is_that_of_the_librarys_cloud(angle):
    assert np.allclose(oja.covariance(0.3, angle), np.cov(make_cloud(40000, 0.3, angle, rng=1).T), atol=0.03)
    assert oja.principal_direction(oja.covariance(0.3, angle)) == pytest.approx(angle % 180, abs=1e-6)


def test_a_circular_cloud_has_no_direction_and_the_length_is_one():
    assert np.allclose(oja.covariance(1, 37), np.eye(2))
    for matrix in (oja.covariance(1, 0), oja.covariance(0.3, 20), oja.second_moments(0.3, 160, (5, 5))):
        assert oja.final_length(matrix) == pytest.approx(1)


def test_the_stable_fixed_point_of_the_mean_rule_is_the_eigenvector():
    matrix, w = oja.second_moments(0.3, 160, (5, 5)), np.array([1.0, -0.2])
    for _ in range(2000):
        w = w + 0.01 * (matrix @ w - (w @ matrix @ w) * w)
    assert oja.direction(w) == pytest.approx(oja.principal_direction(matrix), abs=1e-6)


def test_angles_differ_by_half_turns_only_where_they_are_the_same():
    axis = about(170, 5)
    assert axis.contains([165, 175, -10, -5.0, -15, 350, 345, -190, 530]).all()
    assert not axis.contains([164.9, 175.1, -4.9, 0, 80, np.nan, np.inf]).any()
    assert isinstance(axis, Axis)


def test_the_axial_resultant_has_the_distribution_of_rayleigh():
    resultants = [axial_resultant(a) for a in np.random.default_rng(2).uniform(0, 360, (4000, 10))]
    # For n random directions, n times the square of the resultant is about exponential (Mardia and Jupp, 2000).
    assert np.quantile(resultants, 0.9) == pytest.approx(rayleigh.ppf(0.9, scale=np.sqrt(1 / 20)), rel=0.05)
    assert np.mean(np.array(resultants) > 0.8) < 0.004


def test_honest_runs_on_circular_data_are_accepted():
    rng = np.random.default_rng(3)
    weights = final_weights(rng.standard_normal((200, 10000, 2)), rng)
    assert np.abs(np.hypot(*weights.T) - 1).max() < 0.002
    angles = angles_of(weights)
    assert all(axial_resultant(ten) <= 0.8 for ten in angles.reshape(-1, 10))
    # All runs over one cloud: it is the initial direction that makes them differ.
    same = final_weights(np.broadcast_to(rng.standard_normal((1, 10000, 2)), (200, 10000, 2)), rng)
    assert axial_resultant(angles_of(same)) < 0.3


def test_honest_runs_off_the_centre_are_accepted():
    rng = np.random.default_rng(4)
    clouds = np.array(definition.CENTRE) + ellipses(rng, 150, 0.3, definition.TILT)[..., 0]
    angles = angles_of(final_weights(clouds, rng))
    assert definition.of_the_mean(ADA).contains(angles).mean() > 0.99
    assert definition.of_the_mean(ADA).contains(
        oja.principal_direction(oja.second_moments(0.3, definition.TILT, definition.CENTRE))
    )


def test_honest_runs_on_elliptic_data_nearly_never_miss():
    rng = np.random.default_rng(5)
    for ratio, axis, margin in ((definition.RATIO, 60, definition.MARGIN), (definition.ACROSS, 150, 10)):
        angles = angles_of(final_weights(ellipses(rng, 300, ratio, 60)[..., 0], rng))
        assert about(axis, margin).contains(angles).mean() > 0.985
        assert np.median(np.abs(angles % 180 - axis)) < 1.5


@pytest.mark.parametrize("student", ["ada", "bob", "eve", "mallory"])
def test_hidden_angles_keep_the_slips_apart(student):
    context = Context.of(student, "ojas_rule", COURSE)
    assert definition.hidden_angles(context) == definition.hidden_angles(context)
    for _, angle in definition.hidden_angles(context):
        band = about(angle, 5)
        assert not band.contains([-angle, angle + 90, 90 - angle, np.radians(angle)]).any()
    shifts = definition.hidden_shifts(context)
    for axis in definition.shifted_directions(context, shifts):
        assert not about(axis, 5).contains([-axis, axis + 90, 90 - axis, 45, np.radians(axis)]).any()


@pytest.mark.parametrize("student", ["ada", "bob", "eve"])
def test_the_hidden_clouds_tell_the_mean_from_the_principal_axis(student):
    for (cloud,) in definition.hidden_clouds(Context.of(student, "ojas_rule", COURSE)):
        axis = oja.direction(oja.principal_axis(cloud))
        assert not about(axis, 30).contains(oja.direction(cloud.mean(axis=0)))
        assert about(axis, 5).contains(oja.direction(learn(cloud - cloud.mean(axis=0), rng=1)[-1]))
        assert not about(axis, 5).contains(oja.direction(learn(cloud, rng=1)[-1]))


# As runs give them: no round numbers.
SPREAD = [angle + 1 / 7 for angle in (3.0, 50, 90, 130, 170, 200, 260, 300, 330, -20, -100, 77)]


@pytest.mark.parametrize(
    "wrap", [list, tuple, np.array, pd.Series, lambda a: np.array(a) % 180, lambda a: np.array(a)[:, None]]
)
@pytest.mark.parametrize(
    "norm", [1, 1.0003, np.full(12, 1.02), [0.98] * 12, (1.0,), pd.Series([1.0] * 12), np.array(1.01)], ids=str
)
def test_final_angles_and_lengths_come_in_every_natural_form(wrap, norm):
    assert judged("oja_circular", {"final_angles": wrap(SPREAD), "final_norm": norm}).score == 4


@pytest.mark.parametrize(
    ("angles", "norm", "score", "mistake"),
    [
        (np.radians(SPREAD), 1, 1, "radians"),
        ([45.3 + 1 / 7 * k for k in range(10)], 1, 1, None),
        (list(range(0, 360, 30)), 1.0, 1, "not computed"),
        (np.linspace(0, 350, 11), 1.0, 1, "not computed"),
        (np.round(SPREAD, 2), 1.0, 1, "not computed"),
        (list(np.array(SPREAD) + 360), 1.0, 4, None),
        (list(1e3 * np.array(SPREAD)), 1.0, 1, "more than two turns"),
        ([0.5, 12.25, 77.1, 90, 123.4, 170, 33, 22, 11, 140.5], 1, 1, "not computed"),
        (SPREAD[:9], 1, 1, "form"),
        (45.0, 1, 1, "form"),
        (SPREAD, 1.03, 3, None),
        (SPREAD, [1.0] * 11 + [0.5], 3, None),
        (SPREAD, [1.0] * 11, 3, "form"),
        (SPREAD, [], 3, "form"),
        (SPREAD, "1", 3, "form"),
        ([*SPREAD, np.nan], 1, 1, "form"),
    ],
)
def test_wrong_answers_on_circular_data(angles, norm, score, mistake):
    result = judged("oja_circular", {"final_angles": angles, "final_norm": norm})
    assert (result.score, result.mistake) == (score, mistake)


RNG = np.random.default_rng(11)


def runs(ratio, angle, shift=(0.0, 0.0), **how):
    """Let the library's rule learn once; return the last weight."""
    return learn(make_cloud(10000, ratio, angle, rng=RNG) + np.array(shift), rng=RNG, **how)[-1]


def degrees(w):
    return np.degrees(np.arctan2(w[1], w[0]))


def elliptic(function, times=3):
    inputs = definition.hidden_angles(ADA)
    encoded = [[encode(function(*arguments)) for arguments in inputs] for _ in range(times)]
    return judged("oja_elliptic", {}, **{"call:learned_angle": {"calls": encoded}})


def off(ratio, angle, by):
    """Return the long axis of the cloud, and so many degrees more, as a run that scatters gives it."""
    return angle + (90 if ratio > 1 else 0) + by + RNG.normal(0, 0.01)


@pytest.mark.parametrize(
    "function",
    [
        lambda ratio, angle: degrees(runs(ratio, angle)),
        lambda ratio, angle: degrees(runs(ratio, angle, eta=0.002)) % 180,
        lambda ratio, angle: off(ratio, angle, 4.9),
        lambda ratio, angle: [off(ratio, angle, -180)],
        lambda ratio, angle: np.array(off(ratio, angle, 180)),
        lambda ratio, angle: np.degrees(np.arctan(np.divide(*runs(ratio, angle)[::-1]))),
        lambda ratio, angle: round(off(ratio, angle, 0.3)),
        lambda ratio, angle: complex(off(ratio, angle, 0.3)),
    ],
)
def test_directions_are_accepted_on_any_branch(function):
    result = elliptic(function)
    assert result.score == 4, result.message


def test_one_miss_in_all_is_chance_and_two_are_not():
    right = [[off(*arguments, 0) for arguments in definition.hidden_angles(ADA)] for _ in range(3)]

    def score(*misses):
        rounds = [[encode(v + 40 * ((r, c) in misses)) for c, v in enumerate(row)] for r, row in enumerate(right)]
        return judged("oja_elliptic", {}, **{"call:learned_angle": {"calls": rounds}}).score

    assert [score(), score((1, 2)), score((0, 0), (1, 2)), score((0, 0), (1, 0))] == [4, 4, 0, 0]


def test_a_miss_that_a_cache_or_a_seed_keeps_counts_once():
    right = [off(*arguments, 0) for arguments in definition.hidden_angles(ADA)]

    def score(*misses):
        row = [encode(value + 40 * (at in misses)) for at, value in enumerate(right)]
        return judged("oja_elliptic", {}, **{"call:learned_angle": {"calls": [row] * 3}}).score

    assert [score(), score(2), score(0, 2)] == [4, 4, 0]


def test_a_mirror_image_that_a_cache_keeps_is_no_chance():
    right = [off(*arguments, 0) for arguments in definition.hidden_angles(ADA)]
    row = [encode(-right[0]), *map(encode, right[1:])]
    result = judged("oja_elliptic", {}, **{"call:learned_angle": {"calls": [row] * 3}})
    assert (result.score, result.mistake) == (0, "sign lost")


@pytest.mark.parametrize("attempt", range(12))
@pytest.mark.parametrize(
    "angle_of",
    [
        lambda w: np.degrees(np.arccos(w[0] / np.hypot(*w))),
        lambda w: np.degrees(np.arcsin(w[1] / np.hypot(*w))),
    ],
)
def test_a_sign_that_is_lost_is_caught_in_every_submission(angle_of, attempt):
    result = elliptic(lambda ratio, angle: angle_of(runs(ratio, angle)))
    assert (result.score, result.mistake) == (0, "sign lost"), result.message


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda ratio, angle: np.radians(off(ratio, angle, 0)), "radians"),
        (lambda ratio, angle: np.radians(off(ratio, angle, 0)) - np.pi, "radians"),
        (lambda ratio, angle: off(ratio, angle, 90), "short axis"),
        (lambda ratio, angle: -off(ratio, angle, 0), "clockwise"),
        (lambda ratio, angle: degrees(runs(ratio, angle)[::-1]), "arctan2 exchanged"),
        (lambda ratio, angle: np.degrees(np.arctan(np.abs(np.divide(*runs(ratio, angle)[::-1])))), "sign lost"),
        (lambda ratio, angle: angle, "nothing learned"),
        (lambda ratio, angle: angle + 90 * (ratio > 1), "nothing learned"),
        (lambda ratio, angle: angle % 180 - 180, "nothing learned"),
        (lambda ratio, angle: degrees(runs(0.3, angle)), "ratio not used"),
        (lambda ratio, angle: degrees(runs(ratio, 0)), "angle not used"),
        (lambda ratio, angle: RNG.uniform(0, 360), "not settled"),
        (lambda ratio, angle: degrees(learn(make_cloud(100, ratio, angle, rng=RNG), rng=RNG)[0]), "not settled"),
        (lambda ratio, angle: off(ratio, angle, 11), None),
        (lambda ratio, angle: [np.cos(np.radians(angle)), np.sin(np.radians(angle))], "form"),
        (lambda ratio, angle: np.nan, "form"),
    ],
)
def test_the_slips_of_the_learned_direction_are_named(function, mistake):
    result = elliptic(function)
    assert (result.score, result.mistake) == (0, mistake), result.message


def shifted(function):
    inputs = definition.hidden_shifts(ADA)
    encoded = [[encode(function(*arguments)) for arguments in inputs] for _ in range(3)]
    return judged("oja_noncentered", {"noncentered_angle": 44.7}, **{"call:shifted_angle": {"calls": encoded}})


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: degrees(runs(0.3, 160, (x, y))),
        lambda x, y: degrees(-runs(0.3, 160, (x, y), eta=0.002)),
    ],
)
def test_what_is_learned_about_other_points_is_accepted(function):
    assert shifted(function).score == 3


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda x, y: degrees(runs(0.3, 160, (x, y))[::-1]), "arctan2 exchanged"),
        (lambda x, y: degrees(runs(0.3, 160, (5, 5))), "arguments not used"),
        (lambda x, y: degrees(runs(0.3, 160)), "not shifted"),
        (lambda x, y: np.radians(degrees(runs(0.3, 160, (x, y)))), "radians"),
        (lambda x, y: np.degrees(np.arctan2(y, x)), "nothing learned"),
        (lambda x, y: degrees(runs(0.3, 160, (y, x))), "arctan2 exchanged"),
    ],
)
def test_the_slips_about_other_points_are_named(function, mistake):
    result = shifted(function)
    assert (result.score, result.parts[1].mistake) == (1, mistake), result.message


@pytest.mark.parametrize("angle", [45, 40, 50.0, -135, 225, [44.0], np.float32(46), pd.Series([43.2])], ids=repr)
def test_the_direction_off_the_centre_is_accepted_modulo_a_half_turn(angle):
    assert judged("oja_noncentered", {"noncentered_angle": angle}).parts[0].status == "passed"


@pytest.mark.parametrize(
    ("angle", "mistake"),
    [(160, "the ellipse's angle"), (-20, "the ellipse's angle"), (0.785, "radians"), (-2.356, "radians")]
    + [(135, None), (51, None), ([45, 45], "form")],
)
def test_the_slips_off_the_centre_are_named(angle, mistake):
    result = judged("oja_noncentered", {"noncentered_angle": angle})
    assert (result.score, result.mistake) == (0, mistake)


@pytest.mark.parametrize(
    "word", ["first principal component", "First-Principal_Component", ["FIRSTPRINCIPALCOMPONENT"]]
)
def test_what_the_rule_finds_is_a_listed_word(word):
    assert judged("oja_what", {"oja_finds": word}).score == 1
    assert judged("oja_what", {"oja_finds": "principal component"}).mistake == "form"


def bonus(*rounds):
    clouds = definition.hidden_clouds(ADA)
    assert not any(cloud.flags.writeable for (cloud,) in clouds)
    # A function gets clouds of its own, out of what the sandbox was told.
    encoded = [[encode(function(cloud.copy())) for (cloud,) in clouds] for function in rounds]
    return judged("oja_bonus", {}, **{"call:learn_centered": {"calls": encoded}})


@pytest.mark.parametrize(
    "function",
    [
        lambda cloud: learn(cloud - cloud.mean(axis=0), rng=2)[-1],
        lambda cloud: -oja.principal_axis(cloud),
        lambda cloud: list(3 * oja.principal_axis(cloud)),
        lambda cloud: oja.principal_axis(cloud)[None, :],
        lambda cloud: pd.Series(oja.principal_axis(cloud)),
    ],
)
def test_the_bonus_accepts_the_direction_in_any_form_and_length(function):
    result = bonus(function, function)
    assert (result.score, result.max_score, result.bonus) == (2, 0, True)


def test_a_running_mean_in_the_rule_is_accepted():
    def learn_centered(cloud):
        w, m = np.array([0.0, 1.0]), np.zeros(2)
        for x in cloud:
            m += 0.01 * (x - m)
            y = w @ (x - m)
            w = w + 0.001 * y * (x - m - y * w)
        return w

    assert bonus(learn_centered, learn_centered).score == 2


def hebbian(cloud):
    """Learn without decay."""
    w = np.array([0.0, 1.0])
    for x in cloud - cloud.mean(axis=0):
        w = w + 0.001 * (w @ x) * x
    return w


def test_a_function_that_changes_its_cloud_in_place_does_not_change_the_judges():
    def learn_centered(cloud):
        cloud -= cloud.mean(axis=0)
        return oja.principal_axis(cloud)

    assert bonus(learn_centered, learn_centered).score == 2


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda cloud: learn(cloud, rng=2)[-1], "not centred"),
        (lambda cloud: np.zeros(2), "vanishes"),
        (lambda cloud: 1e-3 * oja.principal_axis(cloud), "vanishes"),
        (lambda cloud: 1e3 * oja.principal_axis(cloud), "grows"),
        (hebbian, "grows"),
        (lambda cloud: [1.0, 2.0, 3.0], "form"),
        (lambda cloud: learn(cloud[:50]), "form"),
        (lambda cloud: None, "form"),
        (lambda cloud: 30.0, "form"),
        (lambda cloud: np.array([np.nan, 1.0]), "form"),
    ],
)
def test_wrong_weights_off_the_centre_are_refused(function, mistake):
    result = bonus(function, function)
    assert (result.score, result.mistake) == (0, mistake)

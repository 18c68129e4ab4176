"""Hopfield network: the references against independent facts, and how answers are judged."""

import math

import numpy as np
import pandas as pd
import pytest

from autograder.assignments.hopfield_network import questions as definition
from autograder.assignments.hopfield_network import reference as hopfield
from autograder.course import Context
from neurodynex.answer_data.encode import encode
from neurodynex.check import evaluate
from neurodynex.hopfield_network.hopfield import HopfieldNetwork
from tests.conftest import COURSE, judged

ADA = Context.of("ada", "hopfield_network", COURSE)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def library_network(patterns, self_coupling=True):
    network = HopfieldNetwork(round(math.sqrt(patterns.shape[1])), self_coupling=self_coupling)
    network.patterns = patterns
    network.weight = patterns.T @ patterns / patterns.shape[1]
    if not self_coupling:
        np.fill_diagonal(network.weight, 0)
    return network


def test_the_rule_of_thumb_is_the_mean_field_theory_rounded():
    # Amit, Gutfreund and Sompolinsky (1987): 0.138.
    assert hopfield.mean_field_ratio() == pytest.approx(0.138, abs=5e-4)
    assert round(hopfield.mean_field_ratio(), 2) == hopfield.TEXTBOOK_RATIO


def test_random_patterns_are_balanced(rng):
    patterns = hopfield.balanced_patterns(rng, 3, 4, 16)
    assert patterns.shape == (3, 4, 16) and (patterns.sum(axis=2) == 0).all()


@pytest.mark.parametrize("self_coupling", [True, False])
def test_a_step_is_that_of_the_library(rng, self_coupling):
    patterns = hopfield.balanced_patterns(rng, 4, 7, 36)
    states = rng.choice([-1, 1], (4, 36)).astype(np.int32)
    following = hopfield.next_state(patterns, states, self_coupling)
    for stored, state, expected in zip(patterns, states, following, strict=True):
        network = library_network(stored, self_coupling)
        network.x = state
        network.dynamic()
        assert np.array_equal(network.x, expected)


@pytest.mark.parametrize("self_coupling", [True, False])
def test_the_first_loss_is_found_as_by_hand(rng, self_coupling):
    patterns = hopfield.balanced_patterns(rng, 12, 14, 16)
    for stored, before in zip(patterns, hopfield.stored_before_a_loss(patterns, self_coupling), strict=True):
        for count in range(1, 15):
            network = library_network(stored[:count], self_coupling)
            kept = all(network.run(mu=mu, t_max=1, do_plot=False) == 1 for mu in range(count))
            assert kept or count > before
            if not kept:
                assert count == before + 1
                break


@pytest.mark.parametrize("self_coupling", [True, False])
@pytest.mark.parametrize(("side", "networks"), [(4, 3000), (10, 600)])
def test_the_accepted_capacities_hold_the_typical_ones_of_few_networks(rng, side, networks, self_coupling):
    patterns = hopfield.balanced_patterns(rng, networks, side**2 // 4 + 12, side**2)
    stored = hopfield.stored_before_a_loss(patterns, self_coupling)
    band = definition.CAPACITIES[side]
    medians = np.median(stored.reshape(-1, 10), axis=1)
    assert band.contains(medians).mean() > 0.97


def test_the_accepted_flips_hold_what_single_networks_and_few_runs_tell(rng):
    assert hopfield.recalled_share(0) > 0.99
    assert hopfield.recalled_share(20, seed=1) > 0.9 and hopfield.recalled_share(42, seed=1) < 0.25
    assert definition.FLIPS.contains(hopfield.tolerated_flips())
    for seed in range(6):
        network = HopfieldNetwork(10, rng=seed)
        network.make_pattern(8)
        flips = np.arange(0, 61, 5)
        shares = [np.mean([network.run(10, r % 8, k / 100, do_plot=False) == 1 for r in range(12)]) for k in flips]
        assert definition.FLIPS.contains(flips[np.array(shares) > 0.5].max())


@pytest.mark.parametrize("letters", definition.LETTERS)
@pytest.mark.parametrize("self_coupling", [True, False])
def test_the_letters_are_recalled_as_by_the_library_with_and_without_self_coupling(letters, self_coupling):
    network = HopfieldNetwork(10, self_coupling=self_coupling)
    network.make_pattern(letters=letters)
    recalled = sum(network.run(mu=mu, do_plot=False) == 1 for mu in range(len(letters)))
    assert recalled == hopfield.recalled_letters(letters, self_coupling)
    assert definition.letter_band(ADA, letters).contains(recalled)


def test_the_smooth_step_is_the_hyperbolic_tangent_and_the_sign_when_steep(rng):
    weight, x = rng.normal(size=(6, 6)), rng.normal(size=6)
    assert np.allclose(
        hopfield.smooth_step(weight, x, 1.7), [math.tanh(1.7 * h) for h in weight @ x], rtol=0, atol=1e-12
    )
    assert np.array_equal(np.sign(hopfield.smooth_step(weight, x, 200.0)), np.sign(weight @ x))


def test_the_hidden_steps_are_a_students_own_and_always_the_same():
    first, again, other = (
        definition.hidden_steps(Context.of(student, "hopfield_network", COURSE)) for student in ("ada", "ada", "bob")
    )
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0][1], other[0][1])


@pytest.mark.parametrize("value", [1, 1.0, [1.0], np.float64(1), 0.9999999999999998, pd.Series([1])], ids=repr)
def test_the_overlap_of_one_pattern_is_accepted_in_every_form(value):
    assert judged("hopfield_recall", {"overlap_single": value}).score == 1


@pytest.mark.parametrize(
    ("value", "mistake"), [(-1, "inverse"), (16, "not divided by N"), (100, "percent"), (0.5, None)]
)
def test_the_slips_of_the_overlap_are_named(value, mistake):
    assert judged("hopfield_recall", {"overlap_single": value}).mistake == mistake


@pytest.mark.parametrize(
    ("question", "name", "values"),
    [
        ("hopfield_capacity_4", "capacity_4x4", [3, 4, 5, 6, 7.5]),
        ("hopfield_capacity_10", "capacity_10x10", [8.5, 10.5, 12.5, 15]),
        ("hopfield_errors", "tolerated_flips", [20, 37, 42]),
    ],
)
def test_what_is_accepted_passes_the_self_check(question, name, values):
    theory = {"theory_4x4": 2.24, "theory_10x10": 14}
    for value in [*values, [int(values[1])] * 10]:
        findings = evaluate(question, {name: value, **theory})
        assert all(finding.ok for finding in findings), [finding.message for finding in findings]


@pytest.mark.parametrize("value", [0.98, -1, 100, True, "1", None])
def test_any_other_overlap_is_refused(value):
    assert judged("hopfield_recall", {"overlap_single": value}).score == 0


CAPACITIES = {
    4: [
        3,
        5.0,
        np.int64(7),
        7.5,
        [6],
        np.array(7, dtype=object),
        6.000000000000001,
        5 + 0j,
        {4},
        [5] * 9 + [12],
        np.arange(1, 11),
    ],
    10: [
        8.5,
        15,
        12.5,
        np.median([12] * 20 + [13] * 20),
        pd.Series([9, 10, 11, 12, 13] * 2),
        [[12]] * 12,
        (12.0,) * 10,
    ],
}


@pytest.mark.parametrize("count", CAPACITIES[4], ids=repr)
@pytest.mark.parametrize("theory", [0.14 * 16, 2.208, 2.2, 2.3])
def test_the_capacity_is_accepted_as_a_median_or_as_what_was_counted_in_each_network(count, theory):
    assert judged("hopfield_capacity_4", {"capacity_4x4": count, "theory_4x4": theory}).score == 3


@pytest.mark.parametrize(
    ("count", "theory", "score", "mistake"),
    [
        (6, 0.14 * 4, 2, "N = 4"),
        (6, 0.138 * 4, 2, "N = 4"),
        (6, 2, 2, "rounded"),
        (6, 0.14, 2, "only the factor"),
        (6, 0.14 * 256, 2, "N squared"),
        (6, 14, 2, "other network"),
        (5.3, 2.24, 1, "form"),
        (2.5, 2.24, 1, None),
        (8, 2.24, 1, "only pattern 0 tested"),
        (12, 2.24, 1, "only pattern 0 tested"),
        ([5] * 9, 2.24, 1, "form"),
        ([5] * 9 + [5.5], 2.24, 1, "form"),
        ({5: 7, 6: 8}, 2.24, 1, "form"),
        ({4, 5, 6}, 2.24, 1, "form"),
        ([1] * 12, 2.24, 1, None),
    ],
)
def test_wrong_capacities_of_the_small_network(count, theory, score, mistake):
    result = judged("hopfield_capacity_4", {"capacity_4x4": count, "theory_4x4": theory})
    assert (result.score, result.mistake) == (score, mistake)


@pytest.mark.parametrize(
    ("count", "theory", "score", "mistake"),
    [
        (12, 14, 3, None),
        (9, 0.14 * 100, 3, None),
        (12.5, 13.8, 3, None),
        (14, 1.4, 2, "N = 10"),
        (16, 14, 1, "only pattern 0 tested"),
        (29, 14, 1, "only pattern 0 tested"),
        ([24, 20, 18, 30, 22] * 2, 14, 1, "only pattern 0 tested"),
        (5, 14, 1, None),
        (8, 14, 1, None),
        (12.3, 14, 1, "form"),
        (12, 2.24, 2, "other network"),
        (12, 1400, 2, "N squared"),
        (12, 10, 2, None),
    ],
)
def test_capacities_of_the_large_network(count, theory, score, mistake):
    result = judged("hopfield_capacity_10", {"capacity_10x10": count, "theory_10x10": theory})
    assert (result.score, result.mistake) == (score, mistake)


@pytest.mark.parametrize(
    ("flips", "mistake"),
    [(0.35, "ratio"), (0.2, "ratio"), (19, None), (43, None), (33.4, "form"), (0.7, "form"), (65, "right pixels")],
)
def test_wrong_numbers_of_flips_are_refused_and_a_ratio_is_named(flips, mistake):
    result = judged("hopfield_errors", {"tolerated_flips": flips})
    assert (result.score, result.mistake) == (0, mistake)


@pytest.mark.parametrize("flips", [20, 42, 35.0, 0.29 * 100, np.float64(30), 34.5, [30, 35] * 5])
def test_right_numbers_of_flips_are_accepted(flips):
    assert judged("hopfield_errors", {"tolerated_flips": flips}).score == 3


def right_counts():
    return {letters: hopfield.recalled_letters(letters) for letters in definition.LETTERS}


@pytest.mark.parametrize(
    "change",
    [
        lambda counts: counts,
        lambda counts: {key.upper(): float(count) for key, count in counts.items()},
        lambda counts: {**counts, "xyz": 3},
        lambda counts: {key: np.int64(count) for key, count in counts.items()},
        lambda counts: {key: [count] for key, count in counts.items()},
    ],
)
def test_recalled_letters_are_accepted_in_natural_forms(change):
    result = judged("hopfield_letters", {"recalled_letters": change(right_counts()), "reason": "Correlation"})
    assert result.score == 3


@pytest.mark.parametrize(
    ("counts", "reason", "score", "mistake"),
    [
        ({"abc": 3, "abcdefghij": 10}, "correlation", 1, "wrong pixels allowed"),
        ({"abc": 3, "abcdefghij": 2}, "correlation", 1, "wrong pixels allowed"),
        ({"abc": 2, "abcdefghij": 0}, "correlation", 1, None),
        ({"abc": 3}, "correlation", 1, "form"),
        ({"abc": 3.5, "abcdefghij": 0}, "correlation", 1, "form"),
        ([3, 0], "correlation", 1, "form"),
        ({"abc": 3, "abcdefghij": 0}, "capacity", 2, None),
        ({"abc": 3, "abcdefghij": 0}, "they are alike", 2, "form"),
    ],
)
def test_wrong_answers_on_letters(counts, reason, score, mistake):
    result = judged("hopfield_letters", {"recalled_letters": counts, "reason": reason})
    assert (result.score, result.mistake) == (score, mistake)


def bonus(function):
    rounds = [[encode(function(*arguments)) for arguments in definition.hidden_steps(ADA)]]
    return judged("hopfield_bonus", {}, **{"call:smooth_step": {"calls": rounds}})


@pytest.mark.parametrize(
    "function",
    [
        lambda w, x, b: np.tanh(b * w @ x),
        lambda w, x, b: np.tanh(b * (w @ x)).tolist(),
        lambda w, x, b: np.tanh(b * w @ x[:, None]),
        lambda w, x, b: pd.Series(np.tanh(b * w.dot(x))),
        lambda w, x, b: [np.tanh(b * h) for h in w @ x],
    ],
)
def test_the_bonus_counts_beyond_the_maximum(function):
    result = bonus(function)
    assert (result.score, result.max_score, result.bonus) == (2, 0, True)


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        (lambda w, x, b: np.tanh(w @ x), "no beta"),
        (lambda w, x, b: b * np.tanh(w @ x), "beta outside"),
        (lambda w, x, b: np.sign(w @ x), "sign"),
        (lambda w, x, b: 1 / (1 + np.exp(-b * w @ x)), "logistic"),
        (lambda w, x, b: np.tanh(b * w @ x / x.size), "divided by N"),
        (lambda w, x, b: b * w @ x, "no tanh"),
        (lambda w, x, b: np.tanh(b + w @ x), None),
        (lambda w, x, b: None, "form"),
        (lambda w, x, b: [[1, 2], [3]], "form"),
        (lambda w, x, b: "tanh", "form"),
        (lambda w, x, b: np.tanh(b * w @ x)[:-1], "form"),
        (lambda w, x, b: np.full(x.size, np.nan), "form"),
        (lambda w, x, b: {"x": 1}, "form"),
    ],
)
def test_wrong_smooth_steps_are_refused(function, mistake):
    result = bonus(function)
    assert (result.score, result.mistake) == (0, mistake)

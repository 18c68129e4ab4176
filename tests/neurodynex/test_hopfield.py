"""The Hopfield network exercise."""

import tracemalloc

import matplotlib.pyplot as plt
import numpy as np
import pytest

from neurodynex.hopfield_network.hopfield import HopfieldNetwork, load_alphabet


def network_with(P, N=10, **options):
    network = HopfieldNetwork(N, rng=3, **options)
    network.make_pattern(P)
    return network


def test_weights_are_the_sum_over_the_patterns():
    network = network_with(5)
    expected = sum(np.outer(p, p) for p in network.patterns) / 100
    np.testing.assert_allclose(network.weight, expected)
    assert np.all(np.diag(network.weight) == 0.05)


def test_self_coupling_can_be_left_out():
    with_it, without = network_with(5), network_with(5, self_coupling=False)
    assert np.all(np.diag(without.weight) == 0)
    np.testing.assert_allclose(without.weight, with_it.weight - np.diag(np.diag(with_it.weight)))


def test_patterns_are_added_to_the_stored_ones():
    network = network_with(3)
    before = network.patterns.copy()
    network.make_pattern(2)
    network.make_pattern(letters="ab")
    assert network.patterns.shape == (7, 100)
    assert np.array_equal(network.patterns[:3], before)


@pytest.mark.parametrize("ratio, on", [(0.5, 50), (0.29, 29), (0, 0), (1, 100)])
def test_random_patterns_have_exactly_the_asked_share_of_pixels_on(ratio, on):
    network = HopfieldNetwork(10)
    network.make_pattern(4, ratio)
    assert np.all(np.sum(network.patterns == 1, axis=1) == on)
    assert set(np.unique(network.patterns)) <= {-1, 1}


@pytest.mark.parametrize("flip_ratio, flips", [(0.29, 29), (0, 0), (0.05, 5), (1, 100)])
def test_exactly_the_asked_number_of_pixels_is_flipped(flip_ratio, flips):
    network = network_with(1)
    assert network.run(t_max=0, flip_ratio=flip_ratio, do_plot=False) == pytest.approx(1 - 2 * flips / 100)
    assert np.sum(network.x != network.patterns[0]) == flips


def test_stored_patterns_are_not_changed_by_a_run():
    network = network_with(2)
    before = network.patterns.copy()
    network.run(mu=1, flip_ratio=0.3, do_plot=False)
    network.x = network.patterns[0]
    network.x[:] = -1
    assert np.array_equal(network.patterns, before)


def test_one_step_is_the_sign_of_the_input_and_plus_one_where_it_is_zero():
    network = network_with(3)
    network.x = np.where(np.arange(100) % 3 == 0, 1, -1)
    field = np.round(network.weight @ network.x, 9)
    network.dynamic()
    assert np.array_equal(network.x, np.where(field >= 0, 1, -1))
    empty = HopfieldNetwork(4)
    empty.dynamic()
    assert np.all(empty.x == 1)


def test_rounding_errors_of_a_zero_input_do_not_decide_the_sign():
    network = HopfieldNetwork(10)
    network.weight = np.full((100, 100), 1e-18) * np.where(np.arange(100) % 2, -1, 1)[:, None]
    network.dynamic()
    assert np.all(network.x == 1)


def test_state_set_by_the_student_works_before_any_run():
    network = network_with(2)
    network.x = network.grid(1) * -1
    assert network.overlap(1) == -1
    network.x = list(network.patterns[0])
    network.dynamic()
    assert network.overlap(0) == 1
    assert network.grid().shape == (10, 10)
    with pytest.raises(ValueError, match="100 pixels"):
        network.x = [1, -1]


def test_noisy_pattern_is_recalled():
    network = network_with(5)
    assert network.run(mu=2, flip_ratio=0.1, do_plot=False) == 1
    assert np.array_equal(network.grid(), network.grid(2))


def test_network_without_patterns_says_so():
    network = HopfieldNetwork(4)
    for call in (network.run, lambda: network.overlap(0), lambda: network.grid(0)):
        with pytest.raises(RuntimeError, match="make_pattern"):
            call()


@pytest.mark.parametrize("mu", [2, -1])
def test_pattern_that_is_not_there_is_an_index_error(mu):
    network = network_with(2)
    for call in (lambda: network.run(mu=mu), lambda: network.overlap(mu), lambda: network.grid(mu)):
        with pytest.raises(IndexError, match="2 stored patterns"):
            call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: HopfieldNetwork(0),
        lambda: HopfieldNetwork(2.5),
        lambda: HopfieldNetwork(4).make_pattern(letters="a"),
        lambda: HopfieldNetwork(10).make_pattern(letters="a1"),
        lambda: HopfieldNetwork(10).make_pattern(letters=""),
        lambda: HopfieldNetwork(10).make_pattern(P=0),
        lambda: HopfieldNetwork(10).make_pattern(ratio=50),
        lambda: network_with(1).run(flip_ratio=5),
        lambda: network_with(1).run(t_max=-1),
        lambda: network_with(1).run(t_max=1.5),
    ],
)
def test_impossible_network_or_run_is_refused(call):
    with pytest.raises(ValueError):
        call()


def test_a_seed_makes_a_network_repeatable_and_so_does_numpys_own():
    assert np.array_equal(network_with(3).patterns, network_with(3).patterns)
    patterns = []
    for _ in range(2):
        np.random.seed(7)
        network = HopfieldNetwork(6)
        network.make_pattern(2)
        patterns.append(network.patterns)
    assert np.array_equal(*patterns)


def test_alphabet_has_every_letter_once_in_both_cases():
    alphabet = load_alphabet()
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert set(alphabet) == set(letters + letters.upper())
    assert all(pattern.shape == (10, 10) and set(np.unique(pattern)) == {-1, 1} for pattern in alphabet.values())
    assert all(np.array_equal(alphabet[letter], alphabet[letter.upper()]) for letter in letters)
    assert len({alphabet[letter].tobytes() for letter in letters}) == 26
    on = [np.mean(alphabet[letter] == 1) for letter in letters]
    assert min(on) > 0.25 and max(on) < 0.75


def test_letters_are_stored_in_their_order_whatever_their_case():
    network = HopfieldNetwork(10)
    network.make_pattern(letters="bA")
    assert np.array_equal(network.grid(0), load_alphabet()["b"])
    assert np.array_equal(network.grid(1), load_alphabet()["a"])


def test_few_letters_are_recalled_and_many_are_not_because_they_are_alike():
    def recalled(letters):
        network = HopfieldNetwork(10)
        network.make_pattern(letters=letters)
        return sum(network.run(mu=mu, do_plot=False) == 1 for mu in range(len(letters)))

    assert recalled("abc") == 3
    assert recalled("abcdefghij") <= 2


def test_run_draws_its_states_into_one_figure_and_none_when_not_asked():
    network = network_with(8)
    network.run(do_plot=False)
    assert plt.get_fignums() == []
    overlap = network.run(flip_ratio=0.1)
    assert len(plt.get_fignums()) == 1
    images = [ax.images[0].get_array() for ax in plt.gcf().axes if ax.images]
    assert np.sum(images[0] != network.grid(0)) == 10
    assert np.array_equal(images[-1], network.grid())
    assert (overlap == 1) == plt.gcf().get_suptitle().startswith("Pattern 0 recalled")


def test_a_failed_recall_is_not_called_recalled():
    network = HopfieldNetwork(10)
    network.make_pattern(letters="abcdefghij")
    overlap = network.run(mu=3)
    assert overlap < 1
    wrong = round(100 * (1 - overlap) / 2)
    assert f"not recalled: {wrong} of 100" in plt.gcf().get_suptitle()


@pytest.mark.parametrize("self_coupling", [True, False])
def test_the_dynamics_are_those_of_the_weights_whether_or_not_anybody_looked_at_them(self_coupling):
    unseen, seen = (network_with(12, N=7, self_coupling=self_coupling) for _ in range(2))
    assert seen.weight.shape == (49, 49)
    for network in (unseen, seen):
        network.run(t_max=5, mu=3, flip_ratio=0.3, do_plot=False)
    assert np.array_equal(unseen.x, seen.x)
    assert np.array_equal(unseen.weight, seen.weight)
    for state in (np.linspace(-1, 1, 49), np.ones(49)):
        unseen, seen = (network_with(12, N=7, self_coupling=self_coupling) for _ in range(2))
        unseen.x = seen.x = state
        np.testing.assert_allclose(unseen._input(), seen.weight @ state, atol=1e-12)


def test_weights_that_a_student_changes_are_the_networks():
    network = network_with(2)
    network.weight[:, :50] = 0
    field = network.weight @ network.x
    network.dynamic()
    assert np.array_equal(network.x, np.where(field >= -1e-10, 1, -1))
    network.patterns[:] = 1
    assert not np.all(network.weight > 0)
    network.weight = -np.ones((100, 100))
    network.x = np.ones(100)
    network.dynamic()
    assert np.all(network.x == -1)


def test_a_network_of_10000_pixels_recalls_without_its_800_megabytes_of_weights():
    tracemalloc.start()
    network = HopfieldNetwork(100, rng=2)
    network.make_pattern(5)
    assert network.run(mu=4, flip_ratio=0.2, do_plot=False) == 1
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()

"""Tests if the Hopfield network exercise runs."""

from neurodynex.hopfield_network.hopfield import HopfieldNetwork, load_alphabet


def test_alphabet():
    """Test if alphabet is loadable."""
    assert load_alphabet()["a"].shape == (10, 10)


def test_net_random():
    """Test hopfield network with random patterns."""
    network = HopfieldNetwork(4)
    network.make_pattern()
    assert network.run() == 1


def test_net_alphabet():
    """Test hopfield network with alphabet patterns."""
    network = HopfieldNetwork(10)
    network.make_pattern(letters="abc")
    assert network.run(mu=1, flip_ratio=0.05) == 1

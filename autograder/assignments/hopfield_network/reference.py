"""The Hopfield network by exact integer arithmetic over many networks, and by mean-field theory (*Neuronal Dynamics*, chapter 17.2).

The field that a state x gets from P stored patterns is, times the number of neurons, the whole number
sum_mu p_i^mu (p^mu . x): no weight matrix and no rounding. None of the statistics is needed to judge an answer; they
justify the ranges that are accepted, and fill the answer key.
"""

from __future__ import annotations

from functools import lru_cache
from math import erf, exp, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit

from neurodynex.hopfield_network.hopfield import load_alphabet

Spins = NDArray[np.int32]
# Patterns per neuron, as the exercise's text rounds `mean_field_ratio`.
TEXTBOOK_RATIO = 0.14
STEPS = 20  # of the dynamics, as in HopfieldNetwork.run


def theoretical_capacity(neurons: int) -> float:
    """Return how many random patterns a large network of so many neurons stores, by the rule of the book."""
    return TEXTBOOK_RATIO * neurons


@lru_cache(maxsize=1)
def mean_field_ratio() -> float:
    """Return the largest number of random patterns per neuron at which retrieval states exist.

    From the mean-field equations at zero temperature: with the overlap m = erf(y), the load is
    (erf(y) / y - 2 / sqrt(pi) exp(-y**2))**2 / 2, whose maximum is sought (Amit, Gutfreund and Sompolinsky, *Annals of
    Physics* 173, 1987).
    """
    best = minimize_scalar(
        lambda y: -((erf(y) / y - 2 / sqrt(pi) * exp(-y * y)) ** 2) / 2, bounds=(0.5, 5.0), method="bounded"
    )
    return float(-best.fun)


def balanced_patterns(rng: np.random.Generator, networks: int, patterns: int, neurons: int) -> Spins:
    """Draw random patterns with half of their pixels on; shape (networks, patterns, neurons)."""
    half = np.where(np.arange(neurons) < round(neurons / 2), 1, -1).astype(np.int32)
    return rng.permuted(np.tile(half, (networks, patterns, 1)), axis=2)


def next_state(patterns: Spins, state: Spins, self_coupling: bool = True) -> Spins:
    """Return the state after one synchronous step, with the sign of zero taken as +1.

    Parameters
    ----------
    patterns : ndarray, shape (networks, patterns, neurons)
    state : ndarray, shape (networks, neurons)
    self_coupling : bool
        Whether the diagonal of the weights is kept.
    """
    similarity = np.einsum("bpi,bi->bp", patterns, state)
    field = np.einsum("bpi,bp->bi", patterns, similarity)
    if not self_coupling:
        field = field - patterns.shape[1] * state
    return np.where(field >= 0, 1, -1).astype(np.int32)


def final_state(patterns: Spins, state: Spins, self_coupling: bool = True) -> Spins:
    """Return the state after `STEPS` steps; shapes as in `next_state`."""
    for _ in range(STEPS):
        state = next_state(patterns, state, self_coupling)
    return state


def stored_before_a_loss(patterns: Spins, self_coupling: bool = True) -> NDArray[np.int_]:
    """Return for each network how many patterns it takes, one after the other, until one of them is no longer stable.

    Parameters
    ----------
    patterns : ndarray, shape (networks, patterns, neurons)
        In the order in which they are stored.
    """
    networks, most, _ = patterns.shape
    similarity = np.einsum("bpi,bqi->bpq", patterns, patterns)
    field = np.zeros_like(patterns)
    alive, stored = np.ones(networks, bool), np.zeros(networks, int)
    for count in range(1, most + 1):
        last = count - 1
        field += similarity[:, :, last, None] * patterns[:, last, None, :]
        seen = field[:, :count] - (0 if self_coupling else count * patterns[:, :count])
        alive &= (np.where(seen >= 0, 1, -1) == patterns[:, :count]).all(axis=(1, 2))
        stored[alive] = count
    return stored


@lru_cache(maxsize=4)
def typical_capacity(side: int) -> float:
    """Return the median number of patterns that a network of side x side pixels stores without an error."""
    neurons = side**2
    patterns = balanced_patterns(np.random.default_rng(0), 400, round(0.25 * neurons) + 10, neurons)
    return float(np.median(stored_before_a_loss(patterns)))


def recalled_share(flips: int, patterns: int = 8, side: int = 10, networks: int = 400, seed: int = 0) -> float:
    """Return the share of networks that get from a pattern with so many flipped pixels back to it exactly."""
    rng, neurons = np.random.default_rng(seed), side**2
    stored = balanced_patterns(rng, networks, patterns, neurons)
    flipped = rng.permuted(np.tile(np.arange(neurons) < flips, (networks, 1)), axis=1)
    start = np.where(flipped, -stored[:, 0], stored[:, 0])
    return float((final_state(stored, start) == stored[:, 0]).all(axis=1).mean())


@lru_cache(maxsize=1)
def tolerated_flips() -> int:
    """Return the largest number of flipped pixels, of 100, at which more than half of the runs end in the right pattern."""
    low, high = 0, 50  # half of the pixels flipped leave nothing of the pattern
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if recalled_share(middle) > 0.5 else (low, middle)
    return low


def recall_overlap(side: int = 4) -> float:
    """Return the overlap with the only stored pattern after a run that starts from it."""
    pattern = balanced_patterns(np.random.default_rng(0), 1, 1, side**2)
    final = final_state(pattern, pattern[:, 0])
    return float(np.einsum("bi,bi->b", pattern[:, 0], final)[0] / side**2)


@lru_cache(maxsize=8)
def recalled_letters(letters: str, self_coupling: bool = True) -> int:
    """Return how many of the letters a network that stores all of them recalls without a wrong pixel."""
    alphabet = load_alphabet()
    patterns = np.array([alphabet[letter].reshape(-1) for letter in letters], np.int32)
    everywhere = np.broadcast_to(patterns, (len(letters), *patterns.shape))
    return int((final_state(everywhere, patterns, self_coupling) == patterns).all(axis=1).sum())


def smooth_step(weight: ArrayLike, x: ArrayLike, beta: float) -> NDArray[np.float64]:
    """Return the state after one step with the transfer function tanh(beta h), here as a logistic function of 2 beta h."""
    field = np.einsum("ij,j->i", np.asarray(weight, float), np.asarray(x, float))
    return np.asarray(2 * expit(2 * beta * field) - 1)

"""A Hopfield network: an associative memory for patterns of N x N pixels.

Relevant book chapter: https://neuronaldynamics.epfl.ch/online/Ch17.S2.html
"""

from __future__ import annotations

import math
from importlib.resources import files
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from neurodynex._arguments import count, number
from neurodynex._plots import drawn_by_library
from neurodynex._random import generator

__all__ = ["HopfieldNetwork", "load_alphabet"]

#: Width and height of the letters in pixels.
_LETTER_SIZE = 10
#: Most states that `HopfieldNetwork.run` plots.
_MAX_FRAMES = 20


class HopfieldNetwork:
    """A Hopfield network of N x N neurons, which are pixels: -1 (off) or +1 (on).

    Parameters
    ----------
    N : int
        Square root of the number of neurons.
    self_coupling : bool
        Whether a neuron is connected to itself, as the rule for the weights has it. False sets those weights to zero.
    rng : int, numpy.random.Generator or None
        Seed or generator for random patterns and flipped pixels; by default NumPy's global random state.

    Attributes
    ----------
    N : int
        Square root of the number of neurons.
    patterns : numpy.ndarray, shape (P, N**2)
        The stored patterns.
    weight : numpy.ndarray, shape (N**2, N**2)
        The weights, ``(1/N**2) sum_mu p_i^mu p_j^mu``. They may be changed.
    x : numpy.ndarray, shape (N**2,)
        The network's state; all off at first. A state of shape (N, N) may be assigned as well.

    Raises
    ------
    ValueError
        If `N` is not a whole number of at least 1.

    Examples
    --------
    >>> network = HopfieldNetwork(4, rng=1)
    >>> network.make_pattern(P=2)
    >>> network.patterns.shape, network.weight.shape
    ((2, 16), (16, 16))
    """

    def __init__(self, N: int, *, self_coupling: bool = True, rng: int | np.random.Generator | None = None) -> None:
        self.N = count("N", N, low=1)
        self.self_coupling = self_coupling
        self.patterns = np.empty((0, self.N**2), dtype=int)
        self._stored = np.empty((0, self.N**2))
        self._weight: np.ndarray | None = None
        self.x = -np.ones(self.N**2, dtype=int)
        self._rng = generator(rng)

    @property
    def weight(self) -> np.ndarray:
        # 10,000 pixels have 100 million weights: they are made when somebody looks at them.
        if self._weight is None:
            self._weight = self._stored.T @ self._stored / self.N**2
            if not self.self_coupling:
                np.fill_diagonal(self._weight, 0)
        return self._weight

    @weight.setter
    def weight(self, weight: np.ndarray) -> None:
        self._weight = weight

    @property
    def x(self) -> np.ndarray:
        return self._x

    @x.setter
    def x(self, state: Any) -> None:
        state = np.array(state)  # a copy: the state must not share its memory with a stored pattern
        if state.size != self.N**2:
            raise ValueError(
                f"The state must have {self.N**2} pixels, but {state.size} came. "
                f"Assign an array of shape ({self.N**2},) or ({self.N}, {self.N})."
            )
        self._x = state.reshape(-1)

    def make_pattern(self, P: int = 1, ratio: float = 0.5, letters: str | None = None) -> None:
        """Create patterns and store them, in addition to those stored before.

        Parameters
        ----------
        P : int
            Number of random patterns; not used with `letters`.
        ratio : float
            Share of pixels that are on in a random pattern, from 0 to 1.
        letters : str, optional
            Store these letters instead, as in ``make_pattern(letters="abcdjft")``. Upper and lower case are the same.

        Raises
        ------
        ValueError
            If `letters` are given and N is not 10 or one is not a letter from a to z; if `P` or `ratio` is not
            possible.

        Examples
        --------
        >>> network = HopfieldNetwork(10)
        >>> network.make_pattern(letters="abc")
        >>> len(network.patterns)
        3
        """
        new = self._random_patterns(P, ratio) if letters is None else self._letter_patterns(letters)
        self.patterns = np.vstack([self.patterns, new])
        self._stored = self.patterns.astype(float)  # a copy: the weights stay, whatever is done to the patterns
        self._weight = None

    def _random_patterns(self, P: int, ratio: float) -> np.ndarray:
        P, ratio = count("P", P, low=1), _share("ratio", ratio)
        patterns = np.where(np.arange(self.N**2) < round(ratio * self.N**2), 1, -1)
        return self._rng.permuted(np.tile(patterns, (P, 1)), axis=1)

    def _letter_patterns(self, letters: str) -> np.ndarray:
        if self.N != _LETTER_SIZE:
            raise ValueError(
                f"Letters have {_LETTER_SIZE}x{_LETTER_SIZE} pixels, but N is {self.N}. Use HopfieldNetwork({_LETTER_SIZE})."
            )
        alphabet = load_alphabet()
        if not isinstance(letters, str) or not letters or not set(letters) <= set(alphabet):
            raise ValueError(f'letters must be a text of the letters a to z, as "abc", but {letters!r} came.')
        return np.array([alphabet[letter].reshape(-1) for letter in letters])

    def grid(self, mu: int | None = None) -> np.ndarray:
        """Return the state, or a stored pattern, as an image.

        Parameters
        ----------
        mu : int, optional
            Index of the pattern; if None, the network's state is returned.

        Returns
        -------
        numpy.ndarray, shape (N, N)

        Raises
        ------
        IndexError
            If there is no pattern `mu`.
        RuntimeError
            If no patterns have been stored.

        Examples
        --------
        >>> network = HopfieldNetwork(10)
        >>> network.make_pattern(letters="l")
        >>> network.grid(0).shape
        (10, 10)
        """
        return (self.x if mu is None else self._pattern(mu)).reshape(self.N, self.N)

    def dynamic(self) -> None:
        """Execute one time step: all neurons at once take the sign of their input, and +1 where that is zero.

        Examples
        --------
        >>> network = HopfieldNetwork(4, rng=1)
        >>> network.make_pattern(P=1)
        >>> network.x = -network.patterns[0]
        >>> network.dynamic()
        >>> network.x.shape
        (16,)
        """
        # A sum that is zero on paper is 1e-17 in floating point, of either sign.
        self.x = np.where(self._input() >= -1e-10, 1, -1)

    def _input(self) -> np.ndarray:
        """Return the input of every neuron, ``weight @ x``; pattern by pattern as long as nobody could change a weight."""
        if self._weight is not None:
            return self._weight @ self.x
        total = self._stored.T @ (self._stored @ self.x)
        if not self.self_coupling:
            total = total - np.sum(self._stored**2, axis=0) * self.x
        return total / self.N**2

    def overlap(self, mu: int) -> float:
        """Return the overlap of the state with a stored pattern: 1 if they are the same, 0 if they are unrelated.

        Parameters
        ----------
        mu : int
            Index of the pattern.

        Returns
        -------
        float
            From -1 (the inverse pattern) to 1.

        Raises
        ------
        IndexError
            If there is no pattern `mu`.
        RuntimeError
            If no patterns have been stored.

        Examples
        --------
        >>> network = HopfieldNetwork(4, rng=1)
        >>> network.make_pattern(P=1)
        >>> network.x = -network.patterns[0]
        >>> network.overlap(0)
        -1.0
        """
        return float(self._pattern(mu) @ self.x) / self.N**2

    def run(self, t_max: float = 20, mu: int = 0, flip_ratio: float = 0, do_plot: bool = True) -> float:
        """Start from a stored pattern with some of its pixels flipped, run the dynamics, and plot it.

        Parameters
        ----------
        t_max : int
            Number of time steps.
        mu : int
            Index of the pattern to start from.
        flip_ratio : float
            Share of pixels to flip, from 0 to 1: ``run(mu=5, flip_ratio=0.05)`` flips 5 % of pattern 5. Exactly
            ``round(flip_ratio*N**2)`` pixels, drawn at random, are flipped.
        do_plot : bool
            Plot the states until they repeat, into one figure of its own.

        Returns
        -------
        float
            The overlap of the final state with pattern `mu`; 1 if it was recalled without a wrong pixel.

        Raises
        ------
        IndexError
            If there is no pattern `mu`.
        RuntimeError
            If no patterns have been stored.
        ValueError
            If `t_max` or `flip_ratio` is not possible.

        Examples
        --------
        >>> network = HopfieldNetwork(10, rng=1)
        >>> network.make_pattern(P=3)
        >>> overlap = network.run(t_max=5, mu=0, flip_ratio=0.05, do_plot=False)
        >>> -1 <= overlap <= 1
        True
        """
        self.x = self._pattern(mu)
        steps, flips = count("t_max", t_max), round(_share("flip_ratio", flip_ratio) * self.N**2)
        self.x[self._rng.choice(self.N**2, flips, replace=False)] *= -1
        states = [self.x]
        for _ in range(steps):
            self.dynamic()
            states.append(self.x)
        if do_plot:
            self._plot(states, mu)
        return self.overlap(mu)

    def _pattern(self, mu: int) -> np.ndarray:
        if len(self.patterns) == 0:
            raise RuntimeError("No patterns have been stored. Call make_pattern() first.")
        mu = count("mu", mu, low=None)
        if not 0 <= mu < len(self.patterns):
            raise IndexError(f"There is no pattern {mu}: the {len(self.patterns)} stored patterns are counted from 0.")
        return self.patterns[mu]

    def _plot(self, states: list[np.ndarray], mu: int) -> None:
        overlaps = [float(self._pattern(mu) @ state) / self.N**2 for state in states]
        # The next state depends on the last one only: from the first repeated state on there is nothing new.
        seen: list[bytes] = []
        while len(seen) < len(states) and states[len(seen)].tobytes() not in seen:
            seen.append(states[len(seen)].tobytes())
        shown = range(min(len(seen) + 1, len(states), _MAX_FRAMES))
        columns = min(len(shown), 5)
        rows = math.ceil(len(shown) / columns)
        fig, axes = plt.subplots(
            rows, columns, figsize=(2 * columns, 2.3 * rows + 0.6), squeeze=False, layout="constrained"
        )
        for ax in axes.flat:
            ax.set_axis_off()
        for t, ax in zip(shown, axes.flat, strict=False):
            ax.imshow(states[t].reshape(self.N, self.N), cmap="gray_r", vmin=-1, vmax=1, interpolation="nearest")
            ax.set_title(f"t = {t}\noverlap {overlaps[t]:.2f}", fontsize="small")
        wrong = round(self.N**2 * (1 - overlaps[-1]) / 2)
        outcome = "recalled" if wrong == 0 else f"not recalled: {wrong} of {self.N**2} pixels are wrong"
        fig.suptitle(f"Pattern {mu} {outcome} after {len(states) - 1} steps")
        drawn_by_library(fig)


def _share(name: str, value: float) -> float:
    share = number(name, value, low=0)
    if share > 1:
        raise ValueError(f"{name} must be a share from 0 to 1, but {share:g} came. For 5 % pass {name}=0.05.")
    return share


def load_alphabet() -> dict[str, np.ndarray]:
    """Load the letters from the file ``data/alphabet.txt``.

    Returns
    -------
    dict of str to numpy.ndarray, shape (10, 10)
        Patterns of -1 and +1; upper and lower case letters have the same ones.

    Examples
    --------
    >>> alphabet = load_alphabet()
    >>> alphabet["a"].shape, bool((alphabet["A"] == alphabet["a"]).all())
    ((10, 10), True)
    """
    text = (files("neurodynex.hopfield_network") / "data" / "alphabet.txt").read_text(encoding="utf-8")
    alphabet = {}
    for block in text.strip().split("\n\n"):
        letter, *rows = block.splitlines()
        for key in (letter, letter.lower()):
            alphabet[key] = np.array([[1 if pixel == "#" else -1 for pixel in row] for row in rows])
    return alphabet

"""Where random numbers come from."""

from __future__ import annotations

import numpy as np

__all__ = ["generator"]


def generator(rng: int | np.random.Generator | None) -> np.random.Generator:
    """Return a random number generator.

    Parameters
    ----------
    rng : int, numpy.random.Generator or None
        A seed, or a generator, which is used as it is. With None, numbers are drawn from NumPy's global state, so that
        ``np.random.seed(1)`` makes a run repeatable.

    Returns
    -------
    numpy.random.Generator
    """
    if rng is None:
        return np.random.Generator(np.random.mtrand.get_bit_generator())
    return np.random.default_rng(rng)

"""Closed forms of the leaky integrate-and-fire neuron of the exercise (*Neuronal Dynamics*, chapter 1.3).

With tau = 1 ms, R = 1 MOhm, rest and reset at 0 mV and the threshold at 1 mV, a current in nA drives the voltage towards
the same number of mV.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

TAU = 1.0  # ms
THRESHOLD = 1.0  # mV
RESISTANCE = 1.0  # MOhm


def rheobase() -> float:
    """Return the current (nA) whose steady voltage is the threshold."""
    return THRESHOLD / RESISTANCE


def period(current: ArrayLike) -> NDArray[np.float64]:
    """Return the inter-spike interval (ms) under a constant current (nA); infinite at and below the rheobase.

    From v(T) = R I (1 - exp(-T / tau)) = threshold.
    """
    drive = RESISTANCE * np.asarray(current, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(drive > THRESHOLD, TAU * np.log(drive / (drive - THRESHOLD)), np.inf)


def gain(frequency: ArrayLike) -> NDArray[np.float64]:
    """Return the voltage amplitude (mV) per current amplitude (nA) of a sine at `frequency` (kHz)."""
    omega = 2 * np.pi * np.asarray(frequency, dtype=float)
    return RESISTANCE / np.sqrt(1 + (omega * TAU) ** 2)


def phase(frequency: ArrayLike) -> NDArray[np.float64]:
    """Return the phase (rad) of the voltage against the current at `frequency` (kHz); a lag is negative."""
    return -np.arctan(2 * np.pi * np.asarray(frequency, dtype=float) * TAU)

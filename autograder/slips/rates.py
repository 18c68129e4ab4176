"""Usual mistakes in measuring a firing rate, each with the signature that tells it from the others.

A signature is called with the currents, the rates that are given there, and the rates that are expected; only currents at
which the neuron fires are handed on. It must not be true of an honest rate, nor of another mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.course import Context
from autograder.question import Slip
from autograder.tolerance import Array

Signature = Callable[[Array, Array, Array], bool]
GRID = 0.1  # ms, the time step of the library's recordings


@dataclass(frozen=True, kw_only=True)
class RateSlip:
    """A mistake in a firing rate.

    Attributes
    ----------
    name, message, sure
        As in `Slip`.
    signature : callable
        See the module.
    do : callable
        Called with the currents and the right rates; returns rates in which the mistake was made.
    """

    name: str
    signature: Signature
    message: str
    do: Callable[[Array, Array], Array]
    sure: bool = False


def times(name: str, *, k: float, message: str, margin: float = 0.1) -> RateSlip:
    """Return the mistake of rates that are all `k` times what is expected, to a fraction `margin`."""

    def signature(currents: Array, rates: Array, expected: Array) -> bool:
        return bool((np.abs(rates / (k * expected) - 1) < margin).all())

    return RateSlip(name=name, signature=signature, message=message, do=lambda currents, rates: k * rates)


def intervals(message: str, margin: float = 0.1) -> RateSlip:
    """Return the mistake of the mean interval (ms) in place of the rate, to a fraction `margin`."""

    def signature(currents: Array, rates: Array, expected: Array) -> bool:
        return bool((np.abs(rates * expected / 1000 - 1) < margin).all())

    def do(currents: Array, rates: Array) -> Array:
        with np.errstate(divide="ignore"):
            return np.where(rates > 0, 1000 / rates, 0)

    return RateSlip(name="interval", signature=signature, message=message, do=do)


def counted_over(seconds: float, message: str) -> RateSlip:
    """Return the mistake of spikes of a step of `seconds`, divided by another time.

    Where intervals are multiples of the library's time step, n spikes in the step mean that one of the multiples lies
    between step / (n + 1) and step / n. The rates are n over another time if all of them are whole numbers of spikes over
    it, if that many spikes fit the step, and if they do not fit a step that lasts this other time.
    """
    others = np.array([[t] for k in range(2, 121) if (t := k / 100) != seconds])

    def signature(currents: Array, rates: Array, expected: Array) -> bool:
        if rates.size < 3 or _whole(rates * seconds):
            return False
        whole = others[_whole(rates * others)]
        return bool((_fits(rates * whole, seconds) & ~_fits(rates * whole, whole)).any())

    def do(currents: Array, rates: Array) -> Array:
        with np.errstate(divide="ignore"):
            spikes = np.floor(1000 * seconds / (GRID * np.ceil(1000 / rates / GRID - 1e-9)))
        return np.where(rates > 0, spikes / (seconds + 0.02), 0)

    return RateSlip(name="duration", signature=signature, message=message, do=do, sure=True)


def _whole(numbers: Array) -> NDArray[np.bool_]:
    return np.asarray((np.abs(numbers - np.round(numbers)) < 1e-6 * np.maximum(numbers, 1)).all(axis=-1))


def _fits(spikes: Array, seconds: ArrayLike) -> NDArray[np.bool_]:
    n = np.round(spikes)
    lasts = 1000 * np.asarray(seconds)
    shortest, longest = lasts / (n + 1), lasts / np.maximum(n, 1)
    return (GRID * np.floor(longest / GRID + 1e-6) >= shortest).all(axis=-1)


def delayed(after: float, message: str) -> RateSlip:
    """Return the mistake of intervals that are all longer by the same time, of `after` ms or more: a refractory period."""

    def signature(currents: Array, rates: Array, expected: Array) -> bool:
        if not (rates > 0).all():
            return False
        more = 1000 / rates - 1000 / expected
        return bool(np.min(more) > after and np.ptp(more) < 0.15 * more.mean() + GRID)

    def do(currents: Array, rates: Array) -> Array:
        with np.errstate(divide="ignore"):
            return np.where(rates > 0, 1000 / (1000 / rates + 10 * after), 0)

    return RateSlip(name="refractory period", signature=signature, message=message, do=do)


def proportional(message: str) -> RateSlip:
    """Return the mistake of rates that are all off by one factor, whatever it is."""

    def signature(currents: Array, rates: Array, expected: Array) -> bool:
        ratio = rates / expected
        return bool(ratio.size > 2 and np.min(ratio) > 0 and ratio.std() < 0.1 * ratio.mean())

    return RateSlip(name="factor", signature=signature, message=message, do=lambda currents, rates: 5 * rates)


def silent(message: str) -> RateSlip:
    """Return the mistake of no rate anywhere."""
    return RateSlip(
        name="silent",
        signature=lambda currents, rates, expected: bool((rates == 0).all()),
        message=message,
        do=lambda i, r: 0 * r,
    )


def _firing(slip: RateSlip, currents: Array, rates: Array, expected: Array) -> bool:
    fires = expected > 0
    return bool(
        fires.any() and np.isfinite(rates).all() and slip.signature(currents[fires], rates[fires], expected[fires])
    )


# Called with the context and currents; returns the right rates.
Expected = Callable[[Context, Array], Array]


def of_curve(slip: RateSlip, expected: Expected, at: Callable[[Context], Array]) -> Slip:
    """Return the mistake as a slip of a `Curve` of rates over currents, proved at the currents `at`."""

    def made(context: Context, found: tuple[Array, ...]) -> bool:
        return _firing(slip, found[0], found[1], expected(context, found[0]))

    def example(context: Context) -> tuple[Array, Array]:
        currents = at(context)
        return currents, slip.do(currents, expected(context, currents))

    return Slip(name=slip.name, made=made, message=slip.message, example=example, sure=slip.sure)


def of_function(slip: RateSlip, expected: Expected, inputs: Callable[[Context], Sequence[tuple[Any, ...]]]) -> Slip:
    """Return the mistake as a slip of a `Function` of a current, its last argument."""

    def currents(context: Context) -> Array:
        return np.array([arguments[-1] for arguments in inputs(context)])

    def made(context: Context, values: Array) -> bool:
        at = currents(context)
        return _firing(slip, at, values, expected(context, at))

    def example(context: Context) -> Array:
        at = currents(context)
        return slip.do(at, expected(context, at))

    return Slip(name=slip.name, made=made, message=slip.message, example=example, sure=slip.sure)

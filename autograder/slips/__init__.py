"""The slips that many questions share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograder.course import Context
from autograder.question import Slip, UnitSlip
from autograder.tolerance import Array, Between, any_contains


def near(name: str, *, value: Callable[[Context], float], margin: float, message: str) -> Slip:
    """Return the slip of giving another quantity's value, known to `margin`."""

    def made(context: Context, found: float) -> bool:
        return bool(abs(found - value(context)) <= margin)

    return Slip(name=name, made=made, message=message, example=value)


def factor(name: str, *, k: float, accept: Callable[[Context], Between], message: str, kind: type[Slip] = Slip) -> Slip:
    """Return the slip of giving `k` times what is accepted."""

    def made(context: Context, found: float) -> bool:
        return bool(accept(context).contains(found / k))

    return kind(name=name, made=made, message=message, example=lambda context: float(accept(context).middle * k))


def span(name: str, *, low: float, high: float, message: str, example: float | None = None) -> Slip:
    """Return the slip of giving a value from `low` to `high`, all of which mean the same."""
    value = (low + high) / 2 if example is None else example
    return Slip(
        name=name, made=lambda context, found: low <= found <= high, message=message, example=lambda context: value
    )


# Prefix -> how many of the prefixed unit make one.
PREFIXES = {"p": 1e12, "n": 1e9, "u": 1e6, "m": 1e3, "": 1.0}


def other_units(asked: str, accept: Callable[[Context], Between]) -> tuple[Slip, ...]:
    """Return the slips of giving a number in another unit than `asked`, such as nA for uA.

    Parameters
    ----------
    asked : str
        The unit that the question asks for: a prefix, and one letter.
    accept : callable
        Called with the context; returns what is accepted.
    """
    prefix, symbol = asked[:-1], asked[-1]
    return tuple(
        factor(
            f"{other}{symbol}",
            k=number / PREFIXES[prefix],
            accept=accept,
            message=f"This looks like {other}{symbol}; the question asks for {asked}.",
            kind=UnitSlip,
        )
        for other, number in PREFIXES.items()
        if other != prefix
    )


def rescaled_curve(
    name: str,
    *,
    k: float,
    accept: Callable[[Context, Array], Sequence[Between]],
    at: Callable[[Context], Array],
    message: str,
) -> Slip:
    """Return the slip of a curve whose values are all `k` times what is accepted; `accept` and `at` are the curve's."""

    def made(context: Context, found: tuple[Array, Array]) -> bool:
        return bool(any_contains(accept(context, found[0]), found[1] / k).all())

    def example(context: Context) -> tuple[Array, Array]:
        x = at(context)
        return x, accept(context, x)[0].middle * k

    return Slip(name=name, made=made, message=message, example=example)

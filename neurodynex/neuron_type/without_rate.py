"""The student's own neurons while no neuron has a `get_rate`, for a question in which the firing rate is to be measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neurodynex.neuron_type import neurons, typeXY

__all__ = ["NeuronX", "NeuronY"]


@contextmanager
def NeuronX() -> Iterator[neurons.NeuronAbstract]:
    """Give a `typeXY.NeuronX`; until the end, `get_rate` of every neuron raises an AttributeError."""
    with _without_rate():
        yield typeXY.NeuronX()


@contextmanager
def NeuronY() -> Iterator[neurons.NeuronAbstract]:
    """Give a `typeXY.NeuronY`; until the end, `get_rate` of every neuron raises an AttributeError."""
    with _without_rate():
        yield typeXY.NeuronY()


@contextmanager
def _without_rate() -> Iterator[None]:
    # Not on the neuron alone: a function may make another one of the same class.
    neurons.rate_is_asked = True
    try:
        yield
    finally:
        neurons.rate_is_asked = False

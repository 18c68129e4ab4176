"""The student's own neurons without `get_rate`, for a question in which the firing rate is to be measured."""

from __future__ import annotations

from typing import Any, NoReturn

from neurodynex.neuron_type import typeXY
from neurodynex.neuron_type.neurons import NeuronAbstract

__all__ = ["NeuronX", "NeuronY"]


def NeuronX() -> NeuronAbstract:
    """Return a `typeXY.NeuronX` whose `get_rate` raises an AttributeError."""
    return _without_rate(typeXY.NeuronX())


def NeuronY() -> NeuronAbstract:
    """Return a `typeXY.NeuronY` whose `get_rate` raises an AttributeError."""
    return _without_rate(typeXY.NeuronY())


def _without_rate(neuron: Any) -> NeuronAbstract:
    # On the instance, so that its class still is the student's own.
    neuron.get_rate = _measure_it
    return neuron


def _measure_it(*_: Any, **__: Any) -> NoReturn:
    """Say what to do instead."""
    raise AttributeError(
        "this neuron has no get_rate: measure the rate from its spikes, with step() and get_spiketimes()"
    )

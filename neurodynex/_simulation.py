"""Running a neuron model with Brian2: quickly, and without touching the caller's own Brian2 objects.

Three things make Brian2 wait, or get in its way, when it is called once per current amplitude, and are avoided here:

- compiling: each model keeps its network, and with Brian2's default preferences runs on the NumPy target, which needs
  no compiler. Who sets ``prefs.codegen.target = "cython"`` gets Cython, compiled once per model and machine.
- the magic network: nothing of ours is part of a caller's ``run()``, also not while a result is kept.
- shared results: every run records into a new monitor, so an earlier result stays what it was.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import brian2 as b2
import numpy as np
from brian2.codegen.runtime.numpy_rt import NumpyCodeObject
from brian2.devices.device import get_device, reset_device, runtime_device, set_device

from neurodynex._stimulus import Stimulus

__all__ = ["Model", "simulate"]


@dataclass(frozen=True, eq=False)
class Model:
    """A point neuron: what it takes to build its Brian2 network."""

    name: str
    """Prefix of the names of the Brian2 objects."""
    equations: str
    """Brian2 equations, without those of the input current."""
    current: str
    """Name of the input current in `equations`."""
    method: str
    """Brian2's name of the integrator."""
    record: tuple[str, ...]
    """Names of the variables to record."""
    initial: Mapping[str, Any]
    """State at t = 0: numbers with units, or names of parameters."""
    threshold: str | None = None
    reset: str | None = None
    functions: Mapping[str, Any] = field(default_factory=dict)
    """Functions that `equations` use, beside Brian2's own."""


def simulate(model: Model, stimulus: Stimulus, parameters: Mapping[str, Any] | None = None) -> b2.StateMonitor:
    """Run `model` from its initial state.

    Parameters
    ----------
    model : Model
    stimulus : Stimulus
        The input current, the number of neurons, and the time step and length of the simulation.
    parameters : mapping, optional
        Values, with units, of the parameters that the model's equations declare.

    Returns
    -------
    brian2.StateMonitor
        The recorded variables, of shape (stimulus.size, number of time steps), at t = 0, dt, 2 dt, ...
        It is the caller's own: later runs do not change it.

    Raises
    ------
    ValueError
        If the solution grows beyond all bounds.
    KeyboardInterrupt
        If the simulation was interrupted.
    """
    parameters = parameters or {}
    steps = math.ceil(stimulus.duration / stimulus.dt - 1e-6)
    with _runtime_device():
        target = _code_object_class()
        if stimulus.curr is None:
            network = _kept_network(model, stimulus.equations, stimulus.size, stimulus.dt, target)
        else:
            network = _build_network(model, stimulus.equations, stimulus.size, stimulus.dt, target, stimulus.curr)
        network.restore()
        group = network[model.name]
        for name, value in {**stimulus.parameters, **parameters}.items():
            setattr(group, name, value)
        for name, value in model.initial.items():
            setattr(group, name, parameters[value] if isinstance(value, str) else value)
        # The fixed name keeps the generated code, and so Cython's cache, the same for every run.
        monitor = b2.StateMonitor(
            group, model.record, record=True, name=f"{model.name}_recording", codeobj_class=target
        )
        monitor.add_to_magic_network = False
        network.add(monitor)
        try:
            # A blow-up is reported below, once and in words.
            with np.errstate(over="ignore", invalid="ignore"):
                network.run(steps * stimulus.dt * b2.ms, namespace={})
        finally:
            network.remove(monitor)
    # Brian2 ends a run quietly at Ctrl-C or a notebook's interrupt; half a recording must not pass for a whole one.
    if len(monitor.t) < steps:
        raise KeyboardInterrupt("The simulation was interrupted.")
    if not all(np.all(np.isfinite(getattr(monitor, f"{name}_"))) for name in model.record):
        raise ValueError(
            "The simulation grew beyond all bounds: the input or a parameter is far outside the model's range. "
            "Check the values and their units."
        )
    return monitor


def _build_network(
    model: Model, current: str, size: int, dt: float, target: type | None, curr: b2.TimedArray | None = None
) -> b2.Network:
    """A network of `size` neurons that receive `current`; its stored state is the one before the first run."""
    group = b2.NeuronGroup(
        size,
        model.equations + current.format(I=model.current),
        method=model.method,
        threshold=model.threshold,
        reset=model.reset,
        # A clock of our own: the caller may have changed defaultclock.dt.
        clock=b2.Clock(dt=dt * b2.ms, name=f"{model.name}_clock"),
        namespace=dict(model.functions) if curr is None else {**model.functions, "curr": curr},
        name=model.name,
        codeobj_class=target,
    )
    group.add_to_magic_network = False
    network = b2.Network(group)
    network.store()
    return network


# A course uses a handful of networks; the bound is for sweeps over many numbers of amplitudes or time steps.
_kept_network = lru_cache(maxsize=16)(_build_network)


def _code_object_class() -> type | None:
    """The code generation target: what the caller prefers, and NumPy where the caller has not said anything."""
    return NumpyCodeObject if b2.prefs.codegen.target == "auto" else None


@contextmanager
def _runtime_device() -> Iterator[None]:
    """Simulate here and now, also where the caller has chosen a standalone device for their own network."""
    if get_device() is runtime_device:
        yield
        return
    set_device("runtime")
    try:
        yield
    finally:
        reset_device()

"""Running a neuron model of Brian2: quickly, and without touching the caller's own Brian2 objects.

The library's own models have their time loops in `_kernels`, made from Brian2's equations and integrators; with them a
call takes a millisecond instead of a tenth of a second, which Brian2 needs to prepare a run. A model of which anything
is different, as in a student's changed copy, is run by Brian2 itself. Either way the result is a StateMonitor.

Three things make Brian2 wait, or get in its way, when it is called once per current amplitude, and are avoided here:

- compiling: each model keeps its network, and with Brian2's default preferences runs on the NumPy target, which needs
  no compiler. Who sets ``prefs.codegen.target = "cython"`` gets Cython, compiled once per model and machine.
- the magic network: nothing of ours is part of a caller's ``run()``, also not while a result is kept.
- shared results: every run records into a new monitor, so an earlier result stays what it was.
"""

from __future__ import annotations

import hashlib
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

from neurodynex import _machine_code
from neurodynex._stimulus import Stimulus, waveform

__all__ = ["Model", "fingerprint", "simulate", "source_group"]


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
        monitor = _run_kernel(model, stimulus, parameters, steps)
        if monitor is None:
            monitor = _run_brian(model, stimulus, parameters, steps)
    if not all(np.isfinite(monitor.variables[name].get_value()).all() for name in model.record):
        raise ValueError(
            "The simulation grew beyond all bounds: the input or a parameter is far outside the model's range. "
            "Check the values and their units."
        )
    return monitor


def fingerprint(model: Model) -> str:
    """Return a text that is the same for models of which the same time loop is right, whatever their initial state."""
    lines = [" ".join(line.split()) for line in model.equations.splitlines() if line.strip()]
    functions = sorted(
        (name, repr(function.pyfunc), sorted(repr(i.get_code(None)) for i in function.implementations.values()))
        for name, function in model.functions.items()
    )
    text = repr((lines, model.current, model.method, model.record, model.threshold, model.reset, functions))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _run_kernel(model: Model, stimulus: Stimulus, parameters: Mapping[str, Any], steps: int) -> b2.StateMonitor | None:
    """Run the model in its time loop; None where there is no such loop, or something is not as it expects it."""
    kernel = _machine_code.kernel(fingerprint(model), stimulus.size * steps)
    if kernel is None or b2.prefs.core.default_float_dtype is not np.float64:
        return None
    group = _kept_source(model, stimulus.equations, stimulus.size, stimulus.dt)
    current = waveform(stimulus, group.clock, steps, kernel.stages)
    initial = {
        name: parameters.get(value) if isinstance(value, str) else value for name, value in model.initial.items()
    }
    values = _floats(group, kernel.parameters, parameters), _floats(group, kernel.states, initial)
    if current is None or None in values:
        return None  # Brian2 says what is wrong, if anything is
    for name, value in {**stimulus.parameters, **parameters}.items():
        group.variables[name].set_value(np.asarray(value))
    monitor = _monitor(model, group, None)
    monitor.resize(steps)
    monitor.variables["t"].set_value(np.arange(steps) * group.clock.dt_)
    records = [monitor.variables[name].get_value() for name in model.record]
    try:
        kernel.run(group.clock.dt_, *current, values[1], values[0], *records)
    except ArithmeticError:  # plain Python has no infinity where Brian2 has one
        return None
    return monitor


def _floats(group: b2.NeuronGroup, names: tuple[str, ...], values: Mapping[str, Any]) -> tuple[float, ...] | None:
    """Return the values of the named variables in SI units; None if they are not just these, or not one number each."""
    if set(values) != set(names):
        return None
    if any(np.ndim(values[name]) or b2.get_dimensions(values[name]) is not group.variables[name].dim for name in names):
        return None
    return tuple(float(values[name]) for name in names)


def _run_brian(model: Model, stimulus: Stimulus, parameters: Mapping[str, Any], steps: int) -> b2.StateMonitor:
    """Let Brian2 run the model."""
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
    monitor = _monitor(model, group, target)
    network.add(monitor)
    try:
        # A blow-up is reported once and in words.
        with np.errstate(over="ignore", invalid="ignore"):
            network.run(steps * stimulus.dt * b2.ms, namespace={})
    finally:
        network.remove(monitor)
    # Brian2 ends a run quietly at Ctrl-C or a notebook's interrupt; half a recording must not pass for a whole one.
    if len(monitor.t) < steps:
        raise KeyboardInterrupt("The simulation was interrupted.")
    return monitor


class _Recording(b2.StateMonitor):
    """A StateMonitor whose arrays outlive it: from Brian2 2.10 on, `v_` lies in memory that is freed with the monitor."""

    def __getattr__(self, item: str) -> Any:
        values = super().__getattr__(item)
        return values.copy() if item.endswith("_") and isinstance(values, np.ndarray) else values


def _monitor(model: Model, group: b2.NeuronGroup, target: type | None) -> b2.StateMonitor:
    # The fixed name keeps the generated code, and so Cython's cache, the same for every run.
    monitor = _Recording(group, model.record, record=True, name=f"{model.name}_recording", codeobj_class=target)
    monitor.add_to_magic_network = False
    return monitor


def source_group(model: Model, current: str, size: int, dt: float) -> b2.NeuronGroup:
    """Make a group of `size` neurons that receive `current`, for the monitors of kernels: Brian2 never runs it."""
    group = _build_group(model, current, size, dt, None, None)
    group._network = "kernel"  # else Brian2 warns that it was never run
    return group


def _build_group(
    model: Model, current: str, size: int, dt: float, target: type | None, curr: b2.TimedArray | None
) -> b2.NeuronGroup:
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
    return group


def _build_network(
    model: Model, current: str, size: int, dt: float, target: type | None, curr: b2.TimedArray | None = None
) -> b2.Network:
    """Build a network of `size` neurons that receive `current`; its stored state is the one before the first run."""
    network = b2.Network(_build_group(model, current, size, dt, target, curr))
    network.store()
    return network


# A course uses a handful of networks; the bound is for sweeps over many numbers of amplitudes or time steps.
_kept_network = lru_cache(maxsize=16)(_build_network)
_kept_source = lru_cache(maxsize=64)(source_group)


def _code_object_class() -> type | None:
    """Return the code generation target: what the caller prefers, and NumPy where the caller has not said anything."""
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

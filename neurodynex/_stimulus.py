"""The input currents: the equations that describe them, and the checks of their parameters.

A current is a line of Brian2 equations with its onset, end and amplitude as parameters of the neuron group. So another
amplitude is another number and not another program, and many amplitudes are simply many neurons of one group.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import brian2 as b2
import numpy as np
from brian2.codegen.runtime.numpy_rt import NumpyCodeObject

from neurodynex._arguments import number, numbers_1d

__all__ = ["DT", "Stimulus", "ramp", "sampled", "sinus", "step", "waveform"]

#: Time step of every simulation and recording, unless a function has a parameter ``dt`` [ms].
DT = 0.1

# `first` and `last` are whole numbers of time steps: comparing t with a time in seconds would depend on rounding.
# A step and a TimedArray hold for a whole time step, also for integrators that look at the middle of the step.
_STEP = """
{I} = amplitude*int(t_in_timesteps >= first)*int(t_in_timesteps < last) : amp (constant over dt)
amplitude : amp (constant)
first : integer (constant)
last : integer (constant)
"""
_RAMP = """
{I} = amplitude*(t - onset)/rise*int(t_in_timesteps >= first)*int(t_in_timesteps < last) : amp
amplitude : amp (constant)
onset : second (constant)
rise : second (constant)
first : integer (constant)
last : integer (constant)
"""
_SINUS = """
{I} = offset + amplitude*sin(2*pi*frequency*t) : amp
amplitude : amp (constant)
offset : amp (constant)
frequency : Hz (constant)
"""
_SAMPLED = """
{I} = curr(t) : amp (constant over dt)
"""


@dataclass(frozen=True)
class Stimulus:
    """An input current for a group of `size` neurons."""

    equations: str
    duration: float
    """Length of the simulation [ms]."""
    dt: float = DT
    """Time step of the simulation [ms]."""
    size: int = 1
    parameters: dict[str, Any] = field(default_factory=dict)
    """Values of the parameters of `equations`: one each, or arrays of shape (size,)."""
    curr: b2.TimedArray | None = None
    """The current itself, where `equations` ask for ``curr(t)``."""


def _amplitudes(I_amp: Any, amplitudes: Any, unit: Any) -> np.ndarray:
    """Return the amplitude of each neuron's current, shape (n,): `amplitudes`, or just `I_amp` if there are none."""
    if amplitudes is None:
        return np.array([number("I_amp", I_amp, unit)])
    return numbers_1d("amplitudes", amplitudes, unit)


def _interval(I_tstart: Any, I_tend: Any, tend: Any, end_name: str) -> tuple[float, float, float]:
    start = number("I_tstart", I_tstart, b2.ms, low=0)
    end = number("I_tend", I_tend, b2.ms, low=0)
    duration = number(end_name, tend, b2.ms, above=0)
    if end < start:
        raise ValueError(
            f"The current must end after it starts, but I_tstart={start:g} ms and I_tend={end:g} ms. "
            "Pass an I_tend that is larger than I_tstart."
        )
    if end > duration:
        raise ValueError(
            f"The current must end within the simulation, but I_tend={end:g} ms and the simulation ends at "
            f"{end_name}={duration:g} ms. Give {end_name}={end:g} or more, too."
        )
    return start, end, duration


def _first_step_at(time: float, dt: float) -> int:
    """Return the number of the first time step at or after `time`, forgiving the rounding error of the division."""
    return math.ceil(time / dt - 1e-6)


def step(
    I_tstart: Any,
    I_tend: Any,
    I_amp: Any,
    tend: Any,
    unit: Any,
    *,
    amplitudes: Any = None,
    end_name: str = "tend",
    dt: float = DT,
) -> Stimulus:
    """Return a current of `I_amp` at I_tstart <= t < I_tend, and zero before and after.

    Raises
    ------
    ValueError
        If the times or amplitudes are not finite numbers, or such a step is not possible.
    """
    start, end, duration = _interval(I_tstart, I_tend, tend, end_name)
    if 0 < end - start < dt * (1 - 1e-6):
        raise ValueError(
            f"A step must last at least one time step of {dt:g} ms, but I_tstart={start:g} ms and I_tend={end:g} ms. "
            "Make it longer (and its amplitude smaller)."
        )
    amplitude = _amplitudes(I_amp, amplitudes, unit)
    parameters = {
        "amplitude": amplitude * unit,
        "first": _first_step_at(start, dt),
        "last": _first_step_at(end, dt),
    }
    return Stimulus(_STEP, duration, dt, len(amplitude), parameters)


def ramp(I_tstart: Any, I_tend: Any, I_amp: Any, tend: Any, dt: Any, unit: Any, *, amplitudes: Any = None) -> Stimulus:
    """Return a current that rises from zero at `I_tstart` to `I_amp` at `I_tend`, and is zero before and after.

    Raises
    ------
    ValueError
        If the times or amplitudes are not finite numbers, or such a ramp is not possible.
    """
    start, end, duration = _interval(I_tstart, I_tend, tend, "tend")
    dt = number("dt", dt, b2.ms, above=0)
    if end - start < dt:
        raise ValueError(
            f"A ramp must last at least one time step of {dt:g} ms, but I_tstart={start:g} ms and I_tend={end:g} ms. "
            "Pass a larger I_tend."
        )
    amplitude = _amplitudes(I_amp, amplitudes, unit)
    parameters = {
        "amplitude": amplitude * unit,
        "onset": start * b2.ms,
        "rise": (end - start) * b2.ms,
        "first": _first_step_at(start, dt),
        "last": math.floor(end / dt + 1e-6) + 1,  # the final amplitude belongs to the ramp
    }
    return Stimulus(_RAMP, duration, dt, len(amplitude), parameters)


def sinus(I_freq: Any, I_offset: Any, I_amp: Any, tend: Any, dt: Any, unit: Any, *, amplitudes: Any = None) -> Stimulus:
    """Return the current ``I_offset + I_amp sin(2 pi I_freq t)``, from the start to the end of the simulation.

    Raises
    ------
    ValueError
        If a parameter is not a finite number, or the time step is too long for the frequency.
    """
    frequency = number("I_freq", I_freq, b2.kHz, low=0)
    offset = number("I_offset", I_offset, unit)
    duration = number("tend", tend, b2.ms, above=0)
    dt = number("dt", dt, b2.ms, above=0)
    if frequency * dt >= 0.5:
        raise ValueError(
            f"A sine needs more than two time steps in a period, but at I_freq={frequency:g} kHz a period is "
            f"{1 / frequency:g} ms and dt={dt:g} ms. Pass a dt below {0.5 / frequency:g} ms."
        )
    amplitude = _amplitudes(I_amp, amplitudes, unit)
    parameters = {"amplitude": amplitude * unit, "offset": offset * unit, "frequency": frequency * b2.kHz}
    return Stimulus(_SINUS, duration, dt, len(amplitude), parameters)


def sampled(curr: Any, simtime: Any) -> Stimulus:
    """Return a current given as a TimedArray; after its last sample, that value goes on.

    Parameters
    ----------
    curr : brian2.TimedArray
        The current, one-dimensional and in ampere.
    simtime : float or Quantity
        Length of the simulation [s].

    Raises
    ------
    ValueError
        If `curr` is no such TimedArray or `simtime` is not a positive time.
    """
    if not isinstance(curr, b2.TimedArray):
        raise ValueError(
            f"curr must be a Brian2 TimedArray, but {curr!r} came. Wrap the samples: TimedArray([0, 1, 1]*nA, dt=1*ms)."
        )
    if curr.dim is not b2.amp.dim or curr.values.ndim != 1:
        raise ValueError(
            f"curr must hold a one-dimensional array of currents, but one of shape {curr.values.shape} and "
            f"dimension {curr.dim} came. Multiply the samples by a unit of current, such as nA."
        )
    if not np.all(np.isfinite(curr.values)):
        raise ValueError("curr must hold finite currents, but NaN or infinity came. Check how it is computed.")
    duration = number("simtime", simtime, b2.second, above=0) * 1000
    return Stimulus(_SAMPLED, duration, curr=curr)


def waveform(
    stimulus: Stimulus, clock: b2.Clock, steps: int, stages: Sequence[float]
) -> tuple[float, np.ndarray, np.ndarray] | None:
    """Return a current as numbers: what the equations of `stimulus` say, for the kernels.

    Parameters
    ----------
    stimulus : Stimulus
    clock : brian2.Clock
        Its time step is that of the simulation.
    steps : int
        Number of time steps.
    stages : sequence of float
        Where in a time step the current is asked for, as fractions of it.

    Returns
    -------
    offset : float
        A constant part [A].
    amplitude : numpy.ndarray, shape (size,)
        [A].
    shape : numpy.ndarray, shape (len(stages), steps)
        The time course: the current of neuron i is ``offset + amplitude[i]*shape``.

    None is returned instead if the equations are none of this module's.
    """
    p = {name: np.asarray(value) for name, value in stimulus.parameters.items()}
    amplitude = np.ascontiguousarray(p.get("amplitude", [1.0]), dtype=float)
    dt, k = clock.dt_, np.arange(steps)
    shape = np.empty((len(stages), steps))
    if stimulus.equations == _SAMPLED and stimulus.curr is not None:
        # Brian2's own way to look up samples, with its rounding.
        shape[:] = stimulus.curr.implementations[NumpyCodeObject].get_code(_Owner(clock))(k * dt)
    elif stimulus.equations == _STEP:
        shape[:] = (k >= p["first"]) & (k < p["last"])
    elif stimulus.equations == _RAMP:
        for s, stage in enumerate(stages):
            shape[s] = (k * dt + stage * dt - p["onset"]) / p["rise"] * ((k >= p["first"]) & (k < p["last"]))
    elif stimulus.equations == _SINUS:
        for s, stage in enumerate(stages):
            shape[s] = np.sin(2 * np.pi * p["frequency"] * (k * dt + stage * dt))
    else:
        return None
    return float(p.get("offset", 0.0)), amplitude, shape


@dataclass
class _Owner:
    """What a TimedArray asks for: the clock of the group that uses it."""

    clock: b2.Clock

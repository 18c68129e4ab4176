"""The simulations that answer a question about a threshold, as students make them, and how they read the answer from it.

The equations are those of the library's own models. Times in ms, voltages in mV; a current's unit is the experiment's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import brian2 as b2
import numpy as np
from numpy.typing import NDArray

from autograder.assignments.hodgkin_huxley import reference as hh
from autograder.assignments.leaky_integrate_and_fire import reference as lif
from autograder.assignments.neuron_type import reference as neurons
from autograder.assignments.phase_plane_analysis import reference as fhn
from autograder.key import solvers
from neurodynex import _stimulus
from neurodynex._simulation import Model
from neurodynex.hodgkin_huxley.HH import _HH
from neurodynex.leaky_integrate_and_fire.LIF import _LIF
from neurodynex.neuron_type.neurons import _TYPE_ONE, _TYPE_TWO

Array = NDArray[np.float64]

STEPS = (0.1, 0.05, 0.02, 0.01)  # ms
# How it is written in the key -> Brian2's name of the integrator.
FIXED_STEP = {"forward Euler": "euler", "exponential Euler": "exponential_euler", "Runge-Kutta 4": "rk4"}


@dataclass(frozen=True)
class Trace:
    """The first variable of a model, for each of several currents.

    Attributes
    ----------
    t : ndarray, shape (steps,)
        In ms.
    v : ndarray, shape (n, steps)
    """

    t: Array
    v: Array

    def crossings(self, level: float) -> NDArray[np.bool_]:
        """Tell for each current and step whether `level` was crossed upwards in it."""
        return np.asarray((self.v[:, 1:] >= level) & (self.v[:, :-1] < level))

    def extent(self, start: float, end: float) -> Array:
        """Return for each current the largest minus the smallest value from `start` to `end` ms."""
        inside = (self.t >= start) & (self.t <= end)
        return np.asarray(np.ptp(self.v[:, inside], axis=1))


Reading = Callable[[Trace], NDArray[np.bool_]]


def first_spike(level: float) -> Reading:
    """Return the reading of a spike."""
    return lambda trace: np.asarray(trace.crossings(level).any(axis=1))


def second_spike(level: float) -> Reading:
    """Return the reading of more than one spike."""
    return lambda trace: np.asarray(trace.crossings(level).sum(axis=1) >= 2)


def goes_on(level: float, since: float, until: float) -> Reading:
    """Return the reading of more than one spike, and one between `since` and `until` (ms)."""

    def read(trace: Trace) -> NDArray[np.bool_]:
        spikes, late = trace.crossings(level), (trace.t[1:] > since) & (trace.t[1:] <= until)
        return np.asarray((spikes.sum(axis=1) >= 2) & (spikes & late).any(axis=1))

    return read


def still_moves(extent: float, since: float, until: float) -> Reading:
    """Return the reading of a variable that moves by more than `extent` between `since` and `until` (ms)."""
    return lambda trace: trace.extent(since, until) > extent


@dataclass(frozen=True)
class Experiment:
    """A simulation that answers one or more questions.

    Attributes
    ----------
    model : neurodynex._simulation.Model
        The library's model.
    derivatives : callable
        The reference's equations of the same neuron, for SciPy's solvers: called with a state and a current, it returns the
        time derivatives (per ms), all in plain floats.
    start : tuple of float
        The initial state, for `derivatives`.
    onset, end : float
        When the current begins, and when it and the simulation end (ms).
    unit : brian2.Unit
        Of the current.
    grid : ndarray
        The amplitudes, in the question's unit and resolution, from well below the threshold to well above.
    readings : dict
        Name of a threshold -> criterion as the question words it -> what tells whether a trace meets it.
    parameters : dict
        Values, with units, of the model's parameters.
    ramp : bool
        Whether the current rises steadily to its amplitude; otherwise it is a step.
    linear : bool
        Whether each equation is linear in its own variable, which exponential Euler needs.
    """

    model: Model
    derivatives: solvers.Derivatives
    start: tuple[float, ...]
    onset: float
    end: float
    unit: b2.Unit
    grid: Array
    readings: dict[str, dict[str, Reading]]
    parameters: dict[str, Any] = field(default_factory=dict)
    ramp: bool = False
    linear: bool = True

    def settings(self) -> Iterator[tuple[str, str]]:
        """Yield every method that applies, with each of its time steps or tolerances."""
        for method in FIXED_STEP:
            if method != "exponential Euler" or self.linear:
                yield from ((method, time_step(dt)) for dt in STEPS)
        for method in solvers.METHODS:
            yield from ((method, setting) for setting in solvers.SETTINGS)

    def stimulus(self, dt: float) -> _stimulus.Stimulus:
        """Return the currents of the grid, for time steps of `dt` ms; the last step starts at the end."""
        until, amplitudes = self.end + dt, {"amplitudes": self.grid * self.unit}
        if self.ramp:
            return _stimulus.ramp(self.onset, self.end, None, until, dt, self.unit, **amplitudes)
        return _stimulus.step(self.onset, self.end, None, until, self.unit, **amplitudes, dt=dt)

    def current(self, amplitude: float) -> Callable[[float], float]:
        """Return the current of one amplitude as a function of time (ms)."""
        rise = self.end - self.onset if self.ramp else 0.0

        def current(t: float) -> float:
            if t < self.onset:
                return 0.0
            return amplitude * (t - self.onset) / rise if rise else amplitude

        return current


def time_step(dt: float) -> str:
    """Return a time step (ms) as the key writes it."""
    return f"dt = {dt:g} ms"


def _grid(first: float, last: float, resolution: float) -> Array:
    return np.round(np.arange(round(first / resolution), round(last / resolution) + 1) * resolution, 6)


def _axon(sodium: float) -> dict[str, Any]:
    """Return the parameters of the Hodgkin-Huxley neuron with a maximum conductance of its sodium channels (mS)."""
    conductances = {"gNa": sodium, "gK": hh.POTASSIUM, "gL": hh.LEAK}
    voltages = {"ENa": hh.E_SODIUM, "EK": hh.E_POTASSIUM, "EL": hh.E_LEAK}
    return {
        **{name: value * b2.msiemens for name, value in conductances.items()},
        **{name: value * b2.mV for name, value in voltages.items()},
        "C": 1 * b2.uF,
    }


MEMBRANE = {
    "tau": lif.TAU * b2.ms,
    "R": lif.RESISTANCE * b2.Mohm,
    **dict.fromkeys(("v_rest", "v_reset"), 0 * b2.mV),
    "v_threshold": lif.THRESHOLD * b2.mV,
}
SODIUM = hh.SODIUM_FACTOR * hh.SODIUM
AT_REST = (0.0, *hh.GATES_AT_REST)
# The library solves this model without Brian2.
PHASE_PLANE = Model(
    name="phase_plane",
    equations=f"""
    du/dt = (u*(1 - u**2/mV**2) - w + I*Gohm)/ms : volt
    dw/dt = {fhn.EPSILON}*(u - {fhn.SLOPE}*w + {fhn.OFFSET}*mV)/ms : volt
    """,
    current="I",
    method="rk4",
    record=("u", "w", "I"),
    initial={"u": 0 * b2.mV, "w": 0 * b2.mV},
)

_LATE = hh.STEP[1] - hh.LATE
_REPETITIVE = {
    "a second spike": second_spike(hh.SPIKE_LEVEL),
    "firing to the step's end": goes_on(hh.SPIKE_LEVEL, _LATE, hh.STEP[1]),
}
_SUSTAINED = {"firing to the step's end": goes_on(neurons.SPIKE_LEVEL, 600, 1100)}
_ONE_SPIKE = {"a spike": first_spike(hh.SPIKE_LEVEL)}


EXPERIMENTS: tuple[Experiment, ...] = (
    Experiment(
        replace(_LIF, threshold=None, reset=None),
        lambda y, current: ((lif.RESISTANCE * current - y[0]) / lif.TAU,),
        (0.0,),
        *(20, 70),
        b2.nA,
        _grid(0.5, 1.2, 0.01),
        {"lif_threshold": {"a spike": first_spike(lif.THRESHOLD + 1e-15)}},
        MEMBRANE,
    ),
    Experiment(
        _HH,
        hh.derivatives,
        AT_REST,
        *hh.STEP[:2],
        b2.uA,
        _grid(0.1, 8, 0.1),
        {"hh_threshold": _ONE_SPIKE, "hh_repetitive": _REPETITIVE},
        _axon(hh.SODIUM),
    ),
    Experiment(
        _HH,
        partial(hh.derivatives, sodium=SODIUM),
        AT_REST,
        *hh.STEP[:2],
        b2.uA,
        _grid(0.1, 3, 0.1),
        {"hh_sodium": _REPETITIVE},
        _axon(SODIUM),
    ),
    Experiment(
        _HH,
        hh.derivatives,
        AT_REST,
        *hh.RAMP[:2],
        b2.uA,
        _grid(10, 22, 0.1),
        {"hh_ramp": _ONE_SPIKE},
        _axon(hh.SODIUM),
        ramp=True,
    ),
    Experiment(
        _TYPE_ONE,
        partial(neurons.type_one, 0.0),
        (-60.0, 0.0),
        *(100, 1100),
        b2.pA,
        _grid(0.1, 0.5, 0.01),
        {"type_thresholds I": _SUSTAINED},
    ),
    Experiment(
        _TYPE_TWO,
        partial(neurons.type_two, 0.0),
        (0.0, 0.0),
        *(100, 1100),
        b2.pA,
        _grid(0.1, 0.5, 0.01),
        {"type_thresholds II": _SUSTAINED},
        linear=False,
    ),
    Experiment(
        PHASE_PLANE,
        fhn.derivatives,
        (0.0, 0.0),
        *(0, 600),
        b2.pA,
        _grid(0.1, 2, 0.1),
        {"fhn_critical_current": {"u moves by more than 0.5 in the last 100 ms": still_moves(0.5, 500, 600)}},
        linear=False,
    ),
)

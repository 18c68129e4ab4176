"""What honest students find: thresholds on the asked grid, by several integrators and time steps.

A threshold that is read from a simulation depends a little on how the equations are integrated. Here each of them is
searched as a student does, on the grid that the question asks for, with forward Euler, exponential Euler, the classical
Runge-Kutta method (Hairer, Norsett and Wanner, *Solving Ordinary Differential Equations I*, 1993, chapter II) and every
solver of SciPy. It shows that the tolerances are fair; nothing of it is needed to judge an answer.

Times in ms, voltages in mV; the currents' unit is the model's. A state has shape (variables, currents): all currents of
a grid are simulated at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from scipy.special import exprel

from autograder.assignments.hodgkin_huxley import reference as hh
from autograder.assignments.leaky_integrate_and_fire import reference as lif
from autograder.assignments.neuron_type import reference as neurons
from autograder.assignments.phase_plane_analysis import reference as fhn
from autograder.key import solvers

Array = NDArray[np.float64]
Current = Callable[[Array], Array]
Derivatives = Callable[[Array, Array], Array]

STEPS = (0.1, 0.05, 0.02, 0.01)  # ms
BEYOND = 130.0  # mV: past every reversal potential, where only an integrator that is not stable gets


@dataclass(frozen=True)
class Model:
    """A neuron model, for any number of currents at once.

    Attributes
    ----------
    start : tuple of float
        The initial state.
    derivatives : callable
        Called with the state and the currents; returns the time derivatives (per ms), of the state's shape.
    scalar : callable
        The same for one current, in plain floats.
    linear : callable, optional
        Called likewise; returns (a, b) where each variable x follows dx/dt = a - b x if all others are held. Exponential
        Euler needs that.
    """

    start: tuple[float, ...]
    derivatives: Derivatives
    scalar: solvers.Derivatives
    linear: Callable[[Array, Array], tuple[Array, Array]] | None = None


def lif_linear(state: Array, current: Array) -> tuple[Array, Array]:
    """Return (a, b) of the leaky integrate-and-fire neuron below its threshold; currents in nA."""
    return lif.RESISTANCE * current / lif.TAU + 0 * state, np.full_like(state, 1 / lif.TAU)


def hh_linear(state: Array, current: Array, sodium: float = hh.SODIUM) -> tuple[Array, Array]:
    """Return (a, b) of the Hodgkin-Huxley neuron's v, m, n, h (*Neuronal Dynamics*, chapter 2.2).

    Parameters
    ----------
    state : ndarray, shape (4, n)
    current : ndarray, shape (n,)
        In uA.
    sodium : float
        Maximum conductance (mS).
    """
    v, m, n, h = state
    a, b = np.empty_like(state), np.empty_like(state)
    g_sodium, g_potassium = sodium * m**3 * h, hh.POTASSIUM * (n * n) ** 2
    a[0] = g_sodium * hh.E_SODIUM + g_potassium * hh.E_POTASSIUM + (hh.LEAK * hh.E_LEAK + current)
    b[0] = g_sodium + g_potassium + hh.LEAK
    a[1], b[1] = 1 / exprel(2.5 - 0.1 * v), 4 * np.exp(-0.0556 * v)
    a[2], b[2] = 0.1 / exprel(1 - 0.1 * v), 0.125 * np.exp(-0.0125 * v)
    a[3], b[3] = 0.07 * np.exp(-0.05 * v), 1 / (1 + np.exp(3 - 0.1 * v))
    b[1:] += a[1:]
    return a, b


def type_one(state: Array, current: Array) -> Array:
    """Return (dv/dt, dw/dt) of the Morris-Lecar neuron (*Neuronal Dynamics*, chapter 4.4); currents in pA."""
    v, w = state
    m, w_inf = 0.5 + 0.5 * np.tanh((v + 1.2) / 18), 0.5 + 0.5 * np.tanh((v - 12) / 17)
    ionic = -4.4 * m * (v - 120) - 8 * w * (v + 84) - 2 * (v + 60)
    return np.array([(ionic + 100 * current) / 20, (w_inf - w) * np.cosh((v - 12) / 34) / 15])


def type_two(state: Array, current: Array) -> Array:
    """Return (dv/dt, dw/dt) of the FitzHugh-Nagumo neuron (*Neuronal Dynamics*, chapter 4.4); currents in pA."""
    v, w = state
    return np.array([v - v * v * v / 3 - w + current, (1.25 * (v + 0.7) - w) / 15.6])


def phase_plane(state: Array, current: Array) -> Array:
    """Return (du/dt, dw/dt) of the phase-plane exercise's model (*Neuronal Dynamics*, chapter 4.3)."""
    u, w = state
    return np.array([u * (1 - u * u) - w + current, fhn.EPSILON * (u - fhn.SLOPE * w + fhn.OFFSET)])


def _conditionally_linear(
    start: tuple[float, ...], linear: Callable[[Array, Array], tuple[Array, Array]], scalar: solvers.Derivatives
) -> Model:
    def derivatives(state: Array, current: Array) -> Array:
        a, b = linear(state, current)
        return a - b * state

    return Model(start, derivatives, scalar, linear)


def phase_plane_scalar(y: Sequence[float], current: float) -> tuple[float, float]:
    """Return (du/dt, dw/dt) of the phase-plane exercise's model, for one current."""
    u, w = y
    return u * (1 - u * u) - w + current, fhn.EPSILON * (u - fhn.SLOPE * w + fhn.OFFSET)


LIF = _conditionally_linear((0.0,), lif_linear, lambda y, i: ((lif.RESISTANCE * i - y[0]) / lif.TAU,))
HH = _conditionally_linear((0.0, *hh.GATES_AT_REST), hh_linear, hh.derivatives)
SODIUM = hh.SODIUM_FACTOR * hh.SODIUM
HH_SODIUM = _conditionally_linear(
    (0.0, *hh.GATES_AT_REST), partial(hh_linear, sodium=SODIUM), partial(hh.derivatives, sodium=SODIUM)
)
TYPE_I = Model((-60.0, 0.0), type_one, lambda y, i: neurons.type_one(0.0, y, i))
TYPE_II = Model((0.0, 0.0), type_two, lambda y, i: neurons.type_two(0.0, y, i))
PHASE_PLANE = Model((0.0, 0.0), phase_plane, phase_plane_scalar)


def euler(model: Model, state: Array, current: Current, t: Array, dt: float) -> Array:
    """Return the state after a step of forward Euler from time `t`."""
    return state + dt * model.derivatives(state, current(t))


def exponential_euler(model: Model, state: Array, current: Current, t: Array, dt: float) -> Array:
    """Return the state after a step in which each variable follows its own equation exactly, all others held."""
    assert model.linear is not None
    a, b = model.linear(state, current(t))
    limit = a / b
    return limit + (state - limit) * np.exp(-b * dt)


def runge_kutta(model: Model, state: Array, current: Current, t: Array, dt: float) -> Array:
    """Return the state after a step of the classical Runge-Kutta method, of order 4."""
    middle = current(t + dt / 2)
    k1 = model.derivatives(state, current(t))
    k2 = model.derivatives(state + dt / 2 * k1, middle)
    k3 = model.derivatives(state + dt / 2 * k2, middle)
    k4 = model.derivatives(state + dt * k3, current(t + dt))
    return state + dt / 6 * (k1 + 2 * (k2 + k3) + k4)


FIXED_STEP = {"forward Euler": euler, "exponential Euler": exponential_euler, "Runge-Kutta 4": runge_kutta}


@dataclass(frozen=True)
class Trace:
    """The first variable of all currents, after each step.

    Attributes
    ----------
    t : ndarray, shape (steps, 1)
        In ms.
    v : ndarray, shape (steps, n)
    """

    t: Array
    v: Array

    def crossings(self, level: float) -> NDArray[np.bool_]:
        """Tell for each step and current whether `level` was crossed upwards in it."""
        return np.asarray((self.v[1:] >= level) & (self.v[:-1] < level))

    def extent(self, start: float, end: float) -> Array:
        """Return for each current the largest minus the smallest value from `start` to `end` ms."""
        inside = (self.t >= start) & (self.t <= end)
        return np.asarray(np.where(inside, self.v, -np.inf).max(axis=0) - np.where(inside, self.v, np.inf).min(axis=0))


@dataclass(frozen=True)
class Piece:
    """A part of a stimulus: `duration` ms in which it goes from one fraction of the amplitude steadily to another."""

    duration: float
    first: float
    last: float

    def current(self, amplitudes: Array, start: float) -> Current:
        slope = (self.last - self.first) / self.duration
        if not slope:
            constant = amplitudes * self.first
            return lambda t: constant
        return lambda t: amplitudes * (self.first + slope * (t - start))


def simulate(model: Model, pieces: Iterable[Piece], amplitudes: Array, method: str, dt: float) -> Trace:
    """Simulate a model under stimuli of several amplitudes, with fixed time steps.

    Parameters
    ----------
    pieces : iterable of Piece
        The stimulus, from time 0.
    amplitudes : ndarray, shape (n,)
    method : str
        A key of `FIXED_STEP`.
    dt : float
        The time step (ms).
    """
    step = FIXED_STEP[method]
    state, start = np.repeat(np.array(model.start)[:, None], amplitudes.size, axis=1), 0.0
    times, values = [np.zeros(1)], [state[:1].copy()]
    for piece in pieces:
        current = piece.current(amplitudes, start)
        t = np.asarray(start + dt * np.arange(round(piece.duration / dt) + 1), dtype=np.float64)
        v = np.empty((t.size - 1, amplitudes.size))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for index in range(t.size - 1):
                state = step(model, state, current, t[index], dt)
                v[index] = state[0]
        times.append(t[1:])
        values.append(v)
        start += piece.duration
    return Trace(np.concatenate(times)[:, None], np.concatenate(values))


def stimulus(pieces: Sequence[Piece], amplitude: float) -> Callable[[float], float]:
    """Return the current of one amplitude as a function of time (ms)."""

    def current(t: float) -> float:
        start = 0.0
        for piece in pieces:
            if t < start + piece.duration:
                return amplitude * (piece.first + (piece.last - piece.first) * (t - start) / piece.duration)
            start += piece.duration
        return amplitude * pieces[-1].last

    return current


Reading = Callable[[Trace], NDArray[np.bool_]]


def first_spike(level: float) -> Reading:
    return lambda trace: np.asarray(trace.crossings(level).any(axis=0))


def second_spike(level: float) -> Reading:
    return lambda trace: np.asarray(trace.crossings(level).sum(axis=0) >= 2)


def goes_on(level: float, since: float, until: float) -> Reading:
    """Return the reading of more than one spike, and one between `since` and `until` (ms)."""

    def read(trace: Trace) -> NDArray[np.bool_]:
        spikes, late = trace.crossings(level), (trace.t[1:] > since) & (trace.t[1:] <= until)
        return np.asarray((spikes.sum(axis=0) >= 2) & (spikes & late).any(axis=0))

    return read


def still_moves(extent: float, since: float, until: float) -> Reading:
    return lambda trace: trace.extent(since, until) > extent


@dataclass(frozen=True)
class Experiment:
    """A simulation that answers one or more questions.

    Attributes
    ----------
    model : Model
    pieces : tuple of Piece
    grid : ndarray
        The amplitudes, in the question's unit and resolution, from well below the threshold to well above.
    readings : dict
        Name of a threshold -> criterion as the question words it -> what tells whether a trace meets it.
    """

    model: Model
    pieces: tuple[Piece, ...]
    grid: Array
    readings: dict[str, dict[str, Reading]]

    def settings(self) -> Iterator[tuple[str, str]]:
        """Yield every method that applies, with each of its time steps or tolerances."""
        for method in FIXED_STEP:
            if method != "exponential Euler" or self.model.linear:
                yield from ((method, time_step(dt)) for dt in STEPS)
        for method in solvers.METHODS:
            yield from ((method, setting) for setting in solvers.SETTINGS)


def time_step(dt: float) -> str:
    """Return a time step (ms) as the key writes it."""
    return f"dt = {dt:g} ms"


def _step(onset: float, end: float, until: float) -> tuple[Piece, ...]:
    pieces = [Piece(onset, 0, 0), Piece(end - onset, 1, 1)]
    return tuple(pieces if until <= end else [*pieces, Piece(until - end, 0, 0)])


def _grid(first: float, last: float, resolution: float) -> Array:
    return np.round(np.arange(round(first / resolution), round(last / resolution) + 1) * resolution, 6)


_LATE = hh.STEP[1] - hh.LATE
_REPETITIVE = {
    "a second spike": second_spike(hh.SPIKE_LEVEL),
    "firing to the step's end": goes_on(hh.SPIKE_LEVEL, _LATE, hh.STEP[1]),
}
_SUSTAINED = {"firing to the step's end": goes_on(neurons.SPIKE_LEVEL, 600, 1100)}
_ONE_SPIKE = {"a spike": first_spike(hh.SPIKE_LEVEL)}
_RAMP_ONSET, _RAMP_END, _ = hh.RAMP

EXPERIMENTS: tuple[Experiment, ...] = (
    Experiment(
        LIF,
        _step(20, 70, 70),
        _grid(0.5, 1.2, 0.01),
        {"lif_threshold": {"a spike": first_spike(lif.THRESHOLD + 1e-15)}},
    ),
    Experiment(
        HH,
        _step(*hh.STEP[:2], hh.STEP[1]),
        _grid(0.1, 8, 0.1),
        {"hh_threshold": _ONE_SPIKE, "hh_repetitive": _REPETITIVE},
    ),
    Experiment(HH_SODIUM, _step(*hh.STEP[:2], hh.STEP[1]), _grid(0.1, 3, 0.1), {"hh_sodium": _REPETITIVE}),
    Experiment(
        HH,
        (Piece(_RAMP_ONSET, 0, 0), Piece(_RAMP_END - _RAMP_ONSET, 0, 1)),
        _grid(10, 22, 0.1),
        {"hh_ramp": _ONE_SPIKE},
    ),
    Experiment(TYPE_I, _step(100, 1100, 1100), _grid(0.1, 0.5, 0.01), {"type_thresholds I": _SUSTAINED}),
    Experiment(TYPE_II, _step(100, 1100, 1100), _grid(0.1, 0.5, 0.01), {"type_thresholds II": _SUSTAINED}),
    Experiment(
        PHASE_PLANE,
        (Piece(600, 1, 1),),
        _grid(0.1, 2, 0.1),
        {"fhn_critical_current": {"u moves by more than 0.5 in the last 100 ms": still_moves(0.5, 500, 600)}},
    ),
)


@dataclass(frozen=True)
class Found:
    """A threshold that was found.

    Attributes
    ----------
    threshold : str
        Its name: the question's id, and what else tells it apart.
    criterion, method : str
    setting : str
        The time step, or the solver's tolerance.
    value : float or None
        The smallest current on the grid that meets the criterion; None where the method is not stable.
    """

    threshold: str
    criterion: str
    method: str
    setting: str
    value: float | None


def measure(experiment: Experiment, method: str, setting: str) -> list[Found]:
    """Search the thresholds of one experiment with one method."""
    if method in solvers.METHODS:
        return _measure_by_solver(experiment, method, setting)
    dt = next(dt for dt in STEPS if time_step(dt) == setting)
    trace = simulate(experiment.model, experiment.pieces, experiment.grid, method, dt)
    stable = bool(np.isfinite(trace.v).all() and np.abs(trace.v).max() < BEYOND)
    found = []
    for threshold, readings in experiment.readings.items():
        for criterion, read in readings.items():
            meets = read(trace) if stable else np.zeros(experiment.grid.size, bool)
            value = float(experiment.grid[np.argmax(meets)]) if meets.any() else None
            found.append(Found(threshold, criterion, method, setting, value))
    return found


def _measure_by_solver(experiment: Experiment, method: str, setting: str) -> list[Found]:
    until = sum(piece.duration for piece in experiment.pieces)

    @cache
    def trace(amplitude: float) -> Trace:
        current = stimulus(experiment.pieces, amplitude)
        t, v = solvers.solve(experiment.model.scalar, experiment.model.start, current, until, method, setting)
        return Trace(t[:, None], v[:, None])

    found = []
    for threshold, readings in experiment.readings.items():
        for criterion, read in readings.items():

            def meets(amplitude: float, read: Reading = read) -> bool:
                return bool(read(trace(amplitude))[0])

            value = solvers.first_on_grid(experiment.grid, meets)
            found.append(Found(threshold, criterion, method, setting, value))
    return found


def spread(
    wanted: Callable[[str], bool] = lambda threshold: True,
    steps: Iterable[float] = STEPS,
    settings: Iterable[str] = tuple(solvers.SETTINGS),
    on_done: Callable[[], None] = lambda: None,
    workers: int = 2,
) -> dict[str, list[Found]]:
    """Search all thresholds with all methods.

    Parameters
    ----------
    wanted : callable
        Called with a threshold's name; tells whether it is asked for.
    steps : iterable of float
        The time steps (ms) of the methods with a fixed one.
    settings : iterable of str
        The settings of SciPy's solvers.
    on_done : callable
        Called after each simulation; `simulations` tells how many there are.

    Returns
    -------
    dict
        Name of a threshold -> what was found.
    """
    tasks = simulations(wanted, steps, settings)
    found: dict[str, list[Found]] = {}
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for result in pool.map(_measure, tasks):
            for one in filter(lambda one: wanted(one.threshold), result):
                found.setdefault(one.threshold, []).append(one)
            on_done()
    return found


def simulations(
    wanted: Callable[[str], bool] = lambda threshold: True,
    steps: Iterable[float] = STEPS,
    settings: Iterable[str] = tuple(solvers.SETTINGS),
) -> list[tuple[int, str, str]]:
    """Return the simulations to make: index of the experiment, method and setting."""
    chosen = {*map(time_step, steps), *settings}
    return [
        (index, method, setting)
        for index, experiment in enumerate(EXPERIMENTS)
        if any(map(wanted, experiment.readings))
        for method, setting in experiment.settings()
        if setting in chosen
    ]


def _measure(task: tuple[int, str, str]) -> list[Found]:
    index, method, setting = task
    return measure(EXPERIMENTS[index], method, setting)

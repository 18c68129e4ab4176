"""What honest students find: thresholds on the asked grid, by several integrators and time steps.

A threshold that is read from a simulation depends a little on how the equations are integrated. Here each of them is
searched as a student does, on the grid that the question asks for: with the library's models and Brian2's fixed-step
methods (forward Euler, exponential Euler, the classical Runge-Kutta method), and with every solver of SciPy. It shows that
the tolerances are fair; nothing of it is needed to judge an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context

import brian2 as b2
import numpy as np

from autograder import kernels
from autograder.key import solvers
from autograder.key.experiments import EXPERIMENTS, FIXED_STEP, STEPS, Experiment, Reading, Trace, time_step
from neurodynex._simulation import simulate

BEYOND = 130.0  # mV: past every reversal potential, where only an integrator that is not stable gets


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


def measure_threshold(experiment: Experiment, method: str, setting: str) -> list[Found]:
    """Search the thresholds of one experiment with one method."""
    if method in solvers.METHODS:
        return _measure_by_solver(experiment, method, setting)
    dt = next(dt for dt in STEPS if time_step(dt) == setting)
    trace = fixed_step(experiment, FIXED_STEP[method], dt)
    found = []
    for threshold, readings in experiment.readings.items():
        for criterion, read in readings.items():
            meets = read(trace) if trace else np.zeros(experiment.grid.size, bool)
            value = float(experiment.grid[np.argmax(meets)]) if meets.any() else None
            found.append(Found(threshold, criterion, method, setting, value))
    return found


def fixed_step(experiment: Experiment, method: str, dt: float) -> Trace | None:
    """Simulate all currents of an experiment's grid with one of Brian2's methods, in time steps of `dt` ms.

    Returns
    -------
    Trace or None
        None where the method is not stable.
    """
    model = replace(experiment.model, method=method)
    kernels.add(model)
    try:
        monitor = simulate(model, experiment.stimulus(dt), experiment.parameters)
    except ValueError:  # it grew beyond all bounds
        return None
    trace = Trace(np.asarray(monitor.t / b2.ms), np.asarray(getattr(monitor, model.record[0]) / b2.mV))
    return trace if np.abs(trace.v).max() < BEYOND else None


def _measure_by_solver(experiment: Experiment, method: str, setting: str) -> list[Found]:
    @cache
    def trace(amplitude: float) -> Trace:
        t, v = solvers.solve(
            experiment.derivatives, experiment.start, experiment.current(amplitude), experiment.end, method, setting
        )
        return Trace(t, v[None])

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
    chosen: Callable[[str, str], bool] = lambda method, setting: True,
    on_done: Callable[[], None] = lambda: None,
    workers: int = 2,
) -> dict[str, list[Found]]:
    """Search all thresholds with all methods.

    Parameters
    ----------
    wanted : callable
        Called with a threshold's name; tells whether it is asked for.
    chosen : callable
        Called with a method and its setting, as `Found` has them; tells whether to search with it.
    on_done : callable
        Called after each simulation; `simulations` tells how many there are.

    Returns
    -------
    dict
        Name of a threshold -> what was found.
    """
    tasks = simulations(wanted, chosen)
    found: dict[str, list[Found]] = {}
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for result in pool.map(_measure, tasks):
            for one in filter(lambda one: wanted(one.threshold), result):
                found.setdefault(one.threshold, []).append(one)
            on_done()
    return found


def simulations(
    wanted: Callable[[str], bool] = lambda threshold: True,
    chosen: Callable[[str, str], bool] = lambda method, setting: True,
) -> list[tuple[int, str, str]]:
    """Return the simulations to make: index of the experiment, method and setting."""
    return [
        (index, method, setting)
        for index, experiment in enumerate(EXPERIMENTS)
        if any(map(wanted, experiment.readings))
        for method, setting in experiment.settings()
        if chosen(method, setting)
    ]


def _measure(task: tuple[int, str, str]) -> list[Found]:
    index, method, setting = task
    return measure_threshold(EXPERIMENTS[index], method, setting)

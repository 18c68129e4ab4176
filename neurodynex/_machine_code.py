"""The time loops of `_kernels` as machine code, made by Numba and kept in files where that is possible.

Numba is imported at the first simulation. Its own cache refuses a folder that it may only read, as in a sandbox, and
raises an error where no folder can be written; this one reads wherever something is, and does without otherwise.
"""

from __future__ import annotations

import contextlib
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the command that writes the kernels works without them
    from neurodynex._kernels import Kernel

__all__ = ["compiled", "kernel", "warm_up"]

#: Without Numba, Brian2's run is faster from this number of neurons times time steps on.
_MOST_STEPS_IN_PYTHON = 50_000


def kernel(fingerprint: str, work: int) -> Kernel | None:
    """Return the time loop of a model.

    Parameters
    ----------
    fingerprint : str
        Of the model, see `neurodynex._simulation.fingerprint`.
    work : int
        Number of neurons times number of time steps.

    Returns
    -------
    Kernel or None
        None if Brian2 has to run this model.
    """
    from neurodynex import _kernels

    found = _kernels.KERNELS.get(fingerprint)
    if found is None:
        return None
    run = compiled(found.run, _kernels.HELPERS)
    if run is found.run and work > _MOST_STEPS_IN_PYTHON:
        return None
    return found._replace(run=run)


_dispatchers: list[Any] = []


@cache
def compiled(function: Any, helpers: tuple[Any, ...] = ()) -> Any:
    """Return `function`, which calls `helpers`, as compiled by Numba at its first call; itself where there is no Numba."""
    numba = _numba()
    if numba is None:
        return function
    for helper in helpers:
        numba.extending.register_jitable(helper)
    dispatcher = numba.njit(error_model="numpy")(function)
    with contextlib.suppress(Exception):  # a Numba that has changed inside: compiled in every process, then
        from neurodynex._machine_code_files import Files

        dispatcher._cache = Files(function)
    _dispatchers.append(dispatcher)
    return dispatcher


@cache
def _numba() -> Any:
    try:
        import numba
    except ImportError as missing:
        warnings.warn(
            f"Simulations take several times longer than they could, as Numba cannot be imported ({missing}). "
            "Their results are the same.",
            RuntimeWarning,
            stacklevel=2,
        )
        return None
    return numba


def warm_up() -> tuple[int, int]:
    """Make the machine code of every time loop, and keep it for the processes to come.

    Returns
    -------
    loops, kept : int
        How many there are, and how many of them are now in files; both 0 without Numba.
    """
    from neurodynex.hodgkin_huxley.HH import HH_Step
    from neurodynex.leaky_integrate_and_fire.LIF import LIF_Step
    from neurodynex.neuron_type.neurons import NeuronTypeOne, NeuronTypeTwo
    from neurodynex.ojas_rule.oja import run_oja
    from neurodynex.phase_plane_analysis.fitzhugh_nagumo import get_trajectory

    HH_Step(do_plot=False)
    LIF_Step(do_plot=False)
    for neuron in (NeuronTypeOne, NeuronTypeTwo):
        neuron().step(do_plot=False)
    run_oja(10, do_plot=False, rng=1)
    get_trajectory()
    files = [getattr(loop, "_cache", None) for loop in _dispatchers]
    return len(files), sum(getattr(file, "kept", False) for file in files)

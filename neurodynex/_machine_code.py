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

__all__ = ["compiled", "kernel"]

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

"""Ways to isolate a notebook, best first."""

from __future__ import annotations

import sys

from . import stale
from .base import Backend, NoIsolation, Sandbox, SandboxSpec, close_all
from .bubblewrap import Bubblewrap
from .other_uid import OtherUid
from .plain import Plain

__all__ = ["Backend", "NoIsolation", "Sandbox", "SandboxSpec", "available", "backend", "close_all"]

_ISOLATING = ("bubblewrap", "other-uid")
_ALL: dict[str, type[Backend]] = {"bubblewrap": Bubblewrap, "other-uid": OtherUid, "none": Plain}


def backend(name: str | None = None, *, cold: bool | None = None) -> Backend:
    """Choose how to isolate notebooks, and remove what sandboxes of killed graders have left on this machine.

    Parameters
    ----------
    name : str, optional
        ``bubblewrap``; ``other-uid``; or ``none``, which isolates nothing and has to be asked for by this name. Without
        one, the best that works here.
    cold : bool, optional
        Whether each sandbox shall be started afresh (True), or be a fork of a process that has imported what students use
        (False). By default only the first one of this process is started afresh, as there may be no second.

    Returns
    -------
    Backend
        Ready for `run_notebook`, any number of times.

    Raises
    ------
    NoIsolation
        If it cannot be used here. The message says why, and what can be done.
    ValueError
        If there is no backend of that name.
    """
    if name is not None and name not in _ALL:
        raise ValueError(f"There is no sandbox named {name!r}; there are {', '.join(map(repr, _ALL))}.")
    stale.remove()
    reasons = []
    for candidate in _ISOLATING if name is None else [name]:
        try:
            chosen = _ALL[candidate]()
        except NoIsolation as reason:
            reasons.append(f"{candidate}: {reason}")
            continue
        chosen.set_cold(cold)
        return chosen
    raise NoIsolation(f"Notebooks cannot be isolated here. {'; '.join(reasons)}. {_advice()}")


def available() -> dict[str, str | None]:
    """Return the name of every backend, with None if it works here, or else the reason why not."""
    found: dict[str, str | None] = {}
    for name, kind in _ALL.items():
        try:
            kind()
            found[name] = None
        except NoIsolation as reason:
            found[name] = str(reason)
    return found


def _advice() -> str:
    if sys.platform == "win32":
        return "On Windows, grade inside WSL 2 or a Linux container."
    unsafe = "or, for notebooks that you trust as much as your own, use `--sandbox none`"
    if sys.platform == "darwin":
        return f"On macOS, grade inside a Linux container or virtual machine, {unsafe}."
    return f"Install bubblewrap (`apt install bubblewrap`), or grade as root in a container, {unsafe}."

"""Becomes an ordinary user, or root in a container, and reports what sandboxes do there. Started by test_backends.py.

``python as_somebody.py user UID`` or ``python as_somebody.py container``; the environment names a folder in ``ROOM``.
"""

import ctypes
import json
import os
import sys

from autograder.sandbox import Ask, Cell, Variable, available, backend, run_notebook
from autograder.sandbox.backends import seccomp
from autograder.sandbox.backends.python import python_folders
from autograder.sandbox.runner import launch

SOMEBODY = 61234
#: What Docker leaves to root in a container.
DOCKER = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)
PROBE = """
import os
core = os.access("/proc/sys/kernel/core_pattern", os.W_OK)
me = os.getuid()
open("mine", "w").close()
"""


def container() -> None:
    """Root with Docker's capabilities, which may not unshare or mount."""
    for capability in range(64):
        if capability not in DOCKER:
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
    denied = [seccomp._DENIED[name][seccomp._MACHINES[os.uname().machine][0]] for name in ("unshare", "mount", "setns")]
    rules = [
        rule
        for number in denied
        for rule in seccomp._leave(seccomp._Jump(seccomp._JUMP_IF_EQUAL, number, seccomp._DENY))
    ]
    clone = seccomp._CLONE[seccomp._MACHINES[os.uname().machine][0]]
    namespaces = seccomp._argument(clone, seccomp._Jump(seccomp._JUMP_IF_ANY_BIT, seccomp._NAMESPACES, seccomp._DENY))
    end = seccomp._instruction(seccomp._RETURN, seccomp._ALLOW)
    launch.install_filter(b"".join([seccomp._load(0), *rules, *namespaces, end]))


def report() -> None:
    """Run a notebook in everything that works, and print what came out."""
    steps = [Cell(0, PROBE), Ask("q", (Variable("core"), Variable("me")))]
    found = {}
    for name, reason in available().items():
        if reason is None and name != "none":
            run = run_notebook(steps, backend=backend(name))
            found[name] = {"error": run.cells[0].error, "missing": run.missing_layers, **run.answers["q"]}
    print(json.dumps({"available": available(), "found": found}))


if __name__ == "__main__":
    if sys.argv[1] == "report":
        report()
    else:
        launch.expose(map(str, python_folders()), SOMEBODY)
        if sys.argv[1] == "user":
            launch.step_down(SOMEBODY)
        else:
            container()
        os.execv(sys.executable, [sys.executable, __file__, "report"])

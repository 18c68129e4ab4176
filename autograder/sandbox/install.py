"""Make ready what sandboxes need: bubblewrap where it may be installed, and byte code. Run as a step of `make venv`."""

from __future__ import annotations

import compileall
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec

from .backends import NoIsolation, available, backend
from .backends.staging import fonts, machine_code

#: What notebooks import, with the larger ones of what that imports in turn. No submission may keep their byte code; of all else
#: that is installed, the first import does.
LIBRARIES = ("brian2", "IPython", "matplotlib", "mpmath", "numba", "numpy", "scipy", "sympy")
INSTALL = ["apt-get", "install", "-y", "-qq"]


def main() -> None:
    """Install, make what sandboxes get copies of, and say which will be used. None is no error: only grading needs one."""
    if sys.platform == "linux" and not shutil.which("bwrap"):
        print("bubblewrap is missing; it isolates submissions best.", flush=True)
        install("bubblewrap")
    byte_code(LIBRARIES)
    fonts()
    machine_code()
    try:
        print(f"Sandbox: {backend().name}.")
    except NoIsolation as missing:
        print(missing)
        for name, reason in available().items():
            print(f"  {name}: {reason or 'works'}")


def byte_code(libraries: Iterable[str]) -> None:
    """Compile the installed ones of some libraries, without their tests, on all cores."""
    for name in libraries:
        found = find_spec(name)
        for folder in (found and found.submodule_search_locations) or ():
            tests = re.compile(rf"{re.escape(folder)}.*[/\\]tests?[/\\]")
            compileall.compile_dir(folder, quiet=2, rx=tests, workers=0)


def install(package: str) -> None:
    """Install a package of Debian's where that is allowed, else say how."""
    prefix = _may_install()
    if prefix is None:
        print(f"To install it: sudo apt-get install {package}")
        return
    print(f"Installing {package}.", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], [*INSTALL, package]):
        done = subprocess.run([*prefix, *command], env=environment, capture_output=True, text=True)
    if done.returncode:
        print(f"That failed: {done.stderr.strip().splitlines()[-1:]}. To try again: {' '.join([*INSTALL, package])}")


def _may_install() -> list[str] | None:
    """Return what to put before a command that installs, or None where that is not allowed without a password."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


if __name__ == "__main__":
    main()

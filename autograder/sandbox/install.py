"""Install bubblewrap where it is missing and that is allowed; else say what to type. Run as a step of `make venv`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from .backends import NoIsolation, available, backend
from .backends.staging import fonts, machine_code

INSTALL = ["apt-get", "install", "-y", "-qq"]


def main() -> None:
    """Install, make what sandboxes get copies of, and say which will be used. None is no error: only grading needs one."""
    if sys.platform == "linux" and not shutil.which("bwrap"):
        print("bubblewrap is missing; it isolates submissions best.", flush=True)
        install("bubblewrap")
    fonts()
    machine_code()
    try:
        print(f"Sandbox: {backend().name}.")
    except NoIsolation as missing:
        print(missing)
        for name, reason in available().items():
            print(f"  {name}: {reason or 'works'}")


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

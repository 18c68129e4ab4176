"""Runs `make test` where least is given: a fresh Debian in a chroot, as root, without user namespaces and ``/dev/shm``.

Exit code 2: it could not be tried here; 0 with ``--where-possible``. Otherwise that of the command.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.sandbox.install import install
from tests.conftest import ROOT
from tests.image import base
from tests.image.container import ENVIRONMENT

FOLDER = ROOT / "build" / "bare"
NEEDED = ("ca-certificates", "make", "python3-venv")
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "build", "dist", "__pycache__", ".*_cache", ".hypothesis")


def main() -> int:
    """Make the root, copy the checkout into it, and run the command there."""
    parser = argparse.ArgumentParser(prog="python -m tests.image.bare", description=__doc__)
    parser.add_argument("command", nargs="*", default=["make", "test"])
    parser.add_argument("--suite", default=base.SUITE, help="of Debian; a newer one has a newer Python")
    parser.add_argument("--mirror", default=os.environ.get("DEBIAN_MIRROR"), help="default: the machine's own")
    parser.add_argument("--where-possible", action="store_true", help="exit code 0 where it cannot be tried")
    wanted = parser.parse_args()
    if os.geteuid() == 0 and not shutil.which("debootstrap"):
        install("debootstrap")
    lacking = base.missing()
    if not lacking:
        try:
            base.make(FOLDER / wanted.suite, wanted.mirror, wanted.suite, NEEDED)
        except SystemExit as failed:
            lacking = str(failed)
    if lacking:
        print(f"Not tried in a bare Debian root: {lacking}")
        return 0 if wanted.where_possible else 2
    root = base.copy(FOLDER / wanted.suite, FOLDER / "root")
    shutil.copytree(ROOT, root / "checkout", ignore=NOT_COPIED, symlinks=True)
    return run(root, wanted.command)


def run(root: Path, command: list[str]) -> int:
    """Run a command in the folder `checkout` of a root, with the network as this machine's pip has it."""
    steps = ["set -e", shlex.join(["mount", "-t", "proc", "proc", str(root / "proc")])]
    for path in base.carried_files():
        place = root / path.relative_to("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        else:
            place.touch()
        steps.append(shlex.join(["mount", "--bind", str(path), str(place)]))
    inside = f"cd /checkout && exec {shlex.join(command)}"
    steps.append(shlex.join(["exec", "chroot", str(root), "bash", "-c", inside]))
    # Mounts and processes end with the command.
    line = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", "\n".join(steps)]
    return subprocess.run(line, env={**ENVIRONMENT, **base.carried_variables()}).returncode


if __name__ == "__main__":
    sys.exit(main())

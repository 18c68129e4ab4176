"""A minimal Debian to start from, and what the machine's own package managers need in order to reach their servers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.routes import as_docker

SUITE = "bookworm"
_CARRIED = re.compile(r"PIP_|UV_|SSL_CERT_|REQUESTS_CA_BUNDLE$|.*_PROXY$", re.IGNORECASE)
_CONFIGURATIONS = (
    "/etc/pip.conf",
    "~/.config/pip/pip.conf",
    "~/.pip/pip.conf",
    "/etc/uv/uv.toml",
    "~/.config/uv/uv.toml",
)
_LOCAL = re.compile(r"(?:file://)?(/[^\s\"',]+)")


def missing() -> str | None:
    """Say what this machine lacks."""
    if sys.platform != "linux":
        return "Only Linux has what this needs. Elsewhere, run it in a Linux virtual machine."
    if os.geteuid() != 0:
        return "Only root can do this: sudo .venv/bin/python -m tests.image"
    if not as_docker.may_mount():
        return "Root needs mounts for this, which are not permitted in a container. Run it in a virtual machine."
    if not shutil.which("debootstrap"):
        return "debootstrap is missing. To install it: apt-get install debootstrap"
    return None


def make(place: Path, mirror: str | None, suite: str = SUITE, packages: Sequence[str] = ("ca-certificates",)) -> None:
    """Make the root with debootstrap, unless it is there.

    Parameters
    ----------
    place : Path
    mirror : str, optional
        Address of a Debian mirror; by default the one that this machine uses, or debootstrap's own.
    suite : str
        The version of Debian.
    packages : sequence of str
        What to install beside the minimum.
    """
    if place.exists():
        return
    part = place.with_name(place.name + ".part")
    if part.exists():  # left by a run that was interrupted
        subprocess.run(["rm", "-rf", "--one-file-system", part], check=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    source = mirror or _mirror()
    line = [
        "debootstrap",
        "--variant=minbase",
        f"--include={','.join(packages)}",
        suite,
        str(part),
        *([source] if source else []),
    ]
    log = place.with_name("debootstrap.log")
    with log.open("w") as file:
        if subprocess.run(line, stdout=file, stderr=subprocess.STDOUT).returncode:
            sys.exit(f"debootstrap failed; see {log}. Another mirror can be given with --mirror or in DEBIAN_MIRROR.")
    # Docker gives this to every container.
    (part / "etc" / "hosts").write_text("127.0.0.1 localhost container\n", encoding="ascii")
    part.rename(place)


def copy(made: Path, root: Path) -> Path:
    """Copy a root that was made, in place of an earlier copy, which is not entered beyond its own file system; return it."""
    subprocess.run(["rm", "-rf", "--one-file-system", root], check=True)
    subprocess.run(["cp", "-a", "--reflink=auto", made, root], check=True)
    return root


def _mirror() -> str | None:
    line = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Codename: {SUITE}"]
    found = subprocess.run(line, capture_output=True, text=True)
    return next(iter(found.stdout.split()), None)


def carried_variables() -> dict[str, str]:
    """The variables by which pip and uv find their servers here."""
    return {name: value for name, value in os.environ.items() if _CARRIED.match(name)}


def carried_files() -> list[Path]:
    """The files that tell this machine's pip, uv and resolver where servers are, and local folders that they name."""
    configurations = [path for name in _CONFIGURATIONS if (path := Path(name).expanduser()).is_file()]
    texts = [*carried_variables().values(), *(path.read_text(encoding="utf-8") for path in configurations)]
    named = [Path(path) for text in texts for path in _LOCAL.findall(text)]
    return sorted({Path("/etc/resolv.conf"), *configurations, *(path for path in named if path.exists())})

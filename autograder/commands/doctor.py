"""Say what this machine has for grading, and what to type for what it lacks."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import typer
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.course import FILES, ROOT, course_file, read_course_toml
from autograder.errors import InstructorError
from autograder.sandbox import Backend, Cell, NoIsolation, available, backend, run_notebook
from autograder.sandbox.runner.launch import landlock_version

DISTRIBUTION = "neurodynex-assignments"
UNCHANGED = "change-me"
APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
USER_NAMESPACES = Path("/proc/sys/user/max_user_namespaces")
UNPRIVILEGED = Path("/proc/sys/kernel/unprivileged_userns_clone")
# Ubuntu 24.04 ships this profile without loading it.
ALLOW_BWRAP = (
    "sudo apt-get install apparmor-profiles && "
    "sudo cp /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && "
    "sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict"
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox")
MOST_NAMED = 5
OK, NOTE, MISSING = "ok", "note", "missing"
STYLES = {OK: "green", NOTE: "yellow", MISSING: "bold red"}


@dataclass(frozen=True)
class CheckResult:
    """What was found of one thing.

    Attributes
    ----------
    what : str
    state : str
        "ok"; "note": grading works without; "missing": it does not.
    found : str
    remedy : str
        What to do about it.
    """

    what: str
    state: str
    found: str
    remedy: str = ""


def doctor() -> None:
    """Say what this machine has, and what to type for what it lacks. Exit code 0: grading works here; 1: it does not."""
    findings = list(examine())
    console = Console()
    table = Table("", "", "found", box=None, pad_edge=False, header_style="bold")
    for finding in findings:
        table.add_row(Text(finding.state, STYLES[finding.state]), finding.what, Text(finding.found))
    console.print(table)
    for finding in findings:
        if finding.remedy:
            console.print(f"\n{finding.what}: {finding.remedy}", markup=False, highlight=False, soft_wrap=True)
    missing = [finding.what for finding in findings if finding.state == MISSING]
    console.print(f"\nGrading does not work here yet: {', '.join(missing)}." if missing else "\nGrading works here.")
    raise typer.Exit(1 if missing else 0)


def examine() -> Iterator[CheckResult]:
    """Look at everything, in the order in which one would set it up."""
    yield check_python()
    yield check_packages()
    yield check_course()
    yield from check_layers()
    yield from check_sandbox()
    yield from check_programs()


def check_python() -> CheckResult:
    """Return whether this Python is one that the package allows."""
    version = ".".join(map(str, sys.version_info[:3]))
    allowed = metadata.metadata(DISTRIBUTION)["Requires-Python"]
    if version in SpecifierSet(allowed):
        return CheckResult("Python", OK, version)
    return CheckResult("Python", MISSING, f"{version}, but {allowed} is needed", "make PYTHON=python3.12 venv")


def check_packages() -> CheckResult:
    """Compare what is installed with the versions that the tests ran with."""
    needed, tested = ROOT / "autograder" / "requirements-grading.lock", ROOT / "requirements.lock"
    lock = tested if tested.is_file() else needed
    install = f"{sys.executable} -m pip install --require-hashes -r {lock}"
    if absent := differences(pins(needed.read_text(encoding="utf-8")))[0]:
        return CheckResult("Packages", MISSING, f"not installed: {_some(absent)}", install)
    absent, other = differences(pins(lock.read_text(encoding="utf-8")))
    if absent:
        return CheckResult("Packages", NOTE, f"not installed, and not needed to grade: {_some(absent)}", install)
    if other:
        return CheckResult("Packages", NOTE, f"other versions than the tests ran with: {_some(other)}", install)
    return CheckResult("Packages", OK, f"all at the pinned versions (Brian2 {_version('brian2')})")


def pins(lock: str) -> dict[str, str]:
    """Return what a lock file pins for this Python and machine: name -> version."""
    lines = (line.removesuffix("\\").strip() for line in lock.splitlines() if re.match(r"[a-z0-9]", line))
    wanted = [
        requirement
        for requirement in map(Requirement, lines)
        if not requirement.marker or requirement.marker.evaluate()
    ]
    return {requirement.name: str(requirement.specifier).removeprefix("==") for requirement in wanted}


def differences(pinned: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the pinned packages that are not installed, and those of which another version is."""
    installed = {name: _version(name) for name in pinned}
    absent = [name for name, version in installed.items() if version is None]
    other = [
        f"{name} {installed[name]} (tested: {pinned[name]})"
        for name in pinned
        if installed[name] not in (None, pinned[name])
    ]
    return absent, other


def check_course() -> CheckResult:
    """Return whether there is a course, and whether its salt is its own."""
    try:
        settings = read_course_toml()
    except InstructorError as error:
        return CheckResult("Course", MISSING, "course.toml cannot be used", str(error))
    found = f"{settings.course.id}"
    if UNCHANGED in (settings.course.salt, settings.grading.hidden_inputs.removesuffix("-too")):
        place = course_file()
        how = (
            f"python3 -c 'import secrets; print(secrets.token_hex())' makes one; set salt and hidden_inputs in {place}"
        )
        if place.parent == FILES != ROOT:  # within an installed package, which an update replaces
            how = "autograder new course NAME makes a course with a salt of its own; run the commands in its folder"
        return CheckResult("Course", NOTE, f"{found}, with the published salt", how)
    return CheckResult("Course", OK, found)


def check_layers() -> Iterator[CheckResult]:
    """Return what the kernel and the system offer for isolating notebooks."""
    if sys.platform != "linux":
        yield CheckResult(
            "Linux", MISSING, sys.platform, "Grade in a Linux machine or container; on Windows, WSL 2 is one."
        )
        return
    program = shutil.which("bwrap")
    yield (
        CheckResult("bubblewrap", OK, program)
        if program
        else CheckResult(
            "bubblewrap", NOTE, "not installed", "sudo apt-get install bubblewrap   (or your distribution's equivalent)"
        )
    )
    restricted, allowed = _read(APPARMOR) == "1", _read(UNPRIVILEGED) != "0" and _read(USER_NAMESPACES) != "0"
    if not allowed:
        on = (
            "sudo sysctl -w user.max_user_namespaces=15000"
            if _read(USER_NAMESPACES) == "0"
            else "sudo sysctl -w kernel.unprivileged_userns_clone=1"
        )
        yield CheckResult("User namespaces", NOTE, "forbidden", on)
    elif restricted and os.geteuid() != 0:
        cost = "With this profile each sandbox starts afresh, which takes longer."
        yield CheckResult("User namespaces", NOTE, "restricted by AppArmor", f"{ALLOW_BWRAP}\n{cost}")
    else:
        yield CheckResult("User namespaces", OK, "allowed")
    version = landlock_version()
    yield (
        CheckResult("Landlock", OK, f"version {version}")
        if version
        else CheckResult("Landlock", NOTE, "this kernel has none; only the sandbox other-uid uses it")
    )


def check_sandbox() -> Iterator[CheckResult]:
    """Return which sandboxes work, and whether a notebook really runs in the one that grading would take."""
    for name, reason in available().items():
        if name != "none":
            yield CheckResult(f"Sandbox {name}", NOTE if reason else OK, reason or "works")
    logging.getLogger("autograder.sandbox").setLevel(logging.ERROR)  # why sandboxes start afresh stands in the table
    try:
        chosen = backend(cold=False)
    except NoIsolation as reason:
        yield CheckResult("Grading", MISSING, "no sandbox works here", str(reason))
        return
    tried = trial(chosen)
    cost = "Each sandbox starts afresh instead, which takes longer." if chosen.why_cold else ""
    yield CheckResult(
        "Forks",
        NOTE if cost else OK,
        chosen.why_cold or "sandboxes fork from a process that has imported the libraries",
        cost,
    )
    yield tried


def trial(chosen: Backend) -> CheckResult:
    """Run a cell that imports what every notebook imports, in a sandbox."""
    ran = run_notebook([Cell(0, "import brian2, matplotlib.pyplot, neurodynex, scipy")], backend=chosen)
    cell = ran.cells[0]
    if cell.status != "ok":
        why = cell.error or ran.stopped or cell.status
        return CheckResult(
            "Grading", MISSING, f"a notebook does not run in {ran.sandbox}: {why}", "make venv   (installs again)"
        )
    lacks = f"; this machine lacks: {', '.join(ran.missing_layers)}" if ran.missing_layers else ""
    return CheckResult("Grading", NOTE if lacks else OK, f"a notebook runs in {ran.sandbox}{lacks}")


def check_programs() -> Iterator[CheckResult]:
    """Return which programs are there that only some commands use."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    for name, path, use, package in (
        ("Browser", browser, "to look at reports here", "chromium"),
        ("make", shutil.which("make"), "for the targets of the Makefile", "make"),
        ("git", shutil.which("git"), "to keep a course's history", "git"),
        ("debootstrap", shutil.which("debootstrap"), "for `make image` and `make bare`", "debootstrap"),
    ):
        if path:
            yield CheckResult(name, OK, path)
        else:
            yield CheckResult(name, NOTE, f"not installed; {use}", f"sudo apt-get install {package}")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _some(names: Iterable[str]) -> str:
    """Return the first few names, and how many there are beside them."""
    listed = list(names)
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    return ", ".join(listed[:MOST_NAMED]) + more


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return None

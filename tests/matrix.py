"""Runs `make test` on every Python that the package allows, each with an environment of its own in ``build/matrix``.

Exit code 1: on one of them the tests failed, or there is none. A Python that cannot be had is named, and is no failure.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

FOLDER = ROOT / "build" / "matrix"
UV = Path(sys.executable).with_name("uv")
_SHOW = "import sys; print('%d.%d' % sys.version_info[:2], sys.version.split()[0])"


def main() -> int:
    """Run them all, and say what each gave."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    given = {}
    for version in versions():
        python, reason = find(version)
        if python is None:
            given[version] = f"not tried: {reason}"
        else:
            log = FOLDER / f"{version}.log"
            print(f"Python {version}: {python}, see {log.relative_to(ROOT)}", flush=True)
            given[version] = test(version, python, log)
    print("\n".join(f"Python {version}: {outcome}" for version, outcome in given.items()))
    passed = [outcome.startswith("passed") for outcome in given.values()]
    failed = [outcome.startswith("failed") for outcome in given.values()]
    return 0 if any(passed) and not any(failed) else 1


def versions() -> list[str]:
    """The Pythons that `pyproject.toml` allows, as ``3.11``."""
    allowed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    first, beyond = map(int, re.fullmatch(r">=3\.(\d+),<3\.(\d+)", allowed).groups())  # type: ignore[union-attr]
    return [f"3.{minor}" for minor in range(first, beyond)]


def find(version: str) -> tuple[str | None, str]:
    """Find a Python, or have uv bring it; without one, say why."""
    for candidate in candidates(version):
        if works(candidate, version):
            return candidate, ""
    brought = subprocess.run([UV, "python", "install", version], capture_output=True, text=True)
    found = subprocess.run([UV, "python", "find", "--no-project", version], capture_output=True, text=True)
    if found.returncode == 0 and works(found.stdout.strip(), version):
        return found.stdout.strip(), ""
    lines = [line.strip() for line in brought.stderr.splitlines() if line.strip()] or ["uv does not say why"]
    return None, f"it is not on this machine, and uv cannot bring it ({lines[-1]})"


def candidates(version: str) -> Iterator[str]:
    """Interpreters that may have a version: this one, those on the PATH, pyenv's newest first."""
    yield getattr(sys, "_base_executable", sys.executable)
    if on_path := shutil.which(f"python{version}"):
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [path for path in pyenv.glob(f"{version}.*/bin/python") if re.fullmatch(r"[\d.]+", path.parts[-3])]
    yield from map(str, sorted(found, key=lambda path: [*map(int, path.parts[-3].split("."))], reverse=True))


def works(python: str, version: str) -> bool:
    """Whether an interpreter starts, is of a version, and can make environments. A shim of pyenv may not."""
    try:
        done = subprocess.run([python, "-c", f"import venv, ensurepip; {_SHOW}"], capture_output=True, text=True)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.split()[0] == version


def test(version: str, python: str, log: Path) -> str:
    """Run `make test` with a Python in its own environment; return what it gave, in a line."""
    line = ["make", "test", f"PYTHON={python}", f"VENV={FOLDER.relative_to(ROOT) / version}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    with log.open("w", encoding="utf-8") as file:
        code = subprocess.run(line, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT).returncode
    last = (log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["nothing was printed"])[-1]
    if code == 0:
        return f"passed: {last.strip('= ')}"
    failed = re.findall(r"^(?:FAILED|ERROR) .*", log.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return f"failed: {(failed or [last])[0]} (see {log.relative_to(ROOT)})"


if __name__ == "__main__":
    sys.exit(main())

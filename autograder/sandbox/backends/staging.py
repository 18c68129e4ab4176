"""Lays out what a sandbox may see: the runner, the packages, a list of fonts; and the environment that points there."""

from __future__ import annotations

import compileall
import contextlib
import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import neurodynex

from ..locks import lock
from .python import python_path

RUNNER = "sandbox_runner"
#: How the names of the sandboxes' folders begin.
PREFIX = "neurodynex-sandbox-"
#: Folder of the homes of all forks of one process, each named by its user.
HOMES = "homes"
_SOURCE = Path(__file__).parent.parent / "runner"
_LIBRARY = Path(neurodynex.__file__).parent
#: Machine code for every processor of this kind: what an image was made with also runs where its submissions are graded.
_ANY_CPU = {"NUMBA_CPU_NAME": "generic"}


def command() -> list[str]:
    """Return the command that runs the runner: no user site, no current directory on the path."""
    return [python_path(), "-s", "-P", "-m", RUNNER]


def variables(packages: Path, home: Path, temporary: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of a sandbox.

    Parameters
    ----------
    packages, home, temporary : Path
        As the sandbox sees them.
    extra : mapping
        What the caller adds; it cannot replace any of ours.
    """
    return {
        **extra,
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "PATH": f"{Path(python_path()).parent}:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "student",
        "PYTHONPATH": str(packages),
        # The order of a set of strings, and so a seed or a plot, is the same in every run.
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(home / ".config" / "matplotlib"),
        "IPYTHONDIR": str(home / ".ipython"),
        # BLAS reserves address space for every thread; and two graders share one core better without.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        **_ANY_CPU,
    }


def stage(packages: Sequence[Path], cleanup: contextlib.ExitStack) -> Path:
    """Copy the runner, neurodynex (whose encoder it uses) and the packages into a fresh folder that every user can read.

    The folder has ``packages/``, for the Python path, and ``fonts/``. It is removed with `cleanup`. Every sandbox has a
    copy of the machine code: one for all would let who can write it run code in the others.
    """
    top = held_folder(cleanup)
    # Not shutil.rmtree: folders in folders, a thousand deep, are too much for it. Neither follows symbolic links.
    cleanup.callback(subprocess.run, ["rm", "-rf", "--", str(top)], stderr=subprocess.DEVNULL, check=False)
    top.chmod(0o755)
    sources = {RUNNER: _SOURCE, _LIBRARY.name: _LIBRARY, **{package.name: package for package in packages}}
    for name, source in sources.items():
        compileall.compile_dir(source, quiet=2)  # once; compiling in every sandbox would take longer than all else
        shutil.copytree(source, top / "packages" / name, ignore=shutil.ignore_patterns("test", "tests"))
    if (code := machine_code()) is not None:
        shutil.copytree(code, top / "packages" / _LIBRARY.name / "__pycache__", dirs_exist_ok=True)
    shutil.copytree(fonts(), top / "fonts")
    for folder, _, files in os.walk(top):
        Path(folder).chmod(0o755)
        for name in files:
            (Path(folder) / name).chmod(0o644)
    return top


def held_folder(cleanup: contextlib.ExitStack) -> Path:
    """Make a fresh folder, locked as long as this process lives; see `stale`."""
    made = Path(tempfile.mkdtemp(prefix=f"new-{PREFIX}"))
    folder = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
    cleanup.callback(os.close, folder)
    lock(folder)
    # Under its final name it has never been without a lock.
    return made.rename(made.with_name(made.name.removeprefix("new-")))


@cache
def fonts() -> Path:
    """Return a folder with matplotlib's list of fonts, made once for each version, in the grader's own cache.

    Making it imports Python's larger libraries once, which leaves their byte code behind where that was missing.
    """
    import matplotlib

    script = "import matplotlib.font_manager, matplotlib.pyplot, IPython, scipy.integrate, scipy.optimize, brian2"
    return _made_once(
        f"matplotlib-{matplotlib.__version__}-python{sys.version_info.minor}", ["-c", script], {}, "fontlist*"
    )


@cache
def machine_code() -> Path | None:
    """Return a folder with what ``neurodynex warmup`` makes, once for each version, in the grader's own cache.

    None without Numba.
    """
    loops = b"".join((_LIBRARY / name).read_bytes() for name in ("_kernels.py", "_loops.py"))
    try:
        version = importlib.metadata.version("numba")
    except importlib.metadata.PackageNotFoundError:
        return None
    name = f"numba-{version}-python{sys.version_info.minor}-{hashlib.sha256(loops).hexdigest()[:16]}"
    return _made_once(name, ["-m", "neurodynex", "warmup"], _ANY_CPU, "*/*.nb[ci]")


def _made_once(name: str, program: list[str], extra: Mapping[str, str], wanted: str) -> Path:
    """Return a folder in the grader's own cache, with what a Python program leaves in its cache folder.

    Parameters
    ----------
    name : str
        Of the folder, with everything that the content depends on.
    program : list of str
        Arguments of Python.
    extra : mapping
        Environment variables.
    wanted : str
        Pattern of the files that are kept, without their folders.
    """
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = root / "neurodynex-sandbox" / name
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    except OSError:  # no home to write to: once for each process, then
        fresh = folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "PYTHONPATH": str(_LIBRARY.parent),
            "MPLCONFIGDIR": home,
            "NUMBA_CACHE_DIR": home,
            "HOME": home,
            "OMP_NUM_THREADS": "1",
            **extra,
        }
        subprocess.run([sys.executable, *program], env=environment, capture_output=True, check=False)
        try:
            for path in Path(home).glob(wanted):
                shutil.copy(path, fresh)
        except OSError:  # no space for it there
            shutil.rmtree(fresh, ignore_errors=True)
            return Path(tempfile.mkdtemp(prefix=f"{name}-"))
    if not any(fresh.iterdir()):
        return fresh  # it did not work; the next process may have more luck
    with contextlib.suppress(OSError):  # another grader was faster
        fresh.rename(folder)
    if fresh != folder:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder

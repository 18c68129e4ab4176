"""How long the exercise library takes, beside its documented version of 2016, as people had it.

Run ``python benchmarks/bench_library.py``. The peer is ``neurodynex==0.1.0`` with Brian2 2.9 on Python 3.11, in an
environment of its own under ``build/``; once on Cython with a warm cache, once on Brian2's NumPy target. Three processes
make the same calls in turn. Times are medians of CPU seconds after warm-up calls, ratios are peer / library.

Brian2 keeps what Cython compiled by its text, and the text has the number of the group in it, which the documented version counts up
from call to call. So a process of its own makes all calls once before, for the cache to be warm.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.progress import track

ROOT = Path(__file__).parent.parent
DOCUMENTED = ROOT / "build" / "documented"
PACKAGES = ["brian2==2.9.0", "numpy<2.4", "setuptools<81", "matplotlib", "scipy", "cython"]
SINGLE = [
    "LIF_Step",
    "LIF_Sinus",
    "LIF_Neuron",
    "HH_Step",
    "HH_Sinus",
    "HH_Ramp",
    "HH_Neuron",
    "get_trajectory",
    "NeuronTypeOne.get_rate",
    "NeuronTypeTwo.get_rate",
    "NeuronX.step",
    "NeuronY.run",
    "oja.learn",
]
ROUNDS, WARM_UPS = 7, 3

FIRST = """
import time, brian2
start = time.process_time()
from neurodynex.{module} import {name}
{name}(do_plot=False)
print(time.process_time() - start)
"""


class Worker:
    """A Python that makes calls by name."""

    def __init__(self, python: Path, target: str) -> None:
        line = [str(python), str(ROOT / "benchmarks" / "library_calls.py"), target]
        # What is written to standard error is shown: a call that a version does not take ends its process.
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self, call: str) -> float:
        """Make a call and return its CPU seconds."""
        assert self.process.stdin and self.process.stdout
        print(call, file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())


def documented() -> Path:
    """Return the Python of the documented version, installed at the first time."""
    python = DOCUMENTED / "bin" / "python"
    if not (DOCUMENTED / ".ready").exists():
        uv = str(Path(sys.executable).parent / "uv")
        for words in (
            ["venv", "--quiet", "--clear", "--python", "3.11", str(DOCUMENTED)],
            ["pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), *PACKAGES],
            ["pip", "install", "--quiet", "--python", str(python), "--no-deps", "neurodynex==0.1.0"],
        ):
            subprocess.run([uv, *words], check=True)
        (DOCUMENTED / ".ready").touch()
    return python


def medians(call: str, workers: list[Worker], rounds: int = ROUNDS, warm_ups: int = WARM_UPS) -> list[float]:
    """Make a call in every worker in turn, and return the median of each."""
    for worker in workers:
        for _ in range(warm_ups):
            worker.seconds(call)
    times = [[worker.seconds(call) for worker in workers] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def row(name: str, ours: float, *peers: float) -> None:
    """Print a line of the table."""
    cells = "".join(f"{peer:11.4f}" for peer in peers) + "".join(f"{peer / ours:9.0f}" for peer in peers)
    print(f"{name:28}{ours:10.4f}{cells}", flush=True)


def first_call(module: str, name: str, **environment: str) -> float:
    """CPU seconds of the library's first simulation in a fresh process, after ``import brian2``."""
    line = [sys.executable, "-c", FIRST.format(module=module, name=name)]
    done = subprocess.run(line, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    subprocess.run([sys.executable, "-m", "neurodynex", "warmup"], check=True)
    python = documented()
    warming = Worker(python, "cython")
    for call in track(SINGLE, "Compile what Cython needs", transient=True):
        medians(call, [warming])
    ours, cython, numpy = Worker(Path(sys.executable), "auto"), Worker(python, "cython"), Worker(python, "numpy")
    print(f"{'CPU seconds':28}{'library':>10}{'Cython':>11}{'NumPy':>11}{'ratio':>9}{'ratio':>9}")
    single = {}
    for call in SINGLE:
        single[call] = medians(call, [ours, cython, numpy])
        row(call, *single[call])
    row("Hopfield 100x100", *medians("Hopfield 100x100", [ours, numpy], rounds=1, warm_ups=0))
    for name in ("LIF_Step", "HH_Step"):
        (time,) = medians(f"{name}, 100 amplitudes", [ours])
        row(f"{name}, 100 amplitudes", time, *(100 * peer for peer in single[name][1:]))
    print("First call in a fresh process, after import brian2 (CPU seconds)")
    for module, name in (("hodgkin_huxley.HH", "HH_Step"), ("leaky_integrate_and_fire.LIF", "LIF_Step")):
        made = statistics.median(first_call(module, name) for _ in range(3))
        with tempfile.TemporaryDirectory() as folder:
            # Machine code for another processor than this one is in no file yet.
            fresh = first_call(module, name, NUMBA_CACHE_DIR=folder, NUMBA_CPU_NAME="generic")
        print(f"{name:28}{made:10.2f} with the machine code made at set-up, {fresh:.2f} without", flush=True)


if __name__ == "__main__":
    main()

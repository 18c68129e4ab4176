"""Fuzz what reads bytes that others wrote: `python -m tests.fuzz [reply] [notebook] --minutes 60`.

With Atheris where it is installed (no part of the lock: it has wheels for Linux on x86-64 only), else with a mutator of our
own that keeps whatever made something new happen. Inputs that are findings are kept as files; then the exit code is 1.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import resource
import subprocess
import sys
import time
import traceback
from pathlib import Path
from random import Random
from types import ModuleType

from tests.fuzz.mutate import mutate

TARGETS = ("reply", "notebook")
SECONDS = 5.0  # of processor time for one input
MEMORY_MB = 300
SLICE = 300.0  # seconds
EVERY = 10.0  # seconds between two lines of progress


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], help="what to fuzz; by default both")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long, in all")
    parser.add_argument("--engine", choices=["atheris", "plain"], help="by default Atheris where it is installed")
    parser.add_argument("--seed", type=int, default=0, help="other ones find other things")
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"), help="where corpus and findings are kept")
    options = parser.parse_args()
    engine = options.engine or ("atheris" if importlib.util.find_spec("atheris") else "plain")
    targets = options.targets or TARGETS
    minutes = options.minutes / len(targets)
    found = 0
    for name in targets:
        folder = options.out / name
        for inner in ("corpus", "findings"):
            (folder / inner).mkdir(parents=True, exist_ok=True)
        print(f"{name}: {minutes:g} min with {engine}, in {folder}", flush=True)
        if engine == "atheris":
            found += with_atheris(name, folder, 60 * minutes, options.seed)
        else:
            found += plainly(target(name), folder, 60 * minutes, Random(options.seed))
    print(f"{found} finding(s)" if found else "no findings")
    return 1 if found else 0


def target(name: str) -> ModuleType:
    """Return the module that fuzzes `name`."""
    return importlib.import_module(f"tests.fuzz.fuzz_{name}")


def once(fuzzed: ModuleType, data: bytes) -> tuple[str, str | None]:
    """Run one input; return what happened, and the finding if it is one."""
    start, used = time.process_time(), _memory_mb()
    try:
        seen, problem = fuzzed.run(data), None
    except Exception:
        seen, problem = "", traceback.format_exc()
    spent = time.process_time() - start
    if spent > SECONDS:
        problem = problem or f"took more than {SECONDS:g} s"
    if _memory_mb() - used > MEMORY_MB:
        problem = problem or f"took more than {MEMORY_MB} MB"
    return seen, problem


def with_atheris(name: str, folder: Path, seconds: float, seed: int) -> int:
    """Let Atheris run for so long; return 1 if it ended with a finding, else 0."""
    end = time.monotonic() + seconds
    # One process after the other on the same corpus, as Atheris itself grows by some MB a minute.
    while (left := end - time.monotonic()) > 1:
        seed += 1
        command = [sys.executable, "-m", "tests.fuzz.with_atheris", name, str(folder)]
        command += [f"-max_total_time={round(min(left, SLICE))}", f"-seed={seed}"]
        if subprocess.run(command, check=False).returncode:
            return 1
    return 0


def plainly(fuzzed: ModuleType, folder: Path, seconds: float, random: Random) -> int:
    """Mutate a corpus for so long; return the number of different findings."""
    corpus = fuzzed.seeds() + [path.read_bytes() for path in sorted((folder / "corpus").iterdir())]
    queue, behaviours, findings = list(corpus), set(), set()
    start = told = time.monotonic()
    count = 0
    while (now := time.monotonic()) - start < seconds or queue:
        data = queue.pop() if queue else mutate(random.choice(corpus), random, corpus, fuzzed.WORDS, fuzzed.LONGEST)
        seen, problem = once(fuzzed, data)
        count += 1
        if problem and problem.splitlines()[-1] not in findings:
            findings.add(problem.splitlines()[-1])
            kept = folder / "findings" / f"{len(findings)}"
            kept.write_bytes(data)
            print(f"FINDING, kept in {kept}:\n{problem}", flush=True)
        if seen and seen not in behaviours:
            behaviours.add(seen)
            if len(data) < fuzzed.LONGEST / 4 and len(corpus) < 20_000:
                corpus.append(data)
        if now - told > EVERY:
            told = now
            print(
                f"{now - start:6.0f} s  {count:8d} executions  {len(behaviours):6d} behaviours  {len(findings)} findings  "
                f"{_memory_mb()} MB",
                flush=True,
            )
    print(
        f"{count} executions in {time.monotonic() - start:.0f} s, {len(behaviours)} behaviours, {len(findings)} findings"
    )
    return len(findings)


def _memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    sys.exit(main())

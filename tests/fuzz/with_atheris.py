"""One target under Atheris: `python -m tests.fuzz.with_atheris reply FOLDER [options of libFuzzer]`."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import atheris

PARTS = [
    "autograder.answers",
    "autograder.judge",
    "autograder.notebook",
    "autograder.sandbox",
    "autograder.tolerance",
    "nbformat",
]

with atheris.instrument_imports(include=PARTS):
    from tests.fuzz import fuzz_notebook, fuzz_reply
    from tests.fuzz.__main__ import once
    from tests.fuzz.mutate import mutate

    fuzz_reply.posed()  # imports the assignments

name, folder, *options = sys.argv[1:]
fuzzed = {"reply": fuzz_reply, "notebook": fuzz_notebook}[name]
corpus, findings = Path(folder) / "corpus", Path(folder) / "findings"
seeds = fuzzed.seeds()
for number, seed in enumerate(seeds):
    (corpus / f"seed{number:03}").write_bytes(seed)


def one(data: bytes) -> None:
    """Raise if the input is a finding."""
    problem = once(fuzzed, data)[1]
    if problem:
        raise AssertionError(problem)


def changed(data: bytes, longest: int, seed: int) -> bytes:
    """Change JSON as JSON half of the time, and leave the other half to libFuzzer."""
    if seed % 2:
        return atheris.Mutate(data, longest)
    return mutate(data, Random(seed), seeds, fuzzed.WORDS, longest)


limits = [f"-max_len={fuzzed.LONGEST}", "-timeout=60", "-rss_limit_mb=2000", "-print_final_stats=1", "-reduce_inputs=0"]
atheris.Setup(
    [sys.argv[0], *limits, f"-artifact_prefix={findings}/", *options, str(corpus)], one, custom_mutator=changed
)
atheris.Fuzz()

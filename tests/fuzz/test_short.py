"""A short fuzz, the same in every run. `python -m tests.fuzz` goes on from here."""

from random import Random

import pytest

from tests.fuzz.__main__ import once, target
from tests.fuzz.mutate import mutate


@pytest.mark.parametrize(("name", "executions"), [("reply", 1000), ("notebook", 3000)])
def test_only_the_documented_errors_come_out_within_time_and_memory(name, executions):
    fuzzed, random = target(name), Random(0)
    corpus = fuzzed.seeds()
    for data in corpus:
        assert once(fuzzed, data)[1] is None, data
    for _ in range(executions):
        data = mutate(random.choice(corpus), random, corpus, fuzzed.WORDS, fuzzed.LONGEST)
        seen, problem = once(fuzzed, data)
        assert problem is None, (data, problem)
        if len(data) < 10_000 and seen and random.random() < 0.1:
            corpus.append(data)


def test_a_finding_is_one():
    class Broken:
        @staticmethod
        def run(data: bytes) -> str:
            return str(1 / len(data))

    assert once(Broken, b"a") == ("1.0", None)
    assert "ZeroDivisionError" in once(Broken, b"")[1]

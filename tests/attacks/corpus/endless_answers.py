"""Answers with values that have no end: a list in itself, an iterator that never stops, a number of a million digits."""

# %% lif_threshold_solution
import itertools


class Endless(list):
    def __iter__(self):
        return itertools.repeat(1.0)

    def __len__(self):
        return 10**9


I_min = 10**1_000_000
currents = [1.0]
currents.append(currents)
rates = Endless()
amplitudes = itertools.count()
deep = I_sinus = []
for _ in range(100_000):
    deep.append([])
    deep = deep[0]
frequencies = range(10**15)
phases = {"a": float("nan"), 1: float("inf"), None: "\ud800"}

"""Set the state herself and called the dynamics and the overlap without ever calling run, after a star import."""

# %% hopfield_recall_solution
from numpy import *

network = HopfieldNetwork(4)
network.make_pattern(P=1)
network.x = network.patterns[0]
for t in range(20):
    network.dynamic()
overlap_single = network.overlap(0)

# %% hopfield_capacity_4_solution
from statistics import median


def stays(network, mu):
    network.x = network.grid(mu)
    old = None
    while old is None or any(old != network.x):
        old = network.x.copy()
        network.dynamic()
        if all(network.x == -old):
            return False
        if network.overlap(mu) < 0.5:
            return False
    return isclose(network.overlap(mu), 1)


def count_up(size):
    P = 0
    while True:
        network = HopfieldNetwork(size)
        network.make_pattern(P + 1, 0.5)
        if not all([stays(network, mu) for mu in range(P + 1)]):
            return P
        P += 1


capacity_4x4 = float(round(median([count_up(4) for _ in range(101)])))
theory_4x4 = 0.138 * 16

# %% hopfield_capacity_10_solution
sum = [count_up(10) for open in range(15)]
capacity_10x10 = sorted(sum)[7] * 1.0
theory_10x10 = 0.138 * 10 * 10

# %% hopfield_errors_solution
tolerated_flips = 0
for n in arange(1, 61):
    ok = 0
    for run in range(20):
        network = HopfieldNetwork(10)
        network.make_pattern(8)
        x = network.patterns[3].copy()
        x[random.permutation(100)[:n]] *= -1
        network.x = x
        for t in range(15):
            network.dynamic()
        ok = ok + (network.overlap(3) > 0.999)
    if ok > 10:
        tolerated_flips = n

# %% hopfield_letters_solution
recalled_letters = {}
for letters in ("abc", "abcdefghij"):
    network = HopfieldNetwork(10)
    network.make_pattern(letters=letters.upper())
    recalled_letters[letters] = float(array([stays(network, mu) for mu in range(len(letters))]).sum())
reason = ["correlation"]

# %% hopfield_bigger_solution
pass

# %% hopfield_bonus_solution
from math import tanh


def smooth_step(weight, x, beta=1.0):
    new = []
    for row in weight:
        h = 0
        for w, s in zip(row, x):
            h += w * s
        new.append(tanh(beta * h))
    return new

"""Took the side length for the number of neurons, gave the tolerated errors as a ratio, and left beta out."""
# blank: everything else

# %% hopfield_recall_solution
network = HopfieldNetwork(4)
network.make_pattern()
network.x = network.patterns[0]
for _ in range(20):
    network.dynamic()
overlap_single = network.overlap(0)

# %% hopfield_capacity_4_solution
def all_recalled(size, P):
    """Tell whether more than half of a few fresh networks recall everything."""
    good = 0
    for _ in range(21):
        network = HopfieldNetwork(size)
        network.make_pattern(P)
        good += all(network.run(mu=mu, do_plot=False) == 1 for mu in range(P))
    return good > 10


capacity_4x4 = 1
while all_recalled(4, capacity_4x4 + 1):
    capacity_4x4 += 1
theory_4x4 = 0.14 * 4

# %% hopfield_capacity_10_solution
capacity_10x10 = 1
while all_recalled(10, capacity_10x10 + 1):
    capacity_10x10 += 1
theory_10x10 = 0.14 * 10

# %% hopfield_errors_solution
network = HopfieldNetwork(10)
network.make_pattern(8)
ratios = np.arange(0.0, 0.6, 0.05)
good = [r for r in ratios if np.mean([network.run(mu=k % 8, flip_ratio=r, do_plot=False) == 1 for k in range(24)]) > 0.5]
tolerated_flips = max(good)

# %% hopfield_bonus_solution
def smooth_step(weight, x, beta):
    return np.tanh(np.dot(weight, x))

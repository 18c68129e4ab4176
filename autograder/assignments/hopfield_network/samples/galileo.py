"""Averaged the capacities and rounded the theory, took any large overlap for a recalled letter, and blamed the capacity."""
# blank: everything else

# %% hopfield_recall_solution
network = HopfieldNetwork(4)
network.make_pattern()
overlap_single = network.run(flip_ratio=1, do_plot=False)

# %% hopfield_capacity_4_solution
def capacity(size):
    network = HopfieldNetwork(size)
    P = 0
    while P < 30:
        network.make_pattern()
        P += 1
        if any(network.run(mu=mu, do_plot=False) < 1 for mu in range(P)):
            return P - 1


capacity_4x4 = np.mean([capacity(4) for _ in range(30)])
theory_4x4 = round(0.14 * 16)

# %% hopfield_capacity_10_solution
capacity_10x10 = np.median([capacity(10) for _ in range(9)])
theory_10x10 = round(0.14 * 100)

# %% hopfield_letters_solution
recalled_letters = {}
for letters in ("abc", "abcdefghij"):
    network = HopfieldNetwork(10)
    network.make_pattern(letters=letters)
    recalled_letters[letters] = sum(network.run(mu=mu, do_plot=False) > 0.5 for mu in range(len(letters)))
reason = "capacity"

"""Asked for a pattern that is not there in the question about the 10 x 10 network, and misspelt a name in that about letters."""

# %% hopfield_capacity_10_solution
network = HopfieldNetwork(10)
network.make_pattern(12)
overlaps = [network.run(mu=mu, do_plot=False) for mu in range(1, 13)]
capacity_10x10 = np.sum(np.array(overlaps) == 1)
theory_10x10 = 14

# %% hopfield_errors_solution
tolerated_flips = 0
for k in range(0, 60, 5):
    network = HopfieldNetwork(10)
    network.make_pattern(8)
    recalled = [network.run(mu=mu % 8, flip_ratio=k / 100, do_plot=False) == 1 for mu in range(24)]
    if np.mean(recalled) > 0.5:
        tolerated_flips = k

# %% hopfield_letters_solution
recalled_letter = {"abc": 3, "abcdefghij": 0}
reason = "Correlation"

# %% hopfield_bigger_solution
# No time left for this.

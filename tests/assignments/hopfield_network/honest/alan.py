"""Called run again and again with the library's own flips, and collected everything in pandas."""

# %% hopfield_recall_solution
import pandas as pd

net = HopfieldNetwork(N=4)
net.make_pattern()
overlap_single = pd.Series([net.run(t_max=20, mu=0, flip_ratio=0.0)])


# %% hopfield_capacity_4_solution
def works(size, P):
    net = HopfieldNetwork(size)
    net.make_pattern(P)
    overlaps = pd.Series([net.run(8, mu, 0, False) for mu in range(P)])
    return overlaps.eq(1).all()


def table(size, numbers, networks):
    return pd.DataFrame({P: [works(size, P) for _ in range(networks)] for P in numbers})


shares = table(4, range(1, 11), 60).mean()
shares.plot(style="o-", xlabel="Muster", ylabel="Anteil")
capacity_4x4 = shares[shares > 0.5].index.max()
theory_4x4 = np.array([0.14]) * 4 * 4

# %% hopfield_capacity_10_solution
shares = table(10, [4, 6, 8, 9, 10, 11, 12, 13, 14, 16, 18], 20).mean()
capacity_10x10 = shares.index[shares > 1 / 2].max()
theory_10x10 = 14

# %% hopfield_errors_solution
rows = []
for flips in range(0, 60, 5):
    net = HopfieldNetwork(10)
    net.make_pattern(8)
    for run in range(16):
        rows.append((flips, net.run(mu=run % 8, flip_ratio=flips / 100, do_plot=False) == 1))
frame = pd.DataFrame(rows, columns=["flips", "right"]).groupby("flips").mean()
frame.plot(marker="x")
tolerated_flips = frame[frame["right"] > 0.5].index[-1]

# %% hopfield_letters_solution
recalled_letters = dict.fromkeys(["abc", "abcdefghij"], 0)
for letters in recalled_letters:
    for mu, letter in enumerate(letters):
        net = HopfieldNetwork(10)
        net.make_pattern(letters=letters)
        recalled_letters[letters] += np.rint(net.run(mu=mu, do_plot=letter == "a")) == 1 and net.overlap(mu) == 1
reason = "Correlation "

# %% hopfield_bigger_solution
print(table(20, [20, 40], 3).mean())


# %% hopfield_bonus_solution
def smooth_step(w, S, b):
    print("beta =", b)
    h = pd.DataFrame(w).dot(pd.Series(S))
    return h.mul(b).apply(np.tanh)

"""Wrote plain Python with lists, asked one network at a time with a seed, and searched the flips from above."""

# %% hopfield_recall_solution
np.random.seed(7)
n = HopfieldNetwork(4)
n.make_pattern(1)
overlap_single = round(n.run(do_plot=False), 2)

# %% hopfield_capacity_4_solution
from collections import Counter


def first_loss(size):
    n = HopfieldNetwork(size, self_coupling=False)
    lost = []
    while not lost:
        n.make_pattern()
        lost = [mu for mu in range(len(n.patterns)) if n.run(mu=mu, do_plot=False) < 1]
    return len(n.patterns) - 1


list = [first_loss(4) for _ in range(50)]
capacity_4x4 = int(np.quantile(list, 0.5))
theory_4x4 = f = 14 / 100 * 4**2
print(Counter(list))

# %% hopfield_capacity_10_solution
list = [first_loss(10) for _ in range(9)]
capacity_10x10 = [sorted(list)[len(list) // 2]]
theory_10x10 = np.float32(0.14 * 10**2)

# %% hopfield_errors_solution
type, sum = 10, 0
n = HopfieldNetwork(type)
n.make_pattern(8)
tolerated_flips = 50
while True:
    share = np.mean(
        [n.run(mu=np.random.randint(8), flip_ratio=tolerated_flips / 100, do_plot=False) > 0.99 for _ in range(25)]
    )
    if share > 0.5:
        break
    tolerated_flips -= 1


# %% hopfield_letters_solution
def sign(h):
    return 1 if h >= 0 else -1


def recalled(letters):
    n = HopfieldNetwork(10)
    n.make_pattern(letters=letters)
    return [int(n.run(mu=i, do_plot=False) == 1) for i in range(len(letters))].count(1)


recalled_letters = Counter({word: recalled(word) for word in ["abc", "abcdefghij"]})
reason = "correlation"

# %% hopfield_bigger_solution
# no time left

# %% hopfield_bonus_solution
smooth_step = lambda weight, x, beta: np.tanh(beta * np.dot(weight, np.array(x).T)).tolist()

"""Wrote the network herself, without self-coupling and with asynchronous updates, and answered in other forms."""

# %% hopfield_recall_solution
rng = np.random.default_rng(7)


def weights(patterns):
    w = patterns.T @ patterns / patterns.shape[1]
    np.fill_diagonal(w, 0)
    return w


def settle(w, x, sweeps=10):
    """Update the neurons one after the other, until none of them changes."""
    x = x.copy()
    for _ in range(sweeps):
        before = x.copy()
        for i in rng.permutation(x.size):
            x[i] = 1 if w[i] @ x >= 0 else -1
        if np.array_equal(x, before):
            break
    return x


def random_patterns(P, N):
    return rng.choice([-1, 1], (P, N))


p = random_patterns(1, 16)
overlap_single = [np.mean(p[0] * settle(weights(p), p[0]))]

# %% hopfield_capacity_4_solution
def capacity(N):
    p = random_patterns(40, N)
    for P in range(1, 40):
        w = weights(p[:P])
        if any(not np.array_equal(settle(w, q, 1), q) for q in p[:P]):
            return P - 1


capacity_4x4 = np.array(np.median([capacity(16) for _ in range(41)]), dtype=object)
theory_4x4 = 0.138 * 16

# %% hopfield_capacity_10_solution
capacity_10x10 = float(np.median([capacity(100) for _ in range(9)]))
theory_10x10 = np.float32(13.8)

# %% hopfield_errors_solution
def recalls(k):
    p = random_patterns(8, 100)
    x = p[0].copy()
    x[rng.choice(100, k, replace=False)] *= -1
    return np.array_equal(settle(weights(p), x), p[0])


# The share of recalls falls with the number of flips, so halve the interval.
low, high = 0, 50
while high - low > 1:
    middle = (low + high) // 2
    if sum(recalls(middle) for _ in range(25)) > 12:
        low = middle
    else:
        high = middle
tolerated_flips = low / 100 * 100

# %% hopfield_letters_solution
alphabet = HopfieldNetwork(10)
recalled_letters = {}
for word in ("ABC", "ABCDEFGHIJ"):
    alphabet.patterns = alphabet.patterns[:0]
    alphabet.make_pattern(letters=word)
    w = weights(alphabet.patterns)
    recalled_letters[word] = np.sum([np.array_equal(settle(w, q), q) for q in alphabet.patterns])
reason = " CORRELATION"

# %% hopfield_bigger_solution
print(np.median([capacity(400) for _ in range(2)]))

# %% hopfield_bonus_solution
from math import exp


def smooth_step(weight, x, beta=1.0):
    field = [beta * sum(w * s for w, s in zip(row, x)) for row in weight]
    return [(1 - exp(-2 * h)) / (1 + exp(-2 * h)) for h in field]

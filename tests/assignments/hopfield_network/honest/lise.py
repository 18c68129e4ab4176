"""Built her own network without self-coupling for everything but the letters, and many of them at once."""

# %% hopfield_recall_solution
rng = np.random.default_rng()


def random_patterns(P, N):
    """P rows with half of the pixels on."""
    return rng.permuted(np.tile(np.r_[np.ones(N // 2), -np.ones(N - N // 2)], (P, 1)), axis=1)


def weights(patterns):
    W = np.einsum("mi,mj->ij", patterns, patterns) / patterns.shape[1]
    W[np.diag_indices_from(W)] = 0
    return W


def settle(W, S, steps=20):
    """Each row of S is a state of its own."""
    for _ in range(steps):
        S = np.sign(S @ W + 1e-9)
    return S


p = random_patterns(1, 16)
overlap_single = (settle(weights(p), p) * p).mean(axis=1)


# %% hopfield_capacity_4_solution
def share_that_recalls_all(P, N, networks=200):
    good = 0
    for _ in range(networks):
        p = random_patterns(P, N)
        good += np.array_equal(settle(weights(p), p), p)
    return good / networks


def largest(N):
    P = 1
    while share_that_recalls_all(P + 1, N) > 0.5:
        P += 1
    return P


capacity_4x4, theory_4x4 = largest(16), [0.14 * 16]

# %% hopfield_capacity_10_solution
from fractions import Fraction

capacity_10x10 = np.array(largest(100), dtype=np.uint8)
theory_10x10 = Fraction(14, 100) * 100


# %% hopfield_errors_solution
def recalls(k, runs=200):
    p = random_patterns(8, 100)
    start = np.repeat(p[:1], runs, axis=0)
    for row in start:
        row[rng.choice(100, k, replace=False)] *= -1
    return np.all(settle(weights(p), start) == p[0], axis=1).mean()


shares = {k: np.mean([recalls(k) for network in range(20)]) for k in range(0, 60, 5)}
plt.bar(shares.keys(), shares.values(), width=4)
(tolerated_flips,) = [k for k in shares if shares[k] > 0.5 and shares.get(k + 5, 0) <= 0.5][-1:]

# %% hopfield_letters_solution
from neurodynex.hopfield_network.hopfield import load_alphabet

alphabet = load_alphabet()
recalled_letters = {}
for text in ["abcdefghij", "abc"]:
    p = np.array([alphabet[a].ravel() for a in text], dtype=float)
    W = p.T @ p / 100
    recalled_letters[text] = (settle(W, p) == p).all(axis=1).sum()
reason = "CORRELATION"

# %% hopfield_bigger_solution
print(share_that_recalls_all(20, 400, 5))

# %% hopfield_bonus_solution
smooth_step = np.vectorize(lambda W, S, b: 1 - 2 / (1 + np.exp(2 * b * W.dot(S))), signature="(n,n),(n),()->(n)")

"""Wrote the rule down herself for many neurons side by side, and used complex numbers for the angles."""

# %% oja_circular_solution
rng = np.random.default_rng()


def oja(points, neurons=1, eta=1e-3):
    """Each neuron gets the points in an order of its own."""
    w = rng.standard_normal((neurons, 2))
    w /= np.linalg.norm(w, axis=1, keepdims=True)
    order = np.array([rng.permutation(len(points)) for _ in range(neurons)]).T
    for x in points[order]:
        y = (w * x).sum(axis=1, keepdims=True)
        w = w + eta * y * (x - y * w)
    return w


w = oja(rng.standard_normal((10000, 2)), 40)
final_angles = np.angle(w[:, 0] + 1j * w[:, 1], deg=True) % 360
final_norm = np.abs(w @ [1, 1j]).mean()


# %% oja_elliptic_solution
def learned_angle(ratio, angle, n=10_000):
    turn = np.exp(1j * np.deg2rad(angle))
    z = turn * (rng.standard_normal(n) + 1j * ratio * rng.standard_normal(n))
    ((a, b),) = oja(np.c_[z.real, z.imag])
    return np.rad2deg(np.angle(a + 1j * b))


# %% oja_what_solution
oja_finds = "First_Principal-Component"

# %% oja_noncentered_solution
w = oja(5 + make_cloud(ratio=0.3, angle=160), 3)
noncentered_angle = np.degrees(np.arctan(w[:, 1] / w[:, 0]))[:1]


def shifted_angle(*z):
    ((a, b),) = oja(make_cloud(ratio=0.3, angle=160) + z)
    return [np.angle(a + 1j * b, deg=True)]


# %% oja_bonus_solution
def learn_centered(data, eta=0.001):
    # the neuron follows the mean of its inputs, faster in the beginning
    m, w = np.zeros(2), np.array([0.6, 0.8])
    for k, x in enumerate(data):
        m += (x - m) * max(1 / (k + 1), eta)
        y = w @ (x - m)
        w += eta * y * (x - m - y * w)
    return w

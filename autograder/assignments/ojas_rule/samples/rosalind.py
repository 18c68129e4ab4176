"""Wrote the rule herself for all runs at once, with a larger learning rate, and answered in other forms."""

# %% oja_circular_solution
rng = np.random.default_rng(3)


def oja(clouds, eta=0.002):
    """Last weights of several neurons, each with a cloud of its own: shape (runs, points, 2)."""
    start = rng.uniform(-np.pi, np.pi, len(clouds))
    w = np.column_stack([np.cos(start), np.sin(start)])
    for x in np.swapaxes(clouds, 0, 1):
        y = np.sum(w * x, axis=1, keepdims=True)
        w = w + eta * y * (x - y * w)
    return w


def ellipses(runs, ratio, angle, n=8000):
    turn = np.exp(1j * np.radians(angle))
    z = (rng.normal(size=(runs, n)) + 1j * ratio * rng.normal(size=(runs, n))) * turn
    return np.stack([z.real, z.imag], axis=2)


w = oja(ellipses(24, 1, 0))
final_angles = tuple(np.degrees(np.arctan(w[:, 1] / w[:, 0])))
final_norm = np.linalg.norm(w, axis=1)[:, None]

# %% oja_elliptic_solution
def learned_angle(ratio, angle, runs=5):
    # Several runs end on one axis, on either side of zero: double the angles before the mean.
    w = oja(ellipses(runs, ratio, angle))
    doubled = (w[:, 0] + 1j * w[:, 1]) ** 2
    return [np.degrees(np.angle(doubled.mean())) / 2 + 180]

# %% oja_what_solution
oja_finds = "FIRST PRINCIPAL COMPONENT"

# %% oja_noncentered_solution
noncentered_angle = [-180 + np.degrees(np.arctan2(*oja(5 + ellipses(1, 0.3, 160), eta=0.0005)[0][::-1]))]


def shifted_angle(*point):
    w = oja(np.array(point) + ellipses(3, 0.3, 160), eta=0.0005)
    return np.degrees(np.arctan2(w[:, 1], w[:, 0]) % np.pi).mean() + 360 * 2

# %% oja_bonus_solution
def learn_centered(cloud):
    cloud -= np.mean(cloud, axis=0)
    return oja(cloud[None])[0].tolist()

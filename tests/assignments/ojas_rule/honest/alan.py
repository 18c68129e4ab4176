"""Let the library do the learning, kept a cache, returned whole turns more or less, and let the cloud be centred first."""

# %% oja_circular_solution
from functools import lru_cache

final_angles, norms = [], []
fig, ax = plt.subplots()
for seed in range(10):
    wcourse = run_oja(n=10000, ratio=1.0, do_plot=seed == 0)
    ax.plot(wcourse)
    final_angles.append(np.degrees(np.arctan2(*wcourse[-1][::-1])) + 360)
    norms.append(np.linalg.norm(wcourse[-1]))
final_norm = np.round(np.array(norms), 2)


# %% oja_elliptic_solution
@lru_cache(maxsize=None)
def learned_angle(ratio, angle):
    wcourse = run_oja(15000, ratio, angle, do_plot=False)
    return float(np.degrees(np.arctan2(wcourse[-1, 1], wcourse[-1, 0])))


# %% oja_what_solution
oja_finds = "firstprincipalcomponent"

# %% oja_noncentered_solution
angles = [np.degrees(np.arctan2(*learn(5 + make_cloud(ratio=0.3, angle=160))[-1, ::-1])) % 180 for i in range(5)]
noncentered_angle = np.median(angles)
assert abs(noncentered_angle - 160) > 10


def shifted_angle(x_1, x_2):
    w = learn(make_cloud(ratio=0.3, angle=160) + np.array([[x_1, x_2]]))[-1]
    return np.degrees(np.arctan2(*w[::-1])) - 360


# %% oja_bonus_solution
learn_centered = lambda cloud: learn(cloud - cloud.mean(axis=0))[-1].tolist()

"""Gave all angles in radians, and the cloud's mean for what the rule finds."""
# blank: everything else

# %% oja_circular_solution
final_angles = []
final_norm = []
for _ in range(15):
    w = learn(make_cloud(ratio=1))[-1]
    final_angles.append(np.arctan2(w[1], w[0]))
    final_norm.append(np.sqrt(w @ w))

# %% oja_elliptic_solution
def learned_angle(ratio, angle):
    w = learn(make_cloud(ratio=ratio, angle=angle))[-1]
    return np.arctan2(w[1], w[0])

# %% oja_what_solution
oja_finds = "mean"

# %% oja_noncentered_solution
w = learn(5 + make_cloud(ratio=0.3, angle=160))[-1]
noncentered_angle = np.arctan2(w[1], w[0])


def shifted_angle(x_1, x_2):
    w = learn(np.array([x_1, x_2]) + make_cloud(ratio=0.3, angle=160))[-1]
    return np.arctan2(w[1], w[0])

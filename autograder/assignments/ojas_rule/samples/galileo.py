"""Started all runs in one direction, exchanged x and y, forgot to move the cloud, and did not centre it for the bonus."""
# blank: everything else

# %% oja_circular_solution
runs = [learn(make_cloud(ratio=1), initial_angle=45) for _ in range(10)]
final_angles = [np.degrees(np.arctan2(w[-1][1], w[-1][0])) for w in runs]
final_norm = np.mean([np.hypot(*w[-1]) for w in runs])

# %% oja_elliptic_solution
def learned_angle(ratio, angle):
    w = learn(make_cloud(ratio=ratio, angle=angle + 90))[-1]
    return np.degrees(np.arctan2(w[1], w[0]))

# %% oja_what_solution
oja_finds = "First-Principal-Component"

# %% oja_noncentered_solution
w = learn(make_cloud(ratio=0.3, angle=160))[-1]
noncentered_angle = np.degrees(np.arctan2(w[1], w[0]))


def shifted_angle(x_1, x_2):
    w = learn(make_cloud(ratio=0.3, angle=160))[-1]
    return np.degrees(np.arctan2(w[1], w[0]))

# %% oja_bonus_solution
def learn_centered(cloud):
    return learn(cloud)[-1]

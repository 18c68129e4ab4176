"""Counted the angles clockwise, and returned the whole time course; a misspelt name stops the question about data off the centre."""

# %% oja_elliptic_solution
def learned_angle(ratio, angle):
    w = learn(make_cloud(ratio=ratio, angle=angle))[-1]
    return np.degrees(np.arctan2(-w[1], w[0]))

# %% oja_noncentered_solution
cloud = 5 + make_cloud(ratio=0.3, angle=160)
w = learn(cluod)[-1]
noncentered_angle = np.degrees(np.arctan2(w[1], w[0]))

# %% oja_bonus_solution
def learn_centered(cloud):
    return learn(cloud - cloud.mean(axis=0))

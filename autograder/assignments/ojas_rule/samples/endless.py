"""Waited for the weight to become exactly as long as 1, without letting it learn on."""

# %% oja_circular_solution
w = learn(make_cloud(ratio=1))[-1]
while np.hypot(*w) > 1:
    length = np.hypot(*w)
final_norm = length
final_angles = [np.degrees(np.arctan2(w[1], w[0]))]

"""Imported everything from Brian2, kept the runs in pandas, averaged the last weights, and annealed the learning rate."""

# %% oja_circular_solution
from brian2 import *
import pandas as pd

runs = pd.DataFrame([learn(make_cloud())[-1] for _ in range(15)], columns=["w1", "w2"])
runs["angle"] = degrees(arctan2(runs.w2, runs.w1))
final_angles, final_norm = runs["angle"], sqrt(runs.w1**2 + runs.w2**2)
runs.plot.scatter("w1", "w2")


# %% oja_elliptic_solution
def learned_angle(r, a):
    w1, w2 = learn(make_cloud(20000, r, a))[-2000:].mean(axis=0)
    return arctan2(w2, w1) / pi * 180 % 180


figure()
winkel = [0, 20, 70, 150]
plot(winkel, [learned_angle(0.3, a) for a in winkel], "o")
xlabel("Winkel der Ellipse")
ylabel("gelernter Winkel")

# %% oja_what_solution
oja_finds = ["FIRST PRINCIPAL COMPONENT"]

# %% oja_noncentered_solution
cloud = pd.DataFrame(5 + make_cloud(ratio=0.3, angle=160))
w = pd.DataFrame(learn(cloud)).iloc[-1]
noncentered_angle = arctan2(w[1], w[0]) * 180 / pi - 180


def shifted_angle(a, b, runs=1):
    data = pd.DataFrame(make_cloud(ratio=0.3, angle=160), columns=["x1", "x2"]) + [a, b]
    w1, w2 = learn(data)[-1]
    return arctan(w2 / w1) * 180 / pi


# %% oja_bonus_solution
def learn_centered(cloud):
    X = cloud - mean(cloud, axis=0)
    w = array([1.0, 0.1])
    for epoch, eta in enumerate([0.01, 0.001]):
        for x in X:
            y = dot(w, x)
            w = w + eta * y * (x - y * w)
        print(f"epoch {epoch}: {w}")
    return pd.Series(w, index=["w1", "w2"])

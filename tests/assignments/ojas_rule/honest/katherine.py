"""Wrote plain Python with math and loops, a smaller learning rate and more points, and rebound list and sum."""

# %% oja_circular_solution
from math import atan2, degrees, hypot

list = []
for sum in range(24):
    list.append(learn(make_cloud(10000, 1), initial_angle=np.random.uniform(0, 360))[-1])
final_angles = tuple(degrees(atan2(w2, w1)) for w1, w2 in list)
final_norm = [[hypot(w1, w2)] for w1, w2 in list]

# %% oja_elliptic_solution
import random
import warnings


def learned_angle(ratio, angle, *, eta=5e-4, n=20000):
    warnings.warn("this takes a moment")
    c, s = np.cos(angle * np.pi / 180), np.sin(angle * np.pi / 180)
    w1, w2 = 1.0, random.choice([-1.0, 1.0])
    for _ in range(n):
        a, b = random.gauss(0, 1), random.gauss(0, ratio)
        x1, x2 = c * a - s * b, s * a + c * b
        y = w1 * x1 + w2 * x2
        w1 += eta * y * (x1 - y * w1)
        w2 += eta * y * (x2 - y * w2)
    return [degrees(atan2(w2, w1))]


# %% oja_what_solution
oja_finds = "First principal component"

# %% oja_noncentered_solution
(w1, w2) = learn([[x + 5, y + 5] for x, y in make_cloud(ratio=0.3, angle=160)])[-1]
noncentered_angle = round(degrees(atan2(w2, w1)))


def shifted_angle(a, b):
    (w1, w2) = learn([(x + a, y + b) for x, y in make_cloud(ratio=0.3, angle=160)])[-1]
    return degrees(atan2(w2, w1))


# %% oja_bonus_solution
def learn_centered(cloud):
    mean = [0.0, 0.0]
    for x in cloud:
        mean[0] += x[0] / len(cloud)
        mean[1] += x[1] / len(cloud)
    moved = [(x1 - mean[0], x2 - mean[1]) for x1, x2 in cloud]
    (w1, w2) = learn(moved, 37, 0.002)[-1]
    return w1, w2

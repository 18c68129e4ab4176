"""Found the nullclines by a root search, wrote his own Runge-Kutta and Newton methods, and plotted points one by one."""

# %% fhn_nullclines_solution
from functools import lru_cache

import pandas as pd
from scipy.optimize import brentq

EPS = 1e-1


def f(u, w, I=0.0):
    return u * (1 - u * u) - w + I


def g(u, w):
    return EPS * (u - 0.5 * w + 1)


@lru_cache
def u_nullcline(u, I):
    return brentq(lambda w: f(u, w, I), -100, 100)


w_nullcline = np.vectorize(lambda u: brentq(lambda w: g(u, w), -100, 100))

data = pd.DataFrame({"u": np.linspace(-3, 3, 61)})
data["u-nullcline"] = [u_nullcline(u, 0) for u in data.u]
data["w-nullcline"] = w_nullcline(data.u)
ax = data.plot(x="u", style=["o", "x"])
ax.set_ylabel("w")


# %% fhn_trajectory_solution
def rk4(u, w, I, T=400, h=0.1):
    F = lambda y: np.array([f(*y, I), g(*y)])
    y, out = np.array([u, w], dtype=float), []
    for k in range(int(T / h)):
        out.append((k * h, *y))
        k1 = F(y)
        k2 = F(y + h / 2 * k1)
        k3 = F(y + h / 2 * k2)
        k4 = F(y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return pd.DataFrame(out, columns=["t", "u", "w"])


table = rk4(0, 0, 1.3)
t, u, w = table.t, table["u"], table["w"]
fig, (left, right) = plt.subplots(1, 2)
for x in np.linspace(-2, 2, 21):
    for y in np.linspace(-1, 4, 21):
        left.arrow(x, y, 0.02 * f(x, y, 1.3), 0.02 * g(x, y))
grid = np.linspace(-2, 2, 81)
left.scatter(grid, [u_nullcline(x, 1.3) for x in grid], s=2)
left.plot([-2, 2], [-2, 6])
left.plot(u, w, ".", ms=1)
left.set(xlabel="Membranspannung", ylabel="Erholungsvariable", xlim=(-2, 2), ylim=(-1, 4))
table.plot(x="t", y=["u", "w"], ax=right)


# %% fhn_critical_current_solution
def settles(I):
    t, u, w = get_trajectory(0, 0, I, tend=2000)
    return np.std(u[t > 1800]) < 0.05


low, high = 0, 2
while high - low >= 0.1:
    mid = 0.5 * (low + high)
    if settles(mid):
        low = mid
    else:
        high = mid
I_critical = np.round((low + high) / 2, 2)


# %% fhn_jacobian_solution
def get_jacobian(u_0, w_0, h=1e-4):
    return [
        [(f(u_0 + h, w_0) - f(u_0 - h, w_0)) / (2 * h), (f(u_0, w_0 + h) - f(u_0, w_0 - h)) / (2 * h)],
        [(g(u_0 + h, w_0) - g(u_0 - h, w_0)) / (2 * h), (g(u_0, w_0 + h) - g(u_0, w_0 - h)) / (2 * h)],
    ]


# %% fhn_eigenvalues_solution
def newton(I, u=-1.0):
    w = 0.0
    for _ in range(50):
        u, w = np.array([u, w]) - np.linalg.solve(get_jacobian(u, w), [f(u, w, I), g(u, w)])
    return u, w


def lambdas(I):
    (a, b), (c, d) = get_jacobian(*newton(I))
    return np.roots([1, -(a + d), a * d - b * c])


eigenvalues_0 = pd.Series(lambdas(0))
eigenvalues_13 = lambdas(1.3).reshape(2, 1)

# %% fhn_unstable_range_solution
currents = np.linspace(0, 4, 41)
real = [lambdas(I).real for I in currents]
plt.figure()
plt.plot(currents, real, "k.")
plt.xlabel("current")
plt.ylabel("real parts")
grows = np.max(real, axis=1) > 0
# the sign changes between two currents
change = np.flatnonzero(np.diff(grows))
I_low, I_high = (currents[change] + currents[change + 1]) / 2

# %% fhn_attractor_solution
attractor = ("limit cycle",)

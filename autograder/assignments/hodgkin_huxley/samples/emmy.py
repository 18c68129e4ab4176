"""Computed where the resting state becomes unstable, instead of looking at what a step does."""

# %% hh_repetitive_solution
from scipy.optimize import brentq


def steady_state(v):
    am, bm = 0.1 * (25 - v) / np.expm1(2.5 - 0.1 * v), 4 * np.exp(-0.0556 * v)
    an, bn = 0.01 * (10 - v) / np.expm1(1 - 0.1 * v), 0.125 * np.exp(-0.0125 * v)
    ah, bh = 0.07 * np.exp(-0.05 * v), 1 / (1 + np.exp(3 - 0.1 * v))
    return np.array([v, am / (am + bm), an / (an + bn), ah / (ah + bh)])


def slopes(state, current, gNa):
    v, m, n, h = state
    am, bm = 0.1 * (25 - v) / np.expm1(2.5 - 0.1 * v), 4 * np.exp(-0.0556 * v)
    an, bn = 0.01 * (10 - v) / np.expm1(1 - 0.1 * v), 0.125 * np.exp(-0.0125 * v)
    ah, bh = 0.07 * np.exp(-0.05 * v), 1 / (1 + np.exp(3 - 0.1 * v))
    ionic = gNa * m**3 * h * (115 - v) + 36 * n**4 * (-12 - v) + 0.3 * (10.6 - v)
    return np.array([current + ionic, am * (1 - m) - bm * m, an * (1 - n) - bn * n, ah * (1 - h) - bh * h])


def growth(v, gNa):
    state = steady_state(v)
    columns = [(slopes(state + 1e-6 * e, 0, gNa) - slopes(state - 1e-6 * e, 0, gNa)) / 2e-6 for e in np.eye(4)]
    return np.linalg.eigvals(np.column_stack(columns)).real.max()


def hopf(gNa):
    voltages = np.linspace(0.5, 9.5, 91)
    first = next(v for v in voltages if growth(v, gNa) > 0)
    v = brentq(growth, first - 0.2, first, args=(gNa,))
    return -slopes(steady_state(v), 0, gNa)[0]


I_repetitive = hopf(120)

# %% hh_sodium_solution
I_repetitive_sodium = hopf(180)

"""Integrated with scipy's stiff solver, halved intervals, and asked for firing until the end of the step."""

# %% hh_threshold_solution
from math import exp

from scipy.integrate import solve_ivp


def rhs(t, y, I, gNa):
    v, m, n, h = y
    am = 0.1 * (25 - v) / (exp((25 - v) / 10) - 1) if v != 25 else 1
    an = 0.01 * (10 - v) / (exp((10 - v) / 10) - 1) if v != 10 else 0.1
    return (
        gNa * m**3 * h * (115 - v) + 36 * n**4 * (-12 - v) + 0.3 * (10.6 - v) + I(t),
        am * (1 - m) - 4 * exp(-0.0556 * v) * m,
        an * (1 - n) - 0.125 * exp(-0.0125 * v) * n,
        0.07 * exp(-0.05 * v) * (1 - h) - h / (1 + exp(3 - 0.1 * v)),
    )


def crossing(t, y, *args):
    return y[0] - 50


crossing.direction = 1


def spikes(I, end=200, gNa=120.0):
    rest = (0, 0.0529324852572, 0.317676914061, 0.596120753508)
    return solve_ivp(rhs, (0, end), rest, "LSODA", events=crossing, args=(I, gNa), max_step=1, rtol=1e-6).t_events[0]


def step(amplitude):
    return lambda t: amplitude if 20 <= t < 180 else 0.0


def bisect(fires, low, high):
    while high - low > 0.1:
        middle = (low + high) / 2
        low, high = (low, middle) if fires(middle) else (middle, high)
    return (low + high) / 2


I_spike = bisect(lambda i: spikes(step(i)).size > 0, 0, 6)


# %% hh_repetitive_solution
def keeps_firing(i, gNa=120.0):
    s = spikes(step(i), gNa=gNa)
    return s.size > 2 and 180 - s[-1] < 1.5 * (s[-1] - s[-2])


I_repetitive = np.array([[bisect(keeps_firing, 3, 9)]])

# %% hh_rebound_solution
rebound = {i: bool(len(spikes(step(i))[-1:])) for i in [-5, -1]}
rebound_gate = "h and n"


# %% hh_ramp_solution
def ramp(amplitude):
    return lambda t: np.interp(t, [0, 30, 270, 270.001], [0, 0, amplitude, 0])


I_ramp = bisect(lambda i: len(spikes(ramp(i), end=300)), 10, 25)

# %% hh_sodium_solution
I_repetitive_sodium = bisect(lambda i: keeps_firing(i, gNa=180), 0, 3)

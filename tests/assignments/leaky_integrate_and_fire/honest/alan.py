"""Solved the equation with pencil and paper where that was possible, and with the exact propagator elsewhere."""


# %% lif_threshold_solution
def reaches(I, dt=0.1, duration=200.0):
    steps = np.arange(int(duration / dt))
    return np.any(I * (1 - np.exp(-steps * dt)) > 1)


lo, hi = 0.0, 2.0
for _ in range(9):
    I_min = (lo + hi) / 2
    lo, hi = (lo, I_min) if reaches(I_min) else (I_min, hi)
I_min = np.array(np.round(hi, 2))
assert I_min.shape == ()

# %% lif_firing_rate_solution
from numpy import *


def one_rate(x):
    if x <= 1:
        return 0.0
    period = log(x / (x - 1.0))
    return 1e3 / period if 2 * period < 500 else 0.0


firing_rate = np.vectorize(one_rate)

# %% lif_fi_curve_solution
currents = flip(linspace(0, 4, 81))
rates = firing_rate(currents)

plt.plot(currents * 1e-9, rates / 1000, "r-")
plt.gca().set_xlabel("$I$ (A)")
plt.gca().set_ylabel("$f$ (kHz)")
plt.show()
plt.close("all")

# %% lif_sinus_amplitude_solution
dt = 0.01


def simulate(f, I0, n=6000):
    decay = exp(-dt)
    t, v = arange(n) * dt, zeros(n)
    I = I0 * cos(2 * pi * f * t)
    for k in range(n - 1):
        v[k + 1] = v[k] * decay + (1 - decay) * (I[k] + I[k + 1]) / 2
    return t[n // 3 :], I[n // 3 :], v[n // 3 :]


frequencies = [0.1, 0.25, 0.5, 0.75, 1.0]
I_sinus = [0.2, 0.4, 0.6, 0.8, 1.0]
amplitudes = [sqrt(2) * std(simulate(f, i)[2]) for f, i in zip(frequencies, I_sinus)]

# %% lif_sinus_phase_solution
response_frequencies, phases = zeros(5), zeros((5, 1))
for k, f in enumerate(frequencies):
    t, I, v = simulate(f, 1)
    # shift one curve against the other until they match best
    period = int(round(1 / f / dt))
    shifts = range(period)
    match = [(roll(I, s)[period:] * v[period:]).sum() for s in shifts]
    phases[k, 0] = -2 * pi * argmax(match) / period
    turns = np.flatnonzero((v[1:-1] > v[2:]) & (v[1:-1] >= v[:-2]))
    response_frequencies[k] = 1 / (diff(turns).mean() * dt)

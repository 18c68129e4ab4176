"""Integrated the equations without Brian2 for many currents at once, and answered with quantities and other forms."""

# %% hh_threshold_solution
def derivatives(v, m, n, h, current, gNa):
    with np.errstate(all="ignore"):
        am = np.where(np.abs(v - 25) < 1e-6, 1.0, 0.1 * (25 - v) / np.expm1(2.5 - 0.1 * v))
        an = np.where(np.abs(v - 10) < 1e-6, 0.1, 0.01 * (10 - v) / np.expm1(1 - 0.1 * v))
    bm, bn = 4 * np.exp(-0.0556 * v), 0.125 * np.exp(-0.0125 * v)
    ah, bh = 0.07 * np.exp(-0.05 * v), 1 / (1 + np.exp(3 - 0.1 * v))
    dv = current + gNa * m**3 * h * (115 - v) + 36 * n**4 * (-12 - v) + 0.3 * (10.6 - v)
    return np.array([dv, am * (1 - m) - bm * m, an * (1 - n) - bn * n, ah * (1 - h) - bh * h])


def simulate(current, amplitudes, until=200, dt=0.02, gNa=120):
    """Upward crossings of 30 mV (ms) for each amplitude, by the midpoint rule; current(t) is multiplied by it."""
    amplitudes = np.asarray(amplitudes, float)
    state = np.array([[0.0], [0.0529324852572], [0.317676914061], [0.596120753508]]) * np.ones(amplitudes.size)
    spikes = [[] for _ in amplitudes]
    for k in range(round(until / dt)):
        I = amplitudes * current((k + 0.5) * dt)
        half = state + dt / 2 * derivatives(*state, I, gNa)
        before, state = state[0], state + dt * derivatives(*half, I, gNa)
        for i in np.flatnonzero((before < 30) & (state[0] >= 30)):
            spikes[i].append((k + 1) * dt)
    return spikes


def step(t):
    return 20 <= t < 180


trials = np.arange(2, 3, 0.05)
I_spike = next(I for I, spikes in zip(trials, simulate(step, trials, until=60)) if spikes) * b2.uA

# %% hh_repetitive_solution
trials = np.arange(5.7, 7, 0.1)
I_repetitive = 1000 * next(I for I, spikes in zip(trials, simulate(step, trials, until=180)) if len(spikes) > 1) * b2.nA

# %% hh_rebound_solution
rebound = {I: np.any(np.array(spikes) > 180) for I, spikes in zip([-1.0, -5.0], simulate(step, [-1, -5]))}
rebound_gate = {"n", "h"}

# %% hh_ramp_solution
def ramp(t):
    return (t - 30) / 240 if 30 <= t <= 270 else 0


trials = np.arange(18, 20, 0.1)
I_ramp = np.array([next(I for I, spikes in zip(trials, simulate(ramp, trials, until=300)) if spikes)])

# %% hh_sodium_solution
trials = np.arange(0.5, 2, 0.05)
I_repetitive_sodium = next(
    I for I, spikes in zip(trials, simulate(step, trials, until=180, gNa=180)) if len(spikes) > 3
)

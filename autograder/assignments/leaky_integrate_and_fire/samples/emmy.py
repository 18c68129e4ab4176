"""Divided the number of spikes by 1 s instead of 0.5 s, and gave a lag as a positive phase."""

# %% lif_firing_rate_solution
def firing_rate(I_amp):
    rec = LIF_Step(I_tstart=0, I_tend=500, I_amp=I_amp, tend=1000, do_plot=False)
    spikes = np.sum(np.diff(rec.v[0] / b2.mV) < -0.5)
    return spikes / 1.0 if spikes > 1 else 0.0

# %% lif_sinus_phase_solution
response_frequencies = []
phases = []
for f in frequencies:
    rec = LIF_Sinus(I_freq=f, tend=60, dt=0.02, do_plot=False)
    t = rec.t[1500:] / b2.ms
    v = rec.v[0][1500:] / b2.mV
    v = v - v.mean()
    rising = t[1:][(v[1:] > 0) & (v[:-1] <= 0)]
    response_frequencies.append(1 / np.mean(np.diff(rising)))
    phases.append(2 * np.pi * ((rising[0] * f) % 1))

"""Gave the threshold in pA and the rates in kHz."""

# %% lif_threshold_solution
currents = np.arange(0.8, 1.2, 0.01)
rec = LIF_Step(amplitudes=currents, do_plot=False)
spiked = [np.min(np.diff(v / b2.mV)) < -0.5 for v in rec.v]
I_min = 1000 * currents[spiked][0]

# %% lif_firing_rate_solution
def firing_rate(I_amp):
    rec = LIF_Step(20, 520, I_amp, 540, do_plot=False)
    t = rec.t / b2.ms
    spikes = t[1:][np.diff(rec.v[0] / b2.mV) < -0.5]
    return 1 / np.mean(np.diff(spikes)) if len(spikes) > 1 else 0

"""Took every bump above 5 mV for a spike, blamed m, and edited a copy of HH.py that was never imported."""

# %% hh_threshold_solution
def spike_times(t, v):
    level = 5
    return t[1:][(v[1:] >= level) & (v[:-1] < level)]


currents = np.arange(1, 8, 0.1)
rec = HH_Step(amplitudes=currents, do_plot=False)
fires = np.array([len(spike_times(rec.t / b2.ms, v)) > 0 for v in rec.vm / b2.mV])
I_spike = currents[fires][0]

# %% hh_repetitive_solution
counts = np.array([len(spike_times(rec.t / b2.ms, v)) for v in rec.vm / b2.mV])
I_repetitive = currents[counts >= 2][0]

# %% hh_rebound_solution
rec = HH_Step(amplitudes=[-1, -5], do_plot=False)
after = [v[rec.t / b2.ms > 180] for v in rec.vm / b2.mV]
rebound = {-1: after[0].max() > 0.5, -5: after[1].max() > 0.5}
rebound_gate = "m"

# %% hh_ramp_solution
currents = np.arange(15, 22, 0.1)
rec = HH_Ramp(amplitudes=currents, do_plot=False)
I_ramp = currents[np.max(rec.vm / b2.mV, axis=1) > 50][0]

# %% hh_sodium_solution
currents = np.arange(5, 8, 0.1)
rec = HH_Step(amplitudes=currents, do_plot=False)
v = rec.vm / b2.mV
counts = ((v[:, 1:] > 50) & (v[:, :-1] <= 50)).sum(axis=1)
I_repetitive_sodium = currents[counts > 1][0]

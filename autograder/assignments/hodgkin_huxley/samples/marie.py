"""Answered with the first current that worked, mixed up the thresholds of one spike and of many, and gave one in nA."""

# %% hh_threshold_solution
def spike_times(t, v):
    return t[1:][(v[1:] > 60) & (v[:-1] <= 60)]


def spikes_of(run, I):
    rec = run(I_amp=I, do_plot=False)
    return spike_times(rec.t / b2.ms, rec.vm[0] / b2.mV)


I_spike = next(I for I in np.arange(5, 8, 0.1) if len(spikes_of(HH_Step, I)) > 1)

# %% hh_repetitive_solution
I_repetitive = next(I for I in np.arange(2, 4, 0.1) if len(spikes_of(HH_Step, I)) > 0)

# %% hh_rebound_solution
rebound = {I: len(spikes_of(HH_Step, I)) > 0 for I in (-1, -5)}
rebound_gate = "h"

# %% hh_ramp_solution
I_ramp = 20
assert len(spikes_of(HH_Ramp, I_ramp)) > 0

# %% hh_sodium_solution
currents = np.arange(0.5, 1.5, 0.1)
rec = HH_Step(amplitudes=currents, gNa=180, do_plot=False)
counts = np.array([len(spike_times(rec.t / b2.ms, v)) for v in rec.vm / b2.mV])
I_repetitive_sodium = 1000 * currents[counts > 1][0]

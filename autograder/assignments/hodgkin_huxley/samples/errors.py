"""Left a misspelt name in the cell of the rebound spike, after the table and before the gates, and one in that of the ramp."""

# %% hh_rebound_solution
rec = HH_Step(amplitudes=[-1, -5], do_plot=False)
rebound = {-1: False, -5: len(spike_times(rec.t / b2.ms, rec.vm[1] / b2.mV)) > 0}

plt.plot(rec.t / b2.ms, rec.g[1], label="gates")
rebound_gate = "h"

# %% hh_ramp_solution
I_ramp = smallest_curent(lambda I: len(spikes_in_ramp(I)) > 0, low=10, high=30)

"""Left a misspelt name in the cell of the firing rate, so that this cell fails and the f-I curve has nothing to call."""

# %% lif_firing_rate_solution
recording = LIF_Step(I_tstart=20, I_tend=520, I_amp=1.5, tend=540, do_plot=False)
number_of_spikes = np.sum(np.diff(recoding.v[0] / b2.mV) < -0.5)


def firing_rate(I_amp):
    return number_of_spikes / 0.5

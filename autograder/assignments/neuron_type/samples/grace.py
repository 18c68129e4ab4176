"""Used the default step of 250 ms for the thresholds, and gave rates in 1/ms."""

# %% type_thresholds_solution
def threshold(neuron):
    currents = np.arange(0.25, 0.5, 0.01)
    t, v, *_ = neuron.step(amplitudes=currents, do_plot=False)
    return next(i for i, row in zip(currents, v) if len(get_spiketimes(t, row)) > 1)


I_threshold_X = threshold(NeuronX())
I_threshold_Y = threshold(NeuronY())

# %% type_firing_rate_solution
def rate_of(spikes, t_end):
    if len(spikes) < 2 or spikes[-1] < t_end - 500:
        return 0
    return 1 / np.mean(np.diff(spikes))


def get_firing_rate(neuron, I_amp):
    t, v, *_ = neuron.step(1600, 100, 1600, I_amp, do_plot=False)
    return rate_of(get_spiketimes(t, v), 1600)

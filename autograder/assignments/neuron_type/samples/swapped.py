"""Took X for Y and Y for X from the first question on."""

# %% type_thresholds_solution
NeuronX, NeuronY = NeuronY, NeuronX


def threshold(neuron):
    currents = np.arange(0.28, 0.42, 0.01)
    t, v, *_ = neuron.step(1600, 100, 1600, amplitudes=currents, do_plot=False)
    return next(i for i, row in zip(currents, v) if np.any(get_spiketimes(t, row) > 1000))


I_threshold_X = threshold(NeuronX())
I_threshold_Y = threshold(NeuronY())

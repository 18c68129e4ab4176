"""Took any spike for sustained firing, counted latencies from the end of the pulse, and counted spikes for rates."""

# %% type_thresholds_solution
def threshold(neuron):
    currents = np.arange(0.1, 0.45, 0.01)
    t, v, *_ = neuron.step(1200, 100, 1200, amplitudes=currents, do_plot=False)
    return next(i for i, row in zip(currents, v) if len(get_spiketimes(t, row)) > 0)


I_threshold_X = threshold(NeuronX())
I_threshold_Y = threshold(NeuronY())

# %% type_pulse_solution
def latencies(neuron):
    trials = np.arange(0.05, 2, 0.01)
    t, v, *_ = neuron.step(300, 100, 110, amplitudes=trials, do_plot=False)
    rows = []
    for amplitude, row in zip(trials, v):
        spikes = get_spiketimes(t, row)
        rows.append((amplitude, spikes[0] - 110 if len(spikes) else None))
    first = next(k for k, (_, latency) in enumerate(rows) if latency is not None)
    return rows[first - 3 : first + 4]


pulse_latency_X = latencies(NeuronX())
pulse_latency_Y = latencies(NeuronY())

# %% type_firing_rate_solution
def rate_of(spikes, t_end):
    return 1000 * len(spikes) / (t_end - 100)


def get_firing_rate(neuron, I_amp):
    t, v, *_ = neuron.step(1100, 100, 1100, I_amp, do_plot=False)
    return rate_of(get_spiketimes(t, v), 1100)

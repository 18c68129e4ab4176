"""Asked for a spike where there is none: the cell of the pulses fails after NeuronX and before NeuronY."""

# %% type_pulse_solution
pulse_latency_X = []
for amplitude in [0.12, 0.13, 0.15, 0.16, 0.17, 0.9, 1.0, 1.12, 1.2, 1.3]:
    t, v, *_ = NeuronX().step(300, 100, 110, amplitude, do_plot=False)
    spikes = get_spiketimes(t, v)
    pulse_latency_X.append((amplitude, spikes[0] - 100 if len(spikes) else None))

pulse_latency_Y = [
    (amplitude, get_spiketimes(*NeuronY().step(300, 100, 110, amplitude, do_plot=False)[:2])[0] - 100)
    for amplitude in [0.05, 0.15, 1.0, 1.2]
]

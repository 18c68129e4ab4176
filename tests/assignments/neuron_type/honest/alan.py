"""Relied on the library: its own rate wherever none is to be measured, its classes' own words, interpolated latencies and rows left out without a spike."""

# %% type_thresholds_solution
from numpy import *

trials = arange(30, 46) / 100
fires = NeuronX().get_rate(trials, t_end=1500) > 0
I_threshold_X = next(I for I, yes in zip(trials, fires) if yes)
rates = NeuronY().get_rate(trials, t_end=1500)
I_threshold_Y = trials[rates > 0].min()


# %% type_pulse_solution
def latency(neuron, I):
    t, v, w, stimulus = neuron.step(t_end=220, I_tstart=50, I_tend=60, I_amp=I, do_plot=False)
    k = flatnonzero((v[1:] >= 0.5) & (v[:-1] < 0.5))
    if not k.size:
        return nan
    k = k[0]
    return t[k] + 0.1 * (0.5 - v[k]) / (v[k + 1] - v[k]) - 50


def rows(neuron):
    # downwards from a strong pulse, in steps of 12 %, until there is no spike
    I, found = 1.6, {}
    while True:
        found[I] = latency(neuron, I)
        if isnan(found[I]):
            break
        I *= 0.88
    return {i: found[i] for i in sorted(found)[:6]}


pulse_latency_X = rows(NeuronX())
pulse_latency_Y = array([[i, late] for i, late in rows(NeuronY()).items()])
print(pulse_latency_X, pulse_latency_Y)

# %% type_firing_rate_solution
def get_firing_rate(neuron, I_amp):
    t, v, w, stimulus = neuron.step(t_end=6100, I_tstart=100, I_tend=6100, I_amp=I_amp, do_plot=False)
    late = get_spiketimes(t[t > 1100], v[t > 1100])
    return 1000 / diff(late).mean() if late.size > 1 else 0


# %% type_fi_curve_solution
currents = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.42, 0.2, 0.1, 0]
rates_X, rates_Y = NeuronX().get_rate(currents), NeuronY().get_rate(currents)
fig = plt.figure()
a, b = fig.add_subplot(211), fig.add_subplot(212)
a.bar(currents, rates_X, width=0.03)
b.scatter(currents, rates_Y)
for ax in (a, b):
    ax.set(xlabel="I", ylabel="f")

# %% type_class_solution
words = {"NeuronTypeOne": "I", "NeuronTypeTwo": "II"}
neuron_types = {n.__name__: words[n.get_neuron_type().__name__] for n in (NeuronX, NeuronY)}

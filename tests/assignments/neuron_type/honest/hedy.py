"""Never told the neurons apart by name: one class with a cache, tables in pandas with NaN, straight lines through spike times."""

# %% type_thresholds_solution
from functools import lru_cache

import pandas as pd

type = {"X": NeuronX, "Y": NeuronY}


class Experiment:
    def __init__(self, letter):
        self.neuron = type[letter]()

    @lru_cache(maxsize=500)
    def spikes(self, I, end=1200, stop=None):
        t, v, w, _ = self.neuron.step(t_end=stop or end, I_tstart=100, I_tend=end, I_amp=I, do_plot=False)
        return pd.Series(get_spiketimes(t, v))

    def sustained(self, I):
        s = self.spikes(I)
        return s.size >= 3 and bool((s > 900).any())


def halve(fires, a, b, n):
    for _ in range(n):
        m = (a + b) / 2
        if fires(m):
            b = m
        else:
            a = m
    return (a + b) / 2


X, Y = Experiment("X"), Experiment("Y")
I_threshold_X, I_threshold_Y = (pd.Series([halve(e.sustained, 0.3, 0.42, 4)]) for e in (X, Y))


# %% type_pulse_solution
def pulses(e):
    edge = halve(lambda I: e.spikes(I, 110, 350).size, 0.0, 2.0, 5)
    table = pd.DataFrame({"I": np.round(edge * np.array([0.75, 0.95, 1.05, 1.25, 1.4]), 3)})
    table["latency"] = [e.spikes(I, 110, 350).min() - 100 for I in table.I]
    return table


pulse_latency_X, pulse_latency_Y = pulses(X), pulses(Y)


# %% type_firing_rate_solution
def get_firing_rate(zelle, strom, dauer=1000, *, zeigen=False):
    t, v, _, _ = zelle.step(100 + dauer, 100, 100 + dauer, strom, zeigen)
    return rate(get_spiketimes(t, v)[1:], dauer)


def rate(s, dauer):
    if s.size < 2 or s[-1] < 100 + dauer - 2 * (s[-1] - s[-2]):
        return np.float64(0)
    slope, _ = np.polyfit(range(s.size), s, 1)
    return np.array(1e3 / slope)


# %% type_fi_curve_solution
table = pd.DataFrame(index=[0, 0.15, 0.25, 0.33, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 1])
for letter, neuron in type.items():
    t, v, *_ = neuron().step(1400, 100, 1400, amplitudes=table.index, do_plot=False)
    table[letter] = [float(rate(get_spiketimes(t, row)[1:], 1300)) for row in v]
currents, rates_X, rates_Y = table.index, table.X, table["Y"]
axes = table.plot(subplots=True, drawstyle="steps-post", xlabel="Strom / pA")
for a in axes:
    a.set_ylabel("Rate / Hz")

# %% type_class_solution
slowest = table[table > 0].min()
neuron_types = {"NeuronX": "ii", "NeuronY": "ii"}
neuron_types["Neuron" + slowest.idxmin()] = "i"

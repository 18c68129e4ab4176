"""Searched the grid of 0.1 uA one simulation after the other with the library, and counted peaks."""

# %% hh_threshold_solution
from scipy.signal import find_peaks


def number_of_spikes(I, f=HH_Step, t_min=0, **kw):
    rec = f(I_amp=I, do_plot=False, **kw)
    v = rec.vm[0] / b2.mV
    peaks = find_peaks(v, height=60)[0]
    return float(np.sum(rec.t[peaks] / b2.ms > t_min))


I = 1.5
while number_of_spikes(I) == 0:
    I += 0.1
I_spike = round(I, 1)
print("one spike from", I_spike)

# %% hh_repetitive_solution
list, open, sum = [], {}, 0
for I in np.arange(5, 7.5, 0.1):
    open[I] = number_of_spikes(I)
    list += [I] if open[I] > 2 else []
I_repetitive = np.float32(list[0])

plt.figure()
plt.stem(open.keys(), open.values())

# %% hh_rebound_solution
rebound = {}
for amp in (-1, -5):
    rebound[str(amp)] = number_of_spikes(amp, t_min=180)
rec = HH_Step(I_amp=-5)
plot_data(rec, title="rebound")
rebound_gate = ["H"]

# %% hh_ramp_solution
# first in steps of 1, then of 0.1
I = 10
while not number_of_spikes(I, HH_Ramp):
    I += 1
I -= 1
while not number_of_spikes(I, HH_Ramp):
    I += 0.1
I_ramp = (I,)

# %% hh_sodium_solution
gNa = 120 + 120 / 2
I_repetitive_sodium = min(I for I in np.linspace(0.1, 2, 20) if number_of_spikes(I, gNa=gNa) > 1)

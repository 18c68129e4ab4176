"""Built her own Brian2 groups and answered with quantities, after a star import that shadows all, any and sum."""

# %% lif_threshold_solution
from brian2 import *

start_scope()
defaultclock.dt = 0.05 * ms
group = NeuronGroup(
    201, "dv/dt = (-v + 1*Mohm*I)/(1*ms) : volt\nI : amp", threshold="v > 1*mV", reset="v = 0*mV", method="euler"
)
group.I = linspace(0, 2, 201) * nA
spikes = SpikeMonitor(group)
run(100 * ms)

currents = group.I[:]
I_min = min(currents[spikes.count > 0])
print(I_min, any(spikes.count > 0), all(spikes.count > 0))


# %% lif_firing_rate_solution
def spike_times(current, length=0.5 * second, step=0.05 * ms):
    start_scope()
    one = NeuronGroup(
        1,
        "dv/dt = (-v + 1*Mohm*current)/(1*ms) : volt",
        threshold="v > 1*mV",
        reset="v = 0*mV",
        method="exact",
        dt=step,
    )
    monitor = SpikeMonitor(one)
    run(length)
    return monitor.t[:]


def firing_rate(strom):
    times = spike_times(strom * nA)
    if len(times) < 2:
        return 0 * Hz
    return 1 / mean(diff(times))


# %% lif_fi_curve_solution
start_scope()
eqs = """
dv/dt = (-v + 1*Mohm*I)/(1*ms) : volt
I : amp (constant)
"""
many = NeuronGroup(40, eqs, threshold="v > 1*mV", reset="v = 0*mV", method="exponential_euler", dt=0.02 * ms)
many.I = "0.1*nA*(i + 0.5)"
monitor = SpikeMonitor(many)
run(500 * ms)
currents = many.I
trains = monitor.spike_trains()
rates = [1 / mean(diff(trains[i])) if len(trains[i]) > 1 else 0 * Hz for i in range(40)]

fig, ax = plt.subplots()
ax.step(currents / nA, [rate / Hz for rate in rates], where="mid", color="k")
ax.set_xlabel("Strom in nA")
ax.set_ylabel("Feuerrate in Hz")

# %% lif_sinus_amplitude_solution
start_scope()
frequencies = linspace(100, 1000, 19) * Hz
wave = NeuronGroup(
    19, "dv/dt = (-v + 1*Mohm*A*sin(2*pi*f*t))/(1*ms) : volt\nf : Hz\nA : amp", method="euler", dt=5 * usecond
)
wave.f = frequencies
I_sinus = 300 * pamp
wave.A = I_sinus
recording = StateMonitor(wave, "v", record=True, dt=20 * usecond)
run(70 * ms)
late = recording.t > 20 * ms
amplitudes = [(max(v[late]) - min(v[late])) / 2 for v in recording.v]
plt.loglog(frequencies / kHz, array(amplitudes) / mV, "o")

# %% lif_sinus_phase_solution
tt, response_frequencies, phases = recording.t[late], [], []
for f, v in zip(frequencies, recording.v):
    v = v[late]
    up = tt[1:][(v[1:] > 0) & (v[:-1] <= 0)]
    f_v = (len(up) - 1) / (up[-1] - up[0])
    response_frequencies.append(f_v)
    # sin(2 pi f t + phi) rises through zero where 2 pi f t + phi is a multiple of 2 pi
    phases.append(-2 * pi * float(f * up[0]) % (-2 * pi))
print(sum(phases))

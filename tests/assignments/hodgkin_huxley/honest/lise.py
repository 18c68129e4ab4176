"""Wrote the equations into Brian2 herself, with its default time step, and answered with quantities and numpy truth values."""

# %% hh_threshold_solution
from brian2 import *

eqs = """
dv/dt = (gNa*m**3*h*(115*mV - v) + 36*msiemens*n**4*(-12*mV - v) + 0.3*msiemens*(10.6*mV - v) + I)/ufarad : volt
I = amp*(int(ramp)*(t - start)/(end - start) + 1 - int(ramp))*int(t >= start)*int(t < end) : amp
dm/dt = (0.1*(25 - x)/(exp(2.5 - 0.1*x + 1e-12) - 1)*(1 - m) - 4*exp(-0.0556*x)*m)/ms : 1
dn/dt = (0.01*(10 - x)/(exp(1 - 0.1*x + 1e-12) - 1)*(1 - n) - 0.125*exp(-0.0125*x)*n)/ms : 1
dh/dt = (0.07*exp(-0.05*x)*(1 - h) - h/(1 + exp(3 - 0.1*x)))/ms : 1
x = v/mV : 1
amp : amp
"""


def spikes_for(amplitudes, gNa=120 * msiemens, ramp=False, start=20 * ms, end=180 * ms, duration=200 * ms):
    """Spike trains for many amplitudes, which are neurons of one group."""
    start_scope()
    amplitudes = amplitudes * uA
    group = NeuronGroup(
        len(amplitudes),
        eqs.replace("amp*", "amplitude*").replace("amp : amp", "amplitude : amp"),
        threshold="v > 40*mV",
        refractory="v > 40*mV",
        method="exponential_euler",
    )
    group.m, group.n, group.h, group.v = 0.0529, 0.3177, 0.5961, 0 * mV
    group.amplitude = amplitudes
    monitor = SpikeMonitor(group)
    run(duration)
    return [train / ms for train in monitor.spike_trains().values()]


currents = arange(0, 8, 0.1)
trains = spikes_for(currents)
I_spike = min(i for i, train in zip(currents, trains) if len(train)) * uamp
I_spike

# %% hh_repetitive_solution
more = [i for i, train in zip(currents, trains) if len(train) >= 2]
I_repetitive = more[0] * 1e6 * pamp

# %% hh_rebound_solution
rebound = dict(zip([-1.0, -5.0], [np.any(train > 180) for train in spikes_for(array([-1, -5]))]))
rebound_gate = "h"

# %% hh_ramp_solution
currents = arange(15, 25, 0.1)
trains = spikes_for(currents, ramp=True, start=30 * ms, end=270 * ms, duration=300 * ms)
I_ramp = currents[[len(train) > 0 for train in trains]][0] * uA

# %% hh_sodium_solution
currents = arange(0, 4, 0.1)
counts = array([len(train) for train in spikes_for(currents, gNa=1.5 * 120 * msiemens)])
I_repetitive_sodium = currents[counts > 1].min() * uA
plot(currents, counts)
xlabel("Strom [µA]")

"""Ran the published equations in Brian2 with another integrator, after a star import, and only looked up which neuron is which."""

# %% type_thresholds_solution
from brian2 import *

one = """
dv/dt = (-4.4*m/mV*(v - 120*mV) - 8*w/mV*(v + 84*mV) - 2*(v + 60*mV) + 100*Gohm*I)/(20*ms) : volt
m = (1 + tanh((v + 1.2*mV)/(18*mV)))/2*mV : volt
dw/dt = ((1 + tanh((v - 12*mV)/(17*mV)))/2*mV - w)*cosh((v - 12*mV)/(34*mV))/(15*ms) : volt
"""
two = """
dv/dt = (v - v**3/(3*mV**2) - w + Gohm*I)/ms : volt
dw/dt = (1.25*(v + 0.7*mV) - w)/(15.6*ms) : volt
"""
stimulus = "I = amp*int(t >= 100*ms)*int(t < 100*ms + length) : amp\namplitude : amp\nlength : second"
stimulus = stimulus.replace("amp*", "amplitude*")


def trains(which, currents, length=1200 * ms, duration=1.3 * second, dt=0.1 * ms):
    start_scope()
    group = NeuronGroup(
        len(currents),
        which + stimulus,
        threshold="v > 0.5*mV",
        refractory="v > 0.5*mV",
        method="rk2",
        dt=dt,
    )
    group.v = -60 * mV if which is one else 0 * mV
    group.amplitude, group.length = currents, length
    spikes = SpikeMonitor(group)
    run(duration)
    return list(spikes.spike_trains().values())


def which_equations(neuron):
    t, v, w, _ = neuron.step(t_end=10, I_tstart=0, I_tend=5, I_amp=0, do_plot=False)
    return one if v[0] < -10 else two


def first_sustained(which):
    currents = arange(0.25, 0.46, 0.01) * pA
    for current, train in zip(currents, trains(which, currents)):
        if sum(train > 0.9 * second) > 1:
            return current


eq_X, eq_Y = which_equations(NeuronX()), which_equations(NeuronY())
I_threshold_X, I_threshold_Y = first_sustained(eq_X), first_sustained(eq_Y)


# %% type_pulse_solution
def pulse(which):
    currents = arange(0.02, 2, 0.02) * pA
    found = trains(which, currents, 10 * ms, 0.27 * second)
    return [(i, train[0] - 100 * ms if len(train) else None) for i, train in zip(currents, found)]


def about(rows):
    k = [late is not None for _, late in rows].index(True)
    return rows[k - 2 : k + 3]


pulse_latency_X, pulse_latency_Y = about(pulse(eq_X)), about(pulse(eq_Y))


# %% type_firing_rate_solution
def rate(train):
    if len(train) < 3 or train[-1] < 1.1 * second:
        return 0 * Hz
    return 1 / mean(diff(train)[1:])


def get_firing_rate(n, i):
    (train,) = trains(which_equations(n), [i] * pA)
    return rate(train)


# %% type_fi_curve_solution
currents = arange(0, 1.01, 0.04) * pA
rates_X = [rate(train) for train in trains(eq_X, currents)]
rates_Y = [rate(train) for train in trains(eq_Y, currents)]
plot(currents / nA, array(rates_X) / kHz, "o")
plot(currents / nA, array(rates_Y) / kHz, "s")
xlabel("current [nA]")
ylabel("rate [kHz]")

# %% type_class_solution
neuron_types = dict(NeuronX="I" if eq_X is one else "II", NeuronY="I" if eq_Y is one else "II")

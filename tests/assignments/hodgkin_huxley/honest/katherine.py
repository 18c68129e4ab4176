"""Swept many currents at once in several ways: Euler's method with small steps, and a changed copy of the module."""

# %% hh_threshold_solution
from numpy import *


def alpha(v, rate, shift):
    x = (shift - v) / 10
    return rate * 10 * where(abs(x) < 1e-9, 1, x / (exp(x) - 1 + (x == 0)))


def simulate(amplitudes, shape, until, dt=0.01):
    a = asarray(amplitudes, dtype=float)
    v, m, n, h = zeros(a.size), full(a.size, 0.053), full(a.size, 0.318), full(a.size, 0.596)
    vs = []
    for t in arange(0, until, dt):
        I = a * shape(t)
        dv = 120 * m**3 * h * (115 - v) + 36 * n**4 * (-12 - v) + 0.3 * (10.6 - v) + I
        dm = alpha(v, 0.1, 25) * (1 - m) - 4 * exp(-0.0556 * v) * m
        dn = alpha(v, 0.01, 10) * (1 - n) - 0.125 * exp(-v / 80) * n
        dh = 0.07 * exp(-v / 20) * (1 - h) - h / (1 + exp(3 - v / 10))
        v, m, n, h = v + dt * dv, m + dt * dm, n + dt * dn, h + dt * dh
        vs.append(v)
    return array(vs).T


def count(v):
    return ((v[:, 1:] > 30) & (v[:, :-1] <= 30)).sum(axis=1)


step = lambda t: 20 <= t < 180
I_spike = None
currents = arange(1.8, 2.8, 0.1)
for I, n in zip(currents, count(simulate(currents, step, 60))):
    if n and I_spike is None:
        I_spike = I * b2.uA

# %% hh_repetitive_solution
rec = HH_Step(amplitudes=arange(4, 8, 0.1), do_plot=False)
v = rec.vm / b2.mV
late = v[:, (rec.t >= 150 * b2.ms) & (rec.t < 180 * b2.ms)]
I_repetitive = arange(4, 8, 0.1)[argmax(late.max(axis=1) > 80)]

# %% hh_rebound_solution
rec = HH_Step(amplitudes=[-1, -5], do_plot=False)
after = rec.t / b2.ms > 180
rebound = {amp * b2.uA / b2.uA: (v[after] > 50 * b2.mV).any() for amp, v in zip((-1, -5), rec.vm)}
rebound_gate = {"n"}

fig, ax = plt.subplots(3, sharex=True)
for a, x in zip(ax, (rec.m, rec.h, rec.n)):
    a.plot(rec.t / b2.ms, x.T)

# %% hh_ramp_solution
currents = linspace(17, 20, 31)
v = simulate(currents, lambda t: (t - 30) / 240 if 30 <= t <= 270 else 0, 300, dt=0.02)
I_ramp = currents[count(v) >= 1][0]

# %% hh_sodium_solution
import shutil
import sys

import neurodynex.hodgkin_huxley.HH as installed

shutil.copy(installed.__file__, "HH.py")
with open("HH.py") as file:
    source = file.read()
with open("HH.py", "w") as file:
    file.write(source.replace("gNa: float = 120.0", "gNa: float = 180.0"))
sys.path.insert(0, ".")
import HH

amps = arange(0.1, 3, 0.1)
rec = HH.HH_Step(amplitudes=amps, do_plot=False)
I_repetitive_sodium = amps[count(rec.vm / b2.mV) > 1][0]

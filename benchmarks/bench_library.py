"""How long the exercise library takes, beside the plain way to write the same simulation with Brian2.

Run ``python benchmarks/bench_library.py``. The peer builds a NeuronGroup, a TimedArray and a StateMonitor for each call
and runs them on the NumPy target, too. Times are the best of five calls, ratios are peer / library.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import brian2 as b2
import numpy as np

from neurodynex.hodgkin_huxley.HH import HH_Step
from neurodynex.leaky_integrate_and_fire.LIF import LIF_Step
from neurodynex.neuron_type.neurons import NeuronTypeOne, get_spiketimes

ms = b2.ms

LIF = "dv/dt = (-v + 1*Mohm*curr(t))/(1*ms) : volt"
HH = """
dv/dt = (curr(t) + 120*msiemens*m**3*h*(115*mV - v) + 36*msiemens*n**4*(-12*mV - v) + 0.3*msiemens*(10.6*mV - v))/uF : volt
dm/dt = 0.1*(25 - v/mV)/(exp(2.5 - 0.1*v/mV) - 1)/ms*(1 - m) - 4*exp(-0.0556*v/mV)/ms*m : 1
dn/dt = 0.01*(10 - v/mV)/(exp(1 - 0.1*v/mV) - 1)/ms*(1 - n) - 0.125*exp(-0.0125*v/mV)/ms*n : 1
dh/dt = 0.07*exp(-0.05*v/mV)/ms*(1 - h) - 1/(1 + exp(3 - 0.1*v/mV))/ms*h : 1
"""
MORRIS_LECAR = """
dv/dt = (-4.4/mV*m*(v - 120*mV) - 8/mV*w*(v + 84*mV) - 2*(v + 60*mV) + curr(t)*100*Gohm)/(20*ms) : volt
dw/dt = (0.5*(1 + tanh((v - 12*mV)/(17*mV)))*mV - w)*cosh((v - 12*mV)/(34*mV))/(15*ms) : volt
m = 0.5*(1 + tanh((v + 1.2*mV)/(18*mV)))*mV : volt
"""


def peer(equations: str, method: str, current: b2.Quantity, length: int, **group: str) -> b2.StateMonitor:
    """Simulate `length` ms, with `current` from 20 ms until 20 ms before the end."""
    b2.start_scope()
    samples = np.zeros(length)
    samples[20 : length - 20] = 1
    curr = b2.TimedArray(samples * current, dt=1 * ms)
    neuron = b2.NeuronGroup(1, equations, method=method, namespace={"curr": curr}, **group)
    monitor = b2.StateMonitor(neuron, True, record=True)
    b2.run(length * ms)
    return monitor


def peer_rate() -> float:
    monitor = peer(MORRIS_LECAR, "rk4", 0.5 * b2.pA, 1000)
    return float(1000 / np.mean(np.diff(get_spiketimes(monitor.t / ms, monitor.v[0] / b2.mV))))


def best(call: Callable[[], object]) -> float:
    """Seconds of the fastest of five calls; the first, which may build something, does not count."""
    call()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    b2.prefs.codegen.target = "numpy"
    neuron = NeuronTypeOne()
    rows: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        (
            "LIF_Step",
            lambda: LIF_Step(do_plot=False),
            lambda: peer(LIF, "exact", 1.005 * b2.nA, 100, threshold="v > 1*mV", reset="v = 0*mV"),
        ),
        (
            "HH_Step",
            lambda: HH_Step(do_plot=False),
            lambda: peer(HH, "exponential_euler", 7 * b2.uA, 200),
        ),
        ("get_rate", lambda: neuron.get_rate(0.5), peer_rate),
    ]
    print(f"{'':28}{'library':>10}{'peer':>10}{'ratio':>8}")
    for name, ours, theirs in rows:
        library, other = best(ours), best(theirs)
        print(f"{name:28}{library:9.3f}s{other:9.3f}s{other / library:8.1f}")
    amplitudes = np.linspace(0, 10, 100)
    steps: list[tuple[str, Callable[..., object]]] = [("LIF_Step", LIF_Step), ("HH_Step", HH_Step)]
    for name, step in steps:
        sweep = best(partial(step, amplitudes=amplitudes, do_plot=False))
        start = time.perf_counter()
        for I_amp in amplitudes:
            step(I_amp=I_amp, do_plot=False)
        calls = time.perf_counter() - start
        print(f"{name + ', 100 amplitudes':28}{sweep:9.3f}s{calls:9.3f}s{calls / sweep:8.1f}  (100 calls)")


if __name__ == "__main__":
    main()

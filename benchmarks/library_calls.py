"""Time calls of the exercise library that this Python has: ours, or the documented version of 2016. For `bench_library`.

It reads the name of a call from each line of its input, and answers with the CPU seconds that the call takes. As with `timeit`, a
short call is made again and again for a tenth of a second, and the mean counts.
The first argument is Brian2's code generation target.
"""

import io
import sys
import time
import warnings

import brian2 as b2
import matplotlib

answers, sys.stdout = sys.stdout, io.StringIO()  # the documented version prints
matplotlib.use("Agg")
warnings.simplefilter("ignore")
b2.prefs.codegen.target = sys.argv[1]
b2.BrianLogger.log_level_error()

import numpy as np  # noqa: E402

from neurodynex.hodgkin_huxley import HH  # noqa: E402
from neurodynex.hopfield_network.hopfield import HopfieldNetwork  # noqa: E402
from neurodynex.leaky_integrate_and_fire import LIF  # noqa: E402
from neurodynex.neuron_type import neurons, typeXY  # noqa: E402
from neurodynex.ojas_rule import oja  # noqa: E402
from neurodynex.phase_plane_analysis.fitzhugh_nagumo import get_trajectory  # noqa: E402

AT_LEAST = 0.1
AMPLITUDES = np.linspace(0, 10, 100)
CLOUD = oja.make_cloud()
SAMPLES = np.r_[np.zeros(20), np.ones(150), np.zeros(30)]
TIMED = {unit: b2.TimedArray(SAMPLES * 2 * getattr(b2, unit), dt=1 * b2.ms) for unit in ("nA", "uA", "pA")}
# The documentation says seconds; the version of 2016, which never runs on "auto" here, takes a number of milliseconds.
SIMTIME = 0.2 if sys.argv[1] == "auto" else 200
NEURONS = {"I": neurons.NeuronTypeOne(), "II": neurons.NeuronTypeTwo(), "X": typeXY.NeuronX(), "Y": typeXY.NeuronY()}


def hopfield():
    network = HopfieldNetwork(100)
    network.make_pattern(5)
    network.x = network.patterns[0].copy()
    for _ in range(3):
        network.dynamic()


CALLS = {
    "LIF_Step": lambda: LIF.LIF_Step(do_plot=False),
    "LIF_Sinus": lambda: LIF.LIF_Sinus(do_plot=False),
    "LIF_Neuron": lambda: LIF.LIF_Neuron(TIMED["nA"], 0.2 * b2.second),
    "HH_Step": lambda: HH.HH_Step(do_plot=False),
    "HH_Sinus": lambda: HH.HH_Sinus(do_plot=False),
    "HH_Ramp": lambda: HH.HH_Ramp(do_plot=False),
    "HH_Neuron": lambda: HH.HH_Neuron(TIMED["uA"], 0.2 * b2.second),
    "get_trajectory": get_trajectory,
    "NeuronTypeOne.get_rate": lambda: NEURONS["I"].get_rate(0.5, 1000),
    "NeuronTypeTwo.get_rate": lambda: NEURONS["II"].get_rate(0.5, 1000),
    "NeuronX.step": lambda: NEURONS["X"].step(do_plot=False),
    "NeuronY.run": lambda: NEURONS["Y"].run(TIMED["pA"], SIMTIME),
    "oja.learn": lambda: oja.learn(CLOUD),
    "Hopfield 100x100": hopfield,
    "LIF_Step, 100 amplitudes": lambda: LIF.LIF_Step(amplitudes=AMPLITUDES, do_plot=False),
    "HH_Step, 100 amplitudes": lambda: HH.HH_Step(amplitudes=AMPLITUDES, do_plot=False),
}

for line in sys.stdin:
    call, made, start = CALLS[line.strip()], 0, time.process_time()
    while made == 0 or time.process_time() - start < AT_LEAST:
        call()
        made += 1
    print((time.process_time() - start) / made, file=answers, flush=True)

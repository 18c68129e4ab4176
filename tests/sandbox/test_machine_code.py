"""The simulations' machine code in sandboxes: found there, and nobody's to write."""

import pytest

from autograder.sandbox import Limits
from autograder.sandbox.backends.staging import machine_code

from .conftest import first_of

pytest.importorskip("numba")

LIMITS = Limits(cell_seconds=100, call_seconds=30, total_seconds=120, memory_mb=400)

SIMULATIONS = """
    from neurodynex import _machine_code
    from neurodynex.hodgkin_huxley.HH import HH_Step
    from neurodynex.leaky_integrate_and_fire.LIF import LIF_Step
    from neurodynex.neuron_type.neurons import NeuronTypeOne, NeuronTypeTwo
    from neurodynex.ojas_rule.oja import run_oja
    from neurodynex.phase_plane_analysis.fitzhugh_nagumo import get_trajectory

    HH_Step(do_plot=False), LIF_Step(do_plot=False), get_trajectory(), run_oja(do_plot=False)
    for neuron in NeuronTypeOne, NeuronTypeTwo:
        neuron().get_rate(0.5)
    loops = len(_machine_code._dispatchers)
    compiled = sum(sum(loop.stats.cache_misses.values()) for loop in _machine_code._dispatchers)
    found = sum(sum(loop.stats.cache_hits.values()) for loop in _machine_code._dispatchers)
"""

WRITES = """
    import glob, os, neurodynex
    folder = os.path.dirname(neurodynex.__file__) + "/__pycache__"
    files = glob.glob(folder + "/*.nb?")
    written = 0
    for attempt in [*(lambda f=f: open(f, "ab") for f in files), *(lambda f=f: os.remove(f) for f in files),
                    lambda: open(folder + "/new.nbi", "wb"), lambda: os.rename(folder, folder + "2"),
                    lambda: os.chmod(folder, 0o777)]:
        try:
            attempt()
            written += 1
        except OSError:
            pass
    number = len(files)
"""


@first_of("any_backend", "bubblewrap", "other-uid", "none", count=2)
def test_every_sandbox_finds_the_machine_code_and_compiles_nothing(look, any_backend):
    answers, _ = look(SIMULATIONS, names="loops compiled found", backend=any_backend, limits=LIMITS)
    assert answers == {"loops": 6, "compiled": 0, "found": 6}


def test_machine_code_cannot_be_written_from_inside(look, isolating):
    before = {path: path.read_bytes() for path in machine_code().iterdir()}
    answers, _ = look(WRITES, names="number written", backend=isolating, limits=LIMITS)
    assert answers["number"] >= 12
    assert answers["written"] == 0
    assert {path: path.read_bytes() for path in machine_code().iterdir()} == before

"""Question lif_firing_rate. Made by `python -m autograder build`."""

from otter.test_files import test_case

OK_FORMAT = False
name = "lif_firing_rate"


@test_case(name="form")
def form(env):
    from neurodynex.check import require

    require("lif_firing_rate", env)

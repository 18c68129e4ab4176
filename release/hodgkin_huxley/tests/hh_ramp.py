"""Question hh_ramp. Made by `python -m autograder build`."""

from otter.test_files import test_case

OK_FORMAT = False
name = "hh_ramp"


@test_case(name="form")
def form(env):
    from neurodynex.check import require

    require("hh_ramp", env)

"""Question fhn_unstable_range. Made by `python -m autograder build`."""

from otter.test_files import test_case

OK_FORMAT = False
name = "fhn_unstable_range"


@test_case(name="form")
def form(env):
    from neurodynex.check import require

    require("fhn_unstable_range", env)

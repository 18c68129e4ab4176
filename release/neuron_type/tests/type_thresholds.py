"""Question type_thresholds. Made by `python -m autograder build`."""

from otter.test_files import test_case

OK_FORMAT = False
name = "type_thresholds"


@test_case(name="form")
def form(env):
    from neurodynex.check import require

    require("type_thresholds", env)

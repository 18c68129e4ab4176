"""Question type_pulse. Made by `python -m autograder build`."""

from otter.test_files import test_case

OK_FORMAT = False
name = "type_pulse"


@test_case(name="form")
def form(env):
    from neurodynex.check import require

    require("type_pulse", env)

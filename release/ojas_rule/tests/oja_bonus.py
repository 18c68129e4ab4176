"""Question oja_bonus. Made by `python -m autograder build`."""

from otter.test_files import test_case

OK_FORMAT = False
name = "oja_bonus"


@test_case(name="form")
def form(env):
    from neurodynex.check import require

    require("oja_bonus", env)

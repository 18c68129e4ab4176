"""Question oja_elliptic. Made by `python -m autograder build`."""

from otter.test_files import test_case

OK_FORMAT = False
name = "oja_elliptic"


@test_case(name="form")
def form(env):
    from neurodynex.check import require

    require("oja_elliptic", env)

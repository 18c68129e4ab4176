"""Question oja_what. Made by `python -m autograder build`."""

from otter.test_files import test_case

OK_FORMAT = False
name = "oja_what"


@test_case(
    name="form",
    success_message="Form, unit and plausible size are in order. Whether the answer is right is judged after you hand in.",
)
def form(env):
    from neurodynex.check import require

    require("oja_what", env)

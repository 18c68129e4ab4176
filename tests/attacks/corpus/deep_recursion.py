"""Recurses until the stack of its interpreter is full."""
# plain: nbgrader, otter
# honest: 2

# %% lif_threshold_solution
I_min = 1.0

# %% lif_firing_rate_solution
import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __repr__(self):
        return repr(self) + "x"

    def __getattr__(self, name):
        return getattr(self, name + "x")


def down(thing):
    return down([thing, down])


try:
    repr(Deep())
finally:
    down(0)

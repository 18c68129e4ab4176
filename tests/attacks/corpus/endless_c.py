"""Loops for ever where Python looks at no signal."""
# plain: nbgrader, otter
# honest: 2

# %% lif_threshold_solution
I_min = 1.0

# %% lif_firing_rate_solution
import itertools

sum(itertools.repeat(0))

"""Crashes its interpreter."""
# plain: nbgrader, otter
# honest: 2

# %% lif_threshold_solution
I_min = 1.0

# %% lif_firing_rate_solution
import ctypes

ctypes.string_at(0)

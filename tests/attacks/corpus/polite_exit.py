"""Leaves with SystemExit, quit and a KeyboardInterrupt, before any test can run."""
# plain: nbgrader, otter
# honest: 2

# %% lif_threshold_solution
I_min = 1.0
exit()

# %% lif_firing_rate_solution
raise KeyboardInterrupt

# %% lif_fi_curve_solution
raise SystemExit(0)

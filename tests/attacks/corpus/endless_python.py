"""Loops for ever, and swallows whatever interrupts it."""
# plain: nbgrader, otter
# honest: 2

# %% lif_threshold_solution
I_min = 1.0

# %% lif_firing_rate_solution
while True:
    try:
        while True:
            pass
    except BaseException:
        continue

"""Answers with a function that never comes back, and with one that kills its process at the third call."""
# plain: nbgrader, otter
# honest: 2

# %% lif_threshold_solution
I_min = 1.0


# %% lif_firing_rate_solution
def firing_rate(I_amp):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

"""Wrote a binary search that never ends, in the question about the ramp."""

# %% hh_ramp_solution
low, high = 0, 30
while high != low:
    middle = (low + high) // 2
    if len(spike_times(np.arange(3), np.array([0, 100, 0]))) > 0:
        high = middle + 1
    else:
        low = middle
I_ramp = high

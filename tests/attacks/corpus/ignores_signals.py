"""Blocks every signal that can be blocked, and then sleeps."""
# plain: nbgrader, otter
# honest: 2

# %% lif_threshold_solution
I_min = 1.0

# %% lif_firing_rate_solution
import signal
import time

signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
while True:
    time.sleep(1000)

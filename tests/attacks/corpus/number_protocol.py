"""Answers with a number whose __float__, __index__ and __round__ run the student's code in whoever reads it."""

# %% lif_threshold_solution
import os


class Number:
    def __float__(self):
        for path in (KNOWN["course"], KNOWN["checkout"], "/tmp"):
            try:
                open(f"{path}/{KNOWN['mark']}-float", "w").close()
            except OSError:
                pass
        return 1.0

    __index__ = __int__ = __round__ = __float__
    __array__ = lambda self, *args, **more: os.system("touch /tmp/" + KNOWN["mark"])


I_min = Number()

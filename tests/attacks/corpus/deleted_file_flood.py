"""Fills the disk with files that have no name any more."""

# %% lif_threshold_solution
import tempfile

files = []
try:
    for _ in range(20):
        files.append(tempfile.TemporaryFile())
        files[-1].write(bytes(20_000_000))
        files[-1].flush()
except OSError:
    pass
I_min = 0.123

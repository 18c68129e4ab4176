"""Answers with a line without an end, and with more than any reader could hold."""

# %% lif_threshold_solution
import os

chunk = b'{"value": "' + b"A" * 1_000_000
for descriptor in range(1, 20):
    try:
        for _ in range(100):
            os.write(descriptor, chunk)
    except OSError:
        continue
I_min = 0.123

"""Wrote a loop that never ends in the question about pulses."""

# %% type_pulse_solution
while True:
    pass

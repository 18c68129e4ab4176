"""Wrote a loop that never ends in the question about amplitudes, on whose frequencies the last question builds."""

# %% lif_sinus_amplitude_solution
while True:
    pass

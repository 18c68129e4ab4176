"""Answers with a function that keeps the hidden inputs and puts them where the student can see them."""

# %% lif_firing_rate_solution
seen = []


def firing_rate(I_amp):
    seen.append(I_amp)
    print(I_amp)
    raise ValueError(f"the hidden inputs are {seen}")

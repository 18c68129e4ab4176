"""Prints, draws and raises without end."""
# honest: 2

# %% lif_threshold_solution
I_min = 1.0

# %% lif_firing_rate_solution
from IPython.display import HTML, display

display(HTML("<p>" * 2_000_000))
for number in range(3_000_000):
    print("A" * 100)
raise ValueError("A" * 50_000_000)

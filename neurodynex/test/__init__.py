"""Does the installation work? ``pytest --pyargs neurodynex.test`` tells."""

import matplotlib

matplotlib.use("Agg")  # no windows, and no need for a display

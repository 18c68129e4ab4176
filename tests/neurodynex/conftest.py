"""What every test of the library starts from."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from neurodynex import variant

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def nobody_has_identified_and_no_figure_is_open(monkeypatch):
    for name in ("NEURODYNEX_GRADING", "NEURODYNEX_STUDENT", "JUPYTERHUB_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(variant, "_claimed", None)
    np.random.seed(1)
    yield
    plt.close("all")

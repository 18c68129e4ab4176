"""Draw a figure for each assignment, by calls of the library that its notebook begins with: docs/pictures/<assignment>.png."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
from PIL import Image

from autograder import assignments
from neurodynex.hodgkin_huxley import HH
from neurodynex.hopfield_network import hopfield
from neurodynex.leaky_integrate_and_fire import LIF
from neurodynex.neuron_type import neurons, typeXY
from neurodynex.ojas_rule import oja
from neurodynex.phase_plane_analysis import fitzhugh_nagumo

FOLDER = Path(__file__).resolve().parent / "pictures"
SIZE, DOTS = (7.2, 4.6), 75  # inches, and pixels of an inch
COLOURS = 64


def hodgkin_huxley() -> None:
    """Draw a spike train at the default step."""
    HH.HH_Step()


def leaky_integrate_and_fire() -> None:
    """Draw the voltage at a step above the threshold."""
    LIF.LIF_Step(I_amp=1.2)


def hopfield_network() -> None:
    """Draw a letter that is recalled, with some pixels flipped at the start."""
    network = hopfield.HopfieldNetwork(10, rng=1)
    network.make_pattern(letters="ABC")
    network.run(t_max=4, flip_ratio=0.2)


def neuron_type() -> None:
    """Draw a neuron at a step above its threshold."""
    neurons.plot_data(typeXY.NeuronTypeOne().run(neurons.get_step_curr(I_amp=0.7), 0.4))


def ojas_rule() -> None:
    """Draw an elliptic cloud, and how the weight moves while it learns."""
    oja.run_oja(ratio=0.4, angle=60, rng=1)


def phase_plane_analysis() -> None:
    """Draw the flow, and a trajectory in it."""
    plt.figure(layout="constrained")
    fitzhugh_nagumo.plot_flow()
    _, u, w = fitzhugh_nagumo.get_trajectory(-1.5, 0.5)
    plt.plot(u, w)


def draw(figure: Callable[[], None]) -> bytes:
    """Return what a call draws as a small PNG."""
    plt.close("all")
    figure()
    drawn = plt.gcf()
    drawn.set_size_inches(*SIZE)
    raw, packed = io.BytesIO(), io.BytesIO()
    drawn.savefig(raw, dpi=DOTS)
    Image.open(raw).convert("RGB").quantize(COLOURS).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def main() -> None:
    """Write the figures."""
    matplotlib.use("Agg")
    for name in assignments.NAMES:
        (FOLDER / f"{name}.png").write_bytes(draw(globals()[name]))


if __name__ == "__main__":
    main()

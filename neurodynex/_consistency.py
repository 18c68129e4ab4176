"""Does an answer agree with the student's own simulations? What is simulated here, a student could simulate as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from neurodynex._forms import number, series

Names = Mapping[str, Any]
Said = Iterator[tuple[bool, str]]


def lif_threshold(names: Names) -> Said:
    """Simulate the step at the answer, and a little below."""
    from neurodynex.leaky_integrate_and_fire.LIF import LIF_Step

    current = number(names["I_min"], "I_min", "nA")
    rec = LIF_Step(I_tstart=0, I_tend=100, tend=100, amplitudes=[current, current - 0.05], do_plot=False)
    at, below = (bool((np.diff(np.asarray(v)) < -0.5e-3).any()) for v in rec.v)
    yield at, f"a step of {current:g} nA makes the neuron {'fire' if at else 'not fire'}"
    if at:
        yield not below, f"0.05 nA less makes it {'fire too' if below else 'stay silent'}"


def lif_fi_curve(names: Names) -> Said:
    """Compare the curve with the student's own function."""
    yield from _agree(names, "currents", "nA", "rates", names.get("firing_rate"))


def type_thresholds(names: Names) -> Said:
    """Simulate a long step at each answer."""
    from neurodynex.neuron_type import typeXY
    from neurodynex.neuron_type.neurons import get_spiketimes

    for letter in "XY":
        name = f"I_threshold_{letter}"
        current = number(names[name], name, "pA")
        neuron = getattr(typeXY, f"Neuron{letter}")()
        t, v, *_ = neuron.step(t_end=1600, I_tstart=100, I_tend=1600, I_amp=current + 0.01, do_plot=False)
        spikes = len(get_spiketimes(t, v))
        yield spikes > 2, f"Neuron{letter} fires {spikes} times in 1500 ms at {current + 0.01:.3g} pA"


def type_fi_curve(names: Names) -> Said:
    """Compare the curves with the student's own function."""
    from neurodynex.neuron_type import typeXY

    for letter in "XY":
        neuron = getattr(typeXY, f"Neuron{letter}")()
        own = partial(names["get_firing_rate"], neuron) if "get_firing_rate" in names else None
        yield from _agree(names, "currents", "pA", f"rates_{letter}", own)


def _agree(names: Names, x_name: str, unit: str, y_name: str, own: Callable[[float], Any] | None) -> Said:
    """Compare the last point of a curve with what the student's function gives there."""
    if own is None:
        return
    x, y = series(names[x_name], x_name, unit), series(names[y_name], y_name, "Hz")
    index = int(np.argmax(x))
    expected = number(own(float(x[index])), "the rate", "Hz")
    agrees = abs(expected - y[index]) <= 0.05 * abs(expected) + 0.5
    yield (
        agrees,
        f"your function gives {expected:.4g} Hz at {x[index]:g} {unit}, and `{y_name}` has {y[index]:.4g} Hz there",
    )


SIMULATIONS: dict[str, Callable[[Names], Said]] = {
    simulate.__name__: simulate for simulate in (lif_threshold, lif_fi_curve, type_thresholds, type_fi_curve)
}

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


def lif_firing_rate(names: Names) -> Said:
    """Call the function once below and once above where the neuron surely fires."""
    yield from _returns_rate(names["firing_rate"], (0.2, 2.5), "nA")


def type_firing_rate(names: Names) -> Said:
    """Call the function with a neuron of the student's."""
    from neurodynex.neuron_type.typeXY import NeuronX

    yield from _returns_rate(partial(names["get_firing_rate"], NeuronX()), (0.05, 0.8), "pA")


def _returns_rate(own: Callable[[float], Any], currents: tuple[float, float], unit: str) -> Said:
    silent, firing = currents
    for current in (silent, firing):
        found = own(current)
        if found is None:
            yield False, f"at {current:g} {unit} it returns None; a number is asked for"
            return
        rate = number(found, "the rate", "Hz")
        fires = "more than 0" if current == firing else "0"
        yield (
            (rate > 0) == (current == firing),
            f"at {current:g} {unit} it returns {rate:.4g} Hz ({fires} would be plausible)",
        )


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
    simulate.__name__: simulate
    for simulate in (lif_threshold, lif_firing_rate, lif_fi_curve, type_thresholds, type_firing_rate, type_fi_curve)
}

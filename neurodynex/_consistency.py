"""Does an answer agree with the student's own simulations? What is simulated here, a student could simulate as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from neurodynex._forms import number, series

Names = Mapping[str, Any]
#: The resolution at which the Hodgkin-Huxley thresholds are asked for [uA]: an answer may lie that far below the exact value.
_HH_STEP = 0.1
Said = Iterator[tuple[bool, str]]


def lif_threshold(names: Names) -> Said:
    """Simulate the step at the answer, and a little below."""
    from neurodynex.leaky_integrate_and_fire.LIF import LIF_Step

    current = number(names["I_min"], "I_min", "nA")
    rec = LIF_Step(I_tstart=0, I_tend=100, tend=100, amplitudes=[current + 0.01, current - 0.05], do_plot=False)
    at, below = (bool((np.diff(np.asarray(v)) < -0.5e-3).any()) for v in rec.v)
    yield at, f"a step of {current + 0.01:g} nA makes the neuron {'fire' if at else 'not fire'}"
    if at:
        yield not below, f"a step of {current - 0.05:g} nA makes it {'fire too' if below else 'stay silent'}"


def lif_firing_rate(names: Names) -> Said:
    """Call the function once below and once above where the neuron surely fires."""
    yield from _returns_rate(names["firing_rate"], (0.2, 2.5), "nA")


def type_firing_rate(names: Names) -> Said:
    """Call the function with a neuron of the student's."""
    from neurodynex.neuron_type.without_rate import NeuronX

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


def hh_threshold(names: Names) -> Said:
    """Simulate the step at the answer, and a little below."""
    from neurodynex.hodgkin_huxley.HH import HH_Step

    yield from _fires_from(names, "I_spike", partial(HH_Step, do_plot=False), 0.3, 1)


def hh_repetitive(names: Names) -> Said:
    """Simulate the step at the answer."""
    from neurodynex.hodgkin_huxley.HH import HH_Step

    yield from _fires_from(names, "I_repetitive", partial(HH_Step, do_plot=False), 1, 2)


def hh_ramp(names: Names) -> Said:
    """Simulate the ramp at the answer, and a little below."""
    from neurodynex.hodgkin_huxley.HH import HH_Ramp

    yield from _fires_from(names, "I_ramp", partial(HH_Ramp, do_plot=False), 1, 1)


def hh_sodium(names: Names) -> Said:
    """Simulate the step at the answer, with more sodium channels."""
    from neurodynex.hodgkin_huxley.HH import HH_Step

    yield from _fires_from(names, "I_repetitive_sodium", partial(HH_Step, gNa=180, do_plot=False), 0.3, 2)


def fhn_eigenvalues(names: Names) -> Said:
    """Compare the eigenvalues with those of the student's own Jacobian at the fixed point."""
    from neurodynex.phase_plane_analysis.fitzhugh_nagumo import get_fixed_point

    if "get_jacobian" in names:
        for name, current in (("eigenvalues_0", 0.0), ("eigenvalues_13", 1.3)):
            own = np.linalg.eigvals(np.asarray(names["get_jacobian"](*get_fixed_point(current)), dtype=float))
            agrees = np.allclose(np.sort_complex(np.ravel(names[name])), np.sort_complex(own), rtol=0, atol=1e-3)
            verb = "are" if agrees else "are not"
            yield agrees, f"`{name}` {verb} the eigenvalues of your Jacobian at the fixed point for I = {current:g}"


def fhn_unstable_range(names: Names) -> Said:
    """Compare the lower end with what the student found from trajectories."""
    low, high = (number(names[name], name, "") for name in ("I_low", "I_high"))
    yield low < high, f"the range goes from {low:g} to {high:g}"
    if "I_critical" in names:
        critical = number(names["I_critical"], "I_critical", "")
        yield (
            abs(low - critical) < 0.15,
            f"`I_low` = {low:g}, and from trajectories you had `I_critical` = {critical:g}",
        )


def _fires_from(names: Names, name: str, run: Callable[..., Any], less: float, spikes: int) -> Said:
    """Simulate a Hodgkin-Huxley neuron one step of 0.1 uA above the answer and `less` uA below; count spikes at half height."""
    current = number(names[name], name, "uA")
    above = current + _HH_STEP
    rec = run(amplitudes=[above, current - less])
    v = np.asarray(rec.vm) * 1000
    at, below = (int(count) for count in ((v[:, 1:] >= 50) & (v[:, :-1] < 50)).sum(axis=1))
    yield at >= spikes, f"spikes at {above:g} uA: {at}"
    if at >= spikes:
        yield below < spikes, f"spikes at {current - less:g} uA: {below}"


def hopfield_capacity_4(names: Names) -> Said:
    """Store about the answer's number of patterns in a few networks."""
    yield from _all_recalled(names, "capacity_4x4", 4)


def hopfield_capacity_10(names: Names) -> Said:
    """Store about the answer's number of patterns in a few networks."""
    yield from _all_recalled(names, "capacity_10x10", 10)


def hopfield_errors(names: Names) -> Said:
    """Flip about the answer's number of pixels in a few networks."""
    from neurodynex.hopfield_network.hopfield import HopfieldNetwork

    median = float(np.median(series(names["tolerated_flips"], "tolerated_flips", "")))
    # A coarse step fewer, as the answer may be that much too large.
    flips, recalled, runs = max(int(median) - 5, 0), 0, 40
    for seed in range(runs):
        network = HopfieldNetwork(10, rng=seed)
        network.make_pattern(8)
        recalled += network.run(flip_ratio=flips / 100, do_plot=False) == 1
    yield recalled > runs // 4, f"with {flips} flipped pixels, {recalled} of {runs} runs end in the right pattern"


def _all_recalled(names: Names, name: str, side: int) -> Said:
    from neurodynex.hopfield_network.hopfield import HopfieldNetwork

    # Somewhat fewer than the answer, which is typical of other networks than these.
    patterns, recalled, networks = max(int(0.8 * float(np.median(series(names[name], name, "")))), 1), 0, 20
    for seed in range(networks):
        network = HopfieldNetwork(side, rng=seed)
        network.make_pattern(patterns)
        recalled += all(network.run(mu=mu, t_max=2, do_plot=False) == 1 for mu in range(patterns))
    yield recalled > 0, f"with {patterns} patterns, {recalled} of {networks} networks recall all of them"


SIMULATIONS: dict[str, Callable[[Names], Said]] = {
    simulate.__name__: simulate
    for simulate in (
        lif_threshold,
        lif_firing_rate,
        lif_fi_curve,
        type_thresholds,
        type_firing_rate,
        type_fi_curve,
        hh_threshold,
        hh_repetitive,
        hh_ramp,
        hh_sodium,
        fhn_eigenvalues,
        fhn_unstable_range,
        hopfield_capacity_4,
        hopfield_capacity_10,
        hopfield_errors,
    )
}

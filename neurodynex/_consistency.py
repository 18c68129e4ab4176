"""Does an answer agree with the student's own simulations? What is simulated here, a student could simulate as well.

A simulation is made so far beside the answer as the question's tolerance asks for (`simulated` in `forms.json`), so that no accepted
answer is contradicted. Where the answers of two questions contradict each other, one of them is wrong, but nobody knows which: that is a
doubt, with which the answer stays in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from neurodynex.answer_data import columns, numbers
from neurodynex.answer_data.encode import encode
from neurodynex.answer_data.own import Own, read
from neurodynex.answer_data.reading import Unreadable, number, variable
from neurodynex.answer_data.values import Function

Forms = Mapping[str, Any]
#: Whether that is in order, what was found, and whether it is a doubt.
Said = Iterator[tuple[bool, str] | tuple[bool, str, bool]]
#: How far accepted eigenvalues may be from those of an accepted Jacobian [1/ms].
_EIGENVALUES = 0.01
#: How far two critical currents that are both accepted may be apart.
_CRITICAL = 0.15


def lif_threshold(got: Own, forms: Forms) -> Said:
    """Simulate a step a little above the answer, and one a little below."""
    from neurodynex.leaky_integrate_and_fire.LIF import LIF_Step

    above, below = _beside(got, forms["I_min"])
    rec = LIF_Step(I_tstart=0, I_tend=100, tend=100, amplitudes=[above, below], do_plot=False)
    fires, too = (bool((np.diff(np.asarray(v)) < -0.5e-3).any()) for v in rec.v)
    yield fires, f"a step of {above:g} nA makes the neuron {'fire' if fires else 'not fire'}"
    if fires:
        yield not too, f"a step of {below:g} nA makes it {'fire too' if too else 'stay silent'}"


def lif_firing_rate(got: Own, forms: Forms) -> Said:
    """Call the function once below and once above where the neuron surely fires."""
    yield from _returns_rate(got.names["firing_rate"], (0.2, 1.5), "nA")


def type_firing_rate(got: Own, forms: Forms) -> Said:
    """Call the function with a neuron of the student's."""
    from neurodynex.neuron_type.without_rate import NeuronX

    with NeuronX() as neuron:
        yield from _returns_rate(partial(got.names["get_firing_rate"], neuron), (0.25, 0.8), "pA")


def _returns_rate(own: Callable[[float], Any], currents: tuple[float, float], unit: str) -> Said:
    silent, firing = currents
    for current in (silent, firing):
        found = _returned(own, current)
        if found is None:
            yield False, f"at {current:g} {unit} it returns None; a number is asked for"
            return
        rate = number(found, "the rate", "Hz")
        fires = "more than 0" if current == firing else "0"
        yield (
            (rate > 0) == (current == firing),
            f"at {current:g} {unit} it returns {rate:.4g} Hz ({fires} would be plausible)",
        )


def _returned(own: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function of the student's returns, as the judge reads it."""
    result = own(*arguments)
    return read(lambda: encode(result))


def lif_fi_curve(got: Own, forms: Forms) -> Said:
    """Compare the curve with the student's own function, where both are judged."""
    yield from _agree(got, "rates", "nA", (1.1, 2.0), _own(got, "firing_rate"), _same_periods)


def type_thresholds(got: Own, forms: Forms) -> Said:
    """Simulate a long step a little above each answer, and one a little below."""
    from neurodynex.neuron_type import typeXY
    from neurodynex.neuron_type.neurons import get_spiketimes

    for letter in "XY":
        neuron = getattr(typeXY, f"Neuron{letter}")()
        for current, goes_on in zip(_beside(got, forms[f"I_threshold_{letter}"]), (True, False), strict=True):
            t, v, *_ = neuron.step(t_end=1600, I_tstart=100, I_tend=1600, I_amp=current, do_plot=False)
            spikes = len(get_spiketimes(t, v))
            yield (spikes > 2) == goes_on, f"Neuron{letter} fires {spikes} times in 1500 ms at {current:.3g} pA"


def type_fi_curve(got: Own, forms: Forms) -> Said:
    """Compare the curves with the student's own function, where both are judged."""
    from neurodynex.neuron_type import typeXY

    own = _own(got, "get_firing_rate")
    for letter in "XY":
        neuron = getattr(typeXY, f"Neuron{letter}")()
        yield from _agree(got, f"rates_{letter}", "pA", (0.4, 1.0), own and partial(own, neuron), _same_rates)


def _own(got: Own, name: str) -> Callable[..., Any] | None:
    found: Callable[..., Any] | None = got.names[name] if isinstance(got[f"variable:{name}"], Function) else None
    return found


def _agree(
    got: Own,
    y_name: str,
    unit: str,
    span: tuple[float, float],
    own: Callable[[float], Any] | None,
    same: Callable[[float, float], bool],
) -> Said:
    """Compare a curve's last point in a range of currents with what the student's function gives there."""
    x, y = columns.curve(got, ("currents", unit), (y_name, "Hz"))
    inside = np.flatnonzero((x >= span[0]) & (x <= span[1]))
    if own is None or not inside.size:
        return
    index = inside[int(np.argmax(x[inside]))]
    try:
        expected = number(_returned(own, float(x[index])), "the rate", "Hz")
    except Exception:
        return  # whatever is wrong with the function, its own question says so
    agrees = same(expected, float(y[index]))
    doubt = "" if agrees else ": one of the two must be wrong"
    yield (
        True,
        f"your function gives {expected:.4g} Hz at {x[index]:g} {unit}, and `{y_name}` has {y[index]:.4g} Hz there{doubt}",
        not agrees,
    )


def _same_periods(one: float, other: float) -> bool:
    """Tell whether two rates may both be right: 0.3 ms between the longest and the shortest period, and 2 Hz from counting."""
    low, high = sorted((one, other))
    return low > 0 and 1000 / (low + 2) - 1000 / (high - 2 if high > 2 else high) <= 0.3


def _same_rates(one: float, other: float) -> bool:
    """Tell whether two rates may both be right: 5 % or 0.5 Hz to either side."""
    low, high = sorted((one, other))
    return high - low <= max(high / 9.5, 1.0)


def hh_threshold(got: Own, forms: Forms) -> Said:
    """Simulate steps a little above and a little below the answer."""
    from neurodynex.hodgkin_huxley.HH import HH_Step

    yield from _fires_from(got, forms["I_spike"], partial(HH_Step, do_plot=False), 1)


def hh_repetitive(got: Own, forms: Forms) -> Said:
    """Simulate steps a little above and a little below the answer."""
    from neurodynex.hodgkin_huxley.HH import HH_Step

    yield from _fires_from(got, forms["I_repetitive"], partial(HH_Step, do_plot=False), 2)


def hh_ramp(got: Own, forms: Forms) -> Said:
    """Simulate ramps that end a little above and a little below the answer."""
    from neurodynex.hodgkin_huxley.HH import HH_Ramp

    yield from _fires_from(got, forms["I_ramp"], partial(HH_Ramp, do_plot=False), 1)


def hh_sodium(got: Own, forms: Forms) -> Said:
    """Simulate steps a little above and a little below the answer, with more sodium channels."""
    from neurodynex.hodgkin_huxley.HH import HH_Step

    yield from _fires_from(got, forms["I_repetitive_sodium"], partial(HH_Step, gNa=180, do_plot=False), 2)


def _beside(got: Own, form: Mapping[str, Any]) -> tuple[float, float]:
    """Return where to simulate: so far above and below the answer as the question's tolerance asks for."""
    found = number(variable(got, form["name"]), form["name"], form["unit"])
    above, below = form["simulated"]
    return round(found + above, 9), round(found - below, 9)


def _fires_from(got: Own, form: Mapping[str, Any], run: Callable[..., Any], enough: int) -> Said:
    """Simulate a Hodgkin-Huxley neuron beside the answer, and count spikes at half height."""
    above, below = _beside(got, form)
    v = np.asarray(run(amplitudes=[above, below]).vm) * 1000
    spikes, less = (int(count) for count in ((v[:, 1:] >= 50) & (v[:, :-1] < 50)).sum(axis=1))
    yield spikes >= enough, f"spikes at {above:g} uA: {spikes}"
    if spikes >= enough:
        yield less < enough, f"spikes at {below:g} uA: {less}"


def fhn_eigenvalues(got: Own, forms: Forms) -> Said:
    """Compare the eigenvalues with those of the student's own Jacobian at the fixed point."""
    from neurodynex.phase_plane_analysis.fitzhugh_nagumo import get_fixed_point

    own = _own(got, "get_jacobian")
    if own is None:
        return
    for name, current in (("eigenvalues_0", 0.0), ("eigenvalues_13", 1.3)):
        found = numbers.complex_numbers(variable(got, name), name, "kHz", 2)
        try:
            returned = _returned(own, *get_fixed_point(current))
            jacobian = numbers.matrix(returned, "your Jacobian", "get_jacobian", (2, 2))
        except Exception:
            return  # whatever is wrong with the function, its own question says so
        agrees = numbers.same_set(found, np.linalg.eigvals(jacobian).astype(complex), _EIGENVALUES)
        verb, doubt = ("are", "") if agrees else ("are not", ": one of the two must be wrong")
        message = f"`{name}` {verb} the eigenvalues of your Jacobian at the fixed point for I = {current:g}{doubt}"
        yield True, message, not agrees


def fhn_unstable_range(got: Own, forms: Forms) -> Said:
    """Compare the lower end with what the student found from trajectories."""
    unit = forms["I_low"]["unit"]
    low, high = (number(variable(got, name), name, unit) for name in ("I_low", "I_high"))
    yield low < high, f"the range goes from {low:g} to {high:g}"
    try:
        critical = number(variable(got, "I_critical"), "I_critical", unit)
    except Unreadable:
        return  # its own question says so
    agrees = abs(low - critical) < _CRITICAL
    doubt = "" if agrees else ": one of the two must be wrong"
    yield True, f"`I_low` = {low:g}, and from trajectories you had `I_critical` = {critical:g}{doubt}", not agrees


def hopfield_capacity_4(got: Own, forms: Forms) -> Said:
    """Store about the answer's number of patterns in a few networks."""
    yield from _all_recalled(got, forms["capacity_4x4"], 4)


def hopfield_capacity_10(got: Own, forms: Forms) -> Said:
    """Store about the answer's number of patterns in a few networks."""
    yield from _all_recalled(got, forms["capacity_10x10"], 10)


def hopfield_errors(got: Own, forms: Forms) -> Said:
    """Flip about the answer's number of pixels in a few networks."""
    from neurodynex.hopfield_network.hopfield import HopfieldNetwork

    # A coarse step fewer, as the answer may be that much too large.
    flips, recalled, runs = max(int(_median(got, forms["tolerated_flips"])) - 5, 0), 0, 40
    for seed in range(runs):
        network = HopfieldNetwork(10, rng=seed)
        network.make_pattern(8)
        recalled += network.run(flip_ratio=flips / 100, do_plot=False) == 1
    yield recalled > runs // 4, f"with {flips} flipped pixels, {recalled} of {runs} runs end in the right pattern"


def _all_recalled(got: Own, form: Mapping[str, Any], side: int) -> Said:
    from neurodynex.hopfield_network.hopfield import HopfieldNetwork

    # Somewhat fewer than the answer, which is typical of other networks than these.
    patterns, recalled, networks = max(int(0.8 * _median(got, form)), 1), 0, 20
    for seed in range(networks):
        network = HopfieldNetwork(side, rng=seed)
        network.make_pattern(patterns)
        recalled += all(network.run(mu=mu, t_max=2, do_plot=False) == 1 for mu in range(patterns))
    yield recalled > 0, f"with {patterns} patterns, {recalled} of {networks} networks recall all of them"


def _median(got: Own, form: Mapping[str, Any]) -> float:
    return numbers.median(variable(got, form["name"]), form["name"], form["what"], form["at_least"])[0]


SIMULATIONS: dict[str, Callable[[Own, Forms], Said]] = {
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

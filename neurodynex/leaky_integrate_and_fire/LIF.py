"""The leaky integrate-and-fire (LIF) model.

Inject a step current or a sinusoidal current with `LIF_Step` or `LIF_Sinus`, or any current with `LIF_Neuron`.

Relevant book chapter: https://neuronaldynamics.epfl.ch/online/Ch1.S3.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import brian2 as b2

from neurodynex import _stimulus
from neurodynex._arguments import number
from neurodynex._plots import drawn_by_library, trace_figure
from neurodynex._simulation import Model, simulate

__all__ = ["LIF_Neuron", "LIF_Sinus", "LIF_Step", "plot_data"]

_LIF = Model(
    name="lif",
    equations="""
    dv/dt = (-(v - v_rest) + R*I)/tau : volt
    tau : second (constant)
    R : ohm (constant)
    v_rest : volt (constant)
    v_reset : volt (constant)
    v_threshold : volt (constant)
    """,
    current="I",
    # The error in one time step is 1e-7 of v, and a sinusoidal current is not shifted by half a time step.
    method="rk4",
    record=("v", "I"),
    initial={"v": "v_rest"},
    threshold="v > v_threshold",
    reset="v = v_reset",
)


def LIF_Neuron(
    curr: b2.TimedArray,
    simtime: float,
    *,
    tau: float = 1.0,
    R: float = 1.0,
    v_rest: float = 0.0,
    v_reset: float = 0.0,
    v_threshold: float = 1.0,
) -> b2.StateMonitor:
    """Simulate a leaky integrate-and-fire neuron.

    The neuron starts at `v_rest` and follows ``tau dv/dt = -(v - v_rest) + R I``; when v exceeds `v_threshold` it is
    set to `v_reset`. There is no refractory period.

    Parameters
    ----------
    curr : brian2.TimedArray
        Input current [A].
    simtime : float or Quantity
        Simulation time [s].
    tau : float
        Membrane time constant [ms].
    R : float
        Membrane resistance [MOhm].
    v_rest, v_reset, v_threshold : float
        Resting, reset and threshold potential [mV].

    Returns
    -------
    brian2.StateMonitor
        With the recorded fields ``v`` and ``I``, each of shape (1, T), every 0.1 ms. A spike shows as a fall of v to
        `v_reset`: the recorded v does not exceed the threshold.

    Raises
    ------
    ValueError
        If a parameter is not possible.

    Examples
    --------
    >>> import brian2 as b2
    >>> curr = b2.TimedArray([0, 0.5, 0.5] * b2.nA, dt=10 * b2.ms)
    >>> rec = LIF_Neuron(curr, 30 * b2.ms)
    >>> round(float(rec.v[0][-1] / b2.mV), 3)
    0.5
    """
    return _run(_stimulus.sampled(curr, simtime), tau, R, v_rest, v_reset, v_threshold)


def LIF_Step(
    I_tstart: float = 20,
    I_tend: float = 70,
    I_amp: float = 1.005,
    tend: float = 100,
    do_plot: bool = True,
    *,
    amplitudes: Sequence[float] | None = None,
    tau: float = 1.0,
    R: float = 1.0,
    v_rest: float = 0.0,
    v_reset: float = 0.0,
    v_threshold: float = 1.0,
) -> b2.StateMonitor:
    """Run the LIF neuron with a step current.

    Parameters
    ----------
    I_tstart : float
        Start of the current step [ms].
    I_tend : float
        End of the current step [ms], at most `tend`.
    I_amp : float
        Amplitude of the current step [nA].
    tend : float
        Simulation time [ms].
    do_plot : bool
        Plot the result, into a figure of its own.
    amplitudes : sequence of float, shape (n,), optional
        Many amplitudes [nA] at once, instead of `I_amp`; hardly slower than one.
    tau, R, v_rest, v_reset, v_threshold : float
        See `LIF_Neuron`.

    Returns
    -------
    brian2.StateMonitor
        With the recorded fields ``v`` and ``I``, of shape (1, T), or (n, T) with `amplitudes`; see `LIF_Neuron`.

    Raises
    ------
    ValueError
        If a parameter is not possible, as a step that ends after `tend`.

    Examples
    --------
    >>> import brian2 as b2
    >>> rec = LIF_Step(amplitudes=[0.2, 0.4], do_plot=False)  # nA
    >>> len(rec.v)  # a row for each amplitude
    2
    >>> [round(float(v), 3) for v in (rec.v / b2.mV).max(axis=1)]
    [0.2, 0.4]
    """
    stimulus = _stimulus.step(I_tstart, I_tend, I_amp, tend, b2.nA, amplitudes=amplitudes)
    rec = _run(stimulus, tau, R, v_rest, v_reset, v_threshold)
    if do_plot:
        plot_data(rec, v_threshold, title="Leaky integrate-and-fire: step current")
    return rec


def LIF_Sinus(
    I_freq: float = 0.1,
    I_offset: float = 0.5,
    I_amp: float = 0.5,
    tend: float = 100,
    dt: float = 0.1,
    do_plot: bool = True,
    *,
    amplitudes: Sequence[float] | None = None,
    tau: float = 1.0,
    R: float = 1.0,
    v_rest: float = 0.0,
    v_reset: float = 0.0,
    v_threshold: float = 1.0,
) -> b2.StateMonitor:
    """Run the LIF neuron with the current ``I_offset + I_amp sin(2 pi I_freq t)``.

    Parameters
    ----------
    I_freq : float
        Frequency of the sine [kHz].
    I_offset : float
        Constant part of the current [nA].
    I_amp : float
        Amplitude of the sine [nA].
    tend : float
        Simulation time [ms].
    dt : float
        Time step of the simulation and the recording [ms].
    do_plot : bool
        Plot the result, into a figure of its own.
    amplitudes : sequence of float, shape (n,), optional
        Many amplitudes [nA] at once, instead of `I_amp`; hardly slower than one.
    tau, R, v_rest, v_reset, v_threshold : float
        See `LIF_Neuron`.

    Returns
    -------
    brian2.StateMonitor
        With the recorded fields ``v`` and ``I``, of shape (1, T), or (n, T) with `amplitudes`; see `LIF_Neuron`.

    Raises
    ------
    ValueError
        If a parameter is not possible, as a `dt` of half a period or longer.

    Examples
    --------
    >>> import brian2 as b2
    >>> rec = LIF_Sinus(I_freq=0.5, I_offset=0, I_amp=0.1, dt=0.05, do_plot=False)
    >>> round(float((rec.I / b2.nA).max()), 3)
    0.1
    """
    stimulus = _stimulus.sinus(I_freq, I_offset, I_amp, tend, dt, b2.nA, amplitudes=amplitudes)
    rec = _run(stimulus, tau, R, v_rest, v_reset, v_threshold)
    if do_plot:
        plot_data(rec, v_threshold, title="Leaky integrate-and-fire: sinusoidal current")
    return rec


def plot_data(rec: b2.StateMonitor, v_threshold: float = 1.0, title: str | None = None) -> None:
    """Plot v and I over time, into a new figure.

    Parameters
    ----------
    rec : brian2.StateMonitor
        The recording to plot.
    v_threshold : float
        Draw the threshold at this level [mV].
    title : str, optional

    Examples
    --------
    >>> rec = LIF_Step(do_plot=False)
    >>> plot_data(rec, title="A step current")
    """
    panels = [("v [mV]", {"v": rec.v / b2.mV}), ("I [nA]", {"I": rec.I / b2.nA})]
    fig, axes = trace_figure(rec.t / b2.ms, panels, title)
    axes[0].axhline(number("v_threshold", v_threshold, b2.mV), color="black", linestyle="--", label="threshold")
    axes[0].legend(loc="upper right")
    drawn_by_library(fig)


def _run(
    stimulus: _stimulus.Stimulus, tau: Any, R: Any, v_rest: Any, v_reset: Any, v_threshold: Any
) -> b2.StateMonitor:
    tau = number("tau", tau, b2.ms, above=0)
    rest, reset, threshold = (
        number(name, value, b2.mV)
        for name, value in [("v_rest", v_rest), ("v_reset", v_reset), ("v_threshold", v_threshold)]
    )
    if tau < stimulus.dt:
        raise ValueError(
            f"tau must be at least the time step of {stimulus.dt:g} ms, but {tau:g} ms came. Pass a larger tau."
        )
    if reset > threshold:
        raise ValueError(
            f"v_reset must not be above the threshold, but v_reset={reset:g} mV and v_threshold={threshold:g} mV. "
            "Pass a lower v_reset."
        )
    parameters = {
        "tau": tau * b2.ms,
        "R": number("R", R, b2.Mohm, above=0) * b2.Mohm,
        "v_rest": rest * b2.mV,
        "v_reset": reset * b2.mV,
        "v_threshold": threshold * b2.mV,
    }
    return simulate(_LIF, stimulus, parameters)

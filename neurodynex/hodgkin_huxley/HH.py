"""The Hodgkin-Huxley (HH) model of the squid axon.

Inject a step, sinusoidal or ramp current with `HH_Step`, `HH_Sinus` or `HH_Ramp`, or any current with `HH_Neuron`.
The membrane potential is counted from rest, as in Hodgkin and Huxley's own papers.

Relevant book chapter: https://neuronaldynamics.epfl.ch/online/Ch2.S2.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import brian2 as b2
from scipy.special import exprel

from neurodynex import _stimulus
from neurodynex._arguments import number
from neurodynex._plots import trace_figure
from neurodynex._simulation import Model, simulate

__all__ = ["HH_Neuron", "HH_Ramp", "HH_Sinus", "HH_Step", "plot_data"]

# exprel(x) = (exp(x) - 1)/x, and 1 at x = 0: alpha_m at 25 mV and alpha_n at 10 mV would be 0/0 without it.
# Brian2's own exprel checks units at every call, which on the NumPy target takes five times as long as all the rest.
_exprel = b2.Function(exprel, arg_units=[1], return_unit=1)
_exprel.implementations.add_implementation("numpy", exprel)
_exprel.implementations.add_implementation(
    "cython",
    """
cdef inline double exprel_(double x) nogil:
    return 1.0 if fabs(x) < 1e-16 else expm1(x)/x
""",
    name="exprel_",
)

_HH = Model(
    name="hodgkin_huxley",
    equations="""
    dvm/dt = (I_e + gNa*m**3*h*(ENa - vm) + gK*n**4*(EK - vm) + gL*(EL - vm))/C : volt
    dm/dt = alpha_m*(1 - m) - beta_m*m : 1
    dn/dt = alpha_n*(1 - n) - beta_n*n : 1
    dh/dt = alpha_h*(1 - h) - beta_h*h : 1
    alpha_m = 1/ms/exprel_((25*mV - vm)/(10*mV)) : Hz
    beta_m = 4*exp(-0.0556*vm/mV)/ms : Hz
    alpha_n = 0.1/ms/exprel_((10*mV - vm)/(10*mV)) : Hz
    beta_n = 0.125*exp(-0.0125*vm/mV)/ms : Hz
    alpha_h = 0.07*exp(-0.05*vm/mV)/ms : Hz
    beta_h = 1/(1 + exp(3 - 0.1*vm/mV))/ms : Hz
    gNa : siemens (constant)
    gK : siemens (constant)
    gL : siemens (constant)
    ENa : volt (constant)
    EK : volt (constant)
    EL : volt (constant)
    C : farad (constant)
    """,
    current="I_e",
    method="exponential_euler",
    record=("vm", "I_e", "m", "n", "h"),
    # The gating variables at rest, vm = 0: alpha/(alpha + beta).
    initial={"vm": 0 * b2.mV, "m": 0.0529324852572, "n": 0.317676914061, "h": 0.596120753508},
    functions={"exprel_": _exprel},
)


def HH_Neuron(
    curr: b2.TimedArray,
    simtime: float,
    *,
    gNa: float = 120.0,
    gK: float = 36.0,
    gL: float = 0.3,
    ENa: float = 115.0,
    EK: float = -12.0,
    EL: float = 10.6,
    C: float = 1.0,
) -> b2.StateMonitor:
    """Simulate a Hodgkin-Huxley neuron that starts at rest.

    Parameters
    ----------
    curr : brian2.TimedArray
        Input current [A].
    simtime : float or Quantity
        Simulation time [s].
    gNa, gK, gL : float
        Maximum conductance of the sodium, potassium and leak channels [mS].
    ENa, EK, EL : float
        Their reversal potentials, counted from rest [mV].
    C : float
        Membrane capacitance [uF].

    Returns
    -------
    brian2.StateMonitor
        With the recorded fields ``vm``, ``I_e``, ``m``, ``n`` and ``h``, each of shape (1, T), every 0.1 ms.

    Raises
    ------
    ValueError
        If a parameter is not possible.

    Examples
    --------
    >>> import brian2 as b2
    >>> curr = b2.TimedArray([0, 7.2, 0] * b2.uA, dt=20 * b2.ms)
    >>> rec = HH_Neuron(curr, 60 * b2.ms)
    >>> rec.vm.shape == rec.I_e.shape
    True
    """
    return _run(_stimulus.sampled(curr, simtime), gNa, gK, gL, ENa, EK, EL, C)


def HH_Step(
    I_tstart: float = 20,
    I_tend: float = 180,
    I_amp: float = 7,
    tend: float = 200,
    do_plot: bool = True,
    *,
    amplitudes: Sequence[float] | None = None,
    gNa: float = 120.0,
    gK: float = 36.0,
    gL: float = 0.3,
    ENa: float = 115.0,
    EK: float = -12.0,
    EL: float = 10.6,
    C: float = 1.0,
) -> b2.StateMonitor:
    """Run the Hodgkin-Huxley neuron with a step current.

    Parameters
    ----------
    I_tstart : float
        Start of the current step [ms].
    I_tend : float
        End of the current step [ms], at most `tend`.
    I_amp : float
        Amplitude of the current step [uA].
    tend : float
        Simulation time [ms].
    do_plot : bool
        Plot the result, into a figure of its own.
    amplitudes : sequence of float, shape (n,), optional
        Many amplitudes [uA] at once, instead of `I_amp`; hardly slower than one.
    gNa, gK, gL, ENa, EK, EL, C : float
        See `HH_Neuron`.

    Returns
    -------
    brian2.StateMonitor
        With the recorded fields ``vm``, ``I_e``, ``m``, ``n`` and ``h``, of shape (1, T), or (n, T) with `amplitudes`.

    Raises
    ------
    ValueError
        If a parameter is not possible, as a step that ends after `tend`.

    Examples
    --------
    >>> import brian2 as b2
    >>> rec = HH_Step(I_tstart=20, I_tend=60, I_amp=0, tend=80, do_plot=False)
    >>> bool(abs(rec.vm[0] / b2.mV).max() < 1)  # without a current, it stays at rest
    True
    """
    stimulus = _stimulus.step(I_tstart, I_tend, I_amp, tend, b2.uA, amplitudes=amplitudes)
    rec = _run(stimulus, gNa, gK, gL, ENa, EK, EL, C)
    if do_plot:
        plot_data(rec, title="Hodgkin-Huxley: step current")
    return rec


def HH_Sinus(
    I_freq: float = 0.01,
    I_offset: float = 0.5,
    I_amp: float = 7.0,
    tend: float = 600,
    dt: float = 0.1,
    do_plot: bool = True,
    *,
    amplitudes: Sequence[float] | None = None,
    gNa: float = 120.0,
    gK: float = 36.0,
    gL: float = 0.3,
    ENa: float = 115.0,
    EK: float = -12.0,
    EL: float = 10.6,
    C: float = 1.0,
) -> b2.StateMonitor:
    """Run the Hodgkin-Huxley neuron with the current ``I_offset + I_amp sin(2 pi I_freq t)``.

    Parameters
    ----------
    I_freq : float
        Frequency of the sine [kHz].
    I_offset : float
        Constant part of the current [uA].
    I_amp : float
        Amplitude of the sine [uA].
    tend : float
        Simulation time [ms].
    dt : float
        Time step of the simulation and the recording [ms].
    do_plot : bool
        Plot the result, into a figure of its own.
    amplitudes : sequence of float, shape (n,), optional
        Many amplitudes [uA] at once, instead of `I_amp`; hardly slower than one.
    gNa, gK, gL, ENa, EK, EL, C : float
        See `HH_Neuron`.

    Returns
    -------
    brian2.StateMonitor
        As from `HH_Step`.

    Raises
    ------
    ValueError
        If a parameter is not possible, as a `dt` of half a period or longer.

    Examples
    --------
    >>> import brian2 as b2
    >>> rec = HH_Sinus(I_freq=0.1, I_offset=1, I_amp=0.5, tend=50, dt=0.1, do_plot=False)
    >>> float((rec.I_e / b2.uA).max()) <= 1.5
    True
    """
    stimulus = _stimulus.sinus(I_freq, I_offset, I_amp, tend, dt, b2.uA, amplitudes=amplitudes)
    rec = _run(stimulus, gNa, gK, gL, ENa, EK, EL, C)
    if do_plot:
        plot_data(rec, title="Hodgkin-Huxley: sinusoidal current")
    return rec


def HH_Ramp(
    I_tstart: float = 30,
    I_tend: float = 270,
    I_amp: float = 20.0,
    tend: float = 300,
    dt: float = 0.1,
    do_plot: bool = True,
    *,
    amplitudes: Sequence[float] | None = None,
    gNa: float = 120.0,
    gK: float = 36.0,
    gL: float = 0.3,
    ENa: float = 115.0,
    EK: float = -12.0,
    EL: float = 10.6,
    C: float = 1.0,
) -> b2.StateMonitor:
    """Run the Hodgkin-Huxley neuron with a current that rises linearly, from zero at `I_tstart`.

    Parameters
    ----------
    I_tstart : float
        Start of the ramp [ms].
    I_tend : float
        End of the ramp [ms], at most `tend`; afterwards the current is zero.
    I_amp : float
        Final amplitude of the ramp [uA].
    tend : float
        Simulation time [ms].
    dt : float
        Time step of the simulation and the recording [ms].
    do_plot : bool
        Plot the result, into a figure of its own.
    amplitudes : sequence of float, shape (n,), optional
        Many final amplitudes [uA] at once, instead of `I_amp`; hardly slower than one.
    gNa, gK, gL, ENa, EK, EL, C : float
        See `HH_Neuron`.

    Returns
    -------
    brian2.StateMonitor
        As from `HH_Step`.

    Raises
    ------
    ValueError
        If a parameter is not possible, as a ramp that ends after `tend`.

    Examples
    --------
    >>> import brian2 as b2
    >>> rec = HH_Ramp(I_tstart=10, I_tend=50, I_amp=4, tend=60, do_plot=False)
    >>> float(rec.I_e[0][0] / b2.uA)
    0.0
    """
    stimulus = _stimulus.ramp(I_tstart, I_tend, I_amp, tend, dt, b2.uA, amplitudes=amplitudes)
    rec = _run(stimulus, gNa, gK, gL, ENa, EK, EL, C)
    if do_plot:
        plot_data(rec, title="Hodgkin-Huxley: ramp current")
    return rec


def plot_data(rec: b2.StateMonitor, title: str | None = None) -> None:
    """Plot the membrane potential, the gating variables and the current over time, into a new figure.

    Parameters
    ----------
    rec : brian2.StateMonitor
        The recording to plot.
    title : str, optional

    Examples
    --------
    >>> rec = HH_Step(tend=300, do_plot=False)
    >>> plot_data(rec, title="A step current")
    """
    panels = [
        ("vm [mV]", {"vm": rec.vm / b2.mV}),
        ("gating variables", {"m": rec.m, "n": rec.n, "h": rec.h}),
        ("I_e [uA]", {"I_e": rec.I_e / b2.uA}),
    ]
    trace_figure(rec.t / b2.ms, panels, title)


def _run(
    stimulus: _stimulus.Stimulus, gNa: Any, gK: Any, gL: Any, ENa: Any, EK: Any, EL: Any, C: Any
) -> b2.StateMonitor:
    parameters = {
        name: number(name, value, b2.msiemens, low=0) * b2.msiemens
        for name, value in [("gNa", gNa), ("gK", gK), ("gL", gL)]
    }
    parameters |= {name: number(name, value, b2.mV) * b2.mV for name, value in [("ENa", ENa), ("EK", EK), ("EL", EL)]}
    parameters["C"] = number("C", C, b2.uF, above=0) * b2.uF
    return simulate(_HH, stimulus, parameters)

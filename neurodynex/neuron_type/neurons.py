"""A type I and a type II neuron model, with the common base class `NeuronAbstract`.

Inject step currents, plot the responses, and measure firing rates.

Relevant book chapter: https://neuronaldynamics.epfl.ch/online/Ch4.S4.html
"""

# ruff: noqa: E741 - the current is called I in the documented interface and in the book.
from __future__ import annotations

from collections.abc import Sequence

import brian2 as b2
import matplotlib.pyplot as plt
import numpy as np

from neurodynex import _stimulus
from neurodynex._arguments import number
from neurodynex._plots import drawn_by_library, show_without_waiting, trace_figure
from neurodynex._simulation import Model, simulate

__all__ = [
    "NeuronAbstract",
    "NeuronTypeOne",
    "NeuronTypeTwo",
    "get_spiketimes",
    "get_step_curr",
    "plot_data",
    "rec_to_tuple",
]

# Morris-Lecar (Ch4.S4). I in pA times 100 GOhm gives the driving voltage.
_TYPE_ONE = Model(
    name="type_one",
    equations="""
    dv/dt = (-4.4/mV*m*(v - 120*mV) - 8/mV*w*(v + 84*mV) - 2*(v + 60*mV) + I*100*Gohm)/(20*ms) : volt
    dw/dt = (w_inf - w)*cosh((v - 12*mV)/(34*mV))/(15*ms) : volt
    m = 0.5*(1 + tanh((v + 1.2*mV)/(18*mV)))*mV : volt
    w_inf = 0.5*(1 + tanh((v - 12*mV)/(17*mV)))*mV : volt
    """,
    current="I",
    method="rk2",
    record=("v", "w", "I"),
    initial={"v": -60 * b2.mV, "w": 0 * b2.mV},
)

# FitzHugh-Nagumo.
_TYPE_TWO = Model(
    name="type_two",
    equations="""
    dv/dt = (v - v**3/(3*mV**2) - w + I*Gohm)/ms : volt
    dw/dt = (1.25*(v + 0.7*mV) - w)/(15.6*ms) : volt
    """,
    current="I",
    method="rk2",
    record=("v", "w", "I"),
    initial={"v": 0 * b2.mV, "w": 0 * b2.mV},
)

# Midpoint integration (rk2) at 0.1 ms has both models' firing rates right to 0.1 %, in half of the time of rk4.

#: Whether a question asks for a function that measures the rate itself: `get_rate` raises meanwhile.
rate_is_asked = False
#: Start of the current step of `NeuronAbstract.get_rate` [ms]: by then the neuron is at rest.
_RATE_ONSET = 100.0


class NeuronAbstract:
    """Base class of the neuron types.

    A subclass sets ``self.neuron`` in `make_neuron`. A neuron can be run many times; each run starts from the model's
    initial state.
    """

    neuron: Model

    def __init__(self) -> None:
        self.make_neuron()

    def make_neuron(self) -> None:
        """Set the attribute ``neuron`` to the model that this class stands for.

        Raises
        ------
        NotImplementedError
            In this abstract class.
        """
        raise NotImplementedError("NeuronAbstract is abstract: use NeuronX, NeuronY, NeuronTypeOne or NeuronTypeTwo.")

    def run(self, curr: b2.TimedArray, simtime: float) -> b2.StateMonitor:
        """Run the neuron with a given current.

        Parameters
        ----------
        curr : brian2.TimedArray
            Input current [A].
        simtime : float or Quantity
            Simulation time [s].

        Returns
        -------
        brian2.StateMonitor
            With the recorded fields ``v``, ``w`` and ``I``, each of shape (1, T), every 0.1 ms.

        Raises
        ------
        ValueError
            If the current or the time is not possible.

        Examples
        --------
        >>> rec = NeuronTypeOne().run(get_step_curr(I_amp=0.2), 0.3)
        >>> rec.v.shape == rec.w.shape
        True
        """
        return simulate(self.neuron, _stimulus.sampled(curr, simtime))

    def step(
        self,
        t_end: float = 300.0,
        I_tstart: float = 20,
        I_tend: float = 270,
        I_amp: float = 0.5,
        do_plot: bool = True,
        show: bool = True,
        *,
        amplitudes: Sequence[float] | None = None,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Run the neuron with a step current.

        Parameters
        ----------
        t_end : float
            Simulation time [ms].
        I_tstart : float
            Start of the current step [ms].
        I_tend : float
            End of the current step [ms], at most `t_end`.
        I_amp : float
            Amplitude of the current step [pA].
        do_plot : bool
            Plot the result, into a figure of its own.
        show : bool
            Show that figure at once, without stopping the script; the figure that was current before is so again.
            Without it the new figure is left current.
        amplitudes : sequence of float, shape (n,), optional
            Many amplitudes [pA] at once, instead of `I_amp`; hardly slower than one.

        Returns
        -------
        t, v, w, I : numpy.ndarray
            Time [ms], shape (T,); v [mV], w (no unit) and the current [pA], shape (T,), or (n, T) with `amplitudes`.

        Raises
        ------
        ValueError
            If a parameter is not possible, as a step that ends after `t_end`.

        Examples
        --------
        >>> t, v, w, I = NeuronTypeTwo().step(t_end=200, I_tend=150, I_amp=0.1, do_plot=False)
        >>> t.shape == v.shape == w.shape == I.shape
        True
        """
        stimulus = _stimulus.step(I_tstart, I_tend, I_amp, t_end, b2.pA, amplitudes=amplitudes, end_name="t_end")
        rec = simulate(self.neuron, stimulus)
        if do_plot:
            plot_data(rec, title=f"{type(self).__name__}: step current", show=show)
        t, v, w, I = rec_to_tuple(rec)
        # A list of one amplitude keeps its row, so that a loop over the rows works for every list.
        return (t, v, w, I) if amplitudes is None else (t, np.atleast_2d(v), np.atleast_2d(w), np.atleast_2d(I))

    def get_rate(
        self, I_amp: float | Sequence[float], t_end: float = 1000.0, do_plot: bool = False
    ) -> float | np.ndarray:
        """Return the firing rate under a step current that starts at 100 ms and lasts to the end.

        The rate is that of sustained firing: the inverse of the mean interval between spikes in the later half of the
        spikes. Spikes at the onset that do not go on to the end of the step do not count as a rate.

        Parameters
        ----------
        I_amp : float, or sequence of float of shape (n,)
            Amplitude of the current step [pA].
        t_end : float
            Simulation time [ms], more than 100. Near the threshold a type I neuron needs long steps to fire twice.
        do_plot : bool
            Plot the result, into a figure of its own.

        Returns
        -------
        float, or numpy.ndarray of shape (n,)
            Firing rate [Hz]; 0 without sustained firing.

        Raises
        ------
        ValueError
            If `I_amp` or `t_end` is not possible.

        Examples
        --------
        >>> NeuronTypeOne().get_rate(0.0)
        0.0
        """
        if rate_is_asked:
            raise AttributeError(
                "this neuron has no get_rate: measure the rate from its spikes, with step() and get_spiketimes()"
            )
        number("t_end", t_end, b2.ms, above=_RATE_ONSET)
        many = np.ndim(I_amp) > 0
        stimulus = _stimulus.step(
            _RATE_ONSET,
            t_end,
            None if many else I_amp,
            t_end,
            b2.pA,
            amplitudes=I_amp if many else None,
            end_name="t_end",
        )
        rec = simulate(self.neuron, stimulus)
        if do_plot:
            plot_data(rec, title=f"{type(self).__name__}: step current")
        t = np.asarray(rec.t / b2.ms)
        rates = np.array([_sustained_rate(get_spiketimes(t, v), stimulus.duration) for v in rec.v / b2.mV])
        return rates if many else float(rates[0])


class NeuronTypeOne(NeuronAbstract):
    """A type I neuron: the Morris-Lecar model, whose firing rate starts from zero at the threshold."""

    def make_neuron(self) -> None:
        """Set the attribute ``neuron`` to the type I model."""
        self.neuron = _TYPE_ONE


class NeuronTypeTwo(NeuronAbstract):
    """A type II neuron: the FitzHugh-Nagumo model, whose firing rate jumps to a finite value at the threshold."""

    def make_neuron(self) -> None:
        """Set the attribute ``neuron`` to the type II model."""
        self.neuron = _TYPE_TWO


def _sustained_rate(spike_times: np.ndarray, end: float) -> float:
    """Return the firing rate [Hz] of spikes [ms] that go on until `end` [ms], and 0 if they do not."""
    intervals = np.diff(spike_times)
    # The next spike would have been due half an interval ago: firing has stopped.
    if len(intervals) == 0 or end - spike_times[-1] > 1.5 * intervals[-1]:
        return 0.0
    return float(1000 / np.mean(intervals[len(intervals) // 2 :]))


def get_spiketimes(t: np.ndarray, v: np.ndarray, v_th: float = 0.5, do_plot: bool = False) -> np.ndarray:
    """Return the times at which v crosses a threshold upwards.

    Parameters
    ----------
    t : array_like, shape (T,)
        Time [ms].
    v : array_like, shape (T,)
        Membrane potential [mV].
    v_th : float
        Threshold for the detection of a spike [mV].
    do_plot : bool
        Plot v and the spikes, into a figure of its own.

    Returns
    -------
    numpy.ndarray, shape (number of spikes,)
        The first time at or above the threshold, of each crossing [ms].

    Raises
    ------
    ValueError
        If `t` and `v` are not one-dimensional and of the same length.

    Examples
    --------
    >>> import numpy as np
    >>> get_spiketimes(np.array([0.0, 0.1, 0.2, 0.3]), np.array([0, 0, 1, 0]))
    array([0.2])
    """
    t, v = np.asarray(t), np.asarray(v)
    if t.ndim != 1 or t.shape != v.shape:
        raise ValueError(
            f"t and v must be one-dimensional and of the same length, but their shapes are {t.shape} and {v.shape}. "
            "Pass one row, such as v[0]."
        )
    v_th = number("v_th", v_th, b2.mV)
    above = v >= v_th
    spike_times = t[1:][above[1:] & ~above[:-1]]
    if do_plot:
        fig, (ax,) = trace_figure(t, [("v [mV]", {"v": v})], f"{len(spike_times)} spikes")
        ax.plot(spike_times, np.full(len(spike_times), v_th), "r.")
        drawn_by_library(fig)
    return spike_times


def get_step_curr(I_tstart: float = 20, I_tend: float = 270, I_amp: float = 0.5) -> b2.TimedArray:
    """Return a step current for `NeuronAbstract.run`.

    Parameters
    ----------
    I_tstart : float
        Start of the current step [ms].
    I_tend : float
        End of the current step [ms].
    I_amp : float
        Amplitude of the current step [pA].

    Returns
    -------
    brian2.TimedArray
        The current, in samples of 0.1 ms.

    Raises
    ------
    ValueError
        If a parameter is not possible.

    Examples
    --------
    >>> import brian2 as b2
    >>> curr = get_step_curr(I_tstart=20, I_tend=270, I_amp=0.5)
    >>> float(curr(100 * b2.ms) / b2.pA)
    0.5
    """
    end = number("I_tend", I_tend, b2.ms, low=0)
    parameters = _stimulus.step(I_tstart, I_tend, I_amp, end + _stimulus.DT, b2.pA).parameters
    samples = np.zeros(parameters["last"] + 1)  # a TimedArray goes on with its last sample, so that must be zero
    samples[parameters["first"] : parameters["last"]] = 1
    return b2.TimedArray(samples * parameters["amplitude"][0], dt=_stimulus.DT * b2.ms)


def plot_data(rec: b2.StateMonitor, title: str | None = None, show: bool = False) -> b2.StateMonitor:
    """Plot v, w and I over time, into a new figure.

    Parameters
    ----------
    rec : brian2.StateMonitor
        The recording to plot.
    title : str, optional
    show : bool
        Show the figure at once, without stopping the script; the figure that was current before is so again.

    Returns
    -------
    brian2.StateMonitor
        `rec`.

    Examples
    --------
    >>> rec = plot_data(NeuronTypeOne().run(get_step_curr(), 0.3))
    """
    previous = plt.gcf() if plt.get_fignums() else None
    panels = [("v [mV]", {"v": rec.v / b2.mV}), ("w", {"w": rec.w / b2.mV}), ("I [pA]", {"I": rec.I / b2.pA})]
    fig, _ = trace_figure(rec.t / b2.ms, panels, title)
    if show:
        show_without_waiting(fig, previous)
    return rec


def rec_to_tuple(rec: b2.StateMonitor) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Extract NumPy arrays from a recording.

    Parameters
    ----------
    rec : brian2.StateMonitor
        With the recorded fields ``v``, ``w`` and ``I``.

    Returns
    -------
    t, v, w, I : numpy.ndarray
        Time [ms], shape (T,); v [mV], w (no unit) and the current [pA], shape (T,) for one neuron and (n, T) for several.

    Examples
    --------
    >>> t, v, w, I = rec_to_tuple(NeuronTypeTwo().run(get_step_curr(), 0.3))
    >>> len(t) == len(v)
    True
    """
    v, w, I = (np.asarray(values) for values in (rec.v / b2.mV, rec.w / b2.mV, rec.I / b2.pA))
    t = np.asarray(rec.t / b2.ms)
    return (t, v[0], w[0], I[0]) if len(v) == 1 else (t, v, w, I)

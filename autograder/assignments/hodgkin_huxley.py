"""The Hodgkin-Huxley neuron: thresholds for a spike and for repetitive firing, rebound, ramp, more sodium (uA)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from autograder.answers import Truths, Value, Words
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.reference import hodgkin_huxley as hh
from autograder.slips import factor, near
from autograder.tolerance import Between

# What 0.1 uA, time steps up to 0.1 ms and the usual solvers can tell of each threshold.
SPIKE = Between(2.13, 2.45)
# From a second spike on, or firing to the step's end: both are honest readings of "again and again".
REPETITIVE = Between(5.85, 6.5)
RAMP = Between(18.3, 19.2)
# Half a step below too, for who answers with the middle of the last bracket of a bisection.
SODIUM = Between(0.75, 1.0)

HYPERPOLARISING = (-1.0, -5.0)  # uA
GATES = ("m", "h", "n")
MORE_SODIUM = hh.SODIUM * hh.SODIUM_FACTOR


def other_unit(accept: Between) -> tuple[Slip, ...]:
    """Return the slips of giving a current in another unit than uA."""
    return tuple(
        factor(unit, k, accept, f"This looks like {unit}; the question asks for uA.")
        for unit, k in (("nA", 1e3), ("mA", 1e-3), ("A", 1e-6))
    )


def band(name: str, accept: Between, value: Callable[[Context], float], message: str) -> Slip:
    """Return the slip of answering another question, whose accepted band is `accept`."""
    return Slip(name, lambda found, context: bool(accept.contains(found)), message, value)


def rebounds(context: Context) -> dict[float, bool]:
    return {amplitude: hh.rebounds(amplitude) for amplitude in HYPERPOLARISING}


def _all_rebound(truths: Mapping[float, bool], context: Context) -> bool:
    return all(truths.values())


HOPF = (
    "From this current on the resting state is unstable. A step from rest reaches repetitive firing at a smaller current, at which "
    "resting and firing are both stable: look at the voltage during a step there."
)
ONE_SPIKE = "At this current the neuron fires once, at the onset of the step, and then no more. Look for the current from which it goes on."
LOW_LEVEL = (
    "At this current the voltage rises a little and comes back: no spike. A spike goes up to about 100 mV; count only what "
    "crosses a level far above the small responses, such as 50 mV."
)

ASSIGNMENT = Assignment(
    "hodgkin_huxley",
    "The Hodgkin-Huxley neuron",
    (
        Question(
            "hh_threshold",
            asks="the smallest step current (uA) at which you saw a spike",
            tolerance="Give it to 0.1 uA; about one such step to either side of the threshold is accepted.",
            answers=(
                Value(
                    "I_spike",
                    "uA",
                    accept=lambda c: SPIKE,
                    reference=lambda c: hh.spike_threshold(),
                    plausible=(0.1, 100),
                    slips=(
                        band(
                            "repetitive threshold",
                            REPETITIVE,
                            lambda c: hh.repetitive_threshold(),
                            "From here on the neuron fires again and again. The question asks for the first single spike.",
                        ),
                        *other_unit(SPIKE),
                        Slip(
                            "low level",
                            lambda value, c: 0.2 <= value < 2.13,
                            LOW_LEVEL,
                            lambda c: hh.response_threshold(5.0),
                        ),
                    ),
                    think="Plot the voltage just below and just above your value: is there a spike only above it?",
                ),
            ),
        ),
        Question(
            "hh_repetitive",
            asks="the smallest step current (uA) from which the neuron fires repeatedly",
            tolerance="Give it to 0.1 uA; what follows from asking for a second spike, and from asking for firing to the end of the "
            "step, is both accepted, with a margin for the time step.",
            answers=(
                Value(
                    "I_repetitive",
                    "uA",
                    accept=lambda c: REPETITIVE,
                    reference=lambda c: hh.repetitive_threshold(),
                    plausible=(0.1, 100),
                    slips=(
                        band("one spike", SPIKE, lambda c: hh.spike_threshold(), ONE_SPIKE),
                        near(
                            "default",
                            lambda c: 7.0,
                            0.05,
                            "This is the default amplitude, at which the neuron does fire repeatedly. Try smaller ones.",
                        ),
                        near("Hopf point", lambda c: hh.hopf_current(), 0.15, HOPF),
                        *other_unit(REPETITIVE),
                    ),
                    think="Plot the voltage just below and just above your value: are there several spikes during the step only "
                    "above it?",
                ),
            ),
        ),
        Question(
            "hh_rebound",
            asks="`rebound` = {-1: True or False, -5: ...}: a spike after the end of the step? `rebound_gate`: one or more of m, h, n",
            tolerance="Both entries of the table must be right, and the gates named must be such as the spike depends on; one of "
            "them is enough.",
            answers=(
                Truths(
                    "rebound",
                    "uA",
                    keys=HYPERPOLARISING,
                    right=rebounds,
                    slips=(
                        Slip(
                            "overshoot",
                            _all_rebound,
                            "After one of the two steps the voltage only swings a little above rest. A spike goes up to about 100 mV.",
                            lambda c: dict.fromkeys(HYPERPOLARISING, True),
                        ),
                    ),
                    think="Plot the voltage for both amplitudes until some 20 ms after the step has ended.",
                ),
                Words(
                    "rebound_gate",
                    options=GATES,
                    right=lambda c: [frozenset("h"), frozenset("n"), frozenset("hn")],
                    slips=(
                        Slip(
                            "m",
                            lambda words, c: "m" in words,
                            "m follows the voltage within a fraction of a millisecond, so at the end of the step it has soon forgotten "
                            "that there was one. Which gates are slow, and still away from their resting values when the voltage is "
                            "back at rest?",
                            lambda c: frozenset("m"),
                        ),
                    ),
                    think="Plot m, h and n before, at and after the end of the step.",
                ),
            ),
        ),
        Question(
            "hh_ramp",
            asks="the smallest final amplitude (uA) of the default ramp at which the neuron fires",
            tolerance="Give it to 0.1 uA; a few such steps to either side of the threshold are accepted.",
            answers=(
                Value(
                    "I_ramp",
                    "uA",
                    accept=lambda c: RAMP,
                    reference=lambda c: hh.ramp_threshold(),
                    plausible=(0.5, 500),
                    slips=(
                        near(
                            "default",
                            lambda c: 20.0,
                            0.05,
                            "This is the default amplitude, at which the neuron does fire. Try smaller ones.",
                        ),
                        band(
                            "step",
                            SPIKE,
                            lambda c: hh.spike_threshold(),
                            "This is what a sudden step needs. Use HH_Ramp, and compare.",
                        ),
                        band(
                            "repetitive step",
                            REPETITIVE,
                            lambda c: hh.repetitive_threshold(),
                            "This is what repetitive firing under a sudden step needs. Use HH_Ramp, and compare.",
                        ),
                        *other_unit(RAMP),
                    ),
                    think="Plot the voltage during the default ramp, from 30 to 270 ms, with a final amplitude just below and just "
                    "above your value.",
                ),
            ),
        ),
        Question(
            "hh_sodium",
            asks="the smallest step current (uA) from which the neuron fires repeatedly, with 1.5 times the sodium conductance",
            tolerance="Give it to 0.1 uA; about one such step to either side of the threshold is accepted.",
            answers=(
                Value(
                    "I_repetitive_sodium",
                    "uA",
                    accept=lambda c: SODIUM,
                    reference=lambda c: hh.repetitive_threshold(MORE_SODIUM),
                    plausible=(0.05, 100),
                    slips=(
                        band(
                            "unchanged",
                            REPETITIVE,
                            lambda c: hh.repetitive_threshold(),
                            "This is the threshold with the usual conductance. Did your change reach the simulation? A copy of HH.py has "
                            "to be imported itself, and again after each change.",
                        ),
                        band(
                            "unchanged, one spike",
                            SPIKE,
                            lambda c: hh.spike_threshold(),
                            "This is the threshold of a single spike with the usual conductance. Did your change reach the simulation?",
                        ),
                        near("Hopf point", lambda c: hh.hopf_current(MORE_SODIUM), 0.06, HOPF),
                        *other_unit(SODIUM),
                    ),
                    think="Plot the voltage just below and just above your value, with gNa = 1.5 x 120 mS: are there several spikes "
                    "during the step only above it?",
                ),
            ),
        ),
    ),
)

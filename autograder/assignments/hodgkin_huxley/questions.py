"""The Hodgkin-Huxley neuron: thresholds for a spike and for repetitive firing, rebound, ramp, more sodium (uA)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from autograder.answers import Truths, Value, Words
from autograder.assignments.hodgkin_huxley import reference as hh
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.slips import near, other_units, span
from autograder.tolerance import Between

# What 0.1 uA, time steps up to 0.1 ms and the usual solvers can tell of each threshold.
SPIKE = Between(2.13, 2.45)
# From a second spike on, or firing to the step's end: both are honest readings of "again and again".
REPETITIVE = Between(5.85, 6.5)
# A ramp passes the Hopf point slowly, where a solver's own error sets off the spike: at rtol 1e-6 by up to 1.2 uA too
# early, and Radau's by 0.5 too late. No misconception leads here: it may be wide.
RAMP = Between(17.2, 19.5)
# Either end of the last 0.1 uA of a search. E_Na x 1.5 in place of g_Na gives 0.8, and cannot be told apart.
SODIUM = Between(0.72, 1.0)

HYPERPOLARISING = (-1.0, -5.0)  # uA
GATES = ("m", "h", "n")
MORE_SODIUM = hh.SODIUM * hh.SODIUM_FACTOR


def other_question(name: str, *, band: Between, value: Callable[[Context], float], message: str) -> Slip:
    """Return the slip of answering another question, of which `band` is accepted."""
    return Slip(name=name, made=lambda context, found: bool(band.contains(found)), message=message, example=value)


def rebounds(context: Context) -> dict[float, bool]:
    return {amplitude: hh.rebounds(amplitude) for amplitude in HYPERPOLARISING}


def _all_rebound(context: Context, truths: Mapping[float, bool]) -> bool:
    return all(truths.values())


HOPF = (
    "From this current on the resting state is unstable. A step from rest reaches repetitive firing at a smaller current, at which "
    "resting and firing are both stable: look at the voltage during a step there."
)
NO_SPIKE = "At this current the voltage rises a little and comes back to rest."
LOW_LEVEL = (
    f"{NO_SPIKE} That is no spike: a spike goes up to about 100 mV. If you count crossings of a level, choose one far above the "
    "small responses, such as 50 mV."
)
ONE_SPIKE = "At this current the neuron fires once, at the onset of the step, and then no more. Look for the current from which it goes on."
OTHER_PARAMETERS = f"{ONE_SPIKE} If you took the value from the book: the jump at 2.7 uA in its Figure 2.7 belongs to other parameters."
NOT_THE_SMALLEST = (
    "{} at this current, but also at smaller ones. Did your search begin low enough, or with steps that are too coarse?"
)
DEFAULT = "This is the default amplitude, at which the neuron does fire{}. Try smaller ones."
RAMP_MISSED = (
    "At this final amplitude the neuron fires, but also at smaller ones. With the library: did the search begin low enough? With a "
    "solver of your own: steps that are too long miss the spike; set `max_step=0.1`."
)
RAMP_EARLY = (
    "With a final amplitude this small the voltage follows the ramp without a spike. With the library: what did you count as a spike? "
    "With a solver of your own: its error sets off the spike too early; set `max_step=0.1`, or take a smaller dt."
)
GATE_M = (
    "m is back at its resting value within a fraction of a millisecond after the voltage. The question asks only for gates that are "
    "still away from theirs when the voltage is back at rest: compare the three some milliseconds after the end of the step."
)

ASSIGNMENT = Assignment(
    "hodgkin_huxley",
    "The Hodgkin-Huxley neuron",
    (
        Question(
            "hh_threshold",
            asks="the smallest step current (uA) at which you saw a spike",
            tolerance="Give it to 0.1 uA; up to 0.1 uA below and 0.2 uA above the exact value is accepted.",
            answers=(
                Value(
                    name="I_spike",
                    unit="uA",
                    accept=lambda c: SPIKE,
                    expected=lambda c: hh.spike_threshold(),
                    plausible=(0.1, 100),
                    simulated=(0.25, 0.2),
                    slips=(
                        other_question(
                            "repetitive threshold",
                            band=REPETITIVE,
                            value=lambda c: hh.repetitive_threshold(),
                            message="From here on the neuron fires again and again. The question asks for the first single spike.",
                        ),
                        *other_units("uA", lambda c: SPIKE),
                        span("low level", low=0.1, high=2.13, message=LOW_LEVEL, example=1.9),
                        near("default", value=lambda c: 7.0, margin=0.05, message=DEFAULT.format(" repeatedly")),
                        span(
                            "not the smallest",
                            low=2.45,
                            high=150,
                            message=NOT_THE_SMALLEST.format("The neuron does fire"),
                            example=4.0,
                        ),
                    ),
                    think="Plot the voltage just below and just above your value: is there a spike only above it?",
                ),
            ),
        ),
        Question(
            "hh_repetitive",
            asks="the smallest step current (uA) from which the neuron fires repeatedly",
            tolerance="Give it to 0.1 uA; up to 0.35 uA below and 0.25 uA above the exact value is accepted: that covers a second "
            "spike as well as firing to the end of the step.",
            answers=(
                Value(
                    name="I_repetitive",
                    unit="uA",
                    accept=lambda c: REPETITIVE,
                    expected=lambda c: hh.repetitive_threshold(),
                    plausible=(0.1, 100),
                    simulated=(0.3, 0.6),
                    slips=(
                        span("one spike", low=2.6, high=2.8, message=OTHER_PARAMETERS, example=2.7),
                        span("one spike", low=2.13, high=5.85, message=ONE_SPIKE, example=4.0),
                        near("default", value=lambda c: 7.0, margin=0.05, message=DEFAULT.format(" repeatedly")),
                        near("Hopf point", value=lambda c: hh.hopf_current(), margin=0.15, message=HOPF),
                        *other_units("uA", lambda c: REPETITIVE),
                        span("no spike", low=0.1, high=2.13, message=NO_SPIKE, example=1.0),
                        span(
                            "not the smallest",
                            low=6.5,
                            high=60,
                            message=NOT_THE_SMALLEST.format("The neuron does fire repeatedly"),
                            example=8.0,
                        ),
                    ),
                    think="Plot the voltage just below and just above your value: are there several spikes during the step only "
                    "above it?",
                ),
            ),
        ),
        Question(
            "hh_rebound",
            asks="`rebound` = {-1: True or False, -5: ...}: a spike after the end of the step? `rebound_gate`: one or more of m, h, n "
            "that the step has left away from rest",
            tolerance="Both entries of the table must be right. Each gate that you name must be one that the step has left away from "
            "rest; one of them is enough.",
            answers=(
                Truths(
                    name="rebound",
                    unit="uA",
                    keys=HYPERPOLARISING,
                    expected=rebounds,
                    slips=(
                        Slip(
                            name="overshoot",
                            made=_all_rebound,
                            message="After one of the two steps the voltage only swings a little above rest. A spike goes up to about 100 mV.",
                            example=lambda c: dict.fromkeys(HYPERPOLARISING, True),
                        ),
                    ),
                    think="Plot the voltage for both amplitudes until some 20 ms after the step has ended.",
                ),
                Words(
                    name="rebound_gate",
                    options=GATES,
                    expected=lambda c: [frozenset("h"), frozenset("n"), frozenset("hn")],
                    slips=(
                        Slip(
                            name="m",
                            made=lambda c, words: "m" in words,
                            message=GATE_M,
                            example=lambda c: frozenset("m"),
                        ),
                    ),
                    think="Plot m, h and n before, at and some milliseconds after the end of the step.",
                ),
            ),
        ),
        Question(
            "hh_ramp",
            asks="the smallest final amplitude (uA) of the default ramp at which the neuron fires",
            tolerance="Give it to 0.1 uA; up to 1.5 uA below and 0.7 uA above the exact value is accepted.",
            answers=(
                Value(
                    name="I_ramp",
                    unit="uA",
                    accept=lambda c: RAMP,
                    expected=lambda c: hh.ramp_threshold(),
                    plausible=(0.5, 500),
                    simulated=(1.7, 0.9),
                    slips=(
                        near(
                            "default",
                            value=lambda c: 20.0,
                            margin=0.05,
                            message=DEFAULT.format(""),
                        ),
                        other_question(
                            "step",
                            band=SPIKE,
                            value=lambda c: hh.spike_threshold(),
                            message="This is what a sudden step needs. Use HH_Ramp, and compare.",
                        ),
                        other_question(
                            "repetitive step",
                            band=REPETITIVE,
                            value=lambda c: hh.repetitive_threshold(),
                            message="This is what repetitive firing under a sudden step needs. Use HH_Ramp, and compare.",
                        ),
                        near(
                            "Hopf point",
                            value=lambda c: hh.hopf_current(),
                            margin=0.15,
                            message="From this constant current on the resting state is unstable, but a ramp passes it before the voltage "
                            "has had the time to leave. Use HH_Ramp, and look where the spike comes.",
                        ),
                        *other_units("uA", lambda c: RAMP),
                        span("too early", low=6.5, high=17.2, message=RAMP_EARLY, example=15.0),
                        span("not the smallest", low=19.5, high=100, message=RAMP_MISSED, example=24.0),
                    ),
                    think="Plot the voltage during the default ramp, from 30 to 270 ms, with a final amplitude just below and just "
                    "above your value.",
                ),
            ),
        ),
        Question(
            "hh_sodium",
            asks="the smallest step current (uA) from which the neuron fires repeatedly, with 1.5 times the sodium conductance",
            tolerance="Give it to 0.1 uA; up to 0.1 uA below and 0.17 uA above the exact value is accepted.",
            answers=(
                Value(
                    name="I_repetitive_sodium",
                    unit="uA",
                    accept=lambda c: SODIUM,
                    expected=lambda c: hh.repetitive_threshold(MORE_SODIUM),
                    plausible=(0.05, 100),
                    simulated=(0.2, 0.2),
                    slips=(
                        other_question(
                            "unchanged",
                            band=REPETITIVE,
                            value=lambda c: hh.repetitive_threshold(),
                            message="This is the threshold with the usual conductance. Did your change reach the simulation? A copy of HH.py has "
                            "to be imported itself, and again after each change.",
                        ),
                        other_question(
                            "unchanged, one spike",
                            band=SPIKE,
                            value=lambda c: hh.spike_threshold(),
                            message="This is the threshold of a single spike with the usual conductance. Did your change reach the simulation?",
                        ),
                        near("Hopf point", value=lambda c: hh.hopf_current(MORE_SODIUM), margin=0.06, message=HOPF),
                        *other_units("uA", lambda c: SODIUM),
                        span(
                            "no spike",
                            low=0.0,
                            high=0.72,
                            message=f"{NO_SPIKE} If the neuron does fire repeatedly in your simulation, is gNa the one that is asked for?",
                            example=0.3,
                        ),
                        span(
                            "not the smallest",
                            low=1.0,
                            high=5.85,
                            message=NOT_THE_SMALLEST.format("With gNa = 1.5 x 120 mS the neuron does fire repeatedly"),
                            example=1.4,
                        ),
                    ),
                    think="Plot the voltage just below and just above your value, with gNa = 1.5 x 120 mS: are there several spikes "
                    "during the step only above it?",
                ),
            ),
        ),
    ),
    about="how channels make a spike: threshold, repetitive firing, rebound, a slow ramp, more sodium",
    level="introductory",
    hours=3,
)

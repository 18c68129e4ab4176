"""The Hopfield network: recall, capacity, error correction, letters, and a smooth transfer function."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.answers import ArrayFunction, Choice, Counts, Typical, Value
from autograder.assignments.hopfield_network import reference as hopfield
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.slips import factor
from autograder.tolerance import Between, within

LETTERS = ("abc", "abcdefghij")
FLIPS = Between(20, 42)
# The book rounds the ratio to 0.14; 0.138 is as right.
RATIOS = {4: Between(2.2, 2.3), 10: Between(13.8, 14)}
# Medians of ten networks, with and without self-coupling: 1 to 99 % of them.
CAPACITIES = {4: Between(3, 7.5), 10: Between(8.5, 15)}
# Medians of what testing one pattern alone gives, from just above the accepted ones.
ONE_TESTED = {4: (8.0, 40.0), 10: (15.5, 45.0)}
LOST = (
    "Start with one pattern and add one at a time: up to which number do all of them, each started from itself without a flipped "
    "pixel, end with an overlap of exactly 1?"
)


def capacity(side: int) -> tuple[Typical, Value]:
    neurons = side**2
    other = {4: 10, 10: 4}[side]
    return (
        Typical(
            name=f"capacity_{side}x{side}",
            what="network",
            accept=lambda c: CAPACITIES[side],
            expected=lambda c: hopfield.typical_capacity(side),
            plausible=(1, neurons),
            slips=(
                Slip(
                    name="only pattern 0 tested",
                    made=lambda c, median: ONE_TESTED[side][0] <= median <= ONE_TESTED[side][1],
                    message="so many are found if only one pattern is tested, such as pattern 0, from which `run()` starts unless it is given "
                    "another `mu`. Or: the overlap in the end need not be exactly 1. Test all stored patterns, each from itself.",
                    example=lambda c: 20.0,
                ),
            ),
            think=LOST,
            weight=2.0,
        ),
        Value(
            name=f"theory_{side}x{side}",
            unit="",
            accept=lambda c: RATIOS[side],
            expected=lambda c: hopfield.theoretical_capacity(neurons),
            plausible=(0.01, neurons),
            slips=(
                factor(
                    f"N = {side}",
                    k=1 / side,
                    accept=lambda c: RATIOS[side],
                    message=f"This is the rule for {side} neurons. `HopfieldNetwork({side})` has {side} pixels along each side: how many "
                    "neurons are these?",
                ),
                Slip(
                    name="N squared",
                    made=lambda c, found: bool(RATIOS[side].contains(found / neurons)),
                    message=f"This is the rule for {neurons**2}, the number of weights. N is the number of neurons.",
                    example=lambda c: hopfield.theoretical_capacity(neurons) * neurons,
                ),
                Slip(
                    name="other network",
                    made=lambda c, found: bool(RATIOS[other].contains(found)),
                    message=f"This is the rule for the {other} × {other} network.",
                    example=lambda c: hopfield.theoretical_capacity(other**2),
                ),
                Slip(
                    name="only the factor",
                    made=lambda c, found: bool(Between(0.138, 0.14).contains(found)),
                    message="This is the factor of the rule alone. It is multiplied by the number of neurons.",
                    example=lambda c: 0.14,
                ),
                *(
                    [
                        Slip(
                            name="rounded",
                            made=lambda c, found: found in (2.0, 3.0),
                            message="This seems to be rounded. Do not round the result.",
                            example=lambda c: 2.0,
                        )
                    ]
                    if side == 4
                    else []
                ),
            ),
            think="Put the number of neurons into the rule of thumb, and do not round the result.",
        ),
    )


def letter_band(context: Context, letters: str) -> Between:
    """Accept what the package's own alphabet gives: there is no chance in it."""
    return within(hopfield.recalled_letters(letters))


def _too_many_letters(context: Context, counts: dict[str, int]) -> bool:
    return any(hopfield.recalled_letters(letters) < count <= len(letters) for letters, count in counts.items())


def hidden_steps(context: Context) -> list[tuple[Any, ...]]:
    """Draw three networks with a few random patterns, a smooth state of each, and a steepness."""
    rng = np.random.default_rng(context.seed("hopfield_bonus"))
    steps = []
    for side in (3, 4, 5):
        patterns = hopfield.balanced_patterns(rng, 1, 3, side**2)[0]
        weight = patterns.T @ patterns / side**2
        state = np.round(rng.uniform(-1, 1, side**2), 4)
        steps.append((weight, state, round(float(rng.uniform(1.5, 4)), 4)))
    return steps


def _steps_as(name: str, transfer: Any, message: str) -> Slip:
    """Return the slip of applying another function of beta and the field."""

    def example(context: Context) -> list[Any]:
        return [transfer(beta, weight @ x) for weight, x, beta in hidden_steps(context)]

    def made(context: Context, found: list[Any]) -> bool:
        return all(np.allclose(f, e, rtol=0, atol=1e-6) for f, e in zip(found, example(context), strict=True))

    return Slip(name=name, made=made, message=message, example=example)


ASSIGNMENT = Assignment(
    "hopfield_network",
    "The Hopfield network",
    (
        Question(
            "hopfield_recall",
            asks="`overlap_single`: the overlap with the only stored pattern after a run that starts from it",
            tolerance="It is accepted if it is exact.",
            answers=(
                Value(
                    name="overlap_single",
                    unit="",
                    accept=lambda c: within(hopfield.recall_overlap()),
                    expected=lambda c: hopfield.recall_overlap(),
                    plausible=(0, 1.1),
                    slips=(
                        Slip(
                            name="not divided by N",
                            made=lambda c, found: abs(found - 16) <= 1e-9,
                            message="This is the sum over all pixels, not divided by their number.",
                            example=lambda c: 16.0,
                        ),
                        Slip(
                            name="percent",
                            made=lambda c, found: abs(found - 100) <= 1e-9,
                            message="This looks like per cent; the question asks for a number without a unit.",
                            example=lambda c: 100.0,
                        ),
                        Slip(
                            name="inverse",
                            made=lambda c, found: abs(found + 1) <= 1e-9,
                            message="The run ended in the inverse pattern. Did it start from the pattern itself, with no pixel flipped?",
                            example=lambda c: -1.0,
                        ),
                    ),
                    think="Store one pattern only, start from it without flipped pixels, and compare the last state with it.",
                ),
            ),
        ),
        Question(
            "hopfield_capacity_4",
            asks="`capacity_4x4`: how many random patterns are all recalled without a wrong pixel; `theory_4x4`: by the rule of thumb",
            tolerance="The median may be 2 below and 2.5 above that of many networks; the theoretical number may have a factor of "
            "0.138 to 0.14.",
            answers=capacity(4),
        ),
        Question(
            "hopfield_capacity_10",
            asks="`capacity_10x10` and `theory_10x10`: the same for the larger network",
            tolerance="The median may be 3.5 below and 3 above that of many networks; the theoretical number may have a factor of "
            "0.138 to 0.14, and be rounded.",
            answers=capacity(10),
        ),
        Question(
            "hopfield_errors",
            asks="`tolerated_flips`: with 8 patterns of 10x10 pixels, the largest number of flipped pixels at which more than half "
            "of the runs end in the right pattern",
            tolerance="The number may be 17 below and 5 above that of many networks and runs.",
            answers=(
                Typical(
                    name="tolerated_flips",
                    what="network",
                    accept=lambda c: FLIPS,
                    expected=lambda c: hopfield.tolerated_flips(),
                    plausible=(1, 99),
                    slips=(
                        factor(
                            "ratio",
                            k=1e-2,
                            accept=lambda c: FLIPS,
                            message="This looks like the share of flipped pixels, as `flip_ratio` takes it; the question asks for their number.",
                        ),
                        Slip(
                            name="right pixels",
                            made=lambda c, found: 58 <= found <= 80,
                            message="With more than half of the pixels flipped the start is nearer to the inverse pattern. Is this the number of "
                            "pixels that are left as they were? Or: was a pattern counted that ends as its inverse?",
                            example=lambda c: 100.0 - hopfield.tolerated_flips(),
                        ),
                    ),
                    think="Plot the share of runs that end with an overlap of exactly 1 against the number of flipped pixels, from none "
                    "to 60, with ten runs or more for each. Where does it fall below one half?",
                ),
            ),
        ),
        Question(
            "hopfield_letters",
            asks="`recalled_letters`: how many of the letters abc, and abcdefghij, are recalled; `reason`: why",
            tolerance="Both counts must be exact: there is no chance in them.",
            answers=(
                Counts(
                    name="recalled_letters",
                    keys=LETTERS,
                    accept=letter_band,
                    expected=lambda c: {letters: hopfield.recalled_letters(letters) for letters in LETTERS},
                    slips=(
                        Slip(
                            name="wrong pixels allowed",
                            made=_too_many_letters,
                            message="some of these letters end with wrong pixels: the overlap in the end must be exactly 1. Or: the network still "
                            "holds other letters, as `make_pattern` stores more of them each time; make a fresh one.",
                            example=lambda c: dict.fromkeys(LETTERS, 3),
                        ),
                    ),
                    think="Store these letters and no others, start from each of them without flipped pixels, and count the runs "
                    "that end with an overlap of exactly 1.",
                    weight=2.0,
                ),
                Choice(
                    name="reason",
                    options=("capacity", "correlation", "noise", "size"),
                    expected=lambda c: "correlation",
                    think="Ten random patterns, of the same size and without noise, fare better. What do the overlaps of the "
                    "letters with each other show, compared with those of random patterns?",
                ),
            ),
        ),
        Question(
            "hopfield_bonus",
            asks="a function `smooth_step(weight, x, beta)`: the next state with a smooth transfer function",
            tolerance="Every element is accepted within 0.000001.",
            answers=(
                ArrayFunction(
                    name="smooth_step",
                    inputs=hidden_steps,
                    expected=lambda c, weight, x, beta: hopfield.smooth_step(weight, x, beta),
                    accept=lambda c, state: within(state, absolute=1e-6),
                    call="smooth_step(weight, x, beta)",
                    slips=(
                        _steps_as(
                            "no beta",
                            lambda beta, field: np.tanh(field),
                            "The steepness beta makes no difference; it multiplies the input inside of tanh.",
                        ),
                        _steps_as(
                            "beta outside",
                            lambda beta, field: beta * np.tanh(field),
                            "The steepness beta must stand inside of tanh, so that the state stays between -1 and 1.",
                        ),
                        _steps_as(
                            "logistic",
                            lambda beta, field: 1 / (1 + np.exp(-2 * beta * field)),
                            "These states lie between 0 and 1, as those of a logistic function. The question asks for tanh.",
                        ),
                        _steps_as(
                            "logistic",
                            lambda beta, field: 1 / (1 + np.exp(-beta * field)),
                            "These states lie between 0 and 1, as those of a logistic function. The question asks for tanh.",
                        ),
                        _steps_as(
                            "divided by N",
                            lambda beta, field: np.tanh(beta * field / field.size),
                            "The input is divided by the number of neurons once more: that factor is in the weights already.",
                        ),
                        _steps_as(
                            "no tanh",
                            lambda beta, field: beta * field,
                            "This is the input beta h itself, without tanh.",
                        ),
                        _steps_as(
                            "sign",
                            lambda beta, field: np.where(field >= 0, 1.0, -1.0),
                            "The states are still -1 and +1 only. Return the value of the smooth function itself.",
                        ),
                    ),
                    think="Compare one element by hand: the sum of the weights of one row times the states, times beta, and tanh of it.",
                ),
            ),
            bonus=True,
        ),
    ),
    about="how many patterns a network remembers, and how many errors it corrects",
    level="intermediate",
    hours=3,
)

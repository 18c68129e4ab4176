"""The Hopfield network: recall, capacity, error correction, letters, and a smooth transfer function."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.answers import ArrayFunction, Choice, Count, Counts, Value
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.reference import hopfield_network as hopfield
from autograder.slips import factor
from autograder.tolerance import Between, within

LETTERS = ("abc", "abcdefghij")
FLIPS = Between(20, 42)
# The book rounds the ratio to 0.14; 0.138 is as right.
RATIOS = {4: Between(2.2, 2.3), 10: Between(13.8, 14)}
CAPACITIES = {4: Between(2, 10), 10: Between(5, 20)}
LOST = (
    "Start with one pattern and add one at a time: up to which number do all of them, each started from itself without a flipped "
    "pixel, end with an overlap of exactly 1?"
)


def capacity(side: int) -> tuple[Count, Value]:
    neurons = side**2
    return (
        Count(
            f"capacity_{side}x{side}",
            accept=lambda c: CAPACITIES[side],
            reference=lambda c: hopfield.typical_capacity(side),
            plausible=(1, neurons),
            think=LOST,
            weight=2.0,
        ),
        Value(
            f"theory_{side}x{side}",
            "",
            accept=lambda c: RATIOS[side],
            reference=lambda c: hopfield.theoretical_capacity(neurons),
            plausible=(0.01, neurons),
            slips=(
                factor(
                    f"N = {side}",
                    1 / side,
                    RATIOS[side],
                    f"This is the rule for {side} neurons. `HopfieldNetwork({side})` has {side} pixels along each side: how many "
                    "neurons are these?",
                ),
            ),
            think="Put the number of neurons into the rule of thumb, and do not round the result.",
        ),
    )


def letter_band(letters: str, context: Context) -> Between:
    """Accept one letter more or less than the package's own alphabet gives, as far as there are so many."""
    count = hopfield.recalled_letters(letters)
    return Between(max(count - 1, 0), min(count + 1, len(letters)))


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

    def made(found: list[Any], context: Context) -> bool:
        return all(np.allclose(f, e, rtol=0, atol=1e-6) for f, e in zip(found, example(context), strict=True))

    return Slip(name, made, message, example)


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
                    "overlap_single",
                    "",
                    accept=lambda c: within(hopfield.recall_overlap()),
                    reference=lambda c: hopfield.recall_overlap(),
                    plausible=(0, 1.1),
                    think="Store one pattern only, start from it without flipped pixels, and compare the last state with it.",
                ),
            ),
        ),
        Question(
            "hopfield_capacity_4",
            asks="`capacity_4x4`: how many random patterns are all recalled without a wrong pixel; `theory_4x4`: by the rule of thumb",
            tolerance="The experimental number is accepted within what single networks scatter; the theoretical one with a factor "
            "of 0.138 to 0.14.",
            answers=capacity(4),
        ),
        Question(
            "hopfield_capacity_10",
            asks="`capacity_10x10` and `theory_10x10`: the same for the larger network",
            tolerance="The experimental number is again accepted within what single networks scatter, and the theoretical one with "
            "a factor of 0.138 to 0.14.",
            answers=capacity(10),
        ),
        Question(
            "hopfield_errors",
            asks="`tolerated_flips`: with 8 patterns of 10x10 pixels, the largest number of flipped pixels at which more than half "
            "of the runs end in the right pattern",
            tolerance="It is accepted within what single networks and few runs scatter, and coarse steps of up to five pixels.",
            answers=(
                Count(
                    "tolerated_flips",
                    accept=lambda c: FLIPS,
                    reference=lambda c: hopfield.tolerated_flips(),
                    plausible=(1, 99),
                    slips=(
                        factor(
                            "ratio",
                            1e-2,
                            FLIPS,
                            "This looks like the share of flipped pixels, as `flip_ratio` takes it; the question asks for their number.",
                        ),
                    ),
                    think="Plot the share of runs that end with an overlap of 1 against the number of flipped pixels, from none to "
                    "60, with ten runs or more for each. Where does it fall below one half?",
                ),
            ),
        ),
        Question(
            "hopfield_letters",
            asks="`recalled_letters`: how many of the letters abc, and abcdefghij, are recalled; `reason`: why",
            tolerance="Each count may be off by one.",
            answers=(
                Counts(
                    "recalled_letters",
                    keys=LETTERS,
                    accept=letter_band,
                    reference=lambda c: {letters: hopfield.recalled_letters(letters) for letters in LETTERS},
                    think="Store these letters and no others, start from each of them without flipped pixels, and count the runs "
                    "that end with an overlap of exactly 1.",
                    weight=2.0,
                ),
                Choice(
                    "reason",
                    options=("capacity", "correlation", "noise", "size"),
                    right=lambda c: "correlation",
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
                    "smooth_step",
                    inputs=hidden_steps,
                    expected=hopfield.smooth_step,
                    accept=lambda state: within(state, absolute=1e-6),
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
)

"""Oja's rule: circular, elliptic and off-centre data, and what the rule finds (degrees)."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np

from autograder.answers import ArrayFunction, Choice, LearnedDirection, OneOrEach, SpreadAngles, Value
from autograder.answers.function_answer import Inputs
from autograder.answers.spread_angles import axial_resultant
from autograder.assignments.ojas_rule import reference as oja
from autograder.assignments.ojas_rule.slips import RADIANS, Experiment, from_radians, instead, usual
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.tolerance import Array, Axis, Between, about, within

MARGIN = 5.0  # degrees
RATIO = 0.3
# With this ratio the long axis lies across `angle`, and the learned direction scatters by 1.3 degrees instead of 0.4: to a learning
# rate of 0.005 a margin of 5 degrees would be too narrow.
ACROSS, MARGIN_ACROSS = 3.0, 10.0
# The cloud off the centre: its middle, and the direction of its long axis.
CENTRE, TILT = (5.0, 5.0), 160.0


def hidden_angles(context: Context) -> list[tuple[float, float]]:
    """Draw a direction in each quarter of the half turn, so far from its borders that each slip shows; two of them across."""
    return list(_angles(context.seed("oja_elliptic")))


@lru_cache(maxsize=2)
def _angles(seed: int) -> list[tuple[float, float]]:
    angles = np.array([0, 45, 90, 135, 0, 90]) + np.random.default_rng(seed).uniform(10, 35, 6)
    return [(ratio, round(float(angle), 2)) for ratio, angle in zip([RATIO] * 4 + [ACROSS] * 2, angles, strict=True)]


def hidden_shifts(context: Context) -> list[tuple[float, float]]:
    """Draw points far off the centre, on either side of the diagonal."""
    return list(_shifts(context.seed("oja_noncentered")))


@lru_cache(maxsize=2)
def _shifts(seed: int) -> list[tuple[float, float]]:
    rng = np.random.default_rng(seed)
    angles = np.radians(np.array([0, 45, 90]) + rng.uniform(12, 33, 3))
    lengths = rng.uniform(5.5, 7.0, 3)
    return [
        (round(float(r * np.cos(a)), 2), round(float(r * np.sin(a)), 2)) for r, a in zip(lengths, angles, strict=True)
    ]


def directions(context: Context, inputs: Inputs) -> Array:
    return np.array([_long_axis(*arguments) for arguments in inputs])


def shifted_directions(context: Context, inputs: Inputs) -> Array:
    return np.array([_shifted_axis(shift) for shift in inputs])


@lru_cache(maxsize=64)
def _long_axis(ratio: float, angle: float) -> float:
    return oja.principal_direction(oja.covariance(ratio, angle))


@lru_cache(maxsize=64)
def _shifted_axis(shift: tuple[float, float]) -> float:
    return oja.principal_direction(oja.second_moments(RATIO, TILT, shift))


def margins(context: Context, inputs: Inputs) -> Array:
    return np.array([MARGIN if ratio < 1 else MARGIN_ACROSS for ratio, _ in inputs])


def handed_back(context: Context, inputs: Inputs) -> Array:
    """Return what can be said without learning: the argument `angle`, and the long axis."""
    angle = np.array(inputs, float)[:, 1]
    return np.array([directions(context, inputs), angle])


def shift_itself(context: Context, inputs: Inputs) -> Array:
    return np.array([[oja.direction(shift) for shift in inputs], shifted_directions(context, inputs)])


ELLIPTIC = Experiment(hidden_angles, directions, margins)
SHIFTED = Experiment(hidden_shifts, shifted_directions, lambda c, inputs: np.full(len(inputs), MARGIN))


def of_the_mean(context: Context) -> Axis:
    """Accept the direction of the cloud's middle."""
    return about(oja.direction(CENTRE), MARGIN)


def hidden_clouds(context: Context) -> list[tuple[np.ndarray]]:
    """Draw two clouds whose middle lies far off the centre, and well off the direction of the long axis."""
    return list(_clouds(context.seed("oja_bonus")))


@cache
def _round_clouds() -> Array:
    """Draw the points of two clouds, the same for all students, whose clouds differ in shape and place: to draw them takes longest."""
    return np.random.default_rng(0).standard_normal((2, 20000, 2))


@lru_cache(maxsize=2)
def _clouds(seed: int) -> list[tuple[np.ndarray]]:
    rng = np.random.default_rng(seed)
    clouds = []
    for points in _round_clouds():
        tilt = rng.uniform(0, 180)
        aside = np.radians(tilt + rng.uniform(40, 140))
        along, across = np.radians(tilt), np.radians(tilt + 90)
        axes = np.array([[np.cos(along), np.sin(along)], [RATIO * np.cos(across), RATIO * np.sin(across)]])
        cloud = points @ axes
        cloud += rng.uniform(4, 7) * np.array([np.cos(aside), np.sin(aside)])
        np.round(cloud, 4, out=cloud)
        cloud.flags.writeable = False  # the judge asks for it more than once
        clouds.append((cloud,))
    return clouds


#: Lengths of a weight that a rule has kept: Oja's rule keeps 1, and other rules another number near it.
LENGTHS = Between(0.1, 10.0)


def axis_of(weight: Array) -> Array | None:
    """Return the direction of a weight; one whose length the rule did not keep has none."""
    return np.array([oja.direction(weight)]) if LENGTHS.contains(np.hypot(*weight)) else None


def _towards_the_mean(context: Context, weights: list[Array]) -> bool:
    means = [oja.direction(oja.middle(cloud)) for (cloud,) in hidden_clouds(context)]
    return all(
        (axis := axis_of(weight)) is not None and about(mean, MARGIN).contains(axis).all()
        for weight, mean in zip(weights, means, strict=True)
    )


ASSIGNMENT = Assignment(
    "ojas_rule",
    "Oja's Hebbian learning rule",
    (
        Question(
            "oja_circular",
            asks="`final_angles` (degrees) of the weight after 10 runs or more on circular data, and its length `final_norm`",
            tolerance="Lengths may be 0.02 off what the rule leads to. The angles may be any within two full turns, but not all of them whole or "
            "rounded to 4 decimals, and not nearly the same: the mean of exp(2 i angle) may be 0.8 long.",
            answers=(
                SpreadAngles(
                    name="final_angles",
                    slips=(
                        Slip(
                            name="radians",
                            made=lambda c, angles: (
                                bool(np.abs(angles).max() <= 2 * np.pi) and axial_resultant(np.degrees(angles)) <= 0.8
                            ),
                            message=RADIANS,
                            example=lambda c: np.linspace(-3, 3, 10),
                        ),
                    ),
                    think="Does each run start from a random weight, and are these the last weights of different runs?",
                    weight=3.0,
                ),
                OneOrEach(
                    name="final_norm",
                    unit="",
                    runs="final_angles",
                    accept=lambda c: within(oja.final_length(oja.covariance(1, 0)), absolute=0.02),
                    expected=lambda c: oja.final_length(oja.covariance(1, 0)),
                    think="Take the last row of the time course, and the square root of the sum of its squares.",
                ),
            ),
        ),
        Question(
            "oja_elliptic",
            asks="a function `learned_angle(ratio, angle)`: the direction (degrees) of the weight that is learned from an elliptic cloud",
            tolerance="Directions are accepted within 5 degrees, and within 10 where the ratio is 3, modulo 180. Each of 6 inputs is "
            "tried three times, and one of these 18 runs may miss (one input, if your function keeps its values).",
            answers=(
                LearnedDirection(
                    name="learned_angle",
                    inputs=hidden_angles,
                    expected=directions,
                    margins=margins,
                    closed_forms=handed_back,
                    call="learned_angle({}, {})",
                    slips=(
                        instead(
                            ELLIPTIC,
                            "ratio not used",
                            "The direction does not depend on the argument `ratio`: at a ratio of 3 the long axis lies across `angle`.",
                            lambda c, inputs: np.array(inputs, float)[:, 1],
                        ),
                        instead(
                            ELLIPTIC,
                            "angle not used",
                            "The direction does not depend on the argument `angle`.",
                            lambda c, inputs: np.array([0.0 if ratio < 1 else 90.0 for ratio, _ in inputs]),
                        ),
                        *usual(ELLIPTIC),
                    ),
                    think="Plot the cloud and the last weight into one figure: does your function return the direction that you see?",
                ),
            ),
        ),
        Question(
            "oja_what",
            asks="`oja_finds`: what the weight becomes for centred data",
            tolerance="One of the listed words is accepted; case, spaces and hyphens do not count.",
            answers=(
                Choice(
                    name="oja_finds",
                    options=(
                        "mean",
                        "first principal component",
                        "second principal component",
                        "farthest point",
                        "initial weight",
                    ),
                    expected=lambda c: "first principal component",
                    think="Compare the learned direction with the long and the short axis of several clouds, and with the initial weight.",
                ),
            ),
        ),
        Question(
            "oja_noncentered",
            asks=f"`noncentered_angle` (degrees): the direction of the weight learned from `5 + make_cloud(ratio=0.3, angle={TILT:g})`; "
            "and a function `shifted_angle(x_1, x_2)`: the same for this cloud about another point",
            tolerance="Directions are accepted within 5 degrees of where the rule leads, modulo 180. The function is called three times "
            "with each of 3 points, and one of these 9 runs may miss (one point, if your function keeps its values).",
            answers=(
                Value(
                    name="noncentered_angle",
                    unit="degrees",
                    accept=of_the_mean,
                    expected=lambda c: oja.principal_direction(oja.second_moments(RATIO, TILT, CENTRE)),
                    plausible=(0, 360),
                    slips=(
                        Slip(
                            name="the ellipse's angle",
                            made=lambda c, angle: bool(
                                about(oja.principal_direction(oja.covariance(RATIO, TILT)), MARGIN).contains(angle)
                            ),
                            message="This is the direction of the cloud's long axis. Did you add 5 to the cloud before learning?",
                            example=lambda c: oja.principal_direction(oja.covariance(RATIO, TILT)),
                        ),
                        Slip(
                            name="radians",
                            made=lambda c, angle: bool(of_the_mean(c).contains(from_radians(angle))),
                            message=RADIANS,
                            example=lambda c: float(np.radians(oja.direction(CENTRE))),
                        ),
                    ),
                    think="Plot the cloud, the origin and the last weight into one figure with equal axes. Where does w point?",
                ),
                LearnedDirection(
                    name="shifted_angle",
                    inputs=hidden_shifts,
                    expected=shifted_directions,
                    margins=SHIFTED.margins,
                    closed_forms=shift_itself,
                    call="shifted_angle({}, {})",
                    slips=(
                        instead(
                            SHIFTED,
                            "not shifted",
                            "This is the direction of the cloud's long axis. Was the cloud moved before learning?",
                            lambda c, inputs: np.full(len(inputs), TILT),
                        ),
                        instead(
                            SHIFTED,
                            "arguments not used",
                            "The direction is that for a cloud about (5, 5), whatever point the function is called with.",
                            lambda c, inputs: np.full(len(inputs), oja.direction(CENTRE)),
                        ),
                        *usual(SHIFTED),
                    ),
                    think="Plot the cloud about the point (2, 6), the origin and the last weight. Where does w point?",
                    weight=2.0,
                ),
            ),
        ),
        Question(
            "oja_bonus",
            asks="a function `learn_centered(cloud)`: the final weight of a modified rule that copes with data off the centre",
            tolerance="The weight's direction is accepted within 5 degrees of the axis along which the cloud varies most. "
            "Its length may be 0.1 to 10. A cloud that misses is tried a second time.",
            answers=(
                ArrayFunction(
                    name="learn_centered",
                    inputs=hidden_clouds,
                    expected=lambda c, cloud: oja.principal_axis(cloud),
                    measure=axis_of,
                    unmeasure=lambda angle: np.append(np.cos(np.radians(angle)), np.sin(np.radians(angle))),
                    accept=lambda c, axis: about(axis, MARGIN),
                    call="learn_centered(cloud)",
                    repeats=2,
                    slips=(
                        Slip(
                            name="grows",
                            made=lambda c, weights: any(np.hypot(*weight) > LENGTHS.high for weight in weights),
                            message="The weight has become longer than 10. Which term of Oja's rule keeps its length near 1?",
                            example=lambda c: [1e3 * oja.principal_axis(cloud) for (cloud,) in hidden_clouds(c)],
                        ),
                        Slip(
                            name="vanishes",
                            made=lambda c, weights: any(np.hypot(*weight) < LENGTHS.low for weight in weights),
                            message="The weight has become shorter than 0.1. Oja's rule keeps its length near 1: check each term's sign, and how "
                            "long the first weight is.",
                            example=lambda c: [1e-3 * oja.principal_axis(cloud) for (cloud,) in hidden_clouds(c)],
                        ),
                        Slip(
                            name="not centred",
                            made=_towards_the_mean,
                            message="The weight still points to the middle of the cloud. What must be taken away from each point before it is learnt?",
                            example=lambda c: [oja.middle(cloud) for (cloud,) in hidden_clouds(c)],
                        ),
                    ),
                    think="Try it on a cloud of your own, such as `5 + make_cloud(20000, 0.3, 160)`, and plot the weight. Does it return "
                    "the last weight only, two numbers?",
                ),
            ),
            bonus=True,
        ),
    ),
    about="which direction of its input a neuron learns, and when that fails",
    level="intermediate",
    hours=3,
)

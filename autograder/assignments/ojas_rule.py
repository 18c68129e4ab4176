"""Oja's rule: circular, elliptic and off-centre data, and what the rule finds (degrees)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.answers import ArrayFunction, Choice, Function, OneOrEach, SpreadAngles, Value
from autograder.answers.angles import Array, Axis, about, axial_resultant
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.reference import ojas_rule as oja
from autograder.tolerance import within

MARGIN = 5.0  # degrees
RATIO = 0.3
# The cloud off the centre: its middle, and the direction of its long axis.
CENTRE, TILT = (5.0, 5.0), 160.0
RADIANS = "This looks like radians; the question asks for degrees."


def hidden_angles(context: Context) -> list[tuple[float, float]]:
    """Draw a direction in each quarter of the half turn, so far from its borders that each slip shows."""
    rng = np.random.default_rng(context.seed("oja_elliptic"))
    angles = np.array([0, 45, 90, 135]) + rng.uniform(10, 35, 4)
    return [(RATIO, round(float(angle), 2)) for angle in angles]


def directions(inputs: Sequence[tuple[Any, ...]]) -> Array:
    return np.array([oja.principal_direction(oja.covariance(*arguments)) for arguments in inputs])


def function_bands(inputs: Sequence[tuple[Any, ...]], context: Context) -> list[Axis]:
    return [about(directions(inputs), MARGIN)]


def from_radians(angles: Array | float) -> Array:
    """Return in degrees what can be meant in radians; NaN for what is more than a whole turn then."""
    return np.where(np.abs(angles) <= 2 * np.pi, np.degrees(angles), np.nan)


def _angles_as(name: str, undo: Any, do: Any, message: str) -> Slip:
    """Return the slip of giving another angle: `undo` leads from it to the right one, `do` back."""

    def right(context: Context) -> Array:
        return directions(hidden_angles(context))

    def made(values: Array, context: Context) -> bool:
        return bool(about(right(context), MARGIN).contains(undo(values)).all())

    return Slip(name, made, message, lambda c: do(right(c)))


def of_the_mean(context: Context) -> Axis:
    """Accept the direction of the cloud's middle."""
    return about(oja.direction(CENTRE), MARGIN)


def hidden_clouds(context: Context) -> list[tuple[np.ndarray]]:
    """Draw two clouds whose middle lies far off the centre, and well off the direction of the long axis."""
    rng = np.random.default_rng(context.seed("oja_bonus"))
    clouds = []
    for _ in range(2):
        tilt = rng.uniform(0, 180)
        aside = np.radians(tilt + rng.uniform(40, 140))
        along, across = np.radians(tilt), np.radians(tilt + 90)
        axes = np.array([[np.cos(along), np.sin(along)], [np.cos(across), np.sin(across)]])
        middle = rng.uniform(4, 7) * np.array([np.cos(aside), np.sin(aside)])
        cloud = (rng.standard_normal((20000, 2)) * [1, RATIO]) @ axes + middle
        clouds.append((np.round(cloud, 4),))
    return clouds


def axis_of(weight: Array) -> Array | None:
    """Return the direction of a weight; a weight of length 0 has none."""
    return np.array([oja.direction(weight)]) if np.hypot(*weight) > 1e-6 else None


def _towards_the_mean(weights: list[Array], context: Context) -> bool:
    means = [oja.direction(cloud.mean(axis=0)) for (cloud,) in hidden_clouds(context)]
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
            tolerance="Lengths are accepted within 2 % of what the rule leads to; the angles may be any, unless they are nearly all the same.",
            answers=(
                SpreadAngles(
                    "final_angles",
                    slips=(
                        Slip(
                            "radians",
                            lambda angles, c: (
                                bool(np.abs(angles).max() <= 2 * np.pi) and axial_resultant(np.degrees(angles)) <= 0.8
                            ),
                            RADIANS,
                            lambda c: np.linspace(-3, 3, 10),
                        ),
                    ),
                    think="Does each run start from a random weight, and are these the last weights of different runs?",
                ),
                OneOrEach(
                    "final_norm",
                    "",
                    runs="final_angles",
                    accept=lambda c: within(oja.final_length(oja.covariance(1, 0)), absolute=0.02),
                    reference=lambda c: oja.final_length(oja.covariance(1, 0)),
                    think="Take the last row of the time course, and the square root of the sum of its squares.",
                ),
            ),
        ),
        Question(
            "oja_elliptic",
            asks="a function `learned_angle(ratio, angle)`: the direction (degrees) of the weight that is learned from an elliptic cloud",
            tolerance="Directions are accepted within 5 degrees, modulo 180; an input that misses is tried a second time.",
            answers=(
                Function(
                    "learned_angle",
                    "degrees",
                    inputs=hidden_angles,
                    accept=function_bands,
                    call=f"learned_angle({RATIO}, {{}})",
                    repeats=2,
                    slips=(
                        _angles_as(
                            "radians",
                            from_radians,
                            np.radians,
                            "These look like radians; the question asks for degrees.",
                        ),
                        _angles_as(
                            "short axis",
                            lambda angle: angle - 90,
                            lambda angle: angle + 90,
                            "These directions are at a right angle to the learned ones. Which component is x and which is y: "
                            "`np.arctan2(y, x)`, and which axis of the cloud does your plot show w along?",
                        ),
                        _angles_as(
                            "clockwise",
                            np.negative,
                            np.negative,
                            "The sense of rotation is the other way round: angles count counter-clockwise from the x-axis, as in "
                            "`make_cloud`.",
                        ),
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
                    "oja_finds",
                    options=(
                        "mean",
                        "first principal component",
                        "second principal component",
                        "farthest point",
                        "initial weight",
                    ),
                    right=lambda c: "first principal component",
                    think="Compare the learned direction with the long and the short axis of several clouds, and with the initial weight.",
                ),
            ),
        ),
        Question(
            "oja_noncentered",
            asks=f"`noncentered_angle` (degrees): the direction of the weight learned from `5 + make_cloud(ratio=0.3, angle={TILT:g})`",
            tolerance="The direction is accepted within 5 degrees of where the rule leads, modulo 180.",
            answers=(
                Value(
                    "noncentered_angle",
                    "degrees",
                    accept=of_the_mean,
                    reference=lambda c: oja.principal_direction(oja.second_moments(RATIO, TILT, CENTRE)),
                    plausible=(0, 360),
                    slips=(
                        Slip(
                            "the ellipse's angle",
                            lambda angle, c: bool(
                                about(oja.principal_direction(oja.covariance(RATIO, TILT)), MARGIN).contains(angle)
                            ),
                            "This is the direction of the cloud's long axis. Did you add 5 to the cloud before learning?",
                            lambda c: oja.principal_direction(oja.covariance(RATIO, TILT)),
                        ),
                        Slip(
                            "radians",
                            lambda angle, c: bool(of_the_mean(c).contains(from_radians(angle))),
                            RADIANS,
                            lambda c: float(np.radians(oja.direction(CENTRE))),
                        ),
                    ),
                    think="Plot the cloud, the origin and the last weight into one figure with equal axes. Where does w point?",
                ),
            ),
        ),
        Question(
            "oja_bonus",
            asks="a function `learn_centered(cloud)`: the final weight of a modified rule that copes with data off the centre",
            tolerance="The weight's direction is accepted within 5 degrees of the axis along which the cloud varies most, whatever "
            "its length; a cloud that misses is tried a second time.",
            answers=(
                ArrayFunction(
                    "learn_centered",
                    inputs=hidden_clouds,
                    expected=oja.principal_axis,
                    measure=axis_of,
                    unmeasure=lambda angle: np.append(np.cos(np.radians(angle)), np.sin(np.radians(angle))),
                    accept=lambda axis: about(axis, MARGIN),
                    call="learn_centered(cloud)",
                    repeats=2,
                    slips=(
                        Slip(
                            "not centred",
                            _towards_the_mean,
                            "The weight still points to the middle of the cloud. What must be taken away from each point before it is learnt?",
                            lambda c: [cloud.mean(axis=0) for (cloud,) in hidden_clouds(c)],
                        ),
                    ),
                    think="Try it on a cloud of your own, such as `5 + make_cloud(20000, 0.3, 160)`, and plot the weight. Does it return "
                    "the last weight only, two numbers?",
                ),
            ),
            bonus=True,
        ),
    ),
)

"""The usual slips on the way from a learned weight to its direction (degrees)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autograder.answers.function_answer import Inputs
from autograder.answers.learned_direction import nearly_all, turned
from autograder.course import Context
from autograder.question import Slip
from autograder.tolerance import Array

RADIANS = "This looks like radians; the question asks for degrees."


class Experiment(NamedTuple):
    """What is learned by a function: at hidden inputs, the expected directions and their margins."""

    inputs: Callable[[Context], Inputs]
    expected: Callable[[Context, Inputs], Array]
    margins: Callable[[Context, Inputs], Array]


def from_radians(angles: Array | float) -> Array:
    """Return in degrees what can be meant in radians; NaN for what is more than a whole turn then."""
    return np.where(np.abs(angles) <= 2 * np.pi, np.degrees(angles), np.nan)


def angles_as(experiment: Experiment, name: str, undo: Any, do: Any, message: str) -> Slip:
    """Return the slip of giving another angle: `undo` leads from it to the right one, `do` back."""
    inputs, expected, tolerance = experiment

    def made(context: Context, found: Array) -> bool:
        points = inputs(context)
        return nearly_all(undo(found), expected(context, points), tolerance(context, points))

    return Slip(name=name, made=made, message=message, example=lambda c: np.tile(do(expected(c, inputs(c))), (3, 1)))


def instead(experiment: Experiment, name: str, message: str, others: Callable[[Context, Inputs], Array]) -> Slip:
    """Return the slip of learning from other data, which lead to `others`."""
    inputs, _, tolerance = experiment

    def made(context: Context, found: Array) -> bool:
        points = inputs(context)
        return nearly_all(found, others(context, points), tolerance(context, points))

    return Slip(name=name, made=made, message=message, example=lambda c: np.tile(others(c, inputs(c)) + 0.1, (3, 1)))


def sign_lost(experiment: Experiment) -> Slip:
    """Return the slip of an angle that is right, or its mirror image, as the sign of w happens to be."""
    inputs, expected, tolerance = experiment

    def made(context: Context, found: Array) -> bool:
        points = inputs(context)
        right = expected(context, points)
        as_right, as_mirror = (np.abs(turned(found - side * right)) <= tolerance(context, points) for side in (1, -1))
        return bool((~(as_right | as_mirror)).sum() <= 1 and as_right.any() and as_mirror.any())

    def example(context: Context) -> Array:
        right = expected(context, inputs(context)) + 0.1
        return np.array([right * np.resize(signs, right.size) for signs in ([1, -1], [-1, 1], [1, 1, -1])])

    return Slip(
        name="sign lost",
        made=made,
        message="Some of the directions are right, and the others are mirror images: the sign of a component of w is lost, as with "
        "`arccos`, `arcsin` or absolute values. The rule may end in w or in -w; `np.arctan2(w[1], w[0])` keeps both signs.",
        example=example,
    )


def usual(experiment: Experiment) -> tuple[Slip, ...]:
    """Return the slips on the way from a weight to its angle."""
    return (
        angles_as(
            experiment, "radians", from_radians, np.radians, "These look like radians; the question asks for degrees."
        ),
        angles_as(
            experiment,
            "arctan2 exchanged",
            lambda angle: 90 - angle,
            lambda angle: 90 - angle,
            "These are 90 degrees minus the direction, which counts from the y-axis: the arguments of `np.arctan2(y, x)` are "
            "exchanged, y comes first. Or: the angles count from the wrong axis.",
        ),
        angles_as(
            experiment,
            "clockwise",
            np.negative,
            np.negative,
            "The sense of rotation is the other way round: angles count counter-clockwise from the x-axis, as in `make_cloud`.",
        ),
        angles_as(
            experiment,
            "short axis",
            lambda angle: angle - 90,
            lambda angle: angle + 90,
            "These directions are at a right angle to the learned ones. Does the angle belong to w, and is the sign of one component "
            "turned, or the other axis taken?",
        ),
        sign_lost(experiment),
    )

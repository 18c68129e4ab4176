"""The usual slips in the phase-plane assignment, each with the signature that it alone leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.answers.flow import Field, OtherFlow
from autograder.answers.function_answer import Inputs
from autograder.answers.trajectory import measure
from autograder.assignments.phase_plane_analysis import reference as fhn
from autograder.course import Context
from autograder.question import Slip
from autograder.tolerance import Array

OTHER_CUBIC = "This is what u - u^3/3 gives, of another form of the model; here the cubic term is u (1 - u^2)."
NO_OFFSET = "This is what an equation for w without the constant 1 gives; compare yours with the text."
NO_EPSILON = "This is what epsilon = 1 gives; here it is 0.1."
NO_HALF = "This is what dw/dt without the factor 0.5 of w gives."


# ---------------------------------------------------------------------------- flow


def flow(
    current: float = fhn.CURRENT,
    epsilon: float = fhn.EPSILON,
    offset: float = fhn.OFFSET,
    slope: float = fhn.SLOPE,
    third: float = 1.0,
    sign: float = 1.0,
) -> Field:
    """Return the vector field of the model, or of a model with another constant."""
    return lambda u, w: (
        sign * (u - u**3 / third - w + current),
        sign * epsilon * (u - slope * w + offset),
    )


def _exchanged_flow(u: Array, w: Array) -> tuple[Array, Array]:
    du, dw = flow()(u, w)
    return dw, du


OTHER_FLOWS = (
    OtherFlow(
        name="flow of I = 0",
        field=flow(0.0),
        message="They show the flow for I = 0: `plot_flow()` takes I = 0 unless it is given a current, and an own quiver or stream plot "
        "needs I in du/dt.",
    ),
    OtherFlow(
        name="flow without epsilon",
        field=flow(epsilon=1.0),
        message="They show the flow with epsilon = 1: dw/dt is epsilon (u - 0.5 w + 1), with epsilon = 0.1.",
    ),
    OtherFlow(
        name="flow reversed", field=flow(sign=-1.0), message="They point backwards: check the signs of du/dt and dw/dt."
    ),
    OtherFlow(
        name="flow exchanged",
        field=_exchanged_flow,
        message="Their components are exchanged: du/dt goes along the axis of u.",
    ),
    OtherFlow(
        name="flow of the other cubic",
        field=flow(third=3.0),
        message="They show the flow of u - u^3/3; here du/dt has u (1 - u^2).",
    ),
    OtherFlow(
        name="flow without the constant 1",
        field=flow(offset=0.0),
        message="They show a flow without the constant 1 in dw/dt.",
    ),
    OtherFlow(
        name="flow without 0.5",
        field=flow(slope=1.0),
        message="They show a flow in which w has no factor 0.5 in dw/dt.",
    ),
    *(
        OtherFlow(
            name="flow of another current",
            field=flow(current),
            message="They show the flow for a current other than I = 1.3.",
        )
        for current in np.round(np.arange(-1.0, 4.05, 0.1), 1).tolist()
        if current != 0 and abs(current - fhn.CURRENT) > 0.15
    ),
)


# ---------------------------------------------------------------------------- currents


def currents(name: str, *, exact: float, around: float, grid: Sequence[float], message: str) -> Slip:
    """Return the slip of a current that comes out of another equation: its exact value, or what a grid of 0.1 makes of it."""

    def made(context: Context, found: float) -> bool:
        return abs(found - exact) <= around or any(abs(found - value) <= 0.005 for value in grid)

    return Slip(name=name, made=made, message=message, example=lambda c: exact, shared=True)


_CUBIC, _NO_OFFSET = fhn.unstable_range(third=3.0), fhn.unstable_range(offset=0.0)
_NO_EPSILON, _NO_HALF = fhn.unstable_range(epsilon=1.0), fhn.unstable_range(slope=1.0)

LOWER_END = (
    currents("other cubic", exact=_CUBIC[0], around=0.012, grid=(0.7, 0.8), message=OTHER_CUBIC),
    currents("offset left out", exact=_NO_OFFSET[1], around=0.012, grid=(0.7, 0.8), message=NO_OFFSET),
    currents("without 0.5", exact=_NO_HALF[0], around=0.012, grid=(0.8, 0.9), message=NO_HALF),
    currents("eps", exact=_NO_EPSILON[0], around=0.035, grid=(1.5, 1.6), message=NO_EPSILON),
    Slip(
        name="node to focus",
        made=lambda c, found: 0.79 <= found <= 0.9 + 1e-9,
        message="At this current the trajectories begin to spiral into the fixed point, but they still end there: it is stable. Look "
        "for the current at which they no longer do.",
        example=lambda c: 0.87,
        shared=True,
    ),
)
FROM_ZERO = Slip(
    name="offset left out",
    made=lambda c, found: abs(found - _NO_OFFSET[0]) <= 0.045 or -0.01 <= found <= 0.11,
    message="If the fixed point is unstable from the smallest current on, compare your equation for w with the one in the text: without "
    "its constant 1 the unstable range lies symmetrically about 0.",
    example=lambda c: 0.0,
)
UPPER_END = (
    currents("other cubic", exact=_CUBIC[1], around=0.012, grid=(3.2, 3.3), message=OTHER_CUBIC),
    currents("offset left out", exact=_NO_OFFSET[1], around=0.012, grid=(0.7, 0.8), message=NO_OFFSET),
    currents("without 0.5", exact=_NO_HALF[1], around=0.012, grid=(1.1,), message=NO_HALF),
    currents("eps", exact=_NO_EPSILON[1], around=0.035, grid=(2.4, 2.5), message=NO_EPSILON),
    Slip(
        name="focus to node",
        made=lambda c, found: 3.1 - 1e-9 <= found <= 3.21,
        message="Up to this current the eigenvalues are complex, so that trajectories spiral; they spiral into a stable fixed point. Look at "
        "the sign of the real parts.",
        example=lambda c: 4 - fhn.node_to_focus(),
        shared=True,
    ),
)


def other_end(name: str, value: float, message: str) -> Slip:
    """Return the slip of giving the other end of the range."""
    return Slip(name=name, made=lambda c, found: abs(found - value) <= 0.06, message=message, example=lambda c: value)


# ---------------------------------------------------------------------------- functions


def other_formula(
    name: str, message: str, inputs: Callable[[Context], Inputs], formulas: Sequence[Callable[..., Array]]
) -> Slip:
    """Return the slip of computing one of `formulas` of the inputs instead."""

    def values(context: Context) -> list[Array]:
        arguments = np.array(inputs(context), float).T
        return [formula(*arguments) for formula in formulas]

    def made(context: Context, found: Array) -> bool:
        return any(bool((np.abs(found - other) <= 1e-6).all()) for other in values(context))

    return Slip(name=name, made=made, message=message, example=lambda context: values(context)[0])


def fixed_current(inputs: Callable[[Context], Inputs]) -> Slip:
    """Return the slip of a u-nullcline that takes a current from elsewhere, and not the one that it is called with."""

    def bare(context: Context) -> Array:
        return fhn.u_nullcline(np.array(inputs(context), float)[:, 0], 0.0)

    return Slip(
        name="argument not used",
        made=lambda c, found: bool(np.ptp(found - bare(c)) <= 1e-6),
        message="The values do not change with the argument I: the function takes a fixed current, or one from outside of it.",
        example=lambda c: bare(c) + fhn.CURRENT,
    )


def same_everywhere(name: str, message: str, value: Any) -> Slip:
    """Return the slip of a function that gives the same whatever it is called with."""
    return Slip(
        name=name, made=lambda c, found: bool(np.ptp(found, axis=0).max() <= 1e-9), message=message, example=value
    )


# ---------------------------------------------------------------------------- Jacobian


def _elements(
    name: str,
    message: str,
    points: Callable[[Context], Array],
    tolerance: float,
    **formulas: Callable[[Array, Array], Any],
) -> Slip:
    """Return the slip that is seen in some elements of a matrix alone: `uu`, `uw`, `wu`, `ww` (row, then column)."""

    def values(context: Context) -> dict[tuple[int, int], Array]:
        u, w = points(context).T
        return {("uw".index(at[0]), "uw".index(at[1])): formula(u, w) + 0 * u for at, formula in formulas.items()}

    def made(context: Context, found: Array) -> bool:
        return all(bool((np.abs(found[:, *at] - other) <= tolerance).all()) for at, other in values(context).items())

    def example(context: Context) -> Array:
        matrices = fhn.jacobian(points(context)[:, 0])
        for at, other in values(context).items():
            matrices[:, *at] = other
        return matrices

    return Slip(name=name, made=made, message=message, example=example, shared=True)


def jacobian_slips(points: Callable[[Context], Array], tolerance: float) -> tuple[Slip, ...]:
    """Return the slips of the Jacobian at `points`, of shape (n, 2), of which each element tells its own."""

    def at(context: Context) -> Array:
        return fhn.jacobian(points(context)[:, 0])

    def transposed(context: Context, found: Array) -> bool:
        off = np.abs(found.swapaxes(1, 2)[:, :, 1] - [[-1.0, fhn.EPSILON * -fhn.SLOPE]]) <= tolerance
        return bool(off[:, 0].all() and (found[:, 0, 1] > 0).all())

    def elements(name: str, message: str, **formulas: Callable[[Array, Array], Any]) -> Slip:
        return _elements(name, message, points, tolerance, **formulas)

    return (
        Slip(
            name="transposed",
            made=transposed,
            message="Rows and columns are exchanged: the first row holds the derivatives of du/dt.",
            example=lambda c: at(c).swapaxes(1, 2),
        ),
        same_everywhere(
            "argument not used",
            "The matrix is the same at all points: it does not use its arguments u_0 and w_0.",
            lambda c: np.repeat(at(c)[:1], len(points(c)), axis=0),
        ),
        elements(
            "other cubic",
            "1 - u^2 is the derivative of u - u^3/3, of another form of the model; here it is u (1 - u^2).",
            uu=lambda u, w: 1 - u**2,
        ),
        elements("arguments exchanged", "u_0 and w_0 are exchanged: u_0 comes first.", uu=lambda u, w: 1 - 3 * w**2),
        elements(
            "sign", "Check the derivative of u (1 - u^2), the sign of its second term.", uu=lambda u, w: 1 + 3 * u**2
        ),
        elements(
            "not derived",
            "The first element is u (1 - u^2) itself, or 1 - u^2 as in a quotient; derive it.",
            uu=lambda u, w: u - u**3,
        ),
        elements(
            "power", "Check the derivative of u^3: its power goes down by one, to 3 u^2.", uu=lambda u, w: 1 - 3 * u
        ),
        elements("sign of w", "dF/dw has the sign of w in du/dt.", uw=lambda u, w: 1.0),
        elements(
            "eps",
            "The second row lacks the factor epsilon, which belongs to dw/dt.",
            wu=lambda u, w: 1.0,
            ww=lambda u, w: -fhn.SLOPE,
        ),
        elements(
            "eps in one element",
            "Epsilon multiplies both elements of the second row.",
            wu=lambda u, w: fhn.EPSILON,
            ww=lambda u, w: -fhn.SLOPE,
        ),
        elements("0.5", "The last element lacks the factor 0.5 of w in dw/dt.", ww=lambda u, w: -fhn.EPSILON),
        elements("sign of 0.5 w", "Check the sign of the last element.", ww=lambda u, w: fhn.EPSILON * fhn.SLOPE),
    )


# ---------------------------------------------------------------------------- trajectory

Trajectory = tuple[Array, Array, Array]


@lru_cache(maxsize=8)
def _other(**constants: float) -> tuple[Array, tuple[float, float, float]]:
    """Return the trajectory of a model with another constant, and its period and extents."""
    t = np.linspace(0, 400, 801)
    current = constants.pop("current", fhn.CURRENT)
    u, w = fhn.solve(current, t, (0.0, 0.0), **constants)
    return np.array([t, u, w]), measure(t, u, w, fhn.limit_cycle().period)


def _rests(found: Trajectory) -> tuple[float, float] | None:
    """Return where a trajectory comes to rest, if it does."""
    _, u, w = found
    late = slice(u.size // 2, None)
    moves = np.ptp(u[late]) < 0.05 * fhn.limit_cycle().extent[0] and np.ptp(w[late]) < 0.05
    return (float(u[-1]), float(w[-1])) if moves else None


def rests_as(name: str, message: str, **constants: float) -> Slip:
    """Return the slip of a trajectory that comes to rest where that of another model does."""

    def made(context: Context, found: Trajectory) -> bool:
        place, (other, _) = _rests(found), _other(**constants)
        return place is not None and bool(np.hypot(place[0] - other[1, -1], place[1] - other[2, -1]) < 0.05)

    return Slip(name=name, made=made, message=message, example=lambda c: tuple(_other(**constants)[0]))


def oscillates_as(name: str, message: str, **constants: float) -> Slip:
    """Return the slip of a trajectory with the period and the extents of another model's."""

    def made(context: Context, found: Trajectory) -> bool:
        measured = np.array(measure(*found, fhn.limit_cycle().period))
        return bool((np.abs(measured / np.array(_other(**constants)[1]) - 1) < 0.03).all())

    return Slip(name=name, made=made, message=message, example=lambda c: tuple(_other(**constants)[0]))


def _swapped(context: Context, found: Trajectory) -> bool:
    """Tell whether the first variable moves as little as w, and the second as much as u."""
    _, u, w = found
    late = slice(u.size // 2, None)
    extents = np.array([np.ptp(w[late]), np.ptp(u[late])])
    return bool((np.abs(extents / fhn.limit_cycle().extent - 1) < 0.1).all())


def _counts_steps(context: Context, found: Trajectory) -> bool:
    """Tell whether the times are whole numbers, and the period is longer than the right one by one of the usual steps."""
    t, u, w = found
    if (np.abs(t - np.round(t)) >= 1e-9).any():
        return False
    period, *extents = measure(t, u, w, 10 * fhn.limit_cycle().period)
    steps = period / fhn.limit_cycle().period
    right = bool((np.abs(np.array(extents) / fhn.limit_cycle().extent - 1) < 0.03).all())
    return right and any(abs(steps / many - 1) < 0.03 for many in (2, 5, 10, 20, 50, 100))


def _exchanged(context: Context) -> Trajectory:
    t, u, w = _other(current=fhn.CURRENT)[0]
    return t, w, u


TRAJECTORY_SLIPS = (
    rests_as(
        "at rest at I = 0",
        "The trajectory comes to rest in the fixed point for I = 0. Was the current I = 1.3 handed on to `get_trajectory`?",
        current=0.0,
    ),
    rests_as(
        "epsilon = 1",
        "The trajectory comes to rest in the fixed point for I = 1.3, which is unstable with epsilon = 0.1: it is stable with "
        "epsilon = 1. Check epsilon.",
        epsilon=1.0,
    ),
    rests_as(
        "without the constant 1",
        "The trajectory comes to rest where it does without the constant 1 in dw/dt.",
        offset=0.0,
    ),
    rests_as("without 0.5", "The trajectory comes to rest where it does without the factor 0.5 in dw/dt.", slope=1.0),
    Slip(
        name="at rest",
        made=lambda c, found: _rests(found) is not None,
        message="The trajectory comes to rest, which it does not at I = 1.3 with epsilon = 0.1. Check the current, epsilon, and the equations "
        "if they are your own.",
        example=lambda c: tuple(_other(current=0.7)[0]),
    ),
    oscillates_as(
        "other cubic",
        "The trajectory is that of du/dt = u - u^3/3 - w + I; here the cubic term is u (1 - u^2).",
        third=3.0,
    ),
    Slip(
        name="steps for ms",
        made=_counts_steps,
        message="The first array seems to count time steps: the question asks for times in ms.",
        example=lambda c: (np.arange(4001.0), *fhn.solve(fhn.CURRENT, np.arange(4001) / 10)),
    ),
    Slip(
        name="u and w exchanged",
        made=_swapped,
        message="u and w seem to be exchanged: `get_trajectory` returns t, u and w.",
        example=_exchanged,
    ),
)

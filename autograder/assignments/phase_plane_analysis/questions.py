"""Phase plane and bifurcations of the FitzHugh-Nagumo model (currents are plain numbers, as in the equations)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from autograder.answers import Branches, Choice, Function, MatrixFunction, PhasePortrait, Trajectory, Value, ValueSet
from autograder.answers.figure_answer import axes_example, drawn_series, figure_example
from autograder.answers.flow import Flow
from autograder.answers.function_answer import Inputs
from autograder.answers.phase_portrait import settles_on
from autograder.assignments.phase_plane_analysis import reference as fhn
from autograder.assignments.phase_plane_analysis import slips
from autograder.assignments.phase_plane_analysis.eigenvalue_slips import eigenvalue_slips
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.tolerance import Array, Between, within

# What currents 0.1 apart, bisection and trajectories of any length can tell of the two Hopf points.
LOW, HIGH = Between(1.2, 1.31), Between(2.69, 2.80)
EXACT = 1e-6
# Forward differences are off by 3e-6, coarser ones by more.
DERIVATIVE = 1e-4
EIGENVALUE_TOLERANCE = 1e-3
SECOND_CURRENT = fhn.CURRENT
LOWER, UPPER = fhn.unstable_range()
ATTRACTORS = ("fixed point", "saddle point", "limit cycle", "chaotic attractor")


def hidden_points(context: Context, purpose: str, columns: int) -> list[tuple[Any, ...]]:
    """Draw points in [-2, 2], none of them near zero."""
    return list(_points(context.seed(purpose), columns))


@lru_cache(maxsize=64)
def _points(seed: int, columns: int) -> tuple[tuple[float, ...], ...]:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0.2, 2.0, (6, columns)) * np.where(np.arange(6) % 2, -1, 1)[:, None]
    return tuple(tuple(round(float(value), 4) for value in point) for point in points)


def u_inputs(context: Context) -> list[tuple[Any, ...]]:
    return hidden_points(context, "u_nullcline", 2)


def w_inputs(context: Context) -> list[tuple[Any, ...]]:
    return hidden_points(context, "w_nullcline", 1)


def jacobian_inputs(context: Context) -> list[tuple[Any, ...]]:
    return hidden_points(context, "get_jacobian", 2)


def u_bands(context: Context, inputs: Inputs) -> list[Between]:
    u, current = np.array(inputs, float).T
    return [within(fhn.u_nullcline(u, current), absolute=EXACT)]


def w_bands(context: Context, inputs: Inputs) -> list[Between]:
    return [within(fhn.w_nullcline(np.array(inputs, float)[:, 0]), absolute=EXACT)]


def jacobians(context: Context, inputs: Inputs) -> Array:
    return fhn.jacobian(np.array(inputs, float)[:, 0])


def _time_course_only(context: Context, drawn: Any) -> bool:
    """Tell whether a line is much longer along one axis than any u or w, as high as the oscillation of u, and no loop."""
    cycle = fhn.limit_cycle()
    lines = [(x, y) for _, axes in drawn for x, y in drawn_series(axes) if x.size > 20]
    if any(settles_on(x, y, cycle.points) or settles_on(y, x, cycle.points) for x, y in lines):
        return False
    return any(np.ptp(x) > 100 and 0.8 < np.ptp(y) / cycle.extent[0] < 1.5 for x, y in lines)


def _time_course(context: Context) -> list[dict[str, Any]]:
    t = np.linspace(0, 300, 601)
    return [figure_example([axes_example("t", [(t, fhn.solve(fhn.CURRENT, t)[0])])])]


def eigenvalues(current: float, name: str, think: str) -> ValueSet:
    right = fhn.eigenvalues(current)
    return ValueSet(
        name=name,
        unit="kHz",
        expected=lambda c: right,
        size=2,
        absolute=EIGENVALUE_TOLERANCE,
        think=think,
        slips=eigenvalue_slips(current, other=SECOND_CURRENT if current == 0 else 0.0, tolerance=EIGENVALUE_TOLERANCE),
    )


def critical(name: str, *, band: Between, expected: float, think: str, slips: tuple[Slip, ...]) -> Value:
    return Value(
        name=name,
        unit="mV",  # as the notebook allows to read it; a plain number is as good
        accept=lambda c: band,
        expected=lambda c: expected,
        plausible=(0.1, 100),
        think=think,
        slips=slips,
    )


LIMITS = "Compute the eigenvalues just below and just above your value: does the sign of the real parts change between the two?"


PORTRAIT: dict[str, Any] = {"u_nullcline": fhn.u_nullcline, "w_nullcline": fhn.w_nullcline}

ASSIGNMENT = Assignment(
    "phase_plane_analysis",
    "Phase plane and bifurcations of the FitzHugh-Nagumo model",
    (
        Question(
            "fhn_nullclines",
            asks="functions `u_nullcline(u, I)` and `w_nullcline(u)`: w where du/dt = 0, and where dw/dt = 0; and their plot",
            tolerance="The functions must agree with the equations to 1e-6. In the figure, in one plot or in panels, both nullclines "
            "must be drawn for u from -2.5 to 2.5, as far as the limits of the axes show it, for I = 0 or another constant current; "
            "what is drawn may be off by 0.12 plus 2 % of w.",
            answers=(
                Function(
                    name="u_nullcline",
                    unit="",
                    inputs=u_inputs,
                    accept=u_bands,
                    call="u_nullcline(u, {})",
                    slips=(
                        slips.other_formula(
                            "current left out",
                            "The values do not change with I: it belongs to du/dt.",
                            u_inputs,
                            [lambda u, i: u * (1 - u**2)],
                        ),
                        slips.fixed_current(u_inputs),
                        slips.other_formula(
                            "sign",
                            "Check the signs when you solve for w: it stands with a minus sign in du/dt.",
                            u_inputs,
                            [
                                lambda u, i: -u * (1 - u**2) - i,
                                lambda u, i: u * (1 - u**2) - i,
                                lambda u, i: i - u * (1 - u**2),
                            ],
                        ),
                        slips.other_formula(
                            "arguments exchanged",
                            "The arguments are exchanged: u comes first, and then I.",
                            u_inputs,
                            [lambda u, i: i * (1 - i**2) + u],
                        ),
                        slips.other_formula(
                            "eps",
                            "There is no epsilon in du/dt; so it does not belong here.",
                            u_inputs,
                            [lambda u, i: 0.1 * (u * (1 - u**2) + i), lambda u, i: 10 * (u * (1 - u**2) + i)],
                        ),
                        slips.other_formula(
                            "other cubic",
                            "The cubic term is divided by 3, as in another form of the model. Here it is u (1 - u^2).",
                            u_inputs,
                            [lambda u, i: u - u**3 / 3 + i],
                        ),
                    ),
                    think="Set du/dt to zero and solve for w.",
                ),
                Function(
                    name="w_nullcline",
                    unit="",
                    inputs=w_inputs,
                    accept=w_bands,
                    call="w_nullcline({})",
                    slips=(
                        slips.other_formula(
                            "0.5",
                            "Is the factor 0.5 of w where it should be? Set dw/dt to zero and solve for w.",
                            w_inputs,
                            [lambda u: u + 1, lambda u: u + 2, lambda u: 0.5 * (u + 1), lambda u: 2 * u + 1],
                        ),
                        slips.other_formula(
                            "eps",
                            "Epsilon multiplies the whole of dw/dt, so that it does not move the nullcline.",
                            w_inputs,
                            [lambda u: 0.1 * (2 * u + 2), lambda u: 10 * (2 * u + 2), lambda u: 0.2 * u + 2],
                        ),
                        slips.other_formula(
                            "constant 1", "The constant 1 in dw/dt is left out.", w_inputs, [lambda u: 2 * u]
                        ),
                        slips.other_formula(
                            "sign",
                            "Check the signs when you solve for w: it stands with a minus sign in dw/dt.",
                            w_inputs,
                            [lambda u: -2 * u - 2, lambda u: 2 * u - 2, lambda u: 2 - 2 * u],
                        ),
                        slips.other_formula(
                            "solved for u",
                            "This is the nullcline solved for u. Solve it for w, as a function of u.",
                            w_inputs,
                            [lambda u: 0.5 * u - 1],
                        ),
                        slips.same_everywhere(
                            "argument not used",
                            "The value is the same whatever u is.",
                            lambda c: np.ones(len(w_inputs(c))),
                        ),
                    ),
                    think="Set dw/dt to zero and solve for w.",
                ),
                PhasePortrait(what="both nullclines in the u-w plane", range=(-2.5, 2.5), **PORTRAIT),
            ),
        ),
        Question(
            "fhn_trajectory",
            asks="`t`, `u`, `w`: the trajectory at I = 1.3 from (0, 0), for 300 ms or more; and its plot with nullclines and flow",
            tolerance="In the second half of the trajectory, the period of u and the extents of u and w (largest minus smallest value) "
            "are accepted within 3 %. In the figure, in one plot or in panels, the nullclines are as in question 1; the last 60 % of "
            "the drawn trajectory may be 8 % of its extents away from where it settles; and the flow takes 9 arrows or more all over "
            "the plane, of which 85 % point along (du/dt, dw/dt) within 12 degrees, and along no other flow better.",
            answers=(
                Trajectory(
                    names=("t", "u", "w"),
                    start=(0.0, 0.0),
                    duration=300.0,
                    expected=lambda c: fhn.limit_cycle(),
                    solve=lambda c, t: fhn.solve(fhn.CURRENT, t),
                    slips=slips.TRAJECTORY_SLIPS,
                    think="Check the current, and that no variable was re-used for something else.",
                ),
                PhasePortrait(
                    what="the trajectory in the u-w plane, with both nullclines at I = 1.3 and the flow",
                    range=(-1.1, 1.0),
                    current=fhn.CURRENT,
                    cycle=lambda c: fhn.limit_cycle().points,
                    flow=Flow(slips.flow(), slips.OTHER_FLOWS),
                    slips=(
                        Slip(
                            name="u against t only",
                            made=_time_course_only,
                            message="A plot of u against time was found, but no plot of the plane with w against u, the nullclines and the flow.",
                            example=_time_course,
                        ),
                    ),
                    **PORTRAIT,
                ),
            ),
        ),
        Question(
            "fhn_critical_current",
            asks="`I_critical`: the smallest current I > 0 at which trajectories no longer end in the fixed point",
            tolerance="It may be up to 0.059 below and 0.05 above the exact value.",
            answers=(
                critical(
                    name="I_critical",
                    band=LOW,
                    expected=LOWER,
                    think="Plot u against t for 500 ms or more, just below and just above your value: does the oscillation die out only below?",
                    slips=(
                        *slips.LOWER_END,
                        slips.FROM_ZERO,
                        slips.other_end(
                            "upper end", UPPER, "This is where the oscillation ends again. Where does it begin?"
                        ),
                    ),
                ),
            ),
        ),
        Question(
            "fhn_jacobian",
            asks="a function `get_jacobian(u_0, w_0)` that returns the Jacobian as a nested list or an array",
            tolerance="Every element must agree with the derivatives to 1e-4.",
            answers=(
                MatrixFunction(
                    name="get_jacobian",
                    inputs=jacobian_inputs,
                    expected=jacobians,
                    call="get_jacobian({}, {})",
                    absolute=DERIVATIVE,
                    slips=slips.jacobian_slips(lambda c: np.array(jacobian_inputs(c), float), DERIVATIVE),
                    think="Each element is the derivative of one equation with respect to one variable.",
                ),
            ),
        ),
        Question(
            "fhn_eigenvalues",
            asks="`eigenvalues_0` and `eigenvalues_13`: both eigenvalues of the Jacobian at the fixed point for I = 0 and for I = 1.3",
            tolerance="Each eigenvalue is accepted within 0.001, real and imaginary part together; their order does not matter.",
            answers=(
                eigenvalues(0.0, "eigenvalues_0", "Is the Jacobian taken at the fixed point for I = 0?"),
                eigenvalues(SECOND_CURRENT, "eigenvalues_13", "Is the Jacobian taken at the fixed point for I = 1.3?"),
            ),
        ),
        Question(
            "fhn_unstable_range",
            asks="`I_low` and `I_high`: the range of I in which the real parts are positive; and the plot of both real parts against I",
            tolerance="Each end may be up to 0.059 outside and 0.05 inside the exact range. In the figure, in one plot or in panels, a "
            "point may be off by 0.01 plus 2 %.",
            answers=(
                critical(
                    name="I_low",
                    band=LOW,
                    expected=LOWER,
                    think=LIMITS,
                    slips=(
                        *slips.LOWER_END,
                        slips.FROM_ZERO,
                        slips.other_end(
                            "upper end", UPPER, "This is the upper end of the range. Are the two exchanged?"
                        ),
                    ),
                ),
                critical(
                    name="I_high",
                    band=HIGH,
                    expected=UPPER,
                    think=LIMITS,
                    slips=(
                        slips.other_end(
                            "lower end", LOWER, "This is the lower end of the range. Are the two exchanged?"
                        ),
                        *slips.UPPER_END,
                    ),
                ),
                Branches(
                    what="the real parts of both eigenvalues against I, below, inside and above the unstable range",
                    expected=lambda c, current: fhn.real_parts(current),
                    regions=((0.0, 1.2), (1.3, 2.7), (2.8, 4.0)),
                    think="Use 10 values of I or more, from 0 to 4.",
                ),
            ),
        ),
        Question(
            "fhn_attractor",
            asks="`attractor`: what is stable instead of the fixed point, inside the unstable range; one of the listed words",
            tolerance="One of the listed words is right; case, spaces and hyphens do not count.",
            answers=(
                Choice(
                    name="attractor",
                    options=ATTRACTORS,
                    expected=lambda c: "limit cycle",
                    think="Look again at the trajectory in the phase plane for I = 1.3: what does it end on?",
                    slips=(
                        Slip(
                            name="fixed point",
                            made=lambda c, word: word == "fixed point",
                            message="The fixed point is what has lost its stability: its eigenvalues have positive real parts there.",
                            example=lambda c: "fixed point",
                        ),
                    ),
                ),
            ),
        ),
    ),
    about="why a neuron starts to oscillate: nullclines, Jacobian, eigenvalues, a limit cycle",
    level="advanced",
    hours=4,
)

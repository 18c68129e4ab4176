"""Phase plane and bifurcations of the FitzHugh-Nagumo model (currents are plain numbers, as in the equations)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.answers import Branches, Choice, Function, MatrixFunction, PhasePortrait, Trajectory, Value, ValueSet
from autograder.answers.figure import axes_example, drawn_series, figure_example
from autograder.answers.flow import Field, Flow, OtherFlow
from autograder.answers.phase_portrait import settles_on
from autograder.answers.trajectory import Array
from autograder.answers.value_set import Complex, same_set
from autograder.course import Context
from autograder.question import Assignment, Question, Slip
from autograder.reference import phase_plane_analysis as fhn
from autograder.sandbox import Argument
from autograder.slips import near
from autograder.tolerance import Between, within

# What currents 0.1 apart, bisection and trajectories of any length can tell of the two Hopf points.
LOW, HIGH = Between(1.2, 1.31), Between(2.69, 2.80)
EXACT = 1e-6
# Forward differences are off by 3e-6, coarser ones by more.
DERIVATIVE = 1e-4
EIGENVALUE_ROOM = 1e-3
SECOND_CURRENT = fhn.CURRENT
ATTRACTORS = ("fixed point", "saddle point", "limit cycle", "chaotic attractor")

Inputs = Sequence[tuple[Argument, ...]]


def hidden_points(purpose: str, columns: int, context: Context) -> list[tuple[Any, ...]]:
    """Draw points in [-2, 2], none of them near zero."""
    rng = np.random.default_rng(context.seed(purpose))
    points = rng.uniform(0.2, 2.0, (6, columns)) * np.where(np.arange(6) % 2, -1, 1)[:, None]
    return [tuple(round(float(value), 4) for value in point) for point in points]


def u_inputs(context: Context) -> list[tuple[Any, ...]]:
    return hidden_points("u_nullcline", 2, context)


def w_inputs(context: Context) -> list[tuple[Any, ...]]:
    return hidden_points("w_nullcline", 1, context)


def jacobian_inputs(context: Context) -> list[tuple[Any, ...]]:
    return hidden_points("get_jacobian", 2, context)


def u_bands(inputs: Inputs, context: Context) -> list[Between]:
    u, current = np.array(inputs, float).T
    return [within(fhn.u_nullcline(u, current), absolute=EXACT)]


def w_bands(inputs: Inputs, context: Context) -> list[Between]:
    return [within(fhn.w_nullcline(np.array(inputs, float)[:, 0]), absolute=EXACT)]


def jacobians(inputs: Inputs) -> Array:
    return fhn.jacobian(np.array(inputs, float)[:, 0])


def other_formula(
    name: str, message: str, inputs: Callable[[Context], Inputs], formulas: Sequence[Callable[..., Array]]
) -> Slip:
    """Return the slip of computing one of `formulas` of the inputs instead."""

    def values(context: Context) -> list[Array]:
        arguments = np.array(inputs(context), float).T
        return [formula(*arguments) for formula in formulas]

    def made(found: Array, context: Context) -> bool:
        return any(bool((np.abs(found - other) <= EXACT).all()) for other in values(context))

    return Slip(name, made, message, lambda context: values(context)[0])


def _turned_up(jacobian: Array) -> Array:
    """Return Jacobians in which the cubic term has the other sign."""
    turned = jacobian.copy()
    turned[:, 0, 0] = 2 - turned[:, 0, 0]
    return turned


def other_matrix(name: str, other: Callable[[Context], Array], message: str) -> Slip:
    """Return the slip of returning `other` matrices."""
    return Slip(name, lambda found, c: bool((np.abs(found - other(c)) <= DERIVATIVE).all()), message, other)


def _time_course_only(drawn: Any, context: Context) -> bool:
    """A line that is much longer along one axis than any u or w, and as high as the oscillation of u; no loop."""
    cycle = fhn.limit_cycle()
    lines = [(x, y) for _, axes in drawn for x, y in drawn_series(axes) if x.size > 20]
    if any(settles_on(x, y, cycle.points) or settles_on(y, x, cycle.points) for x, y in lines):
        return False
    return any(np.ptp(x) > 100 and 0.8 < np.ptp(y) / cycle.extent[0] < 1.5 for x, y in lines)


def _time_course(context: Context) -> list[dict[str, Any]]:
    t = np.linspace(0, 300, 601)
    return [figure_example([axes_example("t", [(t, fhn.solve(fhn.CURRENT, t)[0])])])]


def _at_rest(found: tuple[Array, Array, Array], context: Context) -> bool:
    _, u, w = found
    late = slice(u.size // 2, None)
    return bool(np.ptp(u[late]) < 0.05 * fhn.limit_cycle().extent[0] and np.ptp(w[late]) < 0.05)


def _rest(context: Context) -> tuple[Array, Array, Array]:
    t = np.linspace(0, 400, 801)
    return (t, *fhn.solve(0.0, t))


def _swapped(found: tuple[Array, Array, Array], context: Context) -> bool:
    """The first variable moves as little as w, and the second as much as u."""
    _, u, w = found
    late = slice(u.size // 2, None)
    extents = np.array([np.ptp(w[late]), np.ptp(u[late])])
    return bool((np.abs(extents / fhn.limit_cycle().extent - 1) < 0.1).all())


def _exchanged(context: Context) -> tuple[Array, Array, Array]:
    t = np.linspace(0, 400, 801)
    u, w = fhn.solve(fhn.CURRENT, t)
    return t, w, u


def eigenvalues(current: float, name: str, think: str) -> ValueSet:
    right = fhn.eigenvalues(current)

    def one_twice(values: Complex, context: Context) -> bool:
        return values.size in (1, 2) and bool(
            np.ptp(values.real) + np.ptp(values.imag) <= 1e-9 and (np.abs(values[0] - right) <= EIGENVALUE_ROOM).any()
        )

    def real_parts(values: Complex, context: Context) -> bool:
        return (
            bool(right.imag.any())
            and values.size in (1, 2)
            and bool((np.abs(values - right.real[: values.size]) <= EIGENVALUE_ROOM).all())
        )

    def of_the_other(values: Complex, context: Context) -> bool:
        other = fhn.eigenvalues(SECOND_CURRENT if current == 0 else 0.0)
        return values.size == 2 and same_set(values, other, EIGENVALUE_ROOM)

    slips = [
        Slip(
            "one value twice",
            one_twice,
            "This is one of the two eigenvalues only. `np.linalg.eigvals` returns both: keep the whole array.",
            lambda c: np.repeat(right[:1], 2),
        ),
        Slip(
            "other current",
            of_the_other,
            "These belong to the other of the two currents.",
            lambda c: fhn.eigenvalues(SECOND_CURRENT if current == 0 else 0.0),
        ),
    ]
    if right.imag.any():
        slips.append(
            Slip(
                "real parts only",
                real_parts,
                "These are real parts. The eigenvalues at this current are complex: keep the imaginary parts too.",
                lambda c: right.real,
            )
        )
    return ValueSet(
        name, "kHz", reference=lambda c: right, size=2, absolute=EIGENVALUE_ROOM, think=think, slips=tuple(slips)
    )


def critical(name: str, accept: Between, reference: Callable[[], float], think: str, slips: tuple[Slip, ...]) -> Value:
    return Value(
        name,
        "",
        accept=lambda c: accept,
        reference=lambda c: reference(),
        plausible=(0.1, 100),
        think=think,
        slips=slips,
    )


NODE_TO_FOCUS = near(
    "node to focus",
    lambda c: fhn.node_to_focus(),
    0.045,
    "At this current the trajectories begin to spiral into the fixed point, but they still end there: it is stable. Look for the "
    "current at which they no longer do.",
)
OFFSET_LEFT_OUT = near(
    "offset left out",
    lambda c: fhn.unstable_range(0.0)[1],
    0.042,
    "Compare your equation for w with the one in the text: the constant 1 seems to be left out.",
)
LIMITS = "Compute the eigenvalues just below and just above your value: does the sign of the real parts change between the two?"


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
        "flow of I = 0",
        flow(0.0),
        "They show the flow for I = 0: `plot_flow()` takes I = 0 unless it is given a current, and an own quiver or stream plot "
        "needs I in du/dt.",
    ),
    OtherFlow(
        "flow without epsilon",
        flow(epsilon=1.0),
        "They show the flow with epsilon = 1: dw/dt is epsilon (u - 0.5 w + 1), with epsilon = 0.1.",
    ),
    OtherFlow("flow reversed", flow(sign=-1.0), "They point backwards: check the signs of du/dt and dw/dt."),
    OtherFlow("flow exchanged", _exchanged_flow, "Their components are exchanged: du/dt goes along the axis of u."),
    OtherFlow(
        "flow of the other cubic", flow(third=3.0), "They show the flow of u - u^3/3; here du/dt has u (1 - u^2)."
    ),
    OtherFlow("flow without the constant 1", flow(offset=0.0), "They show a flow without the constant 1 in dw/dt."),
    OtherFlow("flow without 0.5", flow(slope=1.0), "They show a flow in which w has no factor 0.5 in dw/dt."),
    *(
        OtherFlow("flow of another current", flow(current), "They show the flow for a current other than I = 1.3.")
        for current in np.round(np.arange(-1.0, 4.05, 0.1), 1).tolist()
        if current != 0 and abs(current - fhn.CURRENT) > 0.15
    ),
)

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
                    "u_nullcline",
                    "",
                    inputs=u_inputs,
                    accept=u_bands,
                    call="u_nullcline(u, {})",
                    slips=(
                        other_formula(
                            "current left out",
                            "The values do not change with I as they should: it belongs to du/dt.",
                            u_inputs,
                            [lambda u, i: u * (1 - u**2), lambda u, i: u * (1 - u**2) - i],
                        ),
                        other_formula(
                            "eps",
                            "There is no epsilon in du/dt; so it does not belong here.",
                            u_inputs,
                            [lambda u, i: 0.1 * (u * (1 - u**2) + i), lambda u, i: 10 * (u * (1 - u**2) + i)],
                        ),
                        other_formula(
                            "other cubic",
                            "The cubic term is divided by 3, as in another form of the model. Here it is u (1 - u^2).",
                            u_inputs,
                            [lambda u, i: u - u**3 / 3 + i],
                        ),
                    ),
                    think="Set du/dt to zero and solve for w.",
                ),
                Function(
                    "w_nullcline",
                    "",
                    inputs=w_inputs,
                    accept=w_bands,
                    call="w_nullcline({})",
                    slips=(
                        other_formula(
                            "0.5",
                            "Is the factor 0.5 of w where it should be? Set dw/dt to zero and solve for w.",
                            w_inputs,
                            [lambda u: u + 1, lambda u: u + 2, lambda u: 0.5 * (u + 1), lambda u: 2 * u + 1],
                        ),
                        other_formula(
                            "eps",
                            "Epsilon multiplies the whole of dw/dt, so that it does not move the nullcline.",
                            w_inputs,
                            [lambda u: 0.1 * (2 * u + 2), lambda u: 10 * (2 * u + 2), lambda u: 0.2 * u + 2],
                        ),
                    ),
                    think="Set dw/dt to zero and solve for w.",
                ),
                PhasePortrait("both nullclines in the u-w plane", range=(-2.5, 2.5), **PORTRAIT),
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
                    ("t", "u", "w"),
                    start=(0.0, 0.0),
                    duration=300.0,
                    cycle=lambda c: fhn.limit_cycle(),
                    solve=lambda c, t: fhn.solve(fhn.CURRENT, t),
                    slips=(
                        Slip(
                            "at rest",
                            _at_rest,
                            "The trajectory comes to rest. Was the current I = 1.3 handed on to `get_trajectory`?",
                            _rest,
                        ),
                        Slip(
                            "u and w exchanged",
                            _swapped,
                            "u and w seem to be exchanged: `get_trajectory` returns t, u and w.",
                            _exchanged,
                        ),
                    ),
                    think="Check the current, and that no variable was re-used for something else.",
                ),
                PhasePortrait(
                    "the trajectory in the u-w plane, with both nullclines at I = 1.3 and the flow",
                    range=(-1.1, 1.0),
                    current=fhn.CURRENT,
                    cycle=lambda c: fhn.limit_cycle().points,
                    flow=Flow(flow(), OTHER_FLOWS),
                    slips=(
                        Slip(
                            "u against t only",
                            _time_course_only,
                            "A plot of u against time was found, but no plot of the plane with w against u, the nullclines and the flow.",
                            _time_course,
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
                    "I_critical",
                    LOW,
                    lambda: fhn.unstable_range()[0],
                    "Plot u against t for 500 ms or more, just below and just above your value: does the oscillation die out only below?",
                    (
                        NODE_TO_FOCUS,
                        OFFSET_LEFT_OUT,
                        near(
                            "upper end",
                            lambda c: fhn.unstable_range()[1],
                            0.06,
                            "This is where the oscillation ends again. Where does it begin?",
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
                    "get_jacobian",
                    inputs=jacobian_inputs,
                    expected=jacobians,
                    call="get_jacobian({}, {})",
                    absolute=DERIVATIVE,
                    slips=(
                        other_matrix(
                            "transposed",
                            lambda c: jacobians(jacobian_inputs(c)).swapaxes(1, 2),
                            "Rows and columns are exchanged: the first row holds the derivatives of du/dt.",
                        ),
                        other_matrix(
                            "eps",
                            lambda c: fhn.jacobian(np.array(jacobian_inputs(c))[:, 0], epsilon=1.0),
                            "The second row lacks the factor epsilon, which belongs to dw/dt.",
                        ),
                        other_matrix(
                            "sign",
                            lambda c: _turned_up(jacobians(jacobian_inputs(c))),
                            "Check the derivative of u (1 - u^2) with respect to u, its sign above all.",
                        ),
                    ),
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
                critical("I_low", LOW, lambda: fhn.unstable_range()[0], LIMITS, (NODE_TO_FOCUS, OFFSET_LEFT_OUT)),
                critical(
                    "I_high",
                    HIGH,
                    lambda: fhn.unstable_range()[1],
                    LIMITS,
                    (
                        OFFSET_LEFT_OUT,
                        near(
                            "lower end",
                            lambda c: fhn.unstable_range()[0],
                            0.06,
                            "This is the lower end of the range. Where does it end again, as the current grows?",
                        ),
                    ),
                ),
                Branches(
                    "the real parts of both eigenvalues against I, below, inside and above the unstable range",
                    branches=fhn.real_parts,
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
                    "attractor",
                    options=ATTRACTORS,
                    right=lambda c: "limit cycle",
                    think="Look again at the trajectory in the phase plane for I = 1.3: what does it end on?",
                    slips=(
                        Slip(
                            "fixed point",
                            lambda word, c: word == "fixed point",
                            "The fixed point is what has lost its stability: its eigenvalues have positive real parts there.",
                            lambda c: "fixed point",
                        ),
                    ),
                ),
            ),
        ),
    ),
)

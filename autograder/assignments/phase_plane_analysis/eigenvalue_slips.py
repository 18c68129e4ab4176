"""The usual slips in the eigenvalues at the fixed point, each with the signature that it alone leaves."""

from __future__ import annotations

import numpy as np

from autograder.assignments.phase_plane_analysis import reference as fhn
from autograder.course import Context
from autograder.question import Slip
from neurodynex.answer_data.numbers import Complex, same_set


def eigenvalue_slips(current: float, *, other: float, tolerance: float) -> tuple[Slip, ...]:
    """Return the slips at a current; `other` is the one of the other question, and `tolerance` that of an eigenvalue."""
    right = fhn.eigenvalues(current)
    u_0, w_0 = fhn.fixed_point(current)
    found = [
        _of_jacobian(
            "not at the fixed point",
            "These belong to the Jacobian at u = 0, not at the fixed point.",
            fhn.jacobian(0.0),
            tolerance,
        ),
        _of_jacobian(
            "eps",
            "The second row of this Jacobian lacks the factor epsilon.",
            fhn.jacobian(u_0, epsilon=1.0),
            tolerance,
        ),
        _of_jacobian(
            "other cubic",
            "This Jacobian has 1 - u^2; here the derivative is 1 - 3 u^2.",
            _with_first_element(u_0, 1 - u_0**2),
            tolerance,
        ),
        _of_jacobian(
            "sign", "Check the sign of 3 u^2 in this Jacobian.", _with_first_element(u_0, 1 + 3 * u_0**2), tolerance
        ),
        _one_twice(right, tolerance),
        _of_the_other(other, tolerance),
    ]
    if current:  # at I = 0 the fixed point has w = 0, as (0, 0) has
        found.append(
            _of_jacobian(
                "point exchanged",
                "Are u_0 and w_0 exchanged in the call of the Jacobian?",
                fhn.jacobian(w_0),
                tolerance,
            )
        )
    if right.imag.any():
        found.append(_real_parts(right, tolerance))
    return tuple(found)


def _with_first_element(u: float, element: float) -> np.ndarray:
    matrix = fhn.jacobian(u)
    matrix[0, 0] = element
    return matrix


def _of_jacobian(name: str, message: str, matrix: np.ndarray, tolerance: float) -> Slip:
    """Return the slip of the eigenvalues of another matrix: at another point, or with other elements."""
    values = np.linalg.eigvals(matrix).astype(complex)
    return Slip(
        name=name,
        made=lambda c, found: found.size == 2 and same_set(found, values, tolerance),
        message=message,
        example=lambda c: values,
    )


def _one_twice(right: Complex, tolerance: float) -> Slip:
    def made(context: Context, values: Complex) -> bool:
        return values.size in (1, 2) and bool(
            np.ptp(values.real) + np.ptp(values.imag) <= 1e-9 and (np.abs(values[0] - right) <= tolerance).any()
        )

    return Slip(
        name="one value twice",
        made=made,
        message="This is one of the two eigenvalues only. `np.linalg.eigvals` returns both: keep the whole array.",
        example=lambda c: np.repeat(right[:1], 2),
    )


def _of_the_other(current: float, tolerance: float) -> Slip:
    return Slip(
        name="other current",
        made=lambda c, values: values.size == 2 and same_set(values, fhn.eigenvalues(current), tolerance),
        message="These belong to the other of the two currents.",
        example=lambda c: fhn.eigenvalues(current),
    )


def _real_parts(right: Complex, tolerance: float) -> Slip:
    def made(context: Context, values: Complex) -> bool:
        return values.size in (1, 2) and bool((np.abs(values - right.real[: values.size]) <= tolerance).all())

    return Slip(
        name="real parts only",
        made=made,
        message="These are real parts. The eigenvalues at this current are complex: keep the imaginary parts too.",
        example=lambda c: right.real,
    )

"""Time loops of the exercises that have no Brian2 model; `_machine_code` compiles them."""

from __future__ import annotations

from math import isfinite
from typing import Any

__all__ = ["oja", "trajectory"]


def oja(w1: float, w2: float, eta: float, points: Any, course: Any) -> None:
    """Fill `course`, of shape (n + 1, 2), with the weight before, and after each of the n points."""
    course[0, 0], course[0, 1] = w1, w2
    for k in range(len(points)):
        x1, x2 = points[k, 0], points[k, 1]
        y = w1 * x1 + w2 * x2
        w1, w2 = w1 + eta * y * (x1 - y * w1), w2 + eta * y * (x2 - y * w2)
        course[k + 1, 0], course[k + 1, 1] = w1, w2


def trajectory(I: float, eps: float, a: float, dt: float, tolerance: float, v_record: Any, w_record: Any) -> int:  # noqa: E741
    """Solve the FitzHugh-Nagumo equations with the method of Dormand and Prince (1980), of order 5.

    Parameters
    ----------
    I, eps, a : float
        See `neurodynex.phase_plane_analysis.fitzhugh_nagumo`.
    dt : float
        Time between two points.
    tolerance : float
        Bound on the error of each step, relative and absolute.
    v_record, w_record : numpy.ndarray, shape (T,)
        To be filled; the first point is the initial one.

    Returns
    -------
    int
        The number of points that were filled: fewer than T where the equations are too stiff for this method.
    """
    v, w = v_record[0], w_record[0]
    step, tries = 0.01 * dt, 0
    k1_v, k1_w = v * (1 - v * v) - w + I, eps * (v + 0.5 * (a - w))
    for k in range(1, len(v_record)):
        left = dt
        while left > 0:
            tries += 1
            if tries > 20 * k + 10_000:
                return k
            h = min(step, left)
            y, z = v + h * k1_v / 5, w + h * k1_w / 5
            k2_v, k2_w = y * (1 - y * y) - z + I, eps * (y + 0.5 * (a - z))
            y, z = v + h * (3 * k1_v + 9 * k2_v) / 40, w + h * (3 * k1_w + 9 * k2_w) / 40
            k3_v, k3_w = y * (1 - y * y) - z + I, eps * (y + 0.5 * (a - z))
            y = v + h * (44 / 45 * k1_v - 56 / 15 * k2_v + 32 / 9 * k3_v)
            z = w + h * (44 / 45 * k1_w - 56 / 15 * k2_w + 32 / 9 * k3_w)
            k4_v, k4_w = y * (1 - y * y) - z + I, eps * (y + 0.5 * (a - z))
            y = v + h * (19372 / 6561 * k1_v - 25360 / 2187 * k2_v + 64448 / 6561 * k3_v - 212 / 729 * k4_v)
            z = w + h * (19372 / 6561 * k1_w - 25360 / 2187 * k2_w + 64448 / 6561 * k3_w - 212 / 729 * k4_w)
            k5_v, k5_w = y * (1 - y * y) - z + I, eps * (y + 0.5 * (a - z))
            y = v + h * (
                9017 / 3168 * k1_v - 355 / 33 * k2_v + 46732 / 5247 * k3_v + 49 / 176 * k4_v - 5103 / 18656 * k5_v
            )
            z = w + h * (
                9017 / 3168 * k1_w - 355 / 33 * k2_w + 46732 / 5247 * k3_w + 49 / 176 * k4_w - 5103 / 18656 * k5_w
            )
            k6_v, k6_w = y * (1 - y * y) - z + I, eps * (y + 0.5 * (a - z))
            y = v + h * (35 / 384 * k1_v + 500 / 1113 * k3_v + 125 / 192 * k4_v - 2187 / 6784 * k5_v + 11 / 84 * k6_v)
            z = w + h * (35 / 384 * k1_w + 500 / 1113 * k3_w + 125 / 192 * k4_w - 2187 / 6784 * k5_w + 11 / 84 * k6_w)
            k7_v, k7_w = y * (1 - y * y) - z + I, eps * (y + 0.5 * (a - z))
            error_v = h * (
                71 / 57600 * k1_v
                - 71 / 16695 * k3_v
                + 71 / 1920 * k4_v
                - 17253 / 339200 * k5_v
                + 22 / 525 * k6_v
                - k7_v / 40
            )
            error_w = h * (
                71 / 57600 * k1_w
                - 71 / 16695 * k3_w
                + 71 / 1920 * k4_w
                - 17253 / 339200 * k5_w
                + 22 / 525 * k6_w
                - k7_w / 40
            )
            error = max(abs(error_v) / (1 + abs(y)), abs(error_w) / (1 + abs(z))) / tolerance
            if not isfinite(error):
                step = 0.1 * h
                continue
            if error <= 1:
                v, w, k1_v, k1_w = y, z, k7_v, k7_w
                left = left - h if h < left else 0.0
            # What was cut short to end at a point says little about the step that is possible.
            if error > 1 or h == step:
                step = h * min(5.0, max(0.2, 0.9 * (error + 1e-10) ** -0.2))
        v_record[k], w_record[k] = v, w
    return len(v_record)

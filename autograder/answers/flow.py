"""The flow in the phase plane: the directions of arrows that were drawn, compared with a vector field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.sandbox import Arrows
from autograder.tolerance import Array

#: Called with u and w; returns du/dt and dw/dt.
Field = Callable[[Array, Array], tuple[Array, Array]]

# Fewer arrows, or fewer of them away from the trajectory, show how one trajectory goes on, and not the flow.
FEWEST, AWAY = 9, 5
# So many of the arrows point along the flow, to so many degrees: a stream plot interpolates between the points of a coarse
# grid, and the middle of its arrows is not where they begin.
SHARE, ANGLE = 0.85, 12.0
# Another field is drawn if the arrows are nearer to it by this factor; below so many degrees they are on the right one.
NEARER, EXACT = 0.6, 1.0
# No arrow counts for more degrees than that.
MOST = 30.0
# Beyond that, squares are no numbers any more.
FAR = 1e100


@dataclass(frozen=True, kw_only=True)
class OtherFlow:
    """A flow that is drawn by mistake.

    Attributes
    ----------
    name : str
        For statistics over a class; several may share one.
    field : callable
    message : str
        What the student reads.
    """

    name: str
    field: Field
    message: str


@dataclass(frozen=True)
class Flow:
    """The vector field that the arrows have to show.

    Attributes
    ----------
    field : callable
    others : tuple of OtherFlow
        The usual mistakes; those that fit best are named.
    region : tuple of float
        Arrows count where |u| and |w| are at most that large.
    """

    field: Field
    others: tuple[OtherFlow, ...] = ()
    region: tuple[float, float] = (3.0, 6.0)

    def enough(self, arrows: Arrows, path: Array) -> bool:
        """Tell whether there are enough arrows for a flow, some of them away from `path`, of shape (n, 2)."""
        if arrows.x.size < FEWEST:
            return False
        at, _ = self._counting(arrows)
        extent = np.ptp(path, axis=0)
        return len(at) >= FEWEST and int((distances(at / extent, path / extent) > 0.1).sum()) >= AWAY

    def shown(self, arrows: Arrows) -> bool:
        """Tell whether the arrows point along the flow, and no other is much nearer."""
        at, along = self._counting(arrows)
        off = deviation(at, along, self.field)
        if np.mean(off <= ANGLE) < SHARE:
            return False
        if off.mean() <= EXACT:
            return True
        nearest = np.min(self._others_off(at, along).mean(axis=1), initial=MOST)
        return bool(nearest >= NEARER * off.mean())

    def share(self, arrows: Arrows) -> float | None:
        """Return which share of the arrows points along the flow; None if there are none."""
        at, along = self._counting(arrows)
        return float(np.mean(deviation(at, along, self.field) <= ANGLE)) if len(at) else None

    def mistakes(self, arrows: Arrows) -> list[OtherFlow]:
        """Return the wrong flows along which the arrows point, one of each name."""
        at, along = self._counting(arrows)
        off = self._others_off(at, along)
        best = np.min(off.mean(axis=1), initial=MOST)
        named: dict[str, OtherFlow] = {}
        for other, found in zip(self.others, off, strict=True):
            if np.mean(found <= ANGLE) >= SHARE and found.mean() <= 1.3 * best + EXACT / 3:
                named.setdefault(other.name, other)
        return list(named.values())

    def _others_off(self, at: Array, along: Array) -> Array:
        """Return by how many degrees each arrow points away from each of the other fields, of shape (fields, n)."""
        fields = np.array([other.field(*at.T) for other in self.others]).reshape(-1, 2, len(at))
        return _degrees_off(fields[:, 0], fields[:, 1], along)

    def _counting(self, arrows: Arrows) -> tuple[Array, Array]:
        at, along = np.stack([arrows.x, arrows.y], axis=1), np.stack([arrows.u, arrows.v], axis=1)
        with np.errstate(invalid="ignore"):
            counts = (np.abs(at) <= self.region).all(axis=1) & np.isfinite(along).all(axis=1) & (along != 0).any(axis=1)
        return at[counts], along[counts]


def deviation(at: Array, along: Array, field: Field) -> Array:
    """Return by how many degrees each arrow, of shape (n, 2), points away from the field, at most `MOST`."""
    u, w = field(*at.T)
    return _degrees_off(u, w, along)


def _degrees_off(u: Array, w: Array, along: Array) -> Array:
    cross, dot = u * along[:, 1] - w * along[:, 0], u * along[:, 0] + w * along[:, 1]
    return np.minimum(np.abs(np.degrees(np.arctan2(cross, dot))), MOST)


def distances(points: Array, path: Array) -> Array:
    """Return how far each of the points, of shape (n, 2), is from the nearest point of a path."""
    from scipy.spatial import cKDTree  # half of the time that importing the judge takes

    nearest, _ = cKDTree(path).query(points.clip(-FAR, FAR))
    return np.asarray(nearest)

"""Figures of recorded neurons."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from neurodynex.answer_data.tracker import drawn_by_library

__all__ = ["drawn_by_library", "show_without_waiting", "trace_figure"]


def trace_figure(
    t: np.ndarray, panels: Sequence[tuple[str, dict[str, np.ndarray]]], title: str | None = None
) -> tuple[Figure, Any]:
    """Draw time courses below each other, into a new figure, which is left current.

    Parameters
    ----------
    t : numpy.ndarray, shape (T,)
        Time [ms].
    panels : sequence of (label, curves)
        One per axes, from top to bottom. `curves` maps names to arrays of shape (n, T) or (T,); the names stand in a
        legend where there is more than one.
    title : str, optional

    Returns
    -------
    fig : matplotlib.figure.Figure
    axes : sequence of matplotlib.axes.Axes
    """
    fig, grid = plt.subplots(len(panels), 1, sharex=True, squeeze=False, layout="constrained")
    axes: list[Axes] = list(grid[:, 0])
    for ax, (label, curves) in zip(axes, panels, strict=True):
        for index, (name, values) in enumerate(curves.items()):
            # One colour per name where there are several, else one per row.
            lines = ax.plot(t, np.atleast_2d(values).T, color=f"C{index}" if len(curves) > 1 else None)
            lines[0].set_label(name)
        ax.set_ylabel(label)
        ax.grid(True)
        if len(curves) > 1:
            ax.legend(loc="upper right")
    axes[-1].set_xlabel("t [ms]")
    if title is not None:
        fig.suptitle(title)
    drawn_by_library(fig)
    return fig, axes


def show_without_waiting(fig: Figure, previous: Figure | None) -> None:
    """Show `fig` without stopping the caller's script, and make `previous` the current figure again.

    A script may open a figure, call ``step()`` (which shows one of its own) and then go on drawing into the first.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    previous : matplotlib.figure.Figure or None
        The figure that was current before `fig` was made, if there was one.
    """
    if "inline" in matplotlib.get_backend().lower():
        from IPython.display import display

        # plt.show() would show and close the caller's unfinished figures as well.
        display(fig)
        plt.close(fig)
    else:
        with warnings.catch_warnings():
            # Without a display there is nothing to show, and nothing to warn a student about.
            warnings.filterwarnings("ignore", message=".*(non-interactive|non-GUI).*")
            plt.show(block=False)
    if previous is not None and plt.fignum_exists(previous.number):
        plt.figure(previous)

"""Rows of pulse amplitudes and latencies."""

import numpy as np
import pytest

from autograder.answers import Latencies
from autograder.question import Slip
from tests.answers import CONTEXT, outcome, proves_itself


def latency(context, current):
    """Return the latency of a made-up neuron that fires from 1 pA on."""
    return 5.0 / current if current >= 1 else float("nan")


CURRENTS = np.array([0.9, 0.95, 1.05, 1.1, 1.2])
TIMES = np.array([latency(None, current) for current in CURRENTS])
PULSES = Latencies(
    name="pulses",
    threshold=lambda c: 1.0,
    expected=latency,
    slips=(
        Slip(
            name="seconds",
            made=lambda c, found: bool((found[1][np.isfinite(found[1])] < 0.01).all()) and np.isfinite(found[1]).any(),
            message="These look like seconds.",
            example=lambda c: (CURRENTS, TIMES / 1000),
        ),
    ),
    think="Plot the voltage.",
)


def test_its_examples_come_out_as_they_say():
    assert proves_itself(PULSES)


@pytest.mark.parametrize(
    ("currents", "times", "expected"),
    [
        (CURRENTS, TIMES, "passed"),
        (CURRENTS, TIMES * 1.05, "passed"),
        (CURRENTS, TIMES * 1.06, "failed"),
        (np.append(CURRENTS, 1.01), np.append(TIMES, np.nan), "passed"),
        (CURRENTS, np.where(CURRENTS < 0.93, 4.0, TIMES), "failed"),
        (CURRENTS, np.where(np.isnan(TIMES), 0.0, TIMES), "number for no spike"),
        (CURRENTS, TIMES / 1000, "seconds"),
        (CURRENTS[2:], TIMES[2:], "form"),
        (CURRENTS / 1000, TIMES, "form"),
        (10 * CURRENTS, TIMES, "form"),
    ],
    ids=[
        *("right", "at the edges", "beyond them", "either way at the threshold", "a spike too many", "0 for no spike"),
        *("seconds", "too few rows", "nA", "far from the threshold"),
    ],
)
def test_rows_are_judged(currents, times, expected):
    assert outcome(PULSES, (currents, times)) == expected


def test_the_key_shows_latencies_about_the_threshold():
    facts = PULSES.facts(CONTEXT)
    assert facts.expected == "a pulse threshold of 1 pA"
    assert facts.table.rows[0] == ("0.9", "none", "no spike") and facts.table.rows[3] == ("1.1", "4.55", "4.32 to 4.77")

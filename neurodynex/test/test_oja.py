"""Tests if the exercise on Oja's rule runs."""

import numpy as np
import pytest

from neurodynex.ojas_rule.oja import run_oja


def test_oja():
    """Test if Oja learning rule is runnable."""
    wcourse = run_oja(ratio=0.3, angle=30)
    assert np.hypot(*wcourse[-1]) == pytest.approx(1, abs=0.1)

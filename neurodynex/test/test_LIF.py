"""Tests if the leaky integrate-and-fire exercise runs."""

import brian2 as b2

from neurodynex.leaky_integrate_and_fire.LIF import LIF_Sinus, LIF_Step


def test_runnable_Step():
    """Test if LIF_Step is runnable."""
    rec = LIF_Step()
    assert rec.v[0].max() > 0.9 * b2.mV


def test_runnable_Sinus():
    """Test if LIF_Sinus is runnable."""
    rec = LIF_Sinus()
    assert rec.I[0].max() > 0.9 * b2.nA

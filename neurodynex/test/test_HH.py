"""Tests if the Hodgkin-Huxley exercise runs."""

import brian2 as b2

from neurodynex.hodgkin_huxley.HH import HH_Ramp, HH_Sinus, HH_Step


def test_runnable_Step():
    """Test if HH_Step is runnable."""
    assert HH_Step().vm[0].max() > 80 * b2.mV


def test_runnable_Sinus():
    """Test if HH_Sinus is runnable."""
    assert HH_Sinus().vm[0].max() > 80 * b2.mV


def test_runnable_Ramp():
    """Test if HH_Ramp is runnable."""
    assert HH_Ramp().vm[0].max() > 80 * b2.mV

"""Tests if the neuron type exercise runs."""

from neurodynex.neuron_type.neurons import NeuronTypeOne, NeuronTypeTwo, get_spiketimes
from neurodynex.neuron_type.typeXY import NeuronX, NeuronY


def run_neuron(c):
    """Run a neuron of class `c` with a current that makes it fire."""
    neuron = c()
    t, v, _, _ = neuron.step(I_amp=1.0, show=False)
    assert len(get_spiketimes(t, v)) > 1
    assert neuron.get_rate(1.0, t_end=400) > 10


def test_neurons():
    """Test if neuron functions are runnable."""
    run_neuron(NeuronTypeOne)
    run_neuron(NeuronTypeTwo)


def test_class_assignment():
    """Test if NeuronX and NeuronY are properly assigned to NeuronTypeOne and NeuronTypeTwo."""
    assert {NeuronX.__base__, NeuronY.__base__} == {NeuronTypeOne, NeuronTypeTwo}

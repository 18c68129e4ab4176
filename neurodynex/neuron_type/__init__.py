"""Exercise: type I and type II neuron models."""

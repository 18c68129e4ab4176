"""Guessed which neuron is of which type, and measured nothing."""
# blank: everything else

# %% type_class_solution
neuron_types = {"NeuronX": "I", "NeuronY": "II"}

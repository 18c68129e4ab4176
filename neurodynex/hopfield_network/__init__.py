"""Exercise: the Hopfield network model of associative memory."""

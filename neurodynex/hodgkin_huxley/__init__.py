"""Exercise: the Hodgkin-Huxley model of the squid axon."""

"""Exercise: phase plane and bifurcation analysis of the FitzHugh-Nagumo model."""

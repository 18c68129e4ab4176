"""Exercise: the leaky integrate-and-fire model."""

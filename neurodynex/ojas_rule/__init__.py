"""Exercise: Oja's Hebbian learning rule."""

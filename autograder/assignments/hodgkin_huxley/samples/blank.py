"""Handed in the notebook as it was released."""
# blank: everything else

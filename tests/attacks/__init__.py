"""Notebooks that try to get points, secrets or somebody else's grade; see `corpus/`."""

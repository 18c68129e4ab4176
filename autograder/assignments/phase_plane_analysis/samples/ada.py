"""Answered every question as it was meant."""

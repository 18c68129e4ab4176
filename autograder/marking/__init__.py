"""Grading free-text answers by hand: question by question over the whole class, without names."""

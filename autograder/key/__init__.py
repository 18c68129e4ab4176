"""The answer key for instructors: what each question accepts, and why that is fair, as one web page an assignment.

It holds every expected value, so it is written to `build/` and goes into nothing that students get.
"""

from autograder.key.facts import Mark, NumberLine, facts, number
from autograder.key.pages import THRESHOLDS, outside, render, variants, work, write

__all__ = ["THRESHOLDS", "Mark", "NumberLine", "facts", "number", "outside", "render", "variants", "work", "write"]

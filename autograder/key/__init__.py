"""The answer key for instructors: what each question accepts, and why that is fair, as one web page an assignment.

It holds every expected value, so it is written to `build/` and goes into nothing that students get.
"""

from autograder.facts import Mark, NumberLine, number
from autograder.key.pages import THRESHOLDS, outside, render, variants, work, write

__all__ = ["THRESHOLDS", "Mark", "NumberLine", "number", "outside", "render", "variants", "work", "write"]

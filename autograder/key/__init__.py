"""The answer key for instructors: what each question accepts, and why that is fair, as one web page an assignment.

It holds every expected value, so it is written to `build/` and goes into nothing that students get.
"""

from autograder.facts import Marker, NumberLine, format_number
from autograder.key.pages import THRESHOLDS, count_steps, outside, render, variants, write_key

__all__ = [
    "THRESHOLDS",
    "Marker",
    "NumberLine",
    "count_steps",
    "format_number",
    "outside",
    "render",
    "variants",
    "write_key",
]

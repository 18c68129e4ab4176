"""The kinds of answers, one file each."""

from autograder.answers.choice import Choice, Choices
from autograder.answers.curve import Curve
from autograder.answers.figure import Plot
from autograder.answers.function import Function
from autograder.answers.value import Value

__all__ = ["Choice", "Choices", "Curve", "Function", "Plot", "Value"]

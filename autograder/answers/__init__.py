"""The kinds of answers, one file each."""

from autograder.answers.angles import OneOrEach, SpreadAngles
from autograder.answers.array_function import ArrayFunction
from autograder.answers.branches import Branches
from autograder.answers.choice import Choice, Choices
from autograder.answers.count import Counts
from autograder.answers.curve import Curve
from autograder.answers.directions import LearnedDirection
from autograder.answers.figure import Plot
from autograder.answers.function import Function
from autograder.answers.matrix_function import MatrixFunction
from autograder.answers.phase_portrait import PhasePortrait
from autograder.answers.trajectory import Trajectory
from autograder.answers.truths import Truths
from autograder.answers.typical import Typical
from autograder.answers.value import Value
from autograder.answers.value_set import ValueSet
from autograder.answers.words import Words

__all__ = [
    "ArrayFunction",
    "Branches",
    "Choice",
    "Choices",
    "Counts",
    "Curve",
    "Function",
    "LearnedDirection",
    "MatrixFunction",
    "OneOrEach",
    "PhasePortrait",
    "Plot",
    "SpreadAngles",
    "Trajectory",
    "Truths",
    "Typical",
    "Value",
    "ValueSet",
    "Words",
]

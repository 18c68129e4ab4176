"""The kinds of answers, one file each."""

from autograder.answers.array_function import ArrayFunction
from autograder.answers.branches import Branches
from autograder.answers.choice import Choice
from autograder.answers.choices import Choices
from autograder.answers.counts import Counts
from autograder.answers.curve import Curve
from autograder.answers.function import Function
from autograder.answers.latencies import Latencies
from autograder.answers.learned_direction import LearnedDirection
from autograder.answers.matrix_function import MatrixFunction
from autograder.answers.one_or_each import OneOrEach
from autograder.answers.phase_portrait import PhasePortrait
from autograder.answers.plot import Plot
from autograder.answers.spread_angles import SpreadAngles
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
    "Latencies",
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

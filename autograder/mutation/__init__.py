"""Test questions as mutation testing tests programs: change the reference solution, and see what the judge says.

A mutant is the reference solution of one question with one systematic mistake, as students make them; it should be refused.
A variation is the reference solution with one honest choice made differently; it has to be accepted. Both are run for real,
through the exercise library and the judge.
"""

from autograder.mutation.experiment import Experiment, Kind, Outcome, experiments, run
from autograder.mutation.known import COLUMNS, Row, summarize

__all__ = ["COLUMNS", "Experiment", "Kind", "Outcome", "Row", "experiments", "run", "summarize"]

"""nbgrader's configuration for this course: run `nbgrader` from this folder."""

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from autograder.adapters.nbgrader_execute import RecordGone, SandboxExecute

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "neuronal-dynamics"

# What students find in place of a solution runs without an error, so that an untouched notebook can be graded.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\npass"}
c.ClearSolutions.text_stub = "*Your answer here*"

# Student code runs in a sandbox, never beside the gradebook; the judge's scores become the test cells' outputs.
c.Autograde.sanitize_preprocessors = [
    RecordGone,
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    SandboxExecute,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]
# A test cell that a student deleted comes back, with its score.
c.OverwriteCells.add_missing_cells = True
# For stock execution and `nbgrader validate`: Brian2 takes a few seconds to import, and a sweep may take more.
c.Execute.timeout = 180

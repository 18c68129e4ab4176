"""nbgrader's configuration for this course: run `nbgrader` from this folder."""

import os
import sys
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    DeduplicateIds,
    IgnorePattern,
    IncludeHeaderFooter,
    InstantiateTests,
    LimitOutput,
    LockCells,
    OverwriteKernelspec,
    SaveAutoGrades,
    SaveCells,
)

from autograder.adapters.nbgrader_current import FinishGrade
from autograder.adapters.nbgrader_execute import SandboxExecute
from autograder.adapters.nbgrader_files import find_hand_ins
from autograder.adapters.nbgrader_late import CourseLatePenalties
from autograder.adapters.nbgrader_read import OnlyOurCells, OverwriteChangedCells, SubmissionReader, replace_links
from autograder.adapters.nbgrader_release import PointsInText

c = get_config()  # noqa: F821

# nbgrader starts alembic, which lies beside this Python, whether or not its environment is activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

c.CourseDirectory.course_id = "neuronal-dynamics"
# `nbgrader generate_assignment` empties its folder before it begins, and again when it fails; release/ is `build`'s own.
c.CourseDirectory.release_directory = "build/release"
# nbgrader's own steps, after the notebooks' prose has its points from the cells' metadata.
c.GenerateAssignment.preprocessors = [
    PointsInText,
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
]

# What students find in place of a solution runs without an error, so that an untouched notebook can be graded.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\npass"}
c.ClearSolutions.text_stub = "*Your answer here*"

# Student code runs in a sandbox, never beside the gradebook; the judge's scores become the test cells' outputs.
c.Autograde.sanitize_preprocessors = [
    OnlyOurCells,
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteChangedCells,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    SandboxExecute,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    CourseLatePenalties,
    CheckCellMetadata,
    FinishGrade,
]
# A notebook is found whatever its name is, as on every other route.
find_hand_ins()
# Neither nbgrader follows a link out of a submission then, nor what it copies.
c.Autograde.pre_convert_hook = replace_links
# No score of an earlier hand-in stands when grading the next one fails; and one that cannot be read gets a zero with a reason.
# Before that it makes nbgrader grade again what a killed run left, and what questions, points or settings have changed for.
c.Autograde.exporter_class = SubmissionReader
# For stock execution and `nbgrader validate`: Brian2 takes a few seconds to import, and a sweep may take more.
c.Execute.timeout = 180

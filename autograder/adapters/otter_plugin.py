"""Otter: run the submission in the sandbox, and hand Otter a notebook of ours that holds only the answers."""

from __future__ import annotations

import json
import os
import shutil
from base64 import b64decode
from pathlib import Path
from typing import Any

import nbformat
from otter.plugins import AbstractOtterPlugin

from autograder import notebook, report
from autograder.adapters import gradescope
from autograder.adapters.gradescope_page import View
from autograder.course import Course, read_course_toml
from autograder.extra_files import ExtraFiles
from autograder.grade import grade
from autograder.result import Result, write_atomically
from autograder.sandbox import backend

ANONYMOUS = "anonymous"


class SandboxPlugin(AbstractOtterPlugin):
    """Grades in the sandbox between Otter's reading of a submission and its tests.

    Its configuration in `otter_config.json` names the assignment.
    """

    result: Result | None = None

    def before_grading(self, config: Any) -> None:
        """Leave nothing beside the notebook and our tests: no student's log to unpickle, no module to shadow ours."""
        submission = Path(self.submission_path)
        for entry in os.scandir(submission.parent):
            if entry.name in (submission.name, "tests"):
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)

    def before_execution(self, submission: Any) -> nbformat.NotebookNode:
        """Grade, and return the notebook that Otter's tests judge again."""
        root = Path(self.submission_path).parent.parent
        assignment = self.plugin_config["assignment"]
        course = read_course_toml()
        student, view = self._student(course), View.of(course, self.submission_metadata)

        def keep(result: Result) -> None:
            notes = self.plugin_config.get("notes", ())
            self.result = result.model_copy(update={"errors": (*notes, *result.errors)})
            gradescope.write_results(root, self.result, view=view)

        graded = grade(
            notebook.read(Path(self.submission_path)),
            assignment,
            student,
            # A container has memory for one submission, and none for a process that others are forked from.
            backend(os.environ.get("NEURODYNEX_SANDBOX"), cold=True),
            course=course,
            on_question=keep,
            extra_files=ExtraFiles(
                {name: b64decode(data) for name, data in self.plugin_config.get("files", {}).items()}
            ),
        )
        keep(graded.result)
        assert self.result is not None
        write_atomically(gradescope.full_result(root), self.result.to_json())
        return answers_notebook(graded.result, student)

    def _student(self, course: Course) -> str:
        given: str | None = self.plugin_config.get("student") or gradescope.identity(self.submission_metadata, course)
        return given or os.environ.get("NEURODYNEX_STUDENT") or ANONYMOUS

    def after_grading(self, results: Any) -> None:
        """Check that Otter's tests came to the same scores."""
        assert self.result is not None
        ours = {question.id: round(question.score, 4) for question in self.result.questions}
        theirs = {name: round(test.score, 4) for name, test in results.results.items()}
        if ours != theirs:
            raise RuntimeError(f"Otter's tests and the judge disagree: {theirs} and {ours}. Please report this.")

    def generate_report(self) -> str:
        """Return the feedback, and what the instructor has to know of faults of the judge's own, for the log."""
        return (
            "\n\n".join([report.submission_text(self.result), *gradescope.faults(self.result)]) if self.result else ""
        )


def answers_notebook(result: Result, student: str) -> nbformat.NotebookNode:
    """Return a notebook with one cell, which defines `submitted`: plain data for Otter's tests."""
    submitted = {
        "student": student,
        "assignment": result.assignment,
        "answers": {question.id: question.answers for question in result.questions},
    }
    source = f"import json\nsubmitted = json.loads({json.dumps(submitted, allow_nan=False)!r})"
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made

"""nbgrader: run a submission in the sandbox instead of in a kernel beside the gradebook.

`nbgrader_config.py` puts `SandboxExecute` in place of nbgrader's `Execute`. Points and the text of test cells were restored from the
gradebook by `OverwriteChangedCells` before.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Unicode

from autograder import assignments, corrected, notebook, report
from autograder.adapters.nbgrader_current import LOADED, NOT_JUDGED, STAMP, stamp
from autograder.adapters.nbgrader_read import HANDED_IN, SubmissionReader
from autograder.course import Course, read_course_toml
from autograder.errors import BadSubmission
from autograder.extra_files import ExtraFiles
from autograder.find_extra_files import find_extra_files
from autograder.grade import grade
from autograder.result import QuestionResult
from autograder.sandbox import CellOutcome
from autograder.workers import chosen_backend


class SandboxExecute(Execute):
    """Run the student's cells in a sandbox, and write the judge's score and feedback as each test cell's output.

    An assignment that is not one of ours runs as nbgrader runs it.
    """

    sandbox = Unicode("", help="bubblewrap or other-uid; by default the strongest that works here.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        name, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        if name not in assignments.NAMES:
            return super().preprocess(nb, resources)
        known = notebook.points_of(name)
        maximum = {
            gid: notebook.checked_points(c.metadata.nbgrader.get("points"), gid, "gradebook.db")
            for c in nb.cells
            if (gid := notebook.grade_id(c)) in known.points
        }
        known = replace(known, points={**known.points, **maximum})
        # One course for the whole run of nbgrader.
        course = self.parent.course if isinstance(self.parent, SubmissionReader) else read_course_toml()
        graded = grade(
            nbformat.writes(nb).encode("utf-8", "replace"),
            name,
            student,
            chosen_backend(self.sandbox or None),
            course=course,
            known=known,
            sources=LOADED,
            extra_files=self._extra_files(name, student, course),
        )
        for index, cell in enumerate(nb.cells):
            question = notebook.grade_id(cell)
            if question in known.points:
                cell.outputs = feedback(graded.result.question(str(question)))
            elif index in graded.cells:
                cell.outputs = outputs(graded.cells[index])
        for error in graded.result.errors:
            self.log.warning("%s: %s", student, error)
        for judged in graded.result.not_judged:
            for fault in judged.faults:
                self.log.error(
                    "%s of %s could not be judged; it is marked to be looked at.\n%s", judged.id, student, fault
                )
        LOADED.require_same_code()
        resources["nbgrader"][NOT_JUDGED] = [judged.id for judged in graded.result.not_judged]
        resources["nbgrader"][STAMP] = stamp(str(nb.metadata.get(HANDED_IN, "")), course, known, name, student)
        return nb, resources

    def _extra_files(self, assignment: str, student: str, course: Course) -> ExtraFiles:
        """Return the files that were handed in beside the notebook; none where no submission is being graded."""
        reader = self.parent
        if not isinstance(reader, SubmissionReader):
            return ExtraFiles()
        converter: Any = reader.parent
        folders = converter.coursedir
        place = Path(folders.format_path(folders.submitted_directory, student, assignment))
        try:
            found, _ = corrected.hand_in_or_copy(place, student, assignment, Path(folders.root))
        except BadSubmission:  # which has become a notebook that says so
            return ExtraFiles()
        return find_extra_files(found, course)


def feedback(result: QuestionResult) -> list[NotebookNode]:
    """Return a test cell's outputs: what the student reads, and the score as nbgrader wants it (a plain float)."""
    shown: dict[str, Any] = {"text/plain": report.feedback_text(result), "text/html": report.feedback_html(result)}
    return [
        nbformat.v4.new_output("display_data", data=shown),
        nbformat.v4.new_output("execute_result", data={"text/plain": repr(float(result.score))}),
    ]


def outputs(outcome: CellOutcome) -> list[NotebookNode]:
    """Return a student's cell's outputs as notebook nodes."""
    made = [nbformat.from_dict(output) for output in outcome.outputs]
    if outcome.error and not any(output.output_type == "error" for output in made):
        name, _, value = outcome.error.partition(": ")
        made.append(nbformat.v4.new_output("error", ename=name, evalue=value, traceback=[outcome.error]))
    return made

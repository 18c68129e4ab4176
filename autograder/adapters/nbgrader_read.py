"""nbgrader: what it reads of a submission, so that none stops a class, keeps an old score, or leads out of its folder.

`nbgrader_config.py` makes `replace_links` the hook that is called before a submission is touched, `SubmissionReader` the class with
which `nbgrader autograde` goes through a notebook, `OnlyOurCells` the first preprocessor of a submitted one, and
`OverwriteChangedCells` the one that restores its locked cells.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import NbGraderException
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor, OverwriteCells

from autograder import assignments, corrected, notebook, report
from autograder.adapters.nbgrader_current import LOADED, remove_outdated, submission_digest, submissions
from autograder.adapters.nbgrader_people import name_students
from autograder.course import read_course_toml
from autograder.errors import BadSubmission, InstructorError
from autograder.find_extra_files import find_extra_files
from autograder.inert import MAX_PICTURES, Pixels, as_is, inert
from autograder.platforms import roster as rosters

# In a sanitized notebook's metadata: the digest of the file as it was handed in.
HANDED_IN = "handed_in_sha256"


def replace_links(assignment: str, student: str, notebooks: list[str]) -> None:
    """Put a short text in place of everything in a submission that is neither a file nor a folder.

    nbgrader reads a notebook, and copies what lies beside it, wherever a symbolic link leads: into the sources, the gradebook, or the
    work of somebody else.

    Parameters
    ----------
    assignment, student : str
        What nbgrader was asked to grade; may be patterns.
    notebooks : list of str
        The submission's notebooks.
    """
    for top in sorted({os.path.dirname(path) for path in notebooks}):
        for folder, folders, files in os.walk(top):
            for name in [*folders, *files]:
                path = Path(folder) / name
                if path.is_symlink() or not (path.is_file() or path.is_dir()):
                    _replace(path)


def _replace(path: Path) -> None:
    what = f"a link to {os.readlink(path)}" if path.is_symlink() else "no regular file"
    path.unlink()
    # By another name, as nbgrader lays a folder or file of the assignment's own over one of the same name.
    with (path.parent / f"{path.name}.removed.txt").open("w", encoding="utf-8", errors="replace") as file:
        file.write(f"What was handed in as {path.name} is {what}, which is not followed.\n")


class SubmissionReader(NotebookExporter):
    """Take a notebook's automatic scores out of the gradebook before anything is done with it; read it as on every other route.

    nbgrader writes scores at the very end. A submission that cannot be read, whose sandbox does not start, or whose grading is killed
    would keep the scores of the hand-in before.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        converter: Any = self.parent
        try:
            LOADED.require_same_code()
            # Of this run of nbgrader: points that were edited since the last one count, later edits do not.
            notebook.points_of.cache_clear()
            notebook.given_names.cache_clear()
            self.course = read_course_toml()
            people = rosters.of_course(self.course)
            for _, student, assignment in submissions(converter):
                corrected.check_copy(student, assignment, Path(converter.coursedir.root))
        except InstructorError as problem:
            self.log.error("%s", problem)
            raise NbGraderException(str(problem)) from None
        remove_outdated(converter, self.course)
        name_students(converter.coursedir.db_url, people, [student for _, student, _ in submissions(converter)])

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Convert a notebook; one that cannot be read becomes one that says so, for a zero with a reason."""
        assert resources is not None
        about: Mapping[str, str] = resources["nbgrader"]
        forget(about["db_url"], about["notebook"], about["assignment"], about["student"])
        try:
            if about["assignment"] in assignments.NAMES and self._reads_what_was_handed_in():
                return self.from_notebook_node(self._handed_in(Path(filename).parent, resources), resources, **kw)
            return super().from_filename(filename, resources, **kw)
        except BadSubmission as problem:
            self.log.warning("%s: %s", about["student"], problem)
            notice = nbformat.v4.new_markdown_cell(f"**Nothing was run.** {report.escaped(str(problem))}")
            return self.from_notebook_node(nbformat.v4.new_notebook(cells=[notice]), resources, **kw)
        except Exception:
            self.log.error(
                "%s of %s could not be graded. Earlier scores for it were taken out of the gradebook.",
                about["notebook"],
                about["student"],
            )
            raise

    def _reads_what_was_handed_in(self) -> bool:
        # nbgrader reads each submission twice: as it was handed in, and after our preprocessors have written it.
        converter: Any = self.parent
        return bool(converter._sanitizing)

    def _handed_in(self, folder: Path, resources: dict[str, Any]) -> NotebookNode:
        """Return the notebook in a submission's folder, by the rule of every route, with what is to be notice of it at its end."""
        about = resources["nbgrader"]
        converter: Any = self.parent
        found, note = corrected.hand_in_or_copy(
            folder, about["student"], about["assignment"], Path(converter.coursedir.root)
        )
        content = found.read(attachments=MAX_PICTURES)
        files = find_extra_files(found, self.course, content)
        about[HANDED_IN] = submission_digest(content, files)
        submission = notebook.parse_submission(content, notebook.points_of(about["assignment"]))
        read: NotebookNode = nbformat.reads(content.decode("utf-8"), as_version=4)
        for notice in [*([note] if note else []), *submission.notes, *files.notes]:
            self.log.warning("%s: %s", about["student"], notice)
            read.cells.append(nbformat.v4.new_markdown_cell(f"**Note of the grader.** {report.escaped(notice)}"))
        return read


def forget(db_url: str, notebook_id: str, assignment: str, student: str) -> None:
    """Take a submitted notebook's automatic scores out of the gradebook, and mark them as to be looked at.

    What a person has given stays.
    """
    with Gradebook(db_url) as gradebook:
        try:
            submitted = gradebook.find_submission_notebook(notebook_id, assignment, student)
        except MissingEntry:
            return
        for grade in submitted.grades:
            grade.auto_score = None
            grade.needs_manual_grade = True
        gradebook.db.commit()


class OnlyOurCells(NbGraderPreprocessor):
    """Leave nbgrader nothing to stumble over, which would cost this grade or the whole class's.

    A submission's metadata goes; the last cell of each id that the assignment has gets the assignment's own back. Cells to be
    graded and are missing come back at the end, where their answers are read on every other route, too. Texts that could act in a
    browser are shown as they were typed.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        name = resources["nbgrader"]["assignment"]
        if name not in assignments.NAMES:
            return nb, resources
        ours = notebook.assignment_cells(name)
        places = {notebook.grade_id(cell): index for index, cell in enumerate(nb.cells)}
        cells, pixels = [], Pixels()
        for index, cell in enumerate(nb.cells):
            question = notebook.grade_id(cell)
            own = ours.get(question) if question is not None and places[question] == index else None
            kind = own["cell_type"] if own else cell.cell_type
            metadata = own["metadata"] if own else {}
            cells.append(_cell(kind, str(cell.source), metadata, cell.get("attachments", {}), pixels))
        graded = {question: cell for question, cell in ours.items() if cell["metadata"]["nbgrader"]["grade"]}
        missing = [cell for question, cell in graded.items() if question not in places]
        nb.cells = cells + [_cell(cell["cell_type"], "", cell["metadata"], {}, pixels) for cell in missing]
        nb.metadata = nbformat.from_dict({HANDED_IN: resources["nbgrader"].get(HANDED_IN, "")})
        return nb, resources


class OverwriteChangedCells(OverwriteCells):
    """Give each locked cell its text from the gradebook; warn only where the student's differs from the released one.

    The gradebook has the test cells with their hidden tests, which nbgrader removes at the release. nbgrader compares with the whole
    text, and so takes every untouched test cell for a changed one.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        try:
            source_cell = self.gradebook.find_source_cell(notebook.grade_id(cell), self.notebook_id, self.assignment_id)
        except MissingEntry:
            return super().preprocess_cell(cell, resources, cell_index)
        if source_cell.locked and cell.source == self._released(source_cell.source):
            cell.source = source_cell.source
        return super().preprocess_cell(cell, resources, cell_index)

    def _released(self, source: str) -> str:
        marked = nbformat.v4.new_code_cell(source, metadata={"nbgrader": {"grade": True}})
        released, _ = ClearHiddenTests(parent=self.parent).preprocess_cell(marked, ResourcesDict(), 0)
        return str(released.source)


def _cell(kind: str, source: str, metadata: Mapping[str, Any], attachments: Any, pixels: Pixels) -> NotebookNode:
    if kind == "code":
        made = nbformat.v4.new_code_cell(source)
    else:
        text, pictures = inert(source if kind == "markdown" else as_is(source), attachments, pixels)
        made = nbformat.v4.new_markdown_cell(text)
        if pictures:
            made.attachments = nbformat.from_dict(pictures)
    made.metadata = nbformat.from_dict(copy.deepcopy(metadata))
    return made

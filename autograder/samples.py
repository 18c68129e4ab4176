"""Sample submissions: for each assignment the notebooks of a few made-up students, right ones and wrong ones.

A sample is a small file `<assignment>/<student>.py`: a docstring that says what this student did, then blocks
`# %% <grade_id>`, each with the text of that solution cell. A cell that is not named holds the reference solution or,
below a line `# blank: everything else`, is left as it was released. What each sample should score is stated in the tests.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

from autograder import assignments
from autograder.errors import InstructorError
from autograder.notebook import grade_id, points_in
from autograder.points_in_text import bonus_questions, fill_in
from autograder.titles import model_answer

__all__ = ["Sample", "load", "read"]

PLACEHOLDER = "your.name@university.edu"
STUB = "# YOUR CODE HERE\npass"
BLANK = "# blank: everything else"
_BLOCK = re.compile(r"^# %% (\w+)\n", re.MULTILINE)
_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION(?:\n|\Z)", re.MULTILINE | re.DOTALL)
_HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS(?:\n|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Sample:
    """What one made-up student handed in.

    Attributes
    ----------
    story : str
        What this student did, in a sentence.
    cells : dict
        `grade_id` of a solution cell -> the text that the student put into it.
    blank : bool
        Whether the other solution cells are as released, instead of holding the reference solution.
    """

    story: str
    cells: dict[str, str]
    blank: bool

    def notebook(self, source: Path, student: str) -> bytes:
        """Return the notebook file that the student handed in.

        Parameters
        ----------
        source : pathlib.Path
            The assignment's source notebook.
        student : str
            The identity to fill in.

        Returns
        -------
        bytes

        Raises
        ------
        InstructorError
            If the sample names a cell that the source notebook does not have.
        """
        notebook = json.loads(source.read_text(encoding="utf-8"))
        left = dict(self.cells)
        marked = {name: cell for cell in notebook["cells"] if (name := grade_id(cell))}
        known, bonus = points_in(marked, source.name), bonus_questions(source.stem)
        for cell in notebook["cells"]:
            meta = cell["metadata"].get("nbgrader", {})
            text = "".join(cell["source"])
            if meta.get("solution"):
                text = left.pop(meta["grade_id"]) if meta["grade_id"] in left else self._unnamed(text)
                text = model_answer(text) if cell["cell_type"] == "markdown" else text
            elif meta.get("grade"):
                text = _HIDDEN.sub("", text)
            elif cell["cell_type"] == "code":
                text = text.replace(PLACEHOLDER, student)
            else:
                text = fill_in(text, known, bonus, source.name)
            cell["source"] = text.rstrip("\n").splitlines(keepends=True)
        if left:
            raise InstructorError(f"{source.name} has no solution cell {', '.join(left)}, which a sample fills in.")
        return json.dumps(notebook, indent=1, ensure_ascii=False, allow_nan=False).encode()

    def _unnamed(self, text: str) -> str:
        if self.blank:
            return _SOLUTION.sub(lambda region: _indented(STUB, region[1]), text)
        return _SOLUTION.sub(lambda region: region[2], text)


def load(assignment: str) -> dict[str, Sample]:
    """Read the samples of an assignment.

    Returns
    -------
    dict
        Student -> sample, sorted by name.

    Raises
    ------
    InstructorError
        If there are none, or if one has no docstring.
    """
    folder = assignments.FOLDER / assignment / "samples"
    files = sorted(folder.glob("*.py"))
    if not files:
        raise InstructorError(f"There are no sample submissions of {assignment!r} in {folder}.")
    return {file.stem: read(file) for file in files}


def read(file: Path) -> Sample:
    """Read one sample.

    Raises
    ------
    InstructorError
        If it has no docstring.
    """
    head, *blocks = _BLOCK.split(file.read_text(encoding="utf-8"))
    story = ast.get_docstring(ast.parse(head))
    if story is None:
        raise InstructorError(f"{file} must begin with a docstring that says what this student did.")
    cells = {grade_id: text.strip("\n") for grade_id, text in zip(blocks[::2], blocks[1::2], strict=True)}
    return Sample(story, cells, blank=BLANK in head.splitlines())


def _indented(text: str, by: str) -> str:
    return "".join(f"{by}{line}\n" for line in text.splitlines())

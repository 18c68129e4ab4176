"""nbgrader: the points in a notebook's prose are filled in on the way to the students, and its head says when it is due."""

from __future__ import annotations

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder import assignments, notebook
from autograder.course import read_course_toml
from autograder.platforms.late import due_in_words
from autograder.points_in_text import bonus_questions, fill_in


class PointsInText(NbGraderPreprocessor):
    """Replace `{points:ID}` and `{points:all}` in the text cells of one of our assignments, and say in its head when it is due."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        name = resources["nbgrader"]["assignment"]
        if name not in assignments.NAMES:
            return nb, resources
        place = f"source/{name}/{name}.ipynb"
        marked = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if notebook.grade_id(cell)}
        known = notebook.points_in(marked, place)
        bonus = bonus_questions(name)
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.source = fill_in(cell.source, known, bonus, place)
        if due := due_in_words(read_course_toml(), name):
            head = next((cell for cell in nb.cells if cell.cell_type == "markdown"), None)
            if head is not None:
                head.source = f"{head.source.rstrip()}\n\n**{due}**"
        return nb, resources

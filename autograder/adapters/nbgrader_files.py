"""nbgrader: which submissions there are, whatever the files in them are called.

nbgrader looks for `*.ipynb` in a submission's folder, passes over a submission without one, and knows a notebook by its name.
"""

from __future__ import annotations

import glob
import os
from datetime import datetime
from typing import Any

from nbgrader.converters import Autograde

from autograder import assignments

_by_name = Autograde.init_notebooks


def find_hand_ins() -> None:
    """Make `nbgrader autograde` look into every submission of our assignments; `SubmissionReader` finds the notebook in it."""
    converter: Any = Autograde
    converter.init_notebooks = _init_notebooks


def _init_notebooks(self: Any) -> None:
    name = self.coursedir.assignment_id
    found = glob.glob(self._format_source(name, self.coursedir.student_id))
    folders = sorted(folder for folder in found if os.path.isdir(folder))
    if name not in assignments.NAMES or self.coursedir.notebook_id not in ("*", name) or not folders:
        return _by_name(self)
    self.notebooks = []
    self.assignments = {folder: [os.path.join(folder, f"{name}.ipynb")] for folder in folders}
    _read_timestamps_leniently(self.coursedir)


def _read_timestamps_leniently(course: Any) -> None:
    """Let a `timestamp.txt` that cannot be read cost a word in the log, not the whole class's grades."""
    read = course.get_existing_timestamp

    def leniently(folder: str) -> datetime | None:
        try:
            found: datetime | None = read(folder)
            return found
        except Exception:  # nbgrader 0.9.6 stumbles over its own message for a text that is no time
            course.log.warning(
                "%s/timestamp.txt holds no time. The submission is graded, and counts as handed in in time; write the time as "
                "2030-01-31 12:00:00 UTC if it decides about points.",
                folder,
            )
            return None

    course.get_existing_timestamp = leniently

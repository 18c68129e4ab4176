"""Three assignments need NumPy and Matplotlib only, so that they work where Brian2 and Numba have no build."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import assignments, notebook, samples
from tests.conftest import ROOT

#: What Python in a browser lacks.
LACKING = ("brian2", "numba", "fcntl", "resource")
RUN = f"""
import json, sys
sys.modules.update(dict.fromkeys({LACKING!r}))
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for source in json.load(open(sys.argv[1])):
    shell.run_cell(source).raise_error()
"""


@pytest.mark.parametrize(
    "name",
    [
        "ojas_rule",
        pytest.param("hopfield_network", marks=pytest.mark.thorough),
        pytest.param("phase_plane_analysis", marks=pytest.mark.thorough),
    ],
)
def test_the_notebook_runs_and_checks_without_brian2(name: str, tmp_path: Path):
    cells = json.loads(samples.load(name)["ada"].notebook(notebook.source_path(name), "ada"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    (tmp_path / "cells.json").write_text(json.dumps([text.replace("%matplotlib inline", "") for text in sources]))
    line = [sys.executable, "-W", "ignore", "-c", RUN, str(tmp_path / "cells.json")]
    done = subprocess.run(line, cwd=ROOT, env={"MPLBACKEND": "agg"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    for question in assignments.load(name).questions:
        assert f"{question.id}: in order so far" in done.stdout

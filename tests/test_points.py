"""Points stand in the source notebook's cells, are checked there, and the prose takes them from there."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from autograder import assignments, notebook
from autograder.build import release_notebook
from autograder.errors import InstructorError
from autograder.notebook import Points
from autograder.points_in_text import fill_in, summary
from tests.conftest import ROOT

LIF = "leaky_integrate_and_fire"


def source_with(points: str, folder: Path) -> Path:
    """Write the assignment's source with that JSON for the points of its first question."""
    made = json.loads(notebook.source_path(LIF).read_text(encoding="utf-8"))
    for cell in made["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("grade_id") == "lif_threshold":
            meta["points"] = "HERE"
    path = folder / f"{LIF}.ipynb"
    path.write_text(json.dumps(made).replace('"HERE"', points), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "points",
    [
        "-1",
        "-0.0001",
        "NaN",
        "Infinity",
        "-Infinity",
        "null",
        '""',
        '"2"',
        "true",
        "[2]",
        "{}",
        "1001",
        "1e308",
        "9" * 400,
        "0.33333",
    ],
)
def test_points_that_are_no_number_of_points_are_refused_with_cell_and_file(points, tmp_path):
    path = source_with(points, tmp_path)
    with pytest.raises(InstructorError) as problem:
        notebook.points_of(LIF, path)
    said = str(problem.value)
    assert str(path) in said and "'lif_threshold'" in said and "from 0 to 1000" in said
    assert said.count(". ") == 0 and len(said) < 400


@pytest.mark.parametrize("points", ["0", "2", "2.5", "0.3333", "1000", "2e0"])
def test_a_number_of_points_is_taken_as_it_is(points, tmp_path):
    assert notebook.points_of(LIF, source_with(points, tmp_path)).points["lif_threshold"] == float(points)


@pytest.mark.parametrize("text", ["[]", "{}", '{"cells": [1]}', '{"cells": [{}]}', "null", "[" * 100_000])
def test_a_source_that_is_no_notebook_is_named(text, tmp_path):
    path = tmp_path / "source.ipynb"
    path.write_text(text)
    with pytest.raises(InstructorError, match=r"source\.ipynb is not a notebook"):
        notebook.points_of(LIF, path)


def test_two_cells_of_one_id_are_refused(tmp_path):
    path = source_with("2", tmp_path)
    path.write_text(path.read_text().replace('"lif_fi_curve"', '"lif_threshold"'))
    with pytest.raises(InstructorError, match="lif_threshold"):
        notebook.points_of(LIF, path)


def markdown(text: str) -> str:
    return "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells if cell.cell_type == "markdown")


def test_changed_points_change_what_the_released_notebook_says():
    source = nbformat.read(notebook.source_path(LIF), as_version=4)
    assert "## 1. The threshold current (2 points)" in markdown(release_notebook(LIF, source))
    assert "There are five questions, worth 14 points." in markdown(release_notebook(LIF, source))
    for cell in source.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "lif_threshold":
            cell.metadata.nbgrader.points = 1
    released = markdown(release_notebook(LIF, source))
    assert "## 1. The threshold current (1 point)" in released
    assert "There are five questions, worth 13 points." in released


@pytest.mark.parametrize("name", assignments.NAMES)
def test_a_released_notebook_states_the_points_of_each_question_once_more(name):
    released = markdown((ROOT / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    known = notebook.points_of(name)
    assert "{points" not in released
    stated = [float(found) for found in re.findall(r"(?m)^##+ .*?\((\d+(?:\.\d+)?) points?\b", released)]
    automatic = list(known.points.values())
    assert sum(stated) >= sum(automatic) and all(worth in stated for worth in automatic)


def test_a_placeholder_for_no_cell_and_points_written_by_hand_are_refused():
    known = Points({"a": 2.0}, {}, {})
    with pytest.raises(InstructorError, match=r"notebook.ipynb: .*points:b.*there are: all, a"):
        fill_in("## One ({points:b})", known, set(), "notebook.ipynb")
    with pytest.raises(InstructorError, match=r"## One .2 points"):
        fill_in("Text\n## One (2 points)", known, set(), "notebook.ipynb")
    assert (
        fill_in("## One ({points:a})\n1000 points in a cloud", known, set(), "")
        == "## One (2 points)\n1000 points in a cloud"
    )


def test_the_summary_counts_questions_texts_and_bonus_apart():
    assert summary(Points({"a": 1.0}, {}, {}), set()) == "one question, worth 1 point"
    assert summary(Points({"a": 1.5, "b": 2.0, "c": 2.0}, {"t": 1.0, "u": 2.0}, {}), {"c"}) == (
        "two questions, worth 3.5 points, two texts that are graded by a person, worth 3 points, and one bonus question, worth "
        "2 points beyond the maximum"
    )


@pytest.mark.parametrize(
    "place", [f"{p}/{name}/{name}.ipynb" for name in assignments.NAMES for p in ("source", "release")]
)
def test_notebooks_write_microampere_in_one_way(place):
    assert not re.search("[µμ]", (ROOT / place).read_text(encoding="utf-8"))

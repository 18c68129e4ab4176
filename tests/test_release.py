"""What goes out is current, and gives nothing away."""

import json
import re
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder import assignments, notebook
from autograder.answers import Value
from autograder.build import autograder_members, build_all, release_files
from autograder.course import Context
from autograder.package import build_wheel, package_data
from neurodynex.variant import load_course
from tests.conftest import COURSE, ROOT, student_with

NUMBER = re.compile(r"(?<![\w.])\d+\.\d{2,}(?![\w.])")


@pytest.mark.parametrize("name", assignments.NAMES)
def test_release_and_public_tests_are_current(name):
    for path, text in release_files(name).items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, f"{path}: run `python -m autograder build`"


def test_the_package_carries_the_current_course_forms_and_cells():
    for path, text in package_data(COURSE).items():
        if path.name == "course.json" and not path.exists():
            continue  # it is not tracked: a checkout that was never built has the published course
        assert path.read_text(encoding="utf-8") == text, f"{path}: run `python -m autograder build`"
    assert load_course() == COURSE.for_students(), "run `python -m autograder build`"


def solution_lines(name: str) -> set[str]:
    """Lines that stand in the solution regions only, long enough to be told from what anybody writes."""
    cells = nbformat.read(notebook.source_path(name), as_version=4).cells
    regions = [r for c in cells for r in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", c.source, re.DOTALL)]
    outside = "\n".join(
        re.sub(r"### BEGIN SOLUTION\n.*?### END SOLUTION", "", c.source, flags=re.DOTALL) for c in cells
    )
    lines = {line.strip() for region in regions for line in region.splitlines()}
    return {line for line in lines if len(line) > 25 and line not in outside}


def outgoing(name: str, tmp_path: Path) -> dict[str, str]:
    """All text that a student gets but the library's models, which are what they simulate."""
    wheel = zipfile.ZipFile(build_wheel(tmp_path, COURSE))
    texts = {str(path): text for path, text in release_files(name).items()}
    for member in wheel.namelist():
        if not member.endswith((".pyc", ".gz")):
            texts[member] = wheel.read(member).decode()
            if member.endswith("METADATA"):
                texts[member] = re.sub(r"(?m)^(Requires-|Metadata-Version|Version).*$", "", texts[member])
    return texts


@pytest.mark.parametrize("name", assignments.NAMES)
def test_no_line_of_a_solution_and_no_hidden_test_goes_out(name, tmp_path):
    lines = solution_lines(name)
    assert len(lines) > 10
    for place, text in outgoing(name, tmp_path).items():
        plain = json.dumps(text) if place.endswith(".py") else text
        assert "HIDDEN TESTS" not in plain and "BEGIN SOLUTION" not in plain, place
        for line in lines:
            assert json.dumps(line)[1:-1] not in plain, (place, line)
        assert "autograder.adapters" not in plain, place


@pytest.mark.parametrize("name", assignments.NAMES)
def test_no_expected_value_goes_out(name, tmp_path):
    models = re.compile(r"neurodynex/(\w+/(LIF|HH|neurons|fitzhugh_nagumo|hopfield|oja)|_stimulus|test/\w+)\.py")
    bands = [
        (answer.name, answer.accept(Context.of(student, name, COURSE)))
        for student in (student_with("I"), student_with("II"))
        for question in assignments.load(name).questions
        for answer in question.answers
        if isinstance(answer, Value)
    ]
    for place, text in outgoing(name, tmp_path).items():
        if models.search(place):
            continue
        for found in map(float, NUMBER.findall(text)):
            assert not any(np.all(band.contains(found)) for _, band in bands), (place, found)


@pytest.mark.parametrize("name", assignments.NAMES)
def test_the_notebook_states_each_question_with_its_answers_and_tolerance(name):
    cells = nbformat.read(notebook.source_path(name), as_version=4).cells
    text = " ".join(" ".join(c.source for c in cells if c.cell_type == "markdown").split())
    for question in assignments.load(name).questions:
        assert " ".join(question.tolerance.split()) in text
        for answer in question.answers:
            assert f"`{answer.name}" in text or answer.name == "figure", answer.name


@pytest.mark.parametrize("name", assignments.NAMES)
def test_notebooks_are_committed_without_outputs_and_lock_only_their_test_cells(name):
    source = nbformat.read(notebook.source_path(name), as_version=4)
    nbformat.validate(source)
    questions = [question.id for question in assignments.load(name).questions]
    for cell in source.cells:
        meta = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code":
            assert not cell.outputs and cell.execution_count is None
            assert not meta.get("locked") or meta["grade_id"] in questions
    assert [
        c.metadata.nbgrader.grade_id for c in source.cells if c.metadata.get("nbgrader", {}).get("locked")
    ] == questions


def test_the_autograder_zip_holds_no_expected_value_in_its_tests_and_the_same_bytes_each_time(tmp_path):
    for name in assignments.NAMES:
        tests = [
            text.decode() for member, text in autograder_members(name, COURSE).items() if member.startswith("tests/")
        ]
        assert tests and not any(NUMBER.search(re.sub(r"points=\S+", "", text)) for text in tests)
    first, second = (build_all(assignments.NAMES[:1], tmp_path / word, COURSE) for word in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]

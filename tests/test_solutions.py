"""The worked solutions: run, whole, and without what students are not to see."""

import nbformat
import pytest

from autograder import assignments, solutions
from autograder.course import Context
from autograder.errors import InstructorError
from neurodynex.check import forms
from tests.conftest import COURSE, student_with


@pytest.mark.parametrize("name", assignments.NAMES)
def test_a_solution_holds_no_hidden_test_mark_scheme_or_mark(name):
    made = solutions.solution(name)
    text = "\n".join(cell.source for cell in made.cells)
    for hidden in (
        "HIDDEN",
        "autograder",
        "SOLUTION",
        "Mark scheme",
        "Marks:",
        "{points:",
        "YOUR CODE HERE",
        "nbgrader",
    ):
        assert hidden not in text, hidden
    assert not any(cell.metadata or cell.get("outputs") for cell in made.cells)
    assert made.cells[0].source.startswith("# ") and "a worked solution" in made.cells[0].source.splitlines()[0]
    nbformat.validate(made)


def test_the_solution_of_a_students_own_variant_is_run_with_its_figures(tmp_path):
    name, student = "neuron_type", student_with("II")
    (path,) = solutions.build_solutions([name], tmp_path, COURSE, [student])
    assert path == tmp_path / name / "solutions" / student / f"{name}.ipynb"
    made = nbformat.read(path, as_version=4)
    outputs = [output for cell in made.cells if cell.cell_type == "code" for output in cell.outputs]
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    assert all(
        f"{question}: in order so far" in printed for question, form in forms().items() if form["assignment"] == name
    )
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert Context.of(student, name, COURSE).variant["NeuronX"] == "II" and f"identify({student!r})" in str(made)


def test_a_variant_is_run_once_for_all_who_have_it(tmp_path, monkeypatch):
    name = "neuron_type"
    one, two = student_with("I"), student_with("II")
    more = next(f"more{n}" for n in range(100) if Context.of(f"more{n}", name, COURSE).variant["NeuronX"] == "II")
    ran = []

    def run(made, *_):
        ran.append(str(made))
        for cell in made.cells:
            if cell.cell_type == "code":
                who = next(
                    student for student in (one, two, more, "") if f"identify({student!r})" in str(made) or not student
                )
                cell.outputs = [nbformat.v4.new_output("stream", text=f'You are working as "{who}".')]
        return made

    monkeypatch.setattr(solutions, "_run", run)
    paths = solutions.build_solutions([name, "ojas_rule"], tmp_path, COURSE, [one, two, more])
    assert len(ran) == 3, "two variants, and one assignment without any"
    assert [path.parent.name for path in paths] == [one, two, more, "solutions"]
    for student, path in zip((one, two, more), paths, strict=False):
        text = path.read_text(encoding="utf-8")
        assert f"a worked solution for {student}" in text
        made = nbformat.reads(text, as_version=4)
        cell = next(cell for cell in made.cells if f"identify({student!r})" in cell.source)
        assert cell.outputs[0].text == f'You are working as "{student}".'


def test_a_solution_that_fails_is_named_and_nothing_is_written(tmp_path, monkeypatch):
    def broken(name, student=None):
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])

    monkeypatch.setattr(solutions, "solution", broken)
    with pytest.raises(InstructorError, match="ojas_rule does not run: ZeroDivisionError"):
        solutions.build_solutions(["ojas_rule"], tmp_path, COURSE)
    assert not list(tmp_path.iterdir())


def test_a_solution_is_run_with_the_variants_of_its_own_course():
    name, student = "neuron_type", "ada"
    other = next(
        course
        for n in range(100)
        if (course := COURSE.model_copy(update={"course": COURSE.course.model_copy(update={"salt": f"salt {n}"})}))
        and Context.of(student, name, course).variant != Context.of(student, name, COURSE).variant
    )
    cell = f"from neurodynex.variant import load_course, variant\nprint(variant({student!r}, {name!r}, load_course()))"
    made = solutions._run(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)]), name, other)
    assert made.cells[0].outputs[0].text.strip() == str(Context.of(student, name, other).variant)

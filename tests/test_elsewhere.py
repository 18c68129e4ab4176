"""What works at a student's desk and not where it is graded: the result says so in words."""

import json

import pytest

from autograder import elsewhere, notebook, samples
from autograder.build import autograder_members, student_members
from autograder.course import read_course_toml
from autograder.errors import InstructorError
from autograder.grade import grade
from autograder.sandbox import backend

OJA = "ojas_rule"
COURSE = read_course_toml()


def with_packages(*packages: str):
    return COURSE.model_copy(update={"grading": COURSE.grading.model_copy(update={"packages": list(packages)})})


@pytest.fixture(scope="module")
def missed():
    """The result of a notebook that misses two modules and a file, and has debuggers left in it."""
    made = json.loads(samples.load(OJA)["blank"].notebook(notebook.source_path(OJA), "blank"))
    cells = [
        "import seaborn as sns",
        "from my_helpers.curves import rate",
        "open('my_rates.npy')",
        "def f():\n    breakpoint()\nf()",
        "import pdb; pdb.set_trace()",
        "input('n?')",
    ]
    made["cells"] = [
        {"cell_type": "code", "metadata": {}, "source": s, "outputs": [], "execution_count": None} for s in cells
    ] + made["cells"][-1:]
    return grade(json.dumps(made).encode(), OJA, "ada", backend(), course=COURSE).result


@pytest.mark.parametrize("module", ["seaborn", "my_helpers"])
def test_a_missing_module_is_named_with_what_there_is(missed, module):
    [said] = [note for note in missed.errors if f"no module {module} " in note]
    assert "brian2, ipython, matplotlib, neurodynex, numpy and scipy" in said and "[grading] packages" in said


def test_a_file_that_only_the_student_has_is_named(missed):
    assert any("no file my_rates.npy where this is graded" in note for note in missed.errors)


def test_a_debugger_does_not_read_as_input(missed):
    assert [note.partition(": ")[2] for note in missed.errors if note.startswith(("Cell 4", "Cell 5", "Cell 6"))] == [
        "RuntimeError: breakpoint() was called, but nobody debugs while a notebook is graded. Remove it.",
        "RuntimeError: A debugger was started, but nobody debugs while a notebook is graded. Remove pdb.set_trace().",
        "StdinNotImplementedError: input() was called, but nobody is there to answer while a notebook is graded.",
    ]


def test_a_module_that_a_function_misses_is_named():
    [said] = elsewhere.notes([json.dumps({"message": "No module named 'tqdm'"})], ["seaborn==0.13"])
    assert "tqdm" in said and "scipy and seaborn" in said


def test_a_package_of_the_course_goes_to_gradescope_and_to_the_students(tmp_path):
    (tmp_path / "a.whl").write_bytes(b"")
    (tmp_path / "neurodynex_assignments-0.1.0+0123456789-py3-none-any.whl").write_bytes(b"")
    wheel = tmp_path / "neurodynex_assignments-0.1.0+0123456789-py3-none-any.whl"
    setup = autograder_members(OJA, with_packages("seaborn>=0.13", "tqdm"))["setup.sh"].decode()
    assert "--compile-bytecode 'seaborn>=0.13' tqdm\n" in setup
    assert setup.index("requirements.lock") < setup.index("seaborn") < setup.index("chmod -R")
    assert "scipy, seaborn and tqdm" in " ".join(
        student_members(OJA, wheel, with_packages("seaborn", "tqdm"))["START.md"].decode().split()
    )


def test_a_package_that_is_promised_but_not_installed_stops_the_grading():
    with pytest.raises(InstructorError, match=r"pip install 'no-such-package==1\.0'"):
        grade(b"", OJA, "ada", backend("none"), course=with_packages("no-such-package==1.0"))


@pytest.mark.parametrize("package", ["a b", "$(touch x)", "-e .", "a;b", "", "git+https://x/y"])
def test_a_package_is_a_name_with_a_version_or_without(tmp_path, package):
    text = COURSE.to_toml().replace("packages = []", f"packages = [{json.dumps(package)}]")
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(InstructorError, match="packages"):
        read_course_toml(tmp_path / "course.toml")

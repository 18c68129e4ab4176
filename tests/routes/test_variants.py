"""The same notebook, two students with opposite neurons."""

from autograder import notebook, samples
from autograder.grade import grade
from autograder.sandbox import backend
from tests.conftest import COURSE, student_with

TYPES = "neuron_type"
NUMBERS = """
I_threshold_X, I_threshold_Y = 0.375, 0.325
"""


def test_one_notebook_is_right_for_one_student_and_swapped_for_the_other():
    """The notebook brings its numbers along instead of simulating: right for X of type I, swapped for the other student."""
    sample = samples.Sample(
        "numbers of a friend",
        {
            "type_thresholds_solution": NUMBERS,
            "type_class_solution": 'neuron_types = {"NeuronX": "I", "NeuronY": "II"}',
        },
        blank=True,
    )
    content = sample.notebook(notebook.source_path(TYPES), "friend")
    results = {x: grade(content, TYPES, student_with(x), backend(), course=COURSE).result for x in ("I", "II")}
    for question in ("type_thresholds", "type_class"):
        right, wrong = (results[x].question(question) for x in ("I", "II"))
        assert right.score == right.max_score, right.message
        assert (wrong.score, wrong.mistake) == (0, "swapped"), wrong.message
    assert any("friend" in error for error in results["I"].errors)


def test_the_reference_solution_is_right_for_both_variants():
    for x in ("I", "II"):
        student = student_with(x)
        content = samples.load(TYPES)["ada"].notebook(notebook.source_path(TYPES), student)
        result = grade(content, TYPES, student, backend(), course=COURSE).result
        assert (result.score, result.errors) == (result.max_score, ())

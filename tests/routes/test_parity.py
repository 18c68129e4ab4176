"""The same submission gets the same score everywhere, question by question, in real runs of all four routes."""

import pytest

from autograder import assignments, notebook, samples
from tests.routes.routes import Routes
from tests.tables import Table

# What each sample submission scores, question by question; `make parity` runs those that the default leaves out.
EXPECTED = {
    "leaky_integrate_and_fire": {
        "ada": (2, 3, 3, 3, 3),
        "blank": (0, 0, 0, 0, 0),
        "emmy": (2, 0, 1.5, 3, 1.5),
        "endless": (2, 3, 3, 0, 0),
        "errors": (2, 0, 0, 3, 3),
        "galileo": (2, 3, 3, 0, 1.5),
        "marie": (0, 0, 1.5, 3, 3),
        "pierre": (2, 3, 3, 0, 1.5),
        "rosalind": (2, 3, 3, 3, 3),
    },
    "neuron_type": {
        "ada": (4, 3, 3, 3, 2),
        "blank": (0, 0, 0, 0, 0),
        "endless": (4, 0, 3, 3, 2),
        "errors": (4, 1.5, 3, 3, 2),
        "galileo": (2, 0, 0, 2, 0),
        "grace": (2, 3, 0, 1, 1),
        "guess": (0, 0, 0, 0, 0),
        "rosalind": (4, 3, 3, 3, 2),
        "swapped": (0, 0, 3, 1, 0),
    },
    "hodgkin_huxley": {
        "ada": (2, 2, 3, 2, 3),
        "blank": (0, 0, 0, 0, 0),
        "emmy": (2, 0, 3, 2, 0),
        "endless": (2, 2, 3, 0, 3),
        "errors": (2, 2, 1.5, 0, 3),
        "galileo": (0, 0, 0, 2, 0),
        "marie": (0, 0, 3, 0, 0),
        "rosalind": (2, 2, 3, 2, 3),
    },
    "phase_plane_analysis": {
        "ada": (3, 3, 1, 2, 2, 3, 1),
        "blank": (0, 0, 0, 0, 0, 0, 0),
        "endless": (3, 3, 0, 2, 2, 3, 1),
        "errors": (3, 3, 1, 0, 0, 0, 1),
        "galileo": (1, 1.5, 0, 0, 1, 3, 1),
        "marie": (1, 1.5, 1, 0, 0, 0, 0),
        "rosalind": (3, 3, 1, 2, 2, 3, 1),
    },
    "hopfield_network": {
        "ada": (1, 3, 3, 3, 3, 2),
        "blank": (0, 0, 0, 0, 0, 0),
        "endless": (1, 0, 3, 3, 3, 2),
        "errors": (1, 3, 0, 3, 1, 2),
        "galileo": (0, 0, 3, 0, 0, 0),
        "marie": (1, 2, 2, 0, 0, 0),
        "rosalind": (1, 3, 3, 3, 3, 2),
    },
    "ojas_rule": {
        "ada": (4, 4, 1, 3, 2),
        "blank": (0, 0, 0, 0, 0),
        "endless": (0, 4, 1, 3, 2),
        "errors": (4, 0, 1, 0, 0),
        "galileo": (1, 0, 1, 0, 0),
        "marie": (1, 0, 0, 0, 0),
        "rosalind": (4, 4, 1, 3, 2),
    },
}
BY_DEFAULT = {
    "leaky_integrate_and_fire": ("marie",),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    everything = metafunc.config.getoption("--thorough")
    cases = [
        (assignment, student)
        for assignment, students in EXPECTED.items()
        for student in students
        if everything or student in BY_DEFAULT.get(assignment, ())
    ]
    if "student" in metafunc.fixturenames:
        metafunc.parametrize(("assignment", "student"), cases)


def test_every_sample_has_an_expected_score():
    assert {name: sorted(samples.load(name)) for name in assignments.NAMES} == {
        name: sorted(students) for name, students in EXPECTED.items()
    }


def test_every_route_gives_the_same_score(
    assignment: str, student: str, routes: Routes, parity_table: Table, request: pytest.FixtureRequest
):
    content = samples.load(assignment)[student].notebook(notebook.source_path(assignment), student)
    questions = [question.id for question in assignments.load(assignment).questions]
    expected = dict(zip(questions, EXPECTED[assignment][student], strict=True))
    by_grade = {q.id: q.score for q in routes.by_grade(assignment, student, content).questions}
    scores = {
        "grade": by_grade,
        "nbgrader": routes.by_nbgrader(assignment, student, content),
        "otter run": routes.by_otter(assignment, student, content),
        "Gradescope": routes.by_gradescope(assignment, student, content),
    }
    # By default its two ways are compared in `tests/sandbox/test_fork.py`.
    if request.config.getoption("--thorough"):
        forked = routes.by_grade(assignment, student, content, "--warm", "--force")
        scores["grade --warm"] = {q.id: q.score for q in forked.questions}
    parity_table.add(assignment, student, {route: sum(found.values()) for route, found in scores.items()})
    assert scores == dict.fromkeys(scores, expected)

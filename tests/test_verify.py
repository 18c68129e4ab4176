"""`verify` finds no fault in the questions, and finds what is broken on purpose."""

from dataclasses import replace

import pytest

from autograder import assignments
from autograder.question import Slip
from autograder.tolerance import Between
from autograder.verify import prove
from tests.conftest import COURSE

QUESTIONS = [(name, question.id) for name in assignments.NAMES for question in assignments.load(name).questions]


@pytest.mark.parametrize(("name", "question_id"), QUESTIONS, ids=[qid for _, qid in QUESTIONS])
def test_the_question_is_fair(name, question_id):
    counts, faults = prove(name, question_id, 4, COURSE)
    assert not faults
    assert counts["right"] and counts["wrong"] + counts["slip"] and counts["garbage"] > 10


@pytest.fixture
def broken(monkeypatch):
    """Return a function that replaces the answer of lif_threshold by a changed one, and proves the question."""
    from autograder.assignments.leaky_integrate_and_fire import questions as module

    def prove_with(**changes) -> str:
        question = module.ASSIGNMENT.question("lif_threshold")
        changed = replace(question, answers=(replace(question.answers[0], **changes),))
        questions = tuple(changed if q.id == question.id else q for q in module.ASSIGNMENT.questions)
        monkeypatch.setattr(module, "ASSIGNMENT", replace(module.ASSIGNMENT, questions=questions))
        return "\n".join(prove("leaky_integrate_and_fire", "lif_threshold", 1, COURSE)[1])

    return prove_with


def test_a_reference_outside_the_tolerance_is_a_fault(broken):
    assert "right was refused" in broken(expected=lambda c: 1.2)


def test_a_slip_inside_the_tolerance_is_a_fault(broken):
    assert "slip: pA was accepted" in broken(accept=lambda c: Between(0.9, 2000))


def test_a_slip_that_is_not_recognised_is_a_fault(broken):
    assert "was not named" in broken(
        slips=(Slip(name="doubled", made=lambda c, v: False, message="Twice.", example=lambda c: 2.0),)
    )


def test_a_message_that_tells_the_value_is_a_fault(broken):
    telling = Slip(name="doubled", made=lambda c, v: v > 1.9, message="It is 1.005 nA.", example=lambda c: 2.0)
    assert "tells an accepted value" in broken(slips=(telling,))

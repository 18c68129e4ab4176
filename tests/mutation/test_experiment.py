"""Mutants and variations run for real: a part of what `python -m autograder verify --mutants --honest` does."""

from dataclasses import replace

import pytest

from autograder import assignments
from autograder.course import Context
from autograder.mutation import Outcome, experiments, summarize
from autograder.mutation.experiment import STUDENT, outcomes
from autograder.mutation.known import known
from autograder.tolerance import Between
from tests.conftest import COURSE

QUESTIONS = [pytest.param(experiment, id=experiment.question) for experiment in experiments(assignments.NAMES)]


def experiment(question: str):
    return next(found for found in experiments(assignments.NAMES) if found.question == question)


def test_each_question_has_its_reference_solution():
    assert {found.question for found in experiments(assignments.NAMES)} == {
        question.id for name in assignments.NAMES for question in assignments.load(name).questions
    }
    assert all("SOLUTION" not in found.solution and found.solution for found in experiments(assignments.NAMES))


@pytest.fixture(scope="module")
def rate_mutants():
    return outcomes(experiment("fhn_jacobian"), "mutants", COURSE)


def test_no_mutant_of_a_jacobian_survives(rate_mutants):
    (row,) = summarize({"fhn_jacobian": rate_mutants}, "mutants")
    assert not row.found
    assert row.counts["named"] and row.counts["refused"]


def test_a_mutant_runs_in_a_process_that_the_one_before_left_untouched(rate_mutants):
    # Each gives its own answers: none is that of its neighbour, which a mutant that fails would show.
    assert len({outcome.answers for outcome in rate_mutants if outcome.result in ("named", "refused")}) > 5


def test_a_tolerance_that_is_too_wide_lets_a_mutant_survive(monkeypatch):
    from autograder.assignments.leaky_integrate_and_fire import questions as module

    question = module.ASSIGNMENT.question("lif_threshold")
    wide = replace(question, answers=(replace(question.answers[0], accept=lambda c: Between(0.5, 2.0)),))
    others = tuple(wide if q.id == question.id else q for q in module.ASSIGNMENT.questions)
    monkeypatch.setattr(module, "ASSIGNMENT", replace(module.ASSIGNMENT, questions=others))
    (row,) = summarize({"lif_threshold": outcomes(experiment("lif_threshold"), "mutants", COURSE, most=6)}, "mutants")
    assert row.found


def test_honest_variations_of_a_threshold_are_accepted():
    (row,) = summarize({"lif_threshold": outcomes(experiment("lif_threshold"), "honest", COURSE)}, "honest")
    assert not row.found
    assert row.counts["passed"] + row.counts["same"] > 3


def test_a_known_survivor_excuses_no_other_line_of_its_question():
    changes = experiment("hh_threshold").changes("mutants", Context.of(STUDENT, "hodgkin_huxley", COURSE))
    known_one = next(change for change in changes if (change.before, change.after) == ("2", "(2 * 2)"))
    both = [known_one, replace(known_one, line=1, within="scale = 2")]
    passed = [Outcome("hh_threshold", change, "passed", "", "") for change in both]
    (row,) = summarize({"hh_threshold": passed}, "mutants")
    assert [outcome.change for outcome, _ in row.listed] == both[:1]
    assert [outcome.change for outcome in row.found] == both[1:]


@pytest.mark.parametrize("kind", ["mutants", "honest"])
def test_each_known_change_is_still_made(kind):
    for question, reasons in known()[kind].items():
        found = experiment(question)
        changes = found.changes(kind, Context.of(STUDENT, found.assignment, COURSE))
        made = {(change.within, change.before, change.after) for change in changes}
        assert {(reason.within, reason.before, reason.after) for reason in reasons} <= made, question


@pytest.mark.parametrize("found", QUESTIONS)
@pytest.mark.parametrize("kind", ["mutants", "honest"])
def test_each_question_holds_against_all_of_its_changes(found, kind, pytestconfig):
    if not pytestconfig.getoption("thorough"):
        pytest.skip("all mutants and variations take some minutes: --thorough")
    (row,) = summarize({found.question: outcomes(found, kind, COURSE)}, kind)
    assert not row.found

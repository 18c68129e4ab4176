"""What holds for the judge whatever is handed in, to any question, by any student.

Answers are right ones, right ones in which something was changed, values of the whole vocabulary, and JSON that is no value.
With `--thorough` there are thirty times as many of them, other ones each time.
"""

import copy
import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from autograder import assignments, notebook
from autograder.answers import Branches, Plot
from autograder.course import Context
from autograder.judge import judge
from autograder.tolerance import Axis, Between, any_contains, within
from tests.answer_strategies import AWKWARD, anything, malformed, values, wrong_for
from tests.conftest import COURSE

QUESTIONS = [(name, question.id) for name in assignments.NAMES for question in assignments.load(name).questions]
STUDENTS = [f"student{number}" for number in range(6)]


@pytest.fixture
def examine(request):
    """Return a function that tries a property on so many examples."""
    thorough = request.config.getoption("--thorough", default=False)

    def run(examples, holds, *strategies):
        given(*strategies)(
            settings(
                max_examples=examples * (30 if thorough else 1),
                derandomize=not thorough,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )(holds)
        )()

    return run


@cache
def posed(name: str, question_id: str, student: str):
    """Return a question, its points, the student's context, and right answers of theirs."""
    context = Context.of(student, name, COURSE)
    question = assignments.load(name).question(question_id)
    points = notebook.points_of(name).points[question_id]
    right: dict = {}
    for answer in question.answers:
        # Parts that share a variable have right answers with the same one.
        right = next(dict(e.answers) for e in answer.examples(context) if e.passes) | right
    return question, points, context, right


any_question = st.builds(lambda at, student: posed(*at, student), st.sampled_from(QUESTIONS), st.sampled_from(STUDENTS))


@st.composite
def changed(draw, encoded):
    """Return an encoded value in which one place holds something else."""
    tree = copy.deepcopy(encoded)
    place, steps = tree, []
    while isinstance(place, dict | list) and place and (not steps or draw(st.integers(0, 3))):
        step = draw(st.sampled_from(sorted(place))) if isinstance(place, dict) else draw(st.integers(0, len(place) - 1))
        steps.append((place, step))
        place = place[step]
    holder, step = steps[-1]
    if isinstance(place, int | float) and draw(st.booleans()):
        holder[step] = place * draw(st.floats(-2, 2) | st.sampled_from([1e3, 1e-3, 1e300]))
    else:
        holder[step] = draw(anything)
    return tree


@st.composite
def jittered(draw, encoded):
    """Return an encoded value in which every number is off by a few per cent at most."""
    size = draw(st.sampled_from([1e-9, 1e-6, 1e-3, 0.02, 0.1]))
    random = draw(st.randoms(use_true_random=False))

    def shake(tree):
        if isinstance(tree, dict):
            return {key: item if key in ("shape", "dimension") else shake(item) for key, item in tree.items()}
        if isinstance(tree, list):
            return [shake(item) for item in tree]
        return tree * (1 + random.uniform(-size, size)) if type(tree) is float else tree

    return shake(encoded)


@st.composite
def submissions(draw):
    """Return a question with answers of every sort."""
    question, points, context, right = draw(any_question)
    answers = {}
    for key, value in right.items():
        how = draw(st.sampled_from(["right", "changed", "jittered", "value", "malformed", "absent"]))
        if how != "absent":
            answers[key] = draw(
                {
                    "right": st.just(value),
                    "changed": changed(value),
                    "jittered": jittered(value),
                    "value": values,
                    "malformed": malformed,
                }[how]
            )
    return question, points, context, answers


def test_judging_never_raises_stays_within_the_points_and_comes_out_the_same_each_time(examine):
    def holds(submission):
        question, points, context, answers = submission
        kept = json.dumps(answers)
        result = judge(question, points, answers, context, {})
        assert 0 <= result.score <= points
        assert result.score == round(sum(part.score for part in result.parts), 4)
        assert [part.message for part in result.parts if part.status == "error"] == []
        assert len(result.message) < 20_000
        result.message.encode("utf-8")
        assert json.dumps(answers) == kept
        again = judge(question, points, json.loads(kept), context, {})
        assert json.dumps(again.model_dump(mode="json")) == json.dumps(result.model_dump(mode="json"))

    examine(100, holds, submissions())


@pytest.mark.parametrize(("name", "question_id"), QUESTIONS, ids=[question_id for _, question_id in QUESTIONS])
def test_what_is_easily_taken_for_something_else_makes_no_question_stumble(name, question_id):
    question, points, context, right = posed(name, question_id, STUDENTS[0])
    for key, value in right.items():
        for awkward in AWKWARD:
            answers = [awkward]
            if "calls" in value:
                answers += [
                    {"calls": [[awkward] * len(value["calls"][0])]},
                    {"calls": [[*value["calls"][0][:-1], awkward]]},
                ]
            for answer in answers:
                result = judge(question, points, {**right, key: answer}, context, {})
                stumbled = [part.message for part in result.parts if part.status == "error"]
                assert not stumbled, (stumbled, answer)


@st.composite
def wrong_kinds(draw):
    """Return a question with right answers, of which one was replaced by a value of the wrong kind; and by which part's."""
    question, points, context, right = draw(any_question)
    index = draw(st.integers(0, len(question.answers) - 1))
    replaced = wrong_for(question.answers[index], context)
    assume(replaced)
    key = draw(st.sampled_from(sorted(replaced)))
    return question, points, context, {**right, key: draw(replaced[key](right[key]))}, index


def test_an_answer_of_the_wrong_kind_gets_no_points(examine):
    def holds(submission):
        question, points, context, answers, index = submission
        part = judge(question, points, answers, context, {}).parts[index]
        assert part.score == 0, part.message
        assert part.status != "error", part.message

    examine(200, holds, wrong_kinds())


def wider(band, extra):
    """Return a band, or bands, with edges that are `extra` further apart to either side."""
    if isinstance(band, Between):
        return replace(band, low=np.asarray(band.low) - extra, high=np.asarray(band.high) + extra)
    return [wider(one, extra) for one in band]


def lenient(answer, extra):
    """Return an answer that accepts more; the same one where there is no tolerance to widen."""
    if isinstance(answer, Plot):
        return replace(answer, curves=tuple(lenient(curve, extra) for curve in answer.curves))
    if hasattr(answer, "accept"):
        accept = answer.accept
        return replace(answer, accept=lambda *arguments: wider(accept(*arguments), extra))
    if isinstance(answer, Branches):
        return answer  # which branch a point shows depends on the tolerance too
    fields = {name for name in ("absolute", "relative", "resultant") if hasattr(answer, name)}
    return replace(answer, **{name: getattr(answer, name) + extra for name in fields})


def test_a_wider_tolerance_never_takes_points_away(examine):
    def holds(posed, data, extra):
        question, points, context, right = posed
        answers = {key: data.draw(jittered(value)) for key, value in right.items()}
        kinder = replace(question, answers=tuple(lenient(answer, extra) for answer in question.answers))
        strict, kind = (judge(q, points, answers, context, {}) for q in (question, kinder))
        for before, after in zip(strict.parts, kind.parts, strict=True):
            assert before.status != "passed" or after.status == "passed", after.message

    extras = st.sampled_from([0.0, 1e-9, 1e-3, 0.1, 1.0, 50.0])
    examine(100, holds, any_question, st.data(), extras)


edges = st.floats(-1e6, 1e6)
margins = st.floats(0, 1e3)


@pytest.mark.parametrize("kind", [Between, Axis])
def test_a_wider_interval_holds_all_that_a_narrower_one_does(kind, examine):
    def holds(low, width, below, above, value):
        near = [value, low, low + width, low + width / 2, low - 1e-9]
        narrow, wide = kind(low, low + width), kind(low - below, low + width + above)
        assert (wide.contains(near) | ~narrow.contains(near)).all()
        assert (any_contains([wide, narrow], near) == wide.contains(near)).all()

    examine(300, holds, edges, margins, margins, margins, edges)


def test_a_larger_margin_accepts_all_that_a_smaller_one_does(examine):
    def holds(centre, relative, absolute, more, value):
        narrow = within(centre, relative, absolute)
        values = [value, narrow.low, narrow.high, centre]
        for wide in (within(centre, relative + more, absolute), within(centre, relative, absolute + more)):
            assert (wide.contains(values) | ~narrow.contains(values)).all()

    examine(300, holds, edges, st.floats(0, 1), margins, margins, edges)

"""What two students share: found, with how likely chance is; what is honest is not held against anybody."""

import json
from dataclasses import replace

import numpy as np
import pytest

from autograder import assignments, notebook, pages, samples
from autograder.course import Context
from autograder.pages.copies import Copies, add_notebooks, handed_out, normal_form, render
from autograder.pages.gather import Entry, answers_of
from autograder.pages.templating import jinja_environment
from autograder.totals import ClassTotals, of
from neurodynex.answer_data.encode import encode
from tests.conftest import COURSE, judged
from tests.pages import classes

LIF, TYPES = "leaky_integrate_and_fire", "neuron_type"
CODE = '''
def spike_times(t, v):
    """Find resets."""
    falls = np.diff(v) < -0.5   # the reset
    return t[1:][falls]


amplitudes_tried = np.arange(0.9, 1.1, 0.01)
for amplitude in amplitudes_tried:
    rec = LIF_Step(I_amp=amplitude, do_plot=False)
    if len(spike_times(rec.t / b2.ms, rec.v[0] / b2.mV)) > 0:
        I_min = amplitude
        break
'''
RENAMED = (
    CODE.replace("falls", "x")
    .replace("amplitudes_tried", "grid")
    .replace('"""Find resets."""', "")
    .replace("amplitude", "a")
    .replace("spike_times", "f")
    .replace("  # the reset", "")
)


def compared(results) -> Copies:
    found = Copies(results[0].assignment)
    for result in results:
        context = Context.of(result.student, result.assignment, COURSE)
        answers = answers_of(result)
        found.add(Entry(result, of(result), result.student), result, context, answers)
    return found


def with_answers(result, **values):
    """Return a result in which a question's variables hold other values."""
    questions = []
    for question in result.questions:
        changed = {f"variable:{name}": encode(value) for name, value in values.items()}
        here = {key: value for key, value in changed.items() if key in question.answers}
        more = {"answers": {**question.answers, **here}, "attempted": True} if here else {}
        questions.append(question.model_copy(update=more))
    return result.model_copy(update={"questions": tuple(questions)})


def spread(result, rng):
    """Return a result with answers as nobody else has them."""
    return with_answers(
        result,
        I_min=float(rng.normal(1.0, 0.01)),
        rates=rng.normal(100, 20, 11),
        amplitudes=rng.normal(0.1, 0.01, 7),
        phases=rng.normal(-1, 0.1, 7),
        currents=np.arange(11) / 10,
        frequencies=np.arange(1, 8) / 10,
        response_frequencies=np.arange(1, 8) / 10,
        I_sinus=0.05,
    )


def test_two_who_share_answers_to_the_last_digit_are_a_pair_and_nobody_else_is():
    rng = np.random.default_rng(4)
    results = [spread(result, rng) for result in classes.make(LIF, classes.names(20))]
    copy = {name: value for question in results[3].questions for name, value in question.answers.items()}
    taken = tuple(
        question.model_copy(update={"answers": {key: copy[key] for key in question.answers}})
        for question in results[7].questions
    )
    results[7] = results[7].model_copy(update={"questions": taken})
    (pair,) = compared(results).pairs()
    assert {pair.one.result.student, pair.other.result.student} == {results[3].student, results[7].student}
    assert pair.questions == 4 and pair.expected == pytest.approx(190 * (1 / 19) ** 4)
    assert any(
        agreement.what.startswith("I_min = 1.0") or agreement.what.startswith("I_min = 0.9")
        for agreement in pair.agreements
    )


def test_round_numbers_and_what_the_whole_class_shares_tell_nothing():
    results = [
        with_answers(result, I_min=1.01, rates=np.linspace(1, 2, 11) / 3, amplitudes=[0.1] * 7)
        for result in classes.make(LIF, classes.names(16))
    ]
    blank = [
        r.model_copy(update={"questions": tuple(q for q in r.questions if q.id != "lif_sinus_phase")}) for r in results
    ]
    assert compared(blank).pairs() == []


def test_code_is_the_same_but_for_names_comments_and_layout():
    assert normal_form(CODE) is not None and normal_form(CODE) == normal_form(RENAMED)
    assert normal_form(CODE) != normal_form(CODE.replace("-0.5", "-0.4"))
    assert normal_form(CODE) != normal_form(CODE.replace("np.diff", "np.gradient"))
    assert normal_form("I_min = 1.01") is None and normal_form("(" * 5000) is None


def test_what_was_handed_out_is_left_out_and_the_graded_notebook_is_read(tmp_path):
    results = []
    for student, sample in (("ada", "ada"), ("bob", "ada"), ("blank", "blank"), ("eve", "blank")):
        content = samples.load(LIF)[sample].notebook(notebook.source_path(LIF), student)
        path = tmp_path / "submitted" / student / LIF / f"{LIF}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        (result,) = classes.make(LIF, [student])
        results.append(result.model_copy(update={"notebook_sha256": notebook.digest(notebook.normalised(content))}))
    results[-1] = results[-1].model_copy(update={"notebook_sha256": "another"})
    found = compared(results)
    add_notebooks(found, ClassTotals.read(tmp_path, COURSE, None, [tmp_path / "submitted"]))
    assert found.without_notebook == 1
    shared = [
        sorted(students) for (_, what), forms in found.shared.items() for students in forms.values() if what == "code"
    ]
    assert shared and all(students == ["ada", "bob"] for students in shared)
    assert set(handed_out(LIF)) == {f"{question.id}_solution" for question in results[0].questions}


def test_an_answer_that_is_right_for_the_other_variant_is_reported(tmp_path):
    results = classes.make(TYPES, ["ada"])
    context = Context.of("ada", TYPES, COURSE)
    question = assignments.load(TYPES).question("type_thresholds")
    swapped = dict(zip(context.variant, reversed(list(context.variant.values())), strict=True))
    other = Context(context.student, TYPES, swapped, COURSE)
    given = {answer.name: float(answer.expected(other)) for answer in question.answers}
    wrong = judged("type_thresholds", given, "ada")
    result = results[0].model_copy(update={"questions": (wrong,)})
    found = compared([result])
    names = ("I_threshold_X", "I_threshold_Y")
    assert [one.answers for one in found.foreign] == [[("type_thresholds", name) for name in names]]
    pages.write_pages(classes.write([result], tmp_path), COURSE)
    page = (tmp_path / "report" / "copies.html").read_text(encoding="utf-8")
    assert "right for another" in page and "never a verdict" in page
    assert "1 of 1 student the notebook" in page.replace("\n", " ")
    own = (tmp_path / "report" / "students" / "ada" / f"{TYPES}.html").read_text(encoding="utf-8")
    assert "another's variant" not in own and json.dumps(context.variant) not in own


def swapped_or_wrong(student, x, y):
    """Return a result with two thresholds, each for the student's own variant, for the other one, or for none."""
    (result,) = classes.make(TYPES, [student])
    context = Context.of(student, TYPES, COURSE)
    swapped = dict(zip(context.variant, reversed(list(context.variant.values())), strict=True))
    other = Context(student, TYPES, swapped, COURSE)
    values = {
        answer.name: {"own": answer.expected(context), "other": answer.expected(other), "none": 1.2345, "text": "?"}[
            kind
        ]
        for answer, kind in zip(assignments.load(TYPES).question("type_thresholds").answers, (x, y), strict=True)
    }
    return result.model_copy(update={"questions": (judged("type_thresholds", values, student),)})


def test_how_likely_chance_is_comes_from_the_classs_wrong_answers_to_the_same(tmp_path):
    given = [("ada", "other", "other"), ("bob", "none", "other"), ("eve", "none", "own"), ("kim", "text", "other")]
    results = [swapped_or_wrong(*each) for each in given]
    found = compared(results)
    x, y = (("type_thresholds", name) for name in ("I_threshold_X", "I_threshold_Y"))
    assert (found.fitting[x], found.wrong[x]) == (1, 3), "what cannot be read could not fit"
    assert (found.fitting[y], found.wrong[y]) == (3, 3)
    told = {one.entry.result.student: (one.answers, one.wrong, found.chance(one)) for one in found.foreign}
    assert told == {
        "ada": ([x, y], 2, pytest.approx(1 / 3)),
        "bob": ([y], 2, 1.0),
        "kim": ([y], 1, 1.0),
    }
    both = compared(results[:2])
    both.add_all(compared(results[2:]))
    assert (both.wrong, both.fitting) == (found.wrong, found.fitting)
    pages.write_pages(classes.write(results, tmp_path), COURSE)
    page = (tmp_path / "report" / "copies.html").read_text(encoding="utf-8")
    assert "<code>I_threshold_X</code> (1 of 3)" in page and ">33 %</td>" in page and ">2 of 2</td>" in page


def test_pairs_stand_in_a_table_that_leads_to_what_they_share():
    rng = np.random.default_rng(4)
    results = [spread(result, rng) for result in classes.make(LIF, classes.names(12))]
    results.append(results[0].model_copy(update={"student": "zoe"}))
    found = compared(results)
    found.entries["zoe"] = replace(found.entries["zoe"], name="Zoë Roe")
    page = render(jinja_environment(), [found])
    assert page.count(f'<tr data-more="pair-{LIF}-1">') == page.count(f'<details id="pair-{LIF}-1">') == 1
    assert f'<a href="#pair-{LIF}-1">ada.000 and Zoë Roe <span class="id">zoe</span></a>' in page
    assert f'data-search="search-pairs-{LIF}"' in page and f'<input id="search-pairs-{LIF}"' in page

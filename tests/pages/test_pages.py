"""The class's page and the students' pages: what stands on them, and what must not."""

import itertools
import multiprocessing
import os
import re
import sys
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from matplotlib.path import Path as MatplotlibPath
from nbconvert.filters import markdown2html

from autograder import answers as kinds
from autograder import assignments, pages
from autograder.__main__ import main
from autograder.course import Context
from autograder.errors import InstructorError
from autograder.marks import Mark
from autograder.pages import class_page, plots, statistics
from autograder.pages import student as student_page
from autograder.pages.bands import width_needed
from autograder.pages.gather import Entry, Seen, gather
from autograder.pages.shapes import Line, Number
from autograder.pages.templating import jinja_environment
from autograder.pages.views import views
from autograder.result import Earlier
from autograder.sandbox import Calls, decode
from autograder.titles import titles
from autograder.tolerance import Axis, Between
from autograder.totals import ClassTotals, of
from neurodynex.answer_data.encode import encode
from tests.conftest import COURSE, judged
from tests.pages import classes

writing = import_module("autograder.pages.write")
LIF, TYPES, PLANE, OJA = "leaky_integrate_and_fire", "neuron_type", "phase_plane_analysis", "ojas_rule"
STUDENTS = classes.names(12)


@pytest.fixture(scope="module")
def lif(tmp_path_factory):
    """Return the folder of a class's grades with its pages, and the results."""
    results = classes.make(LIF, STUDENTS)
    out = classes.write(results, tmp_path_factory.mktemp("lif"))
    pages.write_pages(out, COURSE)
    return out, results


def text(out, *names):
    return out.joinpath("report", *names).read_text(encoding="utf-8")


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_each_question_has_its_title_share_and_plot(lif):
    out, results = lif
    page = text(out, "index.html")
    for question in results[0].questions:
        item = statistics.item(assignments.load(LIF).question(question.id), results)
        assert f'<section class="question" id="{question.id}"' in page
        assert titles(LIF)[question.id] in page
        assert f"passed ({item.states['passed']} of {len(results)})" in page
    assert (
        page.count('<svg class="plot" role="img" aria-label="') == 8
    )  # scores, a number, a function, four curves, a figure
    assert "Expected 1 nA, accepted from 0.995 to 1.02 nA, for everybody." in page


def test_the_pages_need_no_network_and_are_whole_without_scripts(lif):
    out, _ = lif
    for path in (out / "report").rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page) and "@import" not in page and "url(http" not in page
        assert not re.search(r"#0a0b0\d", page), "a plot's colour is the page's"
        ids = re.findall(r' id="([^"]+)"', re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))
        assert len(ids) == len(set(ids))
        assert {
            address[1:]
            for address in re.findall(r'href="(#[^"]+)"', re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))
        } <= set(ids)
    body = re.sub(r"<script>.*?</script>", "", text(out, "index.html"), flags=re.DOTALL)
    assert all(student in body for student in STUDENTS)


def test_every_student_is_a_row_that_leads_to_a_page(lif):
    out, _ = lif
    page = text(out, "index.html")
    for student in STUDENTS:
        assert f'href="students/{student}/{LIF}.html"' in page
        assert student in text(out, "students", student, f"{LIF}.html")


def test_a_students_page_holds_nothing_of_the_others_and_no_expected_value(lif):
    out, results = lif
    student = next(
        r.student for r in results if not r.question("lif_threshold").passed and r.question("lif_threshold").attempted
    )
    for ending in ("html", "md"):
        page = text(out, "students", student, f"{LIF}.{ending}")
        assert not [other for other in STUDENTS if other != student and other in page]
        assert "0.995" not in page and "1.02 " not in page and "expected" not in page.lower()


def test_with_the_key_expected_values_stand_there_until_the_pages_are_written_again(lif):
    out, _ = lif
    pages.write_pages(out, COURSE, with_key=True, only=STUDENTS[0])
    assert "0.995 to 1.02 nA" in text(out, "students", STUDENTS[0], f"{LIF}.html")
    assert "0.995 to 1.02 nA" in text(out, "students", STUDENTS[0], f"{LIF}.md")
    assert "0.995" not in text(out, "students", STUDENTS[1], f"{LIF}.html")
    pages.write_pages(out, COURSE)
    assert "0.995" not in text(out, "students", STUDENTS[0], f"{LIF}.html")


def test_what_a_function_returned_at_hidden_inputs_and_the_variant_are_not_shown(tmp_path):
    (result,) = classes.make(TYPES, ["ada"], seed=3)
    context = Context.of("ada", TYPES, COURSE)
    right = {f"{name} is type {kind}" for name, kind in context.variant.items()}
    question = result.question("type_firing_rate")
    calls = {"call:get_firing_rate": {"calls": [[encode(98.7654)] * 8]}}
    answered = question.model_copy(update={"answers": calls})
    others = tuple(answered if each.id == question.id else each for each in result.questions)
    pages.write_pages(classes.write([result.model_copy(update={"questions": others})], tmp_path), COURSE)
    for ending in ("html", "md"):
        page = text(tmp_path, "students", "ada", f"{TYPES}.{ending}")
        assert "98.7654" not in page and not [said for said in right if said in page]


def test_a_regrade_is_asked_for_with_question_answer_verdict_and_reason(lif):
    out, results = lif
    result = next(
        r for r in results if r.question("lif_threshold").attempted and not r.question("lif_threshold").passed
    )
    question = result.question("lif_threshold")
    value = decode(question.answers["variable:I_min"])
    page = text(out, "students", result.student, f"{LIF}.html")
    asked = re.search(r'<textarea id="ask-lif_threshold"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1]
    assert f"I_min: {value:.6g} nA" in asked and "not passed, 0 of 2 points" in asked
    assert question.parts[0].message[:20].replace("'", "&#39;") in asked and result.notebook_sha256 in asked
    assert "ask-lif_threshold" not in text(
        out, "students", next(r.student for r in results if r.question("lif_threshold").passed), f"{LIF}.html"
    )


@pytest.mark.parametrize("share, is_asked", [(0.5, True), (1.0, False), (None, False)])
def test_a_text_with_less_than_full_points_can_be_asked_about_with_its_comment(share, is_asked):
    (result,) = classes.make(OJA, ["ada"])
    (name, worth), *_ = result.by_hand.items()
    result = result.model_copy(update={"texts": {name: "The first line\nand </textarea>"}})
    mark = Mark("ada", OJA, name, None if share is None else share * worth, "Say why.")
    context = Context.of("ada", OJA, COURSE)
    answers = {question.id: {} for question in result.questions}
    page = student_page.student_page(Entry(result, of(result, {name: mark}), "ada"), result, context, answers)
    asked = [request.text for request in page.requests if request.id == name]
    assert len(asked) == is_asked
    for text in asked:
        assert "My answer:\n  The first line\n  and </textarea>\n" in text and '"Say why."' in text
        assert f"graded by hand, {worth / 2:g} of {worth:g} point" in text
    written = jinja_environment().get_template("student.html").render(page=page)
    assert written.count("</textarea>") == len(page.requests) and (f'id="ask-{name}"' in written) == is_asked


def test_the_markdown_for_mail_has_the_rosters_name_and_the_own_texts():
    (result,) = classes.make(OJA, ["ada"])
    (name, worth), *_ = result.by_hand.items()
    own = "The *first* component,\n\n# and <b>why</b>: " + "word " * 30
    result = result.model_copy(update={"texts": {name: own}})
    mark = Mark("ada", OJA, name, worth, "Well said.")
    context, answers = Context.of("ada", OJA, COURSE), {question.id: {} for question in result.questions}
    page = student_page.student_page(Entry(result, of(result, {name: mark}), "ada", "Ada B."), result, context, answers)
    written = jinja_environment().get_template("student.md").render(page=page)
    assert written.splitlines()[2].startswith("Ada B. (ada): **")
    said = written[written.index("Your answer:\n\n    The *first* component,\n    \n    # and <b>why</b>: word") :]
    block = said[: said.index("Comment: Well said.")].splitlines()[2:]
    assert all(not line or (line.startswith("    ") and len(line) <= 92) for line in block)
    assert " ".join(" ".join(block).split()) == " ".join(own.split())
    assert "<b>" not in markdown2html(written).replace("&lt;b&gt;", "") and "<h1" not in markdown2html(said)


def test_earlier_scores_stand_on_the_page_with_when_and_why(tmp_path):
    (result,) = classes.make(LIF, ["ada"])
    earlier = Earlier(
        score=1.5,
        questions={**result.scores, "lif_threshold": 9.0},
        notebook_sha256="",
        run_key="",
        judging_key="",
        package="",
        replaced="2026-11-02T10:00:00+00:00",
        reason="questions, tolerances or points changed",
    )
    pages.write_pages(classes.write([result.model_copy(update={"history": (earlier,)})], tmp_path), COURSE)
    now = f"{result.scores['lif_threshold']:g}"
    for ending in ("html", "md"):
        page = text(tmp_path, "students", "ada", f"{LIF}.{ending}")
        assert "2026-11-02 10:00:00 UTC" in page and "questions, tolerances or points changed" in page
        assert f"The threshold current: 9 → {now}" in page.replace("\\", "")


def test_not_attempted_is_not_counted_as_not_passed(lif):
    _, results = lif
    name = next(question.id for result in results for question in result.questions if not question.attempted)
    blank = [result for result in results if not result.question(name).attempted]
    item = statistics.item(assignments.load(LIF).question(name), results)
    assert item.states["not attempted"] == len(blank) > 0
    assert sum(item.states.values()) == len(results) and item.states["not passed"] < len(results) - len(blank)


def test_what_was_wrong_stands_in_words_with_the_slips_name_beside_it(tmp_path):
    given = [("ada", 1010.0), ("bob", 1005.0), ("eve", 0.0)]
    results = []
    for student, value in given:
        (result,) = classes.make(LIF, [student])
        wrong = judged("lif_threshold", {"I_min": value}, student)
        results.append(result.model_copy(update={"questions": (wrong,)}))
    item = statistics.item(assignments.load(LIF).question("lif_threshold"), results)
    assert [(made.name, count) for made, count in item.slips] == [("pA", 2), ("zero", 1)]
    pages.write_pages(classes.write(results, tmp_path), COURSE)
    page = text(tmp_path, "index.html")
    table = page[page.index("<caption>Usual slips") : page.index('<h2 id="students">')]
    told = "This looks like pA; the question asks for nA."
    assert f'<td>{told} <span class="id">pA</span></td>' in table and "67 % (2)" in table
    assert f"not passed. {told}" in page and f"pA {told}" in page[page.index("data-words") :]


def test_one_students_command_leaves_the_page_the_classs(tmp_path, monkeypatch, capsys):
    out = classes.write(classes.make(LIF, STUDENTS[:3]), tmp_path)
    pages.write_pages(out, COURSE)
    whole = text(out, "index.html")
    (out / "report" / "students" / "who.left").mkdir()
    (out / "report" / "students" / "who.left" / f"{LIF}.html").write_text("old")
    monkeypatch.setattr(sys, "argv", ["autograder", "report", str(out), "--student", STUDENTS[1]])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0 and "report/index.html" in capsys.readouterr().out
    assert text(out, "index.html") == whole
    with pytest.raises(InstructorError, match=r"no results of nobody in "):
        pages.write_pages(out, COURSE, only="nobody")
    pages.write_pages(out, COURSE)
    assert not (out / "report" / "students" / "who.left").exists()


def test_several_assignments_have_a_page_each_and_a_first_page(tmp_path):
    for name in (LIF, "ojas_rule"):
        classes.write(classes.make(name, STUDENTS[:2]), tmp_path)
    pages.write_pages(tmp_path, COURSE)
    first = text(tmp_path, "index.html")
    assert " % passed</td>" in first and "all passed" not in first
    assert f'href="{LIF}.html"' in first and 'href="ojas_rule.html"' in first
    assert "Still to be graded by hand" in text(tmp_path, "ojas_rule.html")


def test_where_all_passed_all_questions_none_is_called_the_least_passed(tmp_path):
    made = [*classes.make(LIF, ["ada"]), *classes.make("ojas_rule", ["ada"])]
    best = [
        one.model_copy(update={"questions": tuple(q.model_copy(update={"passed": True}) for q in one.questions)})
        for one in made
    ]
    classes.write(best, tmp_path)
    pages.write_pages(tmp_path, COURSE)
    assert text(tmp_path, "index.html").count("<td>none: all passed</td>") == 2


def test_discrimination_is_the_correlation_with_the_rest():
    (base,) = classes.make(LIF, ["ada"])
    question, threshold = base.question("lif_threshold"), assignments.load(LIF).question("lif_threshold")
    many = [
        base.model_copy(update={"score": s + r, "questions": (question.model_copy(update={"score": s}),)})
        for s, r in [(0, 1), (0, 2), (0, 3), (0, 4), (2, 7), (2, 8), (2, 9), (2, 10)]
    ]
    assert statistics.item(threshold, many).discrimination == pytest.approx(0.9370, abs=1e-4)
    assert statistics.item(threshold, many[:4]).discrimination is None


def seen(*values: float, low: float = 1.0, high: float = 3.0) -> list[Seen]:
    (result,) = classes.make(LIF, ["ada"])
    entry = Entry(result, of(result), "ada")
    return [Seen(entry, Number("x", "nA", value, 2.0, low, high), low <= value <= high) for value in values]


def test_of_a_wider_band_the_page_says_how_many_more_it_would_accept():
    changes = {change.factor: change for change in statistics.band_changes(seen(2, 2.4, 2.9, 3.2, 3.8, 9), 2.0, 10)}
    assert changes[0.5].accepted == 2 and changes[0.5].more == -1
    assert changes[1.5].more == 1 and changes[1.5].mean == pytest.approx(0.2)
    assert changes[2.0].more == 2 and changes[3.0].more == 2
    assert [one.view.value for one in statistics.just_outside(seen(2, 2.4, 2.9, 3.8, 3.2, 9))] == [3.2, 3.8]


def test_of_many_answers_just_outside_the_nearest_are_named_and_the_others_counted():
    picture = class_page._picture("x", seen(2, *np.linspace(3.9, 3.01, 20)), 1.0, 21, alone=True)
    assert [one.view.value for one, _ in picture.outside[:1]] == [3.01]
    assert len(picture.outside) == 12 and picture.more_outside == 8


@pytest.mark.parametrize("name", assignments.NAMES)
def test_a_right_answer_lies_inside_its_band_and_one_beyond_an_edge_needs_a_wider_one(name):
    context = Context.of("ada", name, COURSE)
    told = 0
    for question in assignments.load(name).questions:
        for answer in question.answers:
            for example in itertools.islice(answer.examples(context), 30):
                found = views(answer, {key: decode(value) for key, value in example.answers.items()}, context)
                for view in found if len(found) == 1 else ():
                    needed = statistics.width_needed_by(view) if view else None
                    if needed is not None and (
                        example.passes or example.label.startswith(("beyond", "below", "above"))
                    ):
                        assert (needed <= 1) == example.passes, (question.id, example.label, needed)
                        told += 1
    assert told >= 10


def test_of_an_axis_the_opposite_direction_lies_where_the_judge_sees_it():
    context = Context.of("ada", "ojas_rule", COURSE)
    (answer,) = assignments.load("ojas_rule").question("oja_bonus").answers
    right = next(example for example in answer.examples(context) if example.passes)
    got = {key: decode(value) for key, value in right.answers.items()}
    opposite = {key: Calls(tuple(tuple(-value for value in one) for one in calls.rounds)) for key, calls in got.items()}
    assert answer.judge(context, opposite).passed
    for given in (got, opposite):
        (view,) = views(answer, given, context)
        assert np.abs(view.off).max() <= 1


def line(needed: float | None, passed: bool, student: str) -> Seen:
    (result,) = classes.make(LIF, ["ada"])
    entry = Entry(result.model_copy(update={"student": student}), of(result), student)
    edge = np.array([0.0, 1.0])
    return Seen(entry, Line(edge, edge, edge, edge - 1, edge + 1, "x", "y", needed), passed)


def test_of_curves_the_page_says_how_many_lie_wholly_inside_a_narrower_and_a_wider_band():
    widths = [0.3, 0.9, 1.0, 1.2, 1.8, np.inf, None]
    seen = [line(width, width == 0.3, str(number)) for number, width in enumerate(widths)]
    found = statistics.inside([seen])
    assert [(row.factor, row.answers, row.accepted, row.among) for row in found] == [
        (0.5, 1, 1, 6),
        (1.0, 3, 1, 6),
        (1.5, 4, 1, 6),
        (2.0, 5, 1, 6),
    ]
    assert statistics.inside([[line(None, True, "ada")]]) == []


def test_of_several_numbers_all_have_to_lie_inside():
    one, other = seen(2.4, 3.5), seen(2.9)  # of the second student a number could not be measured
    pair = [
        replace(each, entry=replace(each.entry, result=each.entry.result.model_copy(update={"student": name})))
        for each, name in zip(one, ("ada", "bob"), strict=True)
    ]
    assert [row.answers for row in statistics.inside([pair, other])] == [0, 1, 1, 1]
    assert [row.answers for row in statistics.inside([pair])] == [1, 1, 2, 2]


def test_a_band_that_is_an_axis_or_has_no_width_grows_as_the_judge_would_have_it():
    assert width_needed([Axis(170.0, 190.0)], [5.0, 20.0]) == pytest.approx([0.5, 2.0])
    assert width_needed([Between(0.0, 0.0)], [0.0, 0.1]).tolist() == [0.0, np.inf]
    assert width_needed([Between(0.0, 2.0), Between(4.0, 5.0)], [2.5, 3.5, np.nan]).tolist() == [1.5, 2.0, np.inf]
    assert width_needed([Between(-1.0, 1.0)], [6.5], period=6.0) == pytest.approx([0.5])


def test_where_another_width_cannot_be_told_the_page_says_so(lif):
    page = text(lif[0], "index.html")
    curve, figure = page.index("<h3><code>rates</code></h3>"), page.index("<h3>Figure:")
    assert curve < page.index("How many answers a band of another width would hold", curve) < figure
    after = page[figure : page.index('id="lif_sinus_amplitude"', figure)]
    assert "cannot be told from what is drawn here" in after and "another width would hold" not in after


def test_bands_that_are_not_drawn_are_counted():
    bands = [0, 0, 1, 2, 3, 3, 4]
    edge = np.array([0.0, 1.0])
    found = [Line(edge, edge, edge, edge + band, edge + band + 1, "x", "y") for band in bands]
    assert plots.by_band(found) == [[0, 1], [4, 5], [2], [3], [6]]
    (_, said) = class_page._panels(found)
    assert "2 other bands with 2 answers" in said
    assert plots.draw_curves(found, [True] * 7).count("5 curves of y over x, 5 accepted") == 1
    assert len(class_page._panels(found[:3])) == 1 and class_page._panels(found[:2]) == []


def test_each_axis_is_relative_to_the_students_own_value_where_those_differ():
    found = [one.view for one in seen(2, 3.5)] + [Number("x", "nA", 7.5, 7.0, 6.5, 8.0)]
    drawn = plots.draw_numbers(found, [True, False, True], "x")
    assert "difference from the student&#39;s own" in drawn or "difference from the student's own" in drawn
    assert "expected 2 nA" in drawn and "expected 7 nA" in drawn
    many = [Number("x", "nA", float(n), float(n), n - 1.0, n + 1.0) for n in range(6)]
    assert "in half widths" in plots.draw_numbers(many, [True] * 6, "x")


def test_an_axis_holds_answers_a_thousand_times_too_large():
    scale = plots.Scale(1.0, 0.01, classes.np.array([0.99, 1.005, 1010.0]))
    places, labels = scale.ticks()
    assert scale.logarithmic and len(places) > 4 and "1" in labels
    assert scale.limits[0] < scale(0.99) < scale(1.005) < scale(1010.0) < scale.limits[1]
    assert (scale(1.02) - scale(0.98)) / (scale.limits[1] - scale.limits[0]) > 0.02


@pytest.mark.parametrize("name", assignments.NAMES)
def test_a_right_answer_is_drawn_inside_its_band_and_garbage_breaks_nothing(name):
    context = Context.of("ada", name, COURSE)
    for question in assignments.load(name).questions:
        for answer in question.answers:
            example = next(iter(answer.examples(context)))
            for view in views(answer, {key: decode(value) for key, value in example.answers.items()}, context):
                if isinstance(view, Number):
                    assert Between(view.low, view.high).contains([view.value, view.expected]).all()
            for value in (float("nan"), "text", None, [], {}, 10**30):
                garbage = {request.key: decode(encode(value)) for request in question.requests(context)}
                views(answer, garbage, context)


def drawn(answer, context, label):
    """Return what is drawn of one of the examples of an answer."""
    example = next(example for example in answer.examples(context) if example.label == label)
    return views(answer, {key: decode(value) for key, value in example.answers.items()}, context)


KINDS = (kinds.Branches, kinds.PhasePortrait, kinds.Plot, kinds.Trajectory)
FIGURES = [
    pytest.param(name, answer, id=f"{question.id}-{index}")
    for name in (LIF, TYPES, PLANE)
    for question in assignments.load(name).questions
    for index, answer in enumerate(question.answers)
    if isinstance(answer, KINDS)
]


@pytest.mark.parametrize("name, answer", FIGURES)
def test_a_right_figure_or_trajectory_lies_where_it_has_to_in_any_unit_and_either_way_round(name, answer):
    context = Context.of("ada", name, COURSE)
    found = drawn(answer, context, "right")
    assert found
    for view in found:
        if isinstance(view, Number):
            assert view.low <= view.value <= view.high
        elif isinstance(view, Line):
            edges = [np.interp(view.x, view.at, edge) for edge in (view.low, view.high)]
            assert view.x.size > 4 and np.mean((view.y >= edges[0] - 1e-9) & (view.y <= edges[1] + 1e-9)) > 0.8
        else:
            points = np.concatenate([MatplotlibPath(path).interpolated(8).vertices for path in view.paths])
            assert all(MatplotlibPath(area).contains_points(points).sum() > 4 for area in view.areas)
    for label in (example.label for example in answer.examples(context)):
        if label in (
            "in another unit",
            "right, in another unit",
            "right, turned",
            "right, with w on the horizontal axis",
        ):
            for one, other in zip(found, drawn(answer, context, label), strict=True):
                for mine, theirs in zip(curves(one), curves(other), strict=True):
                    assert np.allclose(mine, theirs)


def curves(view):
    if isinstance(view, Number):
        return [[view.value]]
    return [view.x, view.y] if isinstance(view, Line) else view.paths


def test_a_wrong_figure_is_drawn_where_it_lies_and_one_that_cannot_be_read_leaves_its_place_empty():
    context = Context.of("ada", PLANE, COURSE)
    portrait = assignments.load(PLANE).question("fhn_trajectory").answers[1]
    (right, *_), (wrong, *_) = (drawn(portrait, context, label) for label in ("right", "another model"))
    shape = MatplotlibPath(right.areas[0])
    inside = [shape.contains_points(view.paths[0]).sum() for view in (right, wrong)]
    assert inside[1] < 0.7 * inside[0]
    assert (
        drawn(portrait, context, "one arrow")[1].value == 100
        and drawn(portrait, context, "without the flow")[1] is None
    )
    (curve,) = (
        answer for answer in assignments.load(LIF).question("lif_fi_curve").answers if isinstance(answer, kinds.Plot)
    )
    assert drawn(curve, Context.of("ada", LIF, COURSE), "no figure") == [None]


def test_a_classs_figures_and_trajectories_are_on_its_page(tmp_path):
    pages.write_pages(classes.write(classes.make(PLANE, STUDENTS[:5]), tmp_path), COURSE)
    page = text(tmp_path, "index.html")
    assert page.count('aria-label="What ') == 3 and "Figure: both nullclines in the u-w plane" in page
    for label in ("period of u", "extent of u", "extent of w", "arrows along the flow"):
        assert f"<h3><code>{label}</code></h3>" in page
    section = page[page.index('id="fhn_trajectory"') : page.index('id="fhn_critical_current"')]
    assert "More than this number is judged" in section and "<summary>What another width" not in section
    assert section.count("<summary>How many answers a band of another width") == 1, "of the trajectory's three numbers"
    assert section.count("cannot be told from what is drawn here") == 1, "of the figure"


def test_a_class_is_read_once_and_keeps_no_answers(lif):
    out, _ = lif
    groups = gather(sorted(out.glob("*/*.json")), COURSE, ClassTotals.read(out, COURSE), classes.SOURCES)
    assert all(not question.answers for entry in groups[LIF].entries for question in entry.result.questions)


def files(out):
    return {path.relative_to(out): path.read_bytes() for path in (out / "report").rglob("*") if path.is_file()}


def test_many_grades_are_shown_in_parallel_by_the_same_pages(tmp_path, monkeypatch):
    for name in (LIF, TYPES):
        classes.write(classes.make(name, STUDENTS[:2]), tmp_path)
    pages.write_pages(tmp_path, COURSE)
    alone = files(tmp_path)
    (tmp_path / "report" / "students" / STUDENTS[0] / f"{LIF}.html").unlink()
    monkeypatch.setattr(writing, "_MANY", 1)
    monkeypatch.setattr(writing, "_PORTION", 3)
    pages.write_pages(tmp_path, COURSE)
    assert files(tmp_path) == alone


def end_like_a_killed_process(*_):
    if multiprocessing.parent_process():
        os._exit(9)


def test_a_process_that_is_killed_is_told_with_what_to_do(tmp_path, monkeypatch):
    out = classes.write(classes.make(LIF, STUDENTS[:2]), tmp_path)
    monkeypatch.setattr(writing, "_MANY", 1)
    monkeypatch.setattr(writing, "_PORTION", 1)
    monkeypatch.setattr(writing, "_students", end_like_a_killed_process)
    with pytest.raises(InstructorError, match=f"was killed.*autograder report {re.escape(str(out))}"):
        pages.write_pages(out, COURSE)

"""A student's own figures: drawn from data, where it lies, within bounds, with nothing in them that a browser would run."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from autograder import pages
from autograder.answers.figure_answer import axes_example, figure_example
from autograder.pages import own_figures
from autograder.pages.own_figures import AXES, FIGURES
from autograder.pages.templating import jinja_environment
from autograder.sandbox import decode
from tests.conftest import COURSE
from tests.pages import classes

LIF, PLANE = "leaky_integrate_and_fire", "phase_plane_analysis"
EVIL = "</text></svg><script>alert(1)</script><img src=x onerror=alert(1)>\x1b\u202e$\\frac{1}{$"
#: What a drawing of ours is made of.
ELEMENTS = {"svg", "g", "path", "text"}
TEMPLATE = jinja_environment().get_template("figure.html")


def figure(*shapes, label="I (nA)", count=1):
    """Return an encoded figure with so many axes of the same lines."""
    return figure_example([axes_example(label, list(shapes or [(np.arange(5.0), np.arange(5.0))]))] * count)


def decoded(*figures):
    return decode({"figures": list(figures)})


def with_figures(result, question, *figures):
    """Return a result in which these figures came out for a question."""
    changed = tuple(
        each.model_copy(update={"answers": {**each.answers, "figures": {"figures": list(figures)}}})
        if each.id == question
        else each
        for each in result.questions
    )
    return result.model_copy(update={"questions": changed})


def page_of(result, folder, **options):
    pages.write_pages(classes.write([result], folder), COURSE, **options)
    return (folder / "report" / "students" / "ada" / f"{result.assignment}.html").read_text(encoding="utf-8")


def test_a_students_figure_is_on_the_page_with_its_labels_and_no_band(tmp_path):
    (result,) = classes.make(LIF, ["ada"])
    page = page_of(with_figures(result, "lif_fi_curve", figure(label="my own current")), tmp_path)
    assert page.count('<svg class="plot"') == 1 and page.count(">my own current</text>") == 1
    assert 'aria-label="Your figure: f against my own current"' in page
    assert "fill: var(--band)" not in page and "stroke: var(--good)" in page


def test_what_a_figure_says_is_text_whatever_it_says(tmp_path):
    (result,) = classes.make(LIF, ["ada"])
    evil = {**figure(label=EVIL), "title": EVIL}
    evil["axes"][0] |= {"title": EVIL, "ylabel": EVIL, "legend": [EVIL]}
    page = page_of(with_figures(result, "lif_fi_curve", evil), tmp_path)
    assert page.count("<script>") == 1 and "<img" not in page
    (drawing,) = (
        ElementTree.fromstring(page[at : page.rindex("</svg>") + 6]) for at in [page.index('<svg class="plot"')]
    )
    assert {element.tag.rpartition("}")[2] for element in drawing.iter()} <= ELEMENTS
    assert not [name for element in drawing.iter() for name in element.attrib if name.startswith("on")]
    assert any("</text></svg><script>" in (element.text or "") for element in drawing.iter())
    assert "\x1b" not in page and "\u202e" not in page


def test_a_figure_that_an_earlier_question_has_shown_is_not_shown_again(tmp_path):
    (result,) = classes.make(PLANE, ["ada"])
    first, second = figure(label="the first"), figure(label="the second")
    result = with_figures(result, "fhn_nullclines", first)
    result = with_figures(result, "fhn_trajectory", first, second)
    page = page_of(with_figures(result, "fhn_unstable_range", first, second), tmp_path)
    assert page.count(">the first</text>") == page.count(">the second</text>") == 1
    assert page.index(">the first</text>") < page.index('id="fhn_trajectory"') < page.index(">the second</text>")


def test_of_many_figures_and_axes_the_last_figures_and_the_first_axes_are_drawn(tmp_path):
    (result,) = classes.make(LIF, ["ada"])
    many = [figure(label=f"figure {number}") for number in range(FIGURES + 3)]
    page = page_of(with_figures(result, "lif_fi_curve", *many), tmp_path)
    assert page.count('<svg class="plot"') == FIGURES and ">figure 2</text>" not in page and ">figure 3</text>" in page
    (large,) = decoded(figure(count=150))
    assert own_figures.draw(large, TEMPLATE).count(">I (nA)</text>") == AXES


@pytest.mark.parametrize(
    "axes",
    [
        {"xlim": ["nan", 1.0]},
        {"ylim": ["-inf", "inf"]},
        {"xlim": [1e300, -1e308]},
        {"xlim": [2.0, 2.0]},
        {"lines": [{"label": "", "x": ["nan", "inf", 1e308], "y": [1.0, "-inf", -1e308]}]},
        {"lines": [{"label": "", "x": [], "y": []}]},
        {"arrows": {"x": [1e308, "nan"], "y": [0.0, 0.0], "u": ["inf", 0.0], "v": [0.0, 0.0]}},
        {"lines": []},
    ],
)
def test_a_figure_that_cannot_be_drawn_costs_nothing_but_itself(axes):
    whole = figure()
    whole["axes"][0] |= axes
    (found,) = decoded(whole)
    drawing = own_figures.draw(found, TEMPLATE)
    assert not drawing or ElementTree.fromstring(drawing) is not None


def drawn_axes(**changes):
    """Return what is drawn of a figure with one axes, which spans 0 to 4 and 0 to 8 where the changes do not say otherwise."""
    whole = figure()
    whole["axes"][0] |= {"xlim": [0.0, 4.0], "ylim": [0.0, 8.0], "lines": [], **changes}
    (found,) = decoded(whole)
    return ElementTree.fromstring(own_figures.draw(found, TEMPLATE))


def series(x, y):
    return [{"label": "", "x": list(x), "y": list(y)}]


def inner(drawing):
    """Return the part of a drawing that holds lines, points and arrows, with its width and height."""
    found = drawing[0][0]
    return found, float(found.get("width")), float(found.get("height"))


def places(path):
    return np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.get("d")), float)


@pytest.mark.parametrize("xlim, ylim", [([0.0, 4.0], [0.0, 8.0]), ([4.0, 0.0], [0.0, 8.0]), ([0.0, 4.0], [8.0, 0.0])])
def test_lines_and_points_lie_where_the_axes_say(xlim, ylim):
    for kind in ("lines", "points"):
        drawing = drawn_axes(xlim=xlim, ylim=ylim, **{"lines": [], kind: series([1.0, 2.0, 3.0], [2.0, 8.0, 2.0])})
        frame, width, height = inner(drawing)
        x, y = np.array([0.25, 0.5, 0.75]) * width, np.array([0.75, 0.0, 0.75]) * height
        expected = np.column_stack([x if xlim[1] else width - x, y if ylim[1] else height - y])
        assert np.allclose(places(frame[0])[:3], expected, atol=0.06)


def test_the_marks_of_an_axis_are_round_numbers_at_their_places():
    drawing = drawn_axes(xlim=[-1.0, 4.0], lines=series([0.0, 1.0], [0.0, 1.0]))
    _, width, height = inner(drawing)
    texts = {text.text: text for text in drawing.iter() if text.tag.endswith("text")}
    for number, said in ((-1, "−1"), (1, "1"), (3, "3")):
        assert float(texts[said].get("x")) == pytest.approx((number + 1) / 5 * width, abs=0.06)
    assert float(texts["8"].get("y")) == pytest.approx(0, abs=4) and float(texts["4"].get("y")) == pytest.approx(
        height / 2, abs=4
    )


def test_a_line_that_leaves_the_axes_keeps_its_slope_and_what_is_far_off_is_left_out():
    drawing = drawn_axes(lines=series([0.0, 4e6, 8e6, "nan", 1e300], [0.0, 8e6, 1e9, 0.0, 1e300]))
    frame, width, height = inner(drawing)
    (x0, y0), (x1, y1) = places(frame[0])[:2]
    assert (y0 - y1) / (x1 - x0) == pytest.approx(height / width, rel=0.01)
    assert np.all(places(frame[0]) > -20) and np.all(places(frame[0]) < width + 20)


def test_arrows_point_in_the_direction_of_the_flow():
    drawing = drawn_axes(arrows={"x": [1.0, 2.0], "y": [4.0, 4.0], "u": [1.0, 0.0], "v": [0.0, 1.0]})
    frame, width, height = inner(drawing)
    (right, right_tip), (up, up_tip) = (places(frame[0])[start : start + 2] for start in (0, 5))
    assert right_tip[0] > right[0] and right_tip[1] == right[1] == pytest.approx(height / 2, abs=0.06)
    assert up_tip[1] < up[1] and up_tip[0] == up[0] == pytest.approx(width / 2, abs=0.06)


def test_an_answer_that_is_no_figure_is_passed_over():
    (result,) = classes.make(LIF, ["ada"])
    answers = {question.id: {"figures": "text"} for question in result.questions}
    assert own_figures.of(result, answers, TEMPLATE) == {}

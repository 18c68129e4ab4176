"""A student's own figures: drawn from data, each once, within bounds, with nothing in them that a browser would run."""

from xml.etree import ElementTree

import numpy as np
import pytest

from autograder import pages
from autograder.answers.figure_answer import axes_example, figure_example
from autograder.pages import own_figures
from autograder.pages.own_figures import AXES, FIGURES, OwnFigures, draw
from autograder.sandbox import decode
from tests.conftest import COURSE
from tests.pages import classes

LIF, PLANE = "leaky_integrate_and_fire", "phase_plane_analysis"
EVIL = "</text></svg><script>alert(1)</script><img src=x onerror=alert(1)>\x1b\u202e$\\frac{1}{$"
#: What a drawing of ours is made of.
ELEMENTS = {"svg", "g", "path", "defs", "style", "clipPath", "rect", "use", "text"}


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
    pages.write(classes.write([result], folder), COURSE, **options)
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
        ElementTree.fromstring(page[at : page.index("</svg>", at) + 6]) for at in [page.index('<svg class="plot"')]
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
    assert draw(large).count(">I (nA)</text>") == AXES


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
    drawing = draw(found)
    assert not drawing or ElementTree.fromstring(drawing) is not None


def test_each_figure_is_drawn_once_and_its_drawing_goes_with_it(tmp_path, monkeypatch):
    (result,) = classes.make(LIF, ["ada"])
    first = page_of(with_figures(result, "lif_fi_curve", figure()), tmp_path)
    kept = list((tmp_path / "report" / ".figures").iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(own_figures, "draw", lambda figure: pytest.fail("it is drawn again"))
        assert page_of(with_figures(result, "lif_fi_curve", figure()), tmp_path) == first
    page_of(with_figures(result, "lif_fi_curve", figure(label="another")), tmp_path, only="somebody else")
    assert kept[0].exists()
    page_of(with_figures(result, "lif_fi_curve", figure(label="another")), tmp_path)
    assert len(kept) == 1 and not kept[0].exists()


def test_an_answer_that_is_no_figure_is_passed_over(tmp_path):
    (result,) = classes.make(LIF, ["ada"])
    answers = {question.id: {"figures": "text"} for question in result.questions}
    assert OwnFigures(tmp_path).of(result, answers) == {}

"""One message in three forms, in none of which a student's text is markup, and none of which needs colour."""

import html
import re
from html.parser import HTMLParser

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters import markdown2html

from autograder import report
from autograder.adapters.nbgrader_execute import feedback
from autograder.page import page
from autograder.result import PartResult, QuestionResult, Result
from tests.conftest import judged


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words += data


def result(*messages: str, status: str = "failed") -> QuestionResult:
    parts = tuple(
        PartResult(name=f"p{i}", score=0, max_score=1, status=status, message=m) for i, m in enumerate(messages)
    )
    return QuestionResult(
        id="lif_threshold", score=0, max_score=len(parts), passed=False, message="\n".join(messages), parts=parts
    )


EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) `a` \x1b[31mred\u202e & $x$"


@pytest.mark.parametrize(
    "form", [report.as_html, lambda q: markdown2html(report.markdown(q))], ids=["html", "markdown"]
)
def test_a_students_text_is_inert_in_a_browser(form):
    found = Tags(form(result(EVIL)))
    assert not {"script", "img", "a", "svg", "iframe"} & set(found.tags)
    assert not any(name.startswith("on") for name, _ in found.attributes)
    assert "<script>" in found.words


@given(st.text(max_size=80))
def test_html_shows_any_text_as_it_is(text):
    shown = Tags(report.as_html(result(text))).words
    kept = report.CONTROL.sub("", text.replace("\n", " "))
    assert kept.replace("`", "").strip() in shown.replace("`", "") or not kept.strip()


@given(st.text(max_size=60))
def test_no_text_becomes_a_tag_in_markdown(text):
    allowed = {"p", "strong", "ul", "li", "code", "pre", "span", "div", "br", "em"}
    assert set(Tags(markdown2html(report.markdown(result("x " + text)))).tags) <= allowed


@pytest.mark.parametrize("form", [report.text, report.markdown, report.as_html])
def test_what_passed_failed_and_was_not_reached_differ_without_colour(form):
    marks = {status: form(result("m", status=status)) for status in ("passed", "failed", "not reached")}
    for status, shown in marks.items():
        assert report.MARKS[status] in shown
    assert len(set(marks.values())) == 3


def test_the_three_forms_say_the_same():
    found = judged("lif_threshold", {"I_min": 1010})
    plain = re.sub(r"\W+", "", report.text(found))
    assert re.sub(r"\W+", "", Tags(report.as_html(found)).words) == plain
    assert re.sub(r"\W+", "", html.unescape(Tags(markdown2html(report.markdown(found))).words)) == plain


def test_nbgrader_reads_the_score_and_shows_the_message():
    found = judged("lif_threshold", {"I_min": 1010})
    shown, score = feedback(found)
    assert score.data["text/plain"] == "0.0" and "looks like pA" in shown.data["text/html"]
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[shown, score])]))


def test_the_class_page_is_inert_and_whole():
    whole = Result(
        assignment="leaky_integrate_and_fire",
        student=EVIL,
        score=0,
        max_score=2,
        questions=(result(EVIL),),
        variant={},
        notebook_sha256="",
        package="0",
        run_key="",
        judging_key="",
        sandbox="none",
        errors=(EVIL,),
        seconds=1,
    )
    found = Tags(page([whole], EVIL))
    assert found.tags.count("script") == 1 and not {"img", "iframe"} & set(found.tags)
    assert not any(name.startswith("on") for name, _ in found.attributes)

"""One message in three forms, in none of which a student's text is markup, and none of which needs colour."""

import html
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters import markdown2html
from rich.console import Console

from autograder import assignments, notebook, report
from autograder.adapters.nbgrader_execute import feedback
from autograder.course import Context, Course
from autograder.grade import judge_all
from autograder.key import pages
from autograder.page import page
from autograder.result import PartResult, QuestionResult, Result
from tests.conftest import COURSE, judged


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


RESULT = Result(
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


def test_the_class_page_is_inert_and_whole():
    found = Tags(page([RESULT], EVIL))
    assert found.tags.count("script") == 1 and not {"img", "iframe"} & set(found.tags)
    assert not any(name.startswith("on") for name, _ in found.attributes)


def graded(name: str, student: str, course: Course = COURSE, pick: int = 0) -> Result:
    """Judge a submission that holds the pick-th example of each answer."""
    definition, known, context = assignments.load(name), notebook.points(name), Context.of(student, name, course)
    answers: dict[str, dict] = {question.id: {} for question in definition.questions}
    for question in definition.questions:
        for answer in question.answers:
            examples = list(answer.examples(context))
            answers[question.id] |= examples[min(pick, len(examples) - 1)].answers
    questions = tuple(judge_all(definition, known, answers, context).values())
    return RESULT.model_copy(
        update={
            "assignment": name,
            "student": student,
            "score": sum(question.score for question in questions),
            "max_score": sum(question.max_score for question in questions),
            "questions": questions,
        }
    )


def printed(results: list[Result], width: int = 80) -> list[str]:
    terminal = Console(width=width, file=io.StringIO(), force_terminal=False)
    terminal.print(report.table(results))
    return terminal.file.getvalue().splitlines()


@pytest.fixture(scope="module")
def a_class() -> list[Result]:
    slips = [-1, -2, -3]
    return [
        graded(name, student, pick=pick)
        for name in assignments.NAMES
        for student, pick in zip(("ada", "rosalind.franklin", "blank"), slips, strict=True)
    ]


def test_the_table_breaks_no_word_at_80_columns(a_class):
    failed_cell = a_class[0].model_copy(
        update={"questions": (result("m"),), "errors": ("Cell 5: ModuleNotFoundError: No module named 'seaborn'",)}
    )
    results = [*a_class, failed_cell]
    lines = printed(results)
    assert all(len(line) <= 80 for line in lines)
    whole = "\n".join(lines)
    notes = {
        word for r in results for q in r.questions if q.mistake and q.mistake != "form" for word in q.mistake.split()
    }
    shown = set(re.findall(r"[^\s,]+", whole))
    begins = {word for word in shown if any(note.startswith(word) and note != word for note in notes)}
    assert not begins - notes, begins
    assert "ModuleNotFoundError:" in whole.split() and "rosalind.franklin" in whole.split()


def test_points_beyond_the_maximum_are_shown_as_bonus():
    found = graded("ojas_rule", "ada")
    assert found.score > 2 and [q.score for q in found.questions if q.bonus] == [2]
    regular = report.points(found.score - 2)
    assert report.score(found) == f"{regular}/12 +2"
    assert report.whole(found).splitlines()[0] == f"ada, ojas_rule: {regular} of 12 points, and 2 bonus points"
    assert f"{regular}/12 +2" in "\n".join(printed([found]))
    shown = page([found], "Class")
    assert f"{regular} / 12 +2" in shown and f"{regular} of 12 points, and 2 bonus points" in shown
    assert report.score(graded("leaky_integrate_and_fire", "ada")) == "14/14"


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)
WIDTHS = "<script>document.title = document.documentElement.scrollWidth + ' of ' + innerWidth</script>"


def in_browser(folder, html_text: str, *words: str) -> str:
    path = folder / "page.html"
    path.write_text(html_text, encoding="utf-8")
    where = [f"--user-data-dir={folder / 'profile'}", "--disable-component-update", path.as_uri()]
    return subprocess.run(
        [CHROMIUM, *QUIET, *words, *where], capture_output=True, text=True, check=True, timeout=120
    ).stdout


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium to lay a page out")
@pytest.mark.parametrize("name", ["phase_plane_analysis", "ojas_rule"])
def test_a_page_of_the_key_is_no_wider_than_a_telephone(name, tmp_path):
    html_text = pages.render(name, COURSE, {}).replace("</body>", f"{WIDTHS}</body>")
    [widths] = re.findall(
        r"<title>(\d+ of \d+)</title>", in_browser(tmp_path, html_text, "--window-size=390,2000", "--dump-dom")
    )
    wide, screen = map(int, widths.split(" of "))
    assert wide <= screen <= 400


@pytest.mark.skipif(not (CHROMIUM and shutil.which("pdftotext")), reason="no Chromium or pdftotext to print a page")
def test_all_columns_of_the_class_page_are_printed(a_class, tmp_path):
    in_browser(tmp_path, page(a_class, "Class"), "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}")
    words = ["pdftotext", "-bbox", str(tmp_path / "page.pdf"), "-"]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    paper = float(re.findall(r'<page width="([\d.]+)"', printed)[0])
    right = [float(x) for x in re.findall(r'xMax="([\d.]+)"', printed)]
    marks = re.findall(r">([✓◐✗–])</word>", printed)
    assert max(right) < paper
    assert len(marks) >= sum(len(result.questions) for result in a_class)

"""One message in three forms, in none of which a student's text is markup, and none of which needs colour."""

import html
import io
import re
import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters import markdown2html
from rich.console import Console

from autograder import assignments, notebook, report, tables
from autograder import pages as class_pages
from autograder.adapters.nbgrader_execute import feedback
from autograder.formatting import without_controls
from autograder.key import pages
from autograder.result import PartResult, QuestionResult, Result
from neurodynex.answer_data.encode import encode
from tests.browser.conftest import CHROMIUM_NAMES
from tests.conftest import COURSE, judged
from tests.pages import classes


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
    "form", [report.feedback_html, lambda q: markdown2html(report.feedback_markdown(q))], ids=["html", "markdown"]
)
def test_a_students_text_is_inert_in_a_browser(form):
    found = Tags(form(result(EVIL)))
    assert not {"script", "img", "a", "svg", "iframe"} & set(found.tags)
    assert not any(name.startswith("on") for name, _ in found.attributes)
    assert "<script>" in found.words


@given(st.text(max_size=80))
def test_html_shows_any_text_as_it_is(text):
    shown = Tags(report.feedback_html(result(text))).words
    kept = without_controls(text.replace("\n", " "))
    assert kept.replace("`", "").strip() in shown.replace("`", "") or not kept.strip()


@given(st.text(max_size=60))
def test_no_text_becomes_a_tag_in_markdown(text):
    allowed = {"p", "strong", "ul", "li", "code", "pre", "span", "div", "br", "em"}
    assert set(Tags(markdown2html(report.feedback_markdown(result("x " + text)))).tags) <= allowed


@pytest.mark.parametrize("form", [report.feedback_text, report.feedback_markdown, report.feedback_html])
def test_what_passed_failed_and_was_not_reached_differ_without_colour(form):
    marks = {status: form(result("m", status=status)) for status in ("passed", "failed", "not reached")}
    for status, shown in marks.items():
        assert report.MARKS[status] in shown
    assert len(set(marks.values())) == 3


def test_the_three_forms_say_the_same():
    found = judged("lif_threshold", {"I_min": 1010})
    plain = re.sub(r"\W+", "", report.feedback_text(found))
    assert re.sub(r"\W+", "", Tags(report.feedback_html(found)).words) == plain
    assert re.sub(r"\W+", "", html.unescape(Tags(markdown2html(report.feedback_markdown(found))).words)) == plain


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


def written(results: list[Result], out: Path) -> dict[str, str]:
    """Return the pages of results: path below the report -> text."""
    first = class_pages.write_pages(classes.write(results, out), COURSE, heading=EVIL)
    return {
        str(path.relative_to(first.parent)): path.read_text() for path in first.parent.rglob("*.*") if path.is_file()
    }


def test_the_pages_are_inert_and_whole(tmp_path):
    hostile = {
        "answers": {"variable:I_min": encode(EVIL), "variable:" + EVIL: encode([EVIL])},
        "mistake": EVIL,
    }
    questions = (RESULT.questions[0].model_copy(update=hostile),)
    texts = {"hh_rebound_why": EVIL, EVIL: EVIL}
    student = without_controls(EVIL)  # no platform's id holds a control character
    first = RESULT.model_copy(update={"student": student, "questions": questions, "texts": texts, "by_hand": {EVIL: 2}})
    second = first.model_copy(update={"assignment": "hodgkin_huxley"})
    pages = written([first, second], tmp_path)
    assert len(pages) == 8
    for name, text in pages.items():
        found = Tags(markdown2html(text) if name.endswith(".md") else text)
        assert found.tags.count("script") == (0 if name.endswith(".md") else 1), name
        assert not {"img", "iframe", "object", "base"} & set(found.tags), name
        assert not any(attribute.startswith("on") for attribute, _ in found.attributes), name
        links = [value for attribute, value in found.attributes if attribute in ("href", "src") and value]
        assert not any(":" in link for link in links if not link.startswith("#")), name
        assert "\x1b" not in text and "\u202e" not in text, name


def made_up(name: str, student: str, mistakes: dict[str, str], passed: tuple[str, ...] = ()) -> Result:
    """Return a result of an assignment: which questions were passed, and the slip that was named for others."""
    definition, worth = assignments.load(name), notebook.points_of(name).points
    questions = tuple(
        QuestionResult(
            id=question.id,
            score=worth[question.id] if question.id in passed else 0,
            max_score=0 if question.bonus else worth[question.id],
            passed=question.id in passed,
            bonus=question.bonus,
            message="",
            mistake=mistakes.get(question.id),
            parts=tuple(
                PartResult(
                    name=answer.name,
                    score=0,
                    max_score=0,
                    status="failed",
                    message="",
                    mistake=mistakes.get(question.id),
                )
                for answer in question.answers[:1]
            ),
        )
        for question in definition.questions
    )
    score, most = sum(question.score for question in questions), sum(question.max_score for question in questions)
    changed = {"assignment": name, "student": student, "score": score, "max_score": most, "questions": questions}
    return RESULT.model_copy(update=changed)


def printed(results: list[Result], width: int = 80) -> list[str]:
    terminal = Console(width=width, file=io.StringIO(), force_terminal=False)
    terminal.print(tables.class_table(results))
    return terminal.file.getvalue().splitlines()


@pytest.fixture(scope="module")
def a_class() -> list[Result]:
    """One result for each slip of a question's first answer, so that each message begins in the table."""
    results = []
    for name in assignments.NAMES:
        for question in assignments.load(name).questions:
            names = sorted({slip.name for slip in question.answers[0].slips})
            results += [made_up(name, "rosalind.franklin", {question.id: slip}) for slip in names]
    return results


def test_the_table_breaks_no_word_at_80_columns(a_class):
    failed_cell = "Cell 5: ModuleNotFoundError: No module named 'seaborn'"
    lines = printed([*a_class, RESULT.model_copy(update={"student": "ada", "errors": (failed_cell,)})])
    assert all(len(line) <= 80 for line in lines)
    shown = Counter(re.split(r"[\s,]+", " ".join(lines)))
    notes = [str(cell) for cell in tables.class_table(a_class).columns[-1].cells]
    words = Counter(re.split(r"[\s,]+", " ".join(notes)))
    assert len(words) > 100 and not [word for word, count in words.items() if shown[word] < count]
    assert all(3 < len(note) <= tables.NOTE for note in notes)
    assert shown["rosalind.franklin"] == len(a_class)
    assert all(shown[word] for word in ("ModuleNotFoundError:", "named", "…"))


def test_a_slip_is_told_in_the_first_sentence_that_the_student_reads():
    found = judged("lif_threshold", {"I_min": 1010})
    question = assignments.load("leaky_integrate_and_fire").question("lif_threshold")
    (slip,) = report.slips(found, question)
    assert slip == ("pA", "This looks like pA; the question asks for nA.", True)
    (before,) = report.slips(found, None)  # the question is not asked any more: the stored message
    assert before == (slip.name, slip.words, False)
    without = found.parts[0].model_copy(update={"message": ""})
    assert report.slips(found.model_copy(update={"parts": (without,)}), question)[0].words == slip.words
    (form,) = report.slips(judged("lif_threshold", {"I_min": "text"}), question)
    assert form.words == report.FORM


def test_of_several_slips_the_table_tells_the_first_and_how_many_more():
    two = made_up("leaky_integrate_and_fire", "ada", {"lif_threshold": "zero", "lif_firing_rate": "silent"})
    (note,) = tables.class_table([two]).columns[-1].cells
    assert str(note) == "Without a current this neuron … (and 1 more)"


def test_points_beyond_the_maximum_are_shown_as_bonus(tmp_path):
    found = made_up("ojas_rule", "ada", {}, passed=("oja_circular", "oja_bonus"))
    assert report.short_score(found) == "4/12 +2"
    assert report.submission_text(found).splitlines()[0] == "ada, ojas_rule: 4 of 12 points, and 2 bonus points"
    assert "4/12 +2" in "\n".join(printed([found]))
    pages = written([found.model_copy(update={"student": "ada"})], tmp_path)
    assert "4 automatic, 2 bonus" in pages["students/ada/ojas_rule.md"]
    assert '<td class="number">2</td>' in pages["index.html"]
    assert report.short_score(made_up("ojas_rule", "ada", {}, passed=("oja_circular",))) == "4/12"


CHROMIUM = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--hide-scrollbars",
)
# A window has at least 500 pixels; a frame may be as narrow as a telephone.
TELEPHONE = """<iframe id="page" width="390" height="2000" style="border: 0" srcdoc="{page}"></iframe><script>
addEventListener("load", () => document.title = page.contentDocument.documentElement.scrollWidth)</script>"""


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
    frame = TELEPHONE.format(page=html.escape(pages.render(name, COURSE, {})))
    assert "<title>390</title>" in in_browser(tmp_path, frame, "--dump-dom")


@pytest.mark.skipif(not (CHROMIUM and shutil.which("pdftotext")), reason="no Chromium or pdftotext to print a page")
def test_all_columns_of_the_class_page_are_printed(tmp_path):
    results = [made_up("phase_plane_analysis", f"rosalind.franklin.{n}", {}) for n in range(8)]
    page = written(results, tmp_path)["index.html"]
    in_browser(tmp_path, page, "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}")
    words = ["pdftotext", "-bbox", str(tmp_path / "page.pdf"), "-"]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    paper = float(re.findall(r'<page width="([\d.]+)"', printed)[0])
    right = [float(x) for x in re.findall(r'xMax="([\d.]+)"', printed)]
    marks = re.findall(r">([✓◐✗○–])</word>", printed)
    assert max(right) < paper
    assert len(marks) >= sum(len(result.questions) for result in results)

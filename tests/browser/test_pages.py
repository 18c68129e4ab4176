"""The class's pages, a student's page, the key, the page of marks and the documentation: wide, on a phone, dark, printed."""

from __future__ import annotations

import csv
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from autograder import batch, marks
from autograder.course import read_course_toml
from autograder.marking import work
from tests.browser.conftest import LIF, OJA, PICTURES, opened, run
from tests.conftest import ROOT
from tests.docs import DOCS, SPHINX

#: Findings of axe that keep somebody from using a page.
GRAVE = ("serious", "critical")
LOOKS = {
    "wide": {"viewport": {"width": 1400, "height": 900}},
    "dark": {"viewport": {"width": 1400, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
PAGES = {
    "class": "grades/report/index.html",
    "assignment": f"grades/report/{LIF}.html",
    "copies": "grades/report/copies.html",
    "student": f"grades/report/students/mallory/{LIF}.html",
    "key": f"key/{LIF}.html",
    "mark": "mark.html",
}
#: Of the documentation: the first page, one of each kind, and those with wide tables and drawings.
DOCUMENTED = (
    "index",
    "students/first-check",
    "instructors/course",
    "instructors/samples",
    "instructors/migrating",
    "instructors/security",
    "authors/submission",
    "generated/gallery",
    "generated/assignment-neuron-type",
    "reference/index",
)
QUESTION = "oja_what_why"


@pytest.fixture(scope="module")
def pages(course: Path) -> Path:
    """The course, with the key's page and the page to mark by written as well."""
    run(course, "-m", "autograder", "key", LIF, "--out", "key")
    run(course, "-m", "autograder", "mark", QUESTION, "grades", "--page", "mark.html")
    return course


@pytest.fixture(scope="session")
def site() -> Path:
    """The documentation's site, as `make docs` builds it."""
    pytest.importorskip("furo", reason="the site's tools come with `make docs`")
    made = ROOT / "build" / "docs"
    subprocess.run([*SPHINX, "--doctree-dir", ROOT / "build" / "doctrees", DOCS, made], check=True)
    return made


def grave(page) -> list[str]:
    """What axe finds that is grave: rule, and where."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['target']}" for each in found if each["impact"] in GRAVE]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody_and_asks_for_nothing(name, look, pages, chromium):
    asked: list[str] = []
    with opened(chromium, "about:blank", offline=True, **LOOKS[look]) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto((pages / PAGES[name]).as_uri())
        page.screenshot(path=PICTURES / f"{name}-{look}.png")
        assert grave(page) == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= LOOKS[look]["viewport"]["width"]
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_printed(name, pages, chromium):
    with opened(chromium, (pages / PAGES[name]).as_uri(), color_scheme="dark") as page:
        path = PICTURES / f"{name}.pdf"
        page.pdf(path=path, format="A4")
    assert path.read_bytes().startswith(b"%PDF") and path.stat().st_size > 10_000
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
        assert len(text.split()) > 50


def test_the_students_of_a_class_are_searched_and_sorted_with_the_keyboard(pages, chromium):
    with opened(chromium, (pages / PAGES["assignment"]).as_uri(), **LOOKS["wide"]) as page:
        rows = page.locator("table.students tbody tr")
        everybody = rows.count()
        assert everybody >= 8
        page.get_by_label("Search").focus()
        page.keyboard.type("mallory")
        assert [row.inner_text().split()[0] for row in rows.all() if row.is_visible()] == ["mallory"]
        assert page.locator("output").inner_text() == f"1 of {everybody} shown"
        page.get_by_label("Search").fill("")
        header = page.locator("table.students thead button", has_text="total")
        header.focus()
        page.keyboard.press("Enter")
        once = totals(rows)
        page.keyboard.press("Enter")
        twice = totals(rows)
        assert len(once) == everybody and sorted([once, twice]) == sorted([sorted(once), sorted(once, reverse=True)])


def totals(rows) -> list[float]:
    """The students' totals, from top to bottom."""
    cells = rows.locator("td.number:has(.state)")
    return [float(cell.get_attribute("data-value")) for cell in cells.all()]


def test_a_student_finds_the_way_with_the_keyboard(pages, chromium):
    with opened(chromium, (pages / PAGES["student"]).as_uri(), **LOOKS["wide"]) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#main"
        assert "window.stolen" in page.locator("main").inner_text(), "the student's text is shown as it is"


def test_marks_given_with_the_keyboard_are_downloaded_and_taken_in(pages, chromium, tmp_path):
    with opened(chromium, (pages / "mark.html").as_uri(), **LOOKS["wide"]) as page:
        answers = page.locator("section").count()
        assert answers >= 2 and page.evaluate("document.activeElement.tagName") == "INPUT"
        for _ in range(answers):
            page.keyboard.type("1.5")
            page.keyboard.press("Enter")
        assert page.locator("#count").inner_text() == f"{answers} of {answers} graded"
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the marks").click()
        download.value.save_as(tmp_path / "marks.csv")
    with open(tmp_path / "marks.csv", encoding="utf-8-sig", newline="") as file:
        assert [row["points"] for row in csv.DictReader(file)] == ["1.5"] * answers
    shutil.copytree(pages / "grades", tmp_path / "grades")
    run(pages, "-m", "autograder", "mark", "", tmp_path / "grades", "--take", tmp_path / "marks.csv")
    assert marks_in(tmp_path / "grades") == ["1.5"] * answers


def marks_in(grades: Path) -> list[str]:
    """The points that are kept for the question."""
    with open(marks.file_of(grades, QUESTION), encoding="utf-8-sig", newline="") as file:
        return [row["points"] for row in csv.DictReader(file)]


def test_marks_are_saved_by_the_command_as_they_are_given(pages, chromium, tmp_path):
    grades = tmp_path / "grades"
    shutil.copytree(pages / "grades", grades)
    results = [result for result in batch.results_in(grades) if result.assignment == OJA]
    server = work.server(results, QUESTION, OJA, grades, read_course_toml(pages / "course.toml"), {})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with opened(chromium, server.address, **LOOKS["wide"]) as page:
            page.keyboard.type("2")
            page.keyboard.press("Enter")
            page.locator("#saved", has_text="Saved.").wait_for()
            page.keyboard.type("99")
            page.keyboard.press("Enter")
            page.locator("#saved", has_text="Not saved").wait_for()
    finally:
        server.shutdown()
    assert marks_in(grades) == ["2"]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_documentation_can_be_read_by_everybody(name, look, site, chromium):
    with opened(chromium, (site / f"{name}.html").as_uri(), **LOOKS[look]) as page:
        page.screenshot(path=PICTURES / f"docs-{name.replace('/', '-')}-{look}.png")
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= LOOKS[look]["viewport"]["width"]


def test_the_documentation_is_searched_from_the_file_system(site, chromium):
    with opened(chromium, (site / "index.html").as_uri(), **LOOKS["wide"]) as page:
        page.get_by_placeholder("Search").first.fill("late")
        page.keyboard.press("Enter")
        page.locator("ul.search li a").first.wait_for()
        assert page.locator("ul.search li a").count() >= 3

"""Pictures for the documentation: what the pages show of a class and of a student, and what Gradescope gets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from jinja2 import Environment
from markupsafe import Markup
from nbconvert.filters import markdown2html

from autograder.adapters.gradescope_page import results_json
from autograder.pages import write_pages
from autograder.result import Result
from tests.browser.conftest import LIF, PICTURES, opened, run
from tests.conftest import COURSE
from tests.pages import classes

STUDENT = "marie"
VIEW = {"viewport": {"width": 1100, "height": 900}}
#: What `results.json` says, in the order of its tests. Gradescope shows hidden tests to staff only.
RESULTS = Environment(autoescape=True).from_string("""<!doctype html><html lang="en"><meta charset="utf-8"><title>results.json</title>
<style>body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 0; padding: 1.5rem; } h1 { font-size: 1.4em; margin: 0; }
article { border-left: .4rem solid; padding: 0 .8rem; margin: .8rem 0; } .passed { border-color: #1d6a58; } .failed { border-color: #b3412e; }
h2 { font-size: 1em; margin: 0; } p, ul { margin: .4rem 0; } code { overflow-wrap: anywhere; }</style>
<h1>Score: {{ "%g" | format(page.score) }} of {{ "%g" | format(page.tests | selectattr("max_score", "defined") | sum(attribute="max_score")) }}</h1>
{{ html(page.output) }}
{% for test in page.tests %}<article class="{{ test.status }}"><h2>
{%- if test.number %}{{ test.number }}) {% endif %}{{ test.name }}
{%- if test.max_score is defined %} ({{ "%g" | format(test.score) }}/{{ "%g" | format(test.max_score) }}){% endif %}
{%- if test.visibility != "visible" %} (hidden: for staff){% endif %}</h2>
{{ html(test.output) }}</article>{% endfor %}""")


@pytest.fixture(scope="module")
def grades(course: Path) -> Path:
    """The grades and pages of the sample students, without the hostile ones."""
    made = course / "neuro"
    shutil.copytree(course / "grades", made, ignore=shutil.ignore_patterns("mallory", "trudy", "report"))
    run(course, "-m", "autograder", "report", made.name)
    return made


def test_the_report_of_a_class_of_sixty(tmp_path, chromium):
    made = classes.write(classes.make("neuron_type", [f"student{number:02}" for number in range(60)]), tmp_path)
    with opened(chromium, write_pages(made, COURSE).as_uri(), viewport={"width": 1060, "height": 1060}) as page:
        page.screenshot(path=PICTURES / "report.png")
        assert page.locator("h2", has_text="Questions").bounding_box()["y"] < 1000


def test_the_classs_report(grades, chromium):
    with opened(chromium, (grades / "report" / "index.html").as_uri(), **VIEW) as page:
        page.screenshot(path=PICTURES / "class-report.png")
        assert STUDENT in page.locator("body").inner_text()


def test_a_students_page(grades, chromium):
    with opened(chromium, (grades / "report" / "students" / STUDENT / f"{LIF}.html").as_uri(), **VIEW) as page:
        page.screenshot(path=PICTURES / "student-page.png")
        assert "7.5" in page.locator("body").inner_text()


def test_what_gradescope_gets(grades, chromium, tmp_path):
    result = Result.from_json((grades / STUDENT / f"{LIF}.json").read_text(encoding="utf-8"))
    shown = tmp_path / "results.html"
    page = results_json(result, finished=True)
    shown.write_text(RESULTS.render(page=page, html=lambda text: Markup(markdown2html(text))), encoding="utf-8")
    with opened(chromium, shown.as_uri(), ours=False, **VIEW) as page:
        page.locator("body").screenshot(path=PICTURES / "gradescope-results.png")
        text = page.locator("body").inner_text()
        for shown in ("Score: 7.5 of 14", "1) The threshold current (0/2)", "3) The f-I curve (1.5/3)"):
            assert shown in text
        assert page.locator("article").count() == len(result.questions)

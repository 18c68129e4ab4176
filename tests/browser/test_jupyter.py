"""Students and instructors in JupyterLab: the released notebook, nbgrader's toolbar, its list of assignments, marks, feedback."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder import assignments, notebook, samples
from tests.browser.conftest import LIF, OJA, PICTURES, environment, jupyter, opened

WIDE = {"viewport": {"width": 1400, "height": 1000}}


@pytest.fixture(scope="module")
def student(course: Path, tmp_path_factory) -> Path:
    """A student's folder: what the zip holds, and a notebook in which everything is right."""
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(course / "dist" / LIF / "student.zip") as archive:
        archive.extractall(folder)
    right = samples.load(LIF)["ada"].notebook(notebook.source_path(LIF), "ada")
    (folder / "right.ipynb").write_bytes(right)
    return folder


@pytest.fixture(scope="module")
def lab(student):
    with jupyter(student) as address:
        yield address


@pytest.fixture(scope="module")
def graded(course: Path) -> Path:
    """The course as nbgrader has it: two assignments released, two students graded by our route, feedback made."""
    for line in (
        ("generate_assignment", LIF, "--force"),
        ("generate_assignment", OJA, "--force"),
        *(("autograde", name, "--student", who) for name in (LIF, OJA) for who in ("ada", "mallory")),
        *(("generate_feedback", LIF, "--student", who) for who in ("ada", "mallory")),
    ):
        done = subprocess.run(
            [Path(sys.executable).parent / "nbgrader", *line],
            cwd=course,
            env=environment(course / "home"),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
    return course


@pytest.fixture(scope="module")
def formgrader(graded):
    with jupyter(graded) as address:
        yield address


def run_all(page) -> None:
    """Restart the kernel and run the notebook from the top, as a student does before handing in."""
    page.locator(".jp-NotebookPanel-toolbar").wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=120_000)
    page.wait_for_timeout(2000)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel and Run All Cells…", exact=True).click()
    page.locator("dialog button.jp-mod-accept").click()


def outputs(page) -> str:
    """Everything that the notebook's cells have printed."""
    return "\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())


@pytest.mark.parametrize(
    ("file", "said"),
    [(f"{LIF}.ipynb", "`I_min` is not defined yet"), ("right.ipynb", "lif_threshold: in order")],
    ids=["as released", "answered"],
)
def test_a_notebook_is_run_and_the_check_tells_what_is_missing(file, said, lab, chromium):
    with opened(chromium, f"{lab}/lab/workspaces/{Path(file).stem}/tree/{file}", ours=False, **WIDE) as page:
        run_all(page)
        page.locator(".jp-OutputArea-output", has_text="lif_sinus_phase: ").wait_for(timeout=300_000)
        page.locator(".jp-OutputArea-output", has_text="lif_threshold: ").scroll_into_view_if_needed()
        page.screenshot(path=PICTURES / f"lab-{Path(file).stem}.png")
        text = outputs(page)
    assert said in text
    assert all(f"{question.id}: " in text for question in assignments.load(LIF).questions)


def test_nbgraders_validate_says_what_the_check_says(lab, student, chromium):
    shutil.copy(student / f"{LIF}.ipynb", student / "blank.ipynb")
    with opened(chromium, f"{lab}/lab/workspaces/blank/tree/blank.ipynb", ours=False, **WIDE) as page:
        page.locator(".jp-NotebookPanel-toolbar").wait_for()
        page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(timeout=120_000)
        page.get_by_text("Validate", exact=True).first.click()
        dialog = page.locator(".jp-Dialog, .nbgrader-ValidationDialog, dialog").last
        dialog.get_by_text("lif_threshold").first.wait_for(timeout=300_000)
        text = dialog.inner_text()
        page.screenshot(path=PICTURES / "lab-validate.png")
    assert "not attempted" in text or "failed" in text.lower()


def test_nbgraders_create_assignment_shows_points_and_ids(formgrader, chromium):
    with opened(
        chromium, f"{formgrader}/lab/workspaces/source/tree/source/{LIF}/{LIF}.ipynb", ours=False, **WIDE
    ) as page:
        page.locator(".jp-NotebookPanel-toolbar").wait_for()
        page.locator("[title='Nbgrader Create Assignment']").click()
        page.locator(".nbgrader-CellId input").first.wait_for(state="attached")
        page.wait_for_function("document.querySelector('.nbgrader-TotalPointsInput').value === '14'")
        page.screenshot(path=PICTURES / "lab-create-assignment.png")
        ids = page.locator(".nbgrader-CellId input").evaluate_all("inputs => inputs.map(input => input.value)")
        assert {question.id for question in assignments.load(LIF).questions} <= set(ids)


def test_the_formgrader_lists_the_assignments_and_scores(formgrader, chromium):
    with opened(chromium, f"{formgrader}/formgrader/manage_assignments", ours=False, **WIDE) as page:
        page.get_by_text(LIF, exact=True).first.wait_for()
        page.screenshot(path=PICTURES / "formgrader-assignments.png")
        page.goto(f"{formgrader}/formgrader/manage_submissions/{LIF}")
        page.locator("td", has_text="mallory").first.wait_for()
        row = page.locator("tr", has_text="ada").first
        assert "14" in row.inner_text()
        page.screenshot(path=PICTURES / "formgrader-submissions.png")


def test_a_students_text_stays_inert_where_it_is_graded_by_hand(formgrader, chromium):
    with opened(chromium, f"{formgrader}/formgrader/gradebook/{OJA}/{OJA}", ours=False, **WIDE) as page:
        links = page.locator("td a[href*='submissions']")
        links.first.wait_for()
        shown = {}
        for address in dict.fromkeys(links.evaluate_all("links => links.map(link => link.href)")):
            page.goto(address)
            page.locator("input.score").first.wait_for()
            assert page.evaluate("window.stolen") is None
            shown[address] = "onerror=" in page.locator("body").inner_text()
            if shown[address]:
                page.screenshot(path=PICTURES / "formgrader-text.png", full_page=True)
        assert sorted(shown.values()) == [False, True]


def test_a_students_feedback_shows_the_script_as_text(graded, chromium):
    (page_file,) = (graded / "feedback" / "mallory" / LIF).glob("*.html")
    with opened(chromium, page_file.as_uri(), ours=False, **WIDE) as page:
        page.screenshot(path=PICTURES / "feedback.png", full_page=True)
        assert "window.stolen" in page.locator("body").inner_text()

"""nbgrader: the gradebook, the feedback page, the stock configuration, and validate."""

import base64
import io
import os
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path
from types import SimpleNamespace

import IPython
import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from PIL import Image

from autograder import assignments, notebook, samples
from autograder.adapters import nbgrader_cell
from autograder.adapters.nbgrader_read import OnlyOurCells
from autograder.grade import grade
from autograder.sandbox import backend
from tests.conftest import COURSE, ROOT
from tests.routes.routes import NBGRADER, PLAIN_PATH, RELEASE, Routes, command, gradebook_export
from tests.test_extra_files import FILES, READS

LIF = "leaky_integrate_and_fire"


#: A threshold in pA beside a figure, and the firing rate by its formula.
ANSWERS = {
    "lif_threshold_solution": """\
import math
import matplotlib.pyplot as plt
from neurodynex.check import check

plt.plot([1, 2])
plt.show()
I_min = 1010.0""",
    "lif_firing_rate_solution": """\
def firing_rate(I):
    return 1000 / math.log(I / (I - 1)) if I > 1 else 0.0""",
}


def handed_in(cells: dict[str, str]) -> bytes:
    """The released notebook with what a student wrote into its cells, without what is neither asked nor answered."""
    made = nbformat.read(ROOT / "release" / LIF / f"{LIF}.ipynb", as_version=4)
    made.cells = [cell for cell in made.cells if "nbgrader" in cell.metadata]
    for cell in made.cells:
        cell.source = cells.get(cell.metadata.nbgrader.grade_id, cell.source)
    return nbformat.writes(made).encode()


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Routes:
    """A course with three students, who were graded by one command; `said` is what it said."""
    routes = Routes(tmp_path_factory.mktemp("nbgrader"))
    routes.run_nbgrader("generate_assignment", LIF)
    for student, cells in {
        "marie": ANSWERS,
        "touched": {"lif_threshold": 'check("lif_threshold")\nI_min = 1'},
        "beside": {"lif_threshold_solution": READS},
    }.items():
        files = FILES if student == "beside" else {}
        routes.submit(LIF, student, {**files, f"{LIF}.ipynb": handed_in(cells)})
    (routes.folder / "said.txt").write_text(routes.run_nbgrader("autograde", LIF), encoding="utf-8")
    return routes


def test_nbgraders_release_is_the_built_one(course):
    made = course.nbgrader / RELEASE / LIF
    assert (made / f"{LIF}.ipynb").read_text().strip() == (ROOT / "release" / LIF / f"{LIF}.ipynb").read_text().strip()
    assert sorted(p.name for p in (made / "tests").iterdir()) == sorted(
        p.name for p in (ROOT / "release" / LIF / "tests").iterdir()
    )


def test_what_is_released_stays_when_nbgrader_cannot_make_an_assignment(tmp_path: Path):
    (tmp_path / "nbgrader_config.py").symlink_to(ROOT / "nbgrader_config.py")
    shutil.copytree(ROOT / "release" / LIF, tmp_path / "release" / LIF)
    shutil.copytree(ROOT / "source" / LIF, tmp_path / "source" / LIF)
    source = tmp_path / "source" / LIF / f"{LIF}.ipynb"
    source.write_text(source.read_text(encoding="utf-8").replace("points:lif_threshold", "points:lif_treshold"))
    before = {path: path.read_bytes() for path in (tmp_path / "release").rglob("*.*")}
    words = [NBGRADER, "generate_assignment", "--force", LIF]
    done = subprocess.run(words, cwd=tmp_path, env={**os.environ, **PLAIN_PATH}, capture_output=True, text=True)
    assert done.returncode == 1 and "{points:lif_treshold} names no cell with points" in done.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "release").rglob("*.*")} == before


def test_the_export_has_the_score(course):
    rows = gradebook_export(course.nbgrader)
    total = sum(course.scores(LIF, "marie").values())
    assert [float(row["score"]) for row in rows if row["student_id"] == "marie"] == [total] and total > 0


def test_the_feedback_page_shows_our_messages_and_the_students_outputs(course):
    course.run_nbgrader("generate_feedback", LIF, "--student", "marie")
    page = (course.nbgrader / "feedback" / "marie" / LIF / f"{LIF}.html").read_text()
    assert "This looks like pA" in page and "image/png" in page


def stock_scores(folder: Path, content: bytes) -> dict[str, float | None]:
    """Grade a submission in a course without our configuration, where the hidden tests in the cells call the judge."""
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'stock'\nc.Execute.timeout = 180\n"
        "c.ClearSolutions.code_stub = {'python': '# YOUR CODE HERE\\npass'}\n"
    )
    shutil.copytree(ROOT / "source" / LIF, folder / "source" / LIF)
    command("nbgrader", "generate_assignment", LIF, cwd=folder)
    place = folder / "submitted" / "marie" / LIF
    place.mkdir(parents=True)
    (place / f"{LIF}.ipynb").write_bytes(content)
    command("nbgrader", "autograde", LIF, cwd=folder)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {g.name: g.score for g in gradebook.find_submission_notebook(LIF, LIF, "marie").grades}


def test_stock_nbgrader_gives_the_same_scores(course, tmp_path: Path):
    scores = course.scores(LIF, "marie")
    assert stock_scores(tmp_path, handed_in(ANSWERS)) == scores and scores["lif_firing_rate"] > 0


@pytest.mark.thorough
def test_stock_nbgrader_gives_the_same_scores_of_a_whole_notebook(tmp_path: Path):
    content = samples.load(LIF)["marie"].notebook(notebook.source_path(LIF), "marie")
    assert stock_scores(tmp_path, content) == grade(content, LIF, "marie", backend(), course=COURSE).result.scores


def test_in_stock_nbgrader_a_name_that_another_question_asks_for_is_no_slip_of_the_pen(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "ada" / "hopfield_network"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    names = {"capacity_10x10": 14, "theory_10x10": 14, "theory_4x5": 2}
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(user_ns=names))
    assert nbgrader_cell.score("hopfield_capacity_4") == 0
    said = capsys.readouterr().out
    assert "`theory_4x5`" in said and "10x10" not in said


@pytest.mark.thorough
def test_a_deleted_test_cell_costs_nothing(course):
    sample = samples.Sample("", {"lif_threshold_solution": "I_min = 1.01"}, blank=True)
    made = nbformat.reads(sample.notebook(notebook.source_path(LIF), "gone").decode(), as_version=4)
    questions = {question.id for question in assignments.load(LIF).questions}
    made.cells = [c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in questions]
    scores = course.by_nbgrader(LIF, "gone", nbformat.writes(made).encode())
    assert scores == dict.fromkeys(questions, 0.0) | {"lif_threshold": 2.0}


def test_nbgrader_warns_of_a_changed_test_cell_and_of_no_other(course):
    said = (course.folder / "said.txt").read_text(encoding="utf-8")
    assert re.findall(r"Attribute '(\w+)' for cell (\w+) has changed", said) == [("checksum", "lif_threshold")], said


def test_files_beside_the_notebook_are_read_and_where_one_has_changed_it_is_graded_again(course):
    assert course.scores(LIF, "beside")["lif_threshold"] == notebook.points_of(LIF).points["lif_threshold"]
    course.submit(LIF, "beside", {"HH.py": b"def threshold():\n    return 9.0\n"})
    assert "is graded again" in course.run_nbgrader("autograde", LIF, "--student", "beside")
    assert course.scores(LIF, "beside")["lif_threshold"] == 0


def test_nbgrader_validate_shows_what_the_self_check_says(tmp_path: Path):
    blank = handed_in({"lif_threshold_solution": "from neurodynex.check import check"})
    (tmp_path / f"{LIF}.ipynb").write_bytes(blank)
    said = command("nbgrader", "validate", f"{LIF}.ipynb", cwd=tmp_path)
    assert "failed" in said and "`I_min` is not defined yet" in said


HARMLESS = "The rate grows as $1/\\tau$ for $I < \\theta$, see [the book](https://neuronaldynamics.epfl.ch) and the data: **they** agree."
ACTIVE = (
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](java&#x73;cript&colon;alert(1))",
    "[x]\n\n[x]: JaVa\tScRiPt:alert(1)",
    "~~~\n<svg onload=alert(1)>\n~~~~\n<iframe>",
)


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("text", [HARMLESS, *ACTIVE])
def test_a_submitted_text_is_inert_where_nbgrader_shows_it(text, kind):
    make = {"markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell}[kind]
    submitted = nbformat.v4.new_notebook(cells=[make(text)])
    read, _ = OnlyOurCells().preprocess(submitted, {"nbgrader": {"assignment": LIF}})
    assert ("~~~text" in read.cells[0].source) is (text != HARMLESS or kind == "raw")
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(read)
    body = BeautifulSoup(page, "html.parser").body
    assert not body.find_all(["script", "svg", "iframe"]) and not body.find_all(onerror=True)
    assert all(link["href"].startswith(("https:", "#")) for link in body.find_all("a", href=True))


def picture(width: int, height: int = 1, form: str = "PNG") -> str:
    """A picture in base64; a huge one is a head without its pixels."""
    data = io.BytesIO()
    Image.new("1", (1, 1)).convert("L").save(data, form)
    head = data.getvalue()
    if form == "PNG":
        size = b"IHDR" + struct.pack(">II", width, height) + head[24:29]
        head = head[:12] + size + struct.pack(">I", zlib.crc32(size)) + head[33:]
    return base64.b64encode(head).decode()


def shown(text: str, attachments: dict | None = None) -> BeautifulSoup:
    """A submitted text as nbgrader shows it."""
    cell = nbformat.v4.new_markdown_cell(text, attachments=nbformat.from_dict(attachments or {}))
    read, _ = OnlyOurCells().preprocess(nbformat.v4.new_notebook(cells=[cell]), {"nbgrader": {"assignment": LIF}})
    return BeautifulSoup(HTMLExporter(template_name="classic").from_notebook_node(read)[0], "html.parser").body


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://elsewhere.org/seen.png)",
        "![x](//elsewhere.org/seen.png)",
        "![x](/formgrader/api/grades)",
        "![x](../../other/secret.png)",
        "![x](%2e%2e/secret.png)",
        "![a [b]](http://elsewhere.org/seen.png)",
        "![x][r]\n\n[r]: http://elsewhere.org/seen.png",
        "![x](<http://elsewhere.org/seen.png> 'title')",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "[![x](http://elsewhere.org/seen.png)](https://elsewhere.org)",
        "<img src='http://elsewhere.org/seen.png'>",
    ],
)
def test_no_picture_of_a_text_is_loaded_from_elsewhere(text):
    body = shown(f"See\n\n{text}")
    assert not body.find_all("img")
    assert re.search(r"seen\.png|secret\.png|grades|pasted-0", body.get_text())


@pytest.mark.parametrize("url", ["sketch.png", "plots/my%20sketch.JPG", "<plots/my sketch.png>"])
def test_a_picture_beside_the_notebook_is_shown(url):
    assert len(shown(f"![x](attachment:gone.png) ![x]({url})").find_all("img")) == 1


def test_a_picture_that_the_text_itself_holds_is_shown_whatever_its_length():
    encoded = base64.b64encode(base64.b64decode(picture(1)) + bytes(60_000)).decode()
    body = shown(f"My **sketch**: ![image.png](data:image/png;base64,{encoded})")
    assert [image["src"] for image in body.find_all("img")] == [f"data:image/png;base64,{encoded}"]
    assert body.find("strong")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF"])
def test_each_kind_of_picture_is_shown_as_what_it_is(form):
    body = shown("![x](attachment:a.png)", {"a.png": {"image/svg+xml": picture(1, form=form)}})
    assert body.find("img")["src"].startswith(f"data:image/{form.lower()};")


@pytest.mark.parametrize(
    "attachment",
    [
        {"image/png": picture(100_000, 100_000)},
        {"image/svg+xml": base64.b64encode(b"<svg onload='alert(1)'></svg>").decode()},
        {"image/png": base64.b64encode(b"<svg onload='alert(1)'></svg>").decode()},
        {"text/html": "<script>alert(1)</script>"},
        {"image/png": "no base64"},
    ],
    ids=["billions of pixels", "svg", "svg as png", "html", "text"],
)
def test_an_attachment_that_cannot_be_shown_is_named(attachment):
    body = shown("![x](attachment:a.png)", {"a.png": attachment})
    assert not body.find_all(["img", "script", "svg"])
    assert "a.png: no PNG, JPEG or GIF, or too large" in body.get_text()


def test_the_pixels_of_all_pictures_of_a_notebook_are_bounded():
    pictures = {f"{n}.png": {"image/png": picture(10_000, 8_000)} for n in range(4)}
    body = shown("".join(f"![x](attachment:{name})" for name in pictures), pictures)
    assert len(body.find_all("img")) == 2

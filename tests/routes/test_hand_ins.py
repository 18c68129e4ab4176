"""Hand-ins as people make them, on the routes that other programs read first: nbgrader, Otter and Gradescope."""

import io
import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from autograder import corrected, notebook, samples
from autograder.adapters import gradescope
from autograder.grade import grade
from autograder.result import Result
from autograder.sandbox import backend
from tests.conftest import COURSE, questions_only
from tests.routes.routes import NBGRADER, Routes, command
from tests.routes.test_gradescope import page_of

OJA = "ojas_rule"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TEXT = "Stable for $I<I_{low}$, **unstable** for $I>I_{high}$.\n\n![sketch](attachment:my%20sketch.png)\n\n![x](attachment:gone.png)"


def blank() -> dict:
    content = samples.load(OJA)["blank"].notebook(notebook.source_path(OJA), "blank")
    made: dict = json.loads(questions_only(content))
    return made


def cell(made: dict, name: str) -> dict:
    found: dict = next(c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)
    return found


def answered() -> bytes:
    """A notebook with one right answer, half of an emoji, a text that cannot be read in UTF-8, and a copied test cell."""
    made, question = blank(), "oja_what"
    cell(made, f"{question}_solution")["source"] = "oja_finds = 'first principal component'"
    made["cells"].insert(
        1, {**made["cells"][-1], "id": "half", "metadata": {}, "cell_type": "code", "source": "x = 1  # µ@"}
    )
    made["cells"][1] |= {"outputs": [], "execution_count": None}
    made["cells"].append({**cell(made, question), "id": "again"})
    return json.dumps(made, ensure_ascii=False).replace("@", "\\ud83d").encode("utf-16")


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Routes:
    routes = Routes(tmp_path_factory.mktemp("hand-ins"))
    command("nbgrader", "generate_assignment", OJA, cwd=routes.nbgrader, **routes.environment)
    odd = routes.nbgrader / "submitted" / "odd" / OJA
    (odd / "work").mkdir(parents=True)
    (odd / "work" / "final (1).ipynb.txt").write_bytes(answered())
    (odd / "timestamp.txt").write_text("yesterday evening")
    for place, content in (("submitted", b'{"cells": ['), ("mended", answered())):
        folder = routes.nbgrader / place / "cut-off" / OJA
        folder.mkdir(parents=True)
        (folder / f"{OJA}.ipynb").write_bytes(content)
    (folder / "reason.txt").write_text("The file was cut off at its end.")
    pasted = blank()
    answer = cell(pasted, next(iter(notebook.points_of(OJA).by_hand)))
    answer |= {
        "source": TEXT,
        "attachments": {"my sketch.png": {"image/png": PIXEL}, "evil.svg": {"image/svg+xml": "PHN2Zz4="}},
    }
    folder = routes.nbgrader / "submitted" / "pasted" / OJA
    folder.mkdir(parents=True)
    (folder / f"{OJA}.ipynb").write_text(json.dumps(pasted))
    command("nbgrader", "autograde", OJA, cwd=routes.nbgrader, **routes.environment)
    return routes


@pytest.fixture(scope="module")
def expected() -> Result:
    """What `answered` is worth, as `grade` judges it: nothing in this answer depends on who it is."""
    return grade(answered(), OJA, "odd", backend(), course=COURSE).result


def scores(course: Routes, student: str) -> dict[str, float]:
    with Gradebook(f"sqlite:///{course.nbgrader / 'gradebook.db'}") as gradebook:
        grades = gradebook.find_submission_notebook(OJA, OJA, student).grades
        return {grade.name: grade.auto_score for grade in grades if grade.auto_score is not None}


def test_nbgrader_grades_a_renamed_notebook_in_a_folder_in_utf_16_with_an_unreadable_timestamp(course, expected):
    found = scores(course, "odd")
    assert {q.id: q.score for q in expected.questions} == {q.id: found[q.id] for q in expected.questions}
    assert expected.score > 0


def test_nbgrader_grades_a_corrected_copy_in_place_of_what_was_handed_in_and_says_so(course):
    assert scores(course, "cut-off") == scores(course, "odd")
    shown = (course.nbgrader / "autograded" / "cut-off" / OJA / f"{OJA}.ipynb").read_text(encoding="utf-8")
    assert corrected.NOTE in shown and "Reason: The file was cut off at its end." in shown
    assert (course.nbgrader / "submitted" / "cut-off" / OJA / f"{OJA}.ipynb").read_bytes() == b'{"cells": ['


@pytest.mark.thorough
def test_nbgrader_says_in_a_line_that_a_corrected_copy_lacks_its_reason_and_grades_nothing(course):
    before = scores(course, "cut-off")
    reason = course.nbgrader / "mended" / "cut-off" / OJA / "reason.txt"
    said = reason.read_text()
    reason.unlink()
    try:
        line = [NBGRADER, "autograde", OJA, "--student", "cut-off"]
        done = subprocess.run(
            line, cwd=course.nbgrader, env={**os.environ, **course.environment}, capture_output=True, text=True
        )
    finally:
        reason.write_text(said)
    assert done.returncode != 0 and f"Write the reason into {reason}" in done.stderr and "Traceback" not in done.stderr
    assert scores(course, "cut-off") == before


@pytest.mark.thorough
def test_nbgrader_shows_which_copy_of_a_test_cell_counted(course):
    shown = (course.nbgrader / "autograded" / "odd" / OJA / f"{OJA}.ipynb").read_text(encoding="utf-8")
    assert "is there 2 times" in shown


def test_whoever_grades_sees_the_pasted_picture_and_the_formula(course):
    words = ("generate_feedback", OJA, "--student", "pasted")
    command("nbgrader", *words, cwd=course.nbgrader, **course.environment)
    page = (course.nbgrader / "feedback" / "pasted" / OJA / f"{OJA}.html").read_text(encoding="utf-8")
    body = BeautifulSoup(page, "html.parser").body
    assert any(image["src"] == f"data:image/png;base64,{PIXEL}" for image in body.find_all("img"))
    assert not any("svg" in image["src"] for image in body.find_all("img"))
    text = body.get_text()
    assert "$I<I_{low}$" in text and "gone.png: not in the notebook" in text
    assert any(strong.get_text() == "unstable" for strong in body.find_all("strong"))


def large(content: str) -> bytes:
    """The notebook with 30 MB of outputs."""
    made = json.loads(content)
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 30_000_000}}
    next(c for c in made["cells"] if c["cell_type"] == "code")["outputs"] = [picture]
    return json.dumps(made).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


WAYS = {
    "all at once": lambda text: {"x/export.zip": zipped({"work/final (1).ipynb.txt": text.encode("utf-16")})},
    "mark": lambda text: {f"{OJA}.ipynb": text.encode("utf-8-sig")},
    "large": lambda text: {f"{OJA}.ipynb": large(text)},
    "renamed": lambda text: {f"{OJA} (1).ipynb": text.encode(), f"._{OJA} (1).ipynb": b"\0\5\x16\7"},
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "way" in metafunc.fixturenames:
        metafunc.parametrize("way", WAYS if metafunc.config.getoption("--thorough") else ["all at once"])


@pytest.mark.thorough
def test_our_otter_command_grades_a_hand_in_as_people_make_it(course, way, expected):
    found, page = course.by_our_otter(OJA, f"otter-{way[:3]}", WAYS[way](answered().decode("utf-16")))
    assert found == {question.id: question.score for question in expected.questions}
    assert expected.score > 0 and "is there 2 times" in page


def gradescope_folder(root: Path, files: dict[str, bytes], users: list[dict]) -> Path:
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    for name, content in files.items():
        (root / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "submission" / name).write_bytes(content)
    (root / "submission_metadata.json").write_text(json.dumps({"users": users}))
    return root


def test_gradescope_grades_what_mac_os_and_windows_make_of_a_notebook(course, expected):
    root = course.gradescope_tree(OJA, "mia", b"{}")
    (root / "submission" / "my notebook.ipynb").unlink()
    (root / "submission" / "work").mkdir()
    (root / "submission" / "work" / "hw1 final.ipynb.txt").write_bytes(answered())
    (root / "submission" / "._hw1 final.ipynb").write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X")
    # Nothing in this assignment depends on who it is.
    (root / "submission_metadata.json").write_text(json.dumps({"users": [{"id": 7, "name": "Mia"}]}))
    command(root / "run_autograder", cwd=root, NEURODYNEX_PYTHON=__import__("sys").executable, **course.environment)
    page = page_of(root)
    assert page["score"] == expected.score > 0
    assert "no email of Mia" in page["output"] and "is there 2 times" in page["output"]


def test_gradescope_names_what_is_there_where_there_is_no_notebook(tmp_path):
    root = gradescope_folder(tmp_path, {"a.py": b"1", "x/data.csv": b"2"}, [{"email": "ada@uni.edu"}])
    assert gradescope.main(root, OJA) == 0
    assert "a.py, x/data.csv" in page_of(root)["output"].replace("\\", "")


def test_gradescope_asks_for_the_address_where_the_variant_depends_on_it(tmp_path):
    root = gradescope_folder(tmp_path, {}, [{"name": "Mia", "id": 7}])
    assert gradescope.main(root, "neuron_type") == 1
    assert "Mia" in page_of(root)["tests"][0]["output"] and "roster" in page_of(root)["tests"][0]["output"]

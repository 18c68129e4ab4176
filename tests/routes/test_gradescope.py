"""Gradescope: its format, its identity, and a page whatever is handed in."""

import json
import os
import sys
from pathlib import Path

import jsonschema
import pytest

from autograder import notebook, samples
from autograder.adapters import gradescope, gradescope_page
from autograder.course import Context, Course
from autograder.grade import grade
from autograder.sandbox import available, backend
from tests.conftest import COURSE, questions_only, student_with
from tests.routes.routes import Routes, command

TYPES = "neuron_type"
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
# From Gradescope's documentation of results.json.
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "tests"],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}


def content(student: str) -> bytes:
    made = samples.load(TYPES)["guess"].notebook(notebook.source_path(TYPES), student)
    return questions_only(made, "identify")


def page_of(root: Path) -> dict:
    page = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(page, SCHEMA)
    return page


@pytest.fixture(scope="module")
def finished(routes: Routes) -> tuple[Path, dict]:
    """A whole run by `run_autograder`, beside things that a student might put there."""
    root = routes.gradescope_tree(TYPES, "ada-page", content("eve"))
    (root / "submission" / ".OTTER_LOG").write_bytes(b"cos\nsystem\n(S'touch /tmp/pwned'\ntR.")
    (root / "submission" / "json.py").write_text("raise SystemExit('shadowed')")
    (root / "submission" / "tests").mkdir()
    (root / "submission" / "tests" / "type_class.py").write_text("OK_FORMAT = True")
    command(root / "run_autograder", cwd=root, NEURODYNEX_PYTHON=sys.executable, **routes.environment)
    return root, page_of(root)


def test_the_page_is_what_gradescope_takes(finished):
    _, page = finished
    assert page["score"] == sum(test["score"] for test in page["tests"] if "score" in test)
    assert [test["number"] for test in page["tests"]] == ["1", "2", "3", "4", "5"]
    assert page["execution_time"] > 0 and page["output_format"] == "md"


def test_the_variant_comes_from_the_address_and_not_from_the_notebook(finished):
    _, page = finished
    assert page["extra_data"]["variant"] == Context.of("Ada-Page@uni.edu", TYPES, COURSE).variant
    assert "'eve'" in page["output"] and "ada-page" in page["output"]


def test_how_it_was_graded_is_in_the_extra_data(finished):
    _, page = finished
    assert {"package", "sandbox", "missing_layers", "notebook_sha256"} <= set(page["extra_data"])


def test_nothing_of_the_submission_is_left_beside_the_notebook(finished):
    root, _ = finished
    left = {entry.name for entry in (root / "submission").iterdir()} - {"__pycache__"}
    assert left == {"neuron_type.ipynb", "tests"} and not Path("/tmp/pwned").exists()


def test_sources_metadata_and_results_are_closed_to_other_users(finished):
    root, _ = finished
    for name in ("source", "submission", "results", "submission_metadata.json"):
        assert (root / name).stat().st_mode & 0o077 == 0, name


def test_what_was_graded_is_there_after_each_question(tmp_path):
    """A global timeout may come at any time: each page so far is whole, valid, and has what was graded until then."""
    (tmp_path / "results").mkdir()
    pages = []

    def keep(result):
        gradescope.write_results(tmp_path, result)
        pages.append(page_of(tmp_path))

    student = student_with("I")
    grade(content(student), TYPES, student, backend(), course=COURSE, on_question=keep)
    assert len(pages) == 6 and gradescope_page.BEGUN in pages[0]["output"]
    assert [page["score"] for page in pages] == sorted(page["score"] for page in pages)


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({}, "Hand in neuron_type.ipynb itself, as it is saved in Jupyter."),
        ({"a.ipynb": content("a"), "b.ipynb": content("b")}, "a.ipynb, b.ipynb. Hand in one only."),
        ({"a.ipynb": b"{}", "b.ipynb": b"{}"}, "a.ipynb, b.ipynb"),
        (
            {"work.zip": b"PK\x03\x04 cut off"},
            "Hand in neuron_type.ipynb itself, as it is saved in Jupyter, not packed.",
        ),
        ({"work.ipynb": bytes(range(256))}, "not even text"),
        ({"neuron_type.ipynb": b"", "other.ipynb": b"{}"}, "empty"),
        ({"neuron_type.py": b"print(1)"}, "There is no notebook"),
    ],
    ids=["nothing", "two", "two of other kinds", "zip", "binary", "empty", "script"],
)
def test_a_hand_in_without_a_notebook_gets_a_page_that_says_so(tmp_path, files, word):
    for name in ("source", "submission", "results"):
        (tmp_path / name).mkdir()
    for name, data in files.items():
        (tmp_path / "submission" / name).write_bytes(data)
    (tmp_path / "submission_metadata.json").write_text('{"users": [{"email": "ada@uni.edu"}]}')
    assert gradescope.main(tmp_path, TYPES) == 0
    page = page_of(tmp_path)
    assert page["score"] == 0 and word in page["output"].replace("\\", "")


@pytest.mark.parametrize("metadata", ["{}", '{"users": []}', "[]", "not json", '{"users": [{"name": "Ada"}]}'])
def test_without_an_identity_the_page_asks_for_the_instructor(tmp_path, metadata):
    for name in ("source", "submission", "results"):
        (tmp_path / name).mkdir()
    (tmp_path / "submission_metadata.json").write_text(metadata)
    assert gradescope.main(tmp_path, TYPES) == 1
    page = page_of(tmp_path)
    assert "instructor" in page["output"] and page["tests"][0]["visibility"] == "hidden"


@pytest.mark.parametrize("match", ["local-part", "whole"])
@pytest.mark.parametrize(
    "members", [("mia@uni.edu", "zoe@uni.edu"), ("mia@uni.edu", "Zoe@uni.edu"), ("MIA@UNI.EDU", " zoe@uni.edu")]
)
def test_a_group_has_one_variant_whatever_the_order_of_its_members_and_the_case_of_their_addresses(members, match):
    course = Course.model_validate(COURSE.model_dump() | {"identity": {"match": match}})
    for order in (members, members[::-1]):
        found = gradescope.identity({"users": [{"email": email} for email in order]}, course)
        assert found is not None and found.casefold() == "mia@uni.edu"


def test_what_a_student_prints_into_an_answer_is_no_markup(tmp_path):
    result = grade(content("ada"), TYPES, "ada", backend(), course=COURSE).result
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:x) **b** `c"
    question = result.questions[0].model_copy(
        update={
            "parts": tuple(p.model_copy(update={"message": evil}) for p in result.questions[0].parts),
            "message": evil,
        }
    )
    page = gradescope.results_json(
        result.model_copy(update={"questions": (question,), "errors": (evil,)}), finished=True
    )
    test = page["tests"][0]
    assert test["name"] not in test["output"]  # Gradescope shows it above
    for text in (page["output"], test["output"]):
        assert "<script>" not in text.replace("\\<", "") and "](" not in text.replace("\\]", "")


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_whole_run_stays_below_600_mb(routes: Routes):
    """The sum over all processes, at its highest, on the Gradescope tree, of a full reference solution."""
    import subprocess
    import threading
    import time

    import psutil

    student = "ada-memory"
    sample = samples.load(TYPES)["ada"].notebook(notebook.source_path(TYPES), student)
    root = routes.gradescope_tree(TYPES, student, sample)
    # On Gradescope there is root without namespaces.
    sandbox = "other-uid" if available()["other-uid"] is None else "bubblewrap"
    env = {**os.environ, **routes.environment, "NEURODYNEX_PYTHON": sys.executable, "NEURODYNEX_SANDBOX": sandbox}
    begun = time.monotonic()
    run = subprocess.Popen([root / "run_autograder"], cwd=root, env=env, stdout=subprocess.DEVNULL)
    peak = 0

    def watch() -> None:
        nonlocal peak
        parent = psutil.Process(run.pid)
        while run.poll() is None:
            used = 0
            for process in [parent, *parent.children(recursive=True)]:
                try:
                    used += process.memory_full_info().pss
                except psutil.Error:
                    continue
            peak = max(peak, used)
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert run.wait() == 0
    watcher.join()
    assert page_of(root)["score"] == 15
    assert page_of(root)["extra_data"]["sandbox"] == sandbox
    print(f"\nGradescope-style run of {TYPES}: peak {peak / 2**20:.0f} MB, {time.monotonic() - begun:.0f} s")
    assert 100 * 2**20 < peak < 600 * 2**20

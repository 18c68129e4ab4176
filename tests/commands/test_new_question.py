"""`autograder new question` and `new assignment` write what builds at once, and say what is left to fill in."""

import json
import subprocess
import sys

import pytest

from autograder.authoring import FILL_IN, KINDS
from tests.commands.checkout import Checkout
from tests.conftest import ROOT

LIF = "leaky_integrate_and_fire"
#: Kind -> the line of its reference that a lazy author would write.
REFERENCES = {
    "value": "0.5",
    "values": "np.array([1 + 0j, 2 + 0j])",
    "function": "argument",
    "curve": "2 * x",
    "choice": '"yes"',
    "truths": "{-1.0: False, 1.0: True}",
}


def fill_in(checkout: Checkout, assignment: str) -> None:
    """Fill in every place, as briefly as possible."""
    folder = checkout.folder / "autograder" / "assignments" / assignment
    reference = folder / "reference.py"
    text = reference.read_text(encoding="utf-8")
    for kind, value in REFERENCES.items():
        head, found, tail = text.partition(f"def new_{kind}(")
        body, _, tail = tail.partition("raise NotImplementedError(")
        if found:
            text = head + found + body + f"return {value}\n" + tail.partition("\n")[2]
    reference.write_text(text, encoding="utf-8")
    for path in (folder / "questions.py", checkout.folder / "source" / assignment / f"{assignment}.ipynb"):
        path.write_text(path.read_text(encoding="utf-8").replace(FILL_IN, "Done"), encoding="utf-8")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Checkout:
    return Checkout(tmp_path_factory.mktemp("authors") / "checkout")


def test_each_kind_builds_at_once_says_what_is_missing_and_is_proved_when_it_is_there(checkout, pytestconfig):
    kinds = list(KINDS) if pytestconfig.getoption("--thorough") else list(KINDS)[:2]
    for kind in kinds:
        checkout.run("new", "question", LIF, f"new_{kind}", "--kind", kind, "--variable", f"its_{kind}", "--unit", "mV")
    printed = checkout.run("build", LIF)
    for kind in kinds:
        assert f"cell new-{kind}-text: {FILL_IN}" in printed
    assert printed.count("reference.py, line") == len(kinds)
    printed = checkout.run("verify", LIF, "--students", "1", code=1)
    assert f"reference.py, line 45: {FILL_IN}: the expected value" in printed
    fill_in(checkout, LIF)
    assert "FILL IN" not in checkout.run("build", LIF)
    printed = checkout.run("verify", LIF, "--students", "1")
    assert "0 faults, 1 students." in printed
    assert all(f"new_{kind} " in printed for kind in kinds)


def test_what_it_writes_is_in_the_style_of_the_rest(checkout):
    for command in (("check",), ("format", "--check")):
        line = [
            sys.executable,
            "-m",
            "ruff",
            *command,
            "--config",
            str(ROOT / "pyproject.toml"),
            "autograder/assignments",
        ]
        done = subprocess.run(line, cwd=checkout.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_a_new_assignment_is_built_and_proved(checkout):
    words = ("--title", "The passive cable", "--id", "cable_length", "--variable", "its_value", "--unit", "cm")
    checkout.run("new", "assignment", "cable", *words)
    printed = checkout.run("build", "cable")
    assert f"reference.py, line 8: {FILL_IN}" in printed and f"{FILL_IN}: what students find out" in printed
    released = json.loads((checkout.folder / "release/cable/cable.ipynb").read_text(encoding="utf-8"))
    assert "# The passive cable" in "".join(released["cells"][0]["source"])
    reference = checkout.folder / "autograder/assignments/cable/reference.py"
    text = reference.read_text(encoding="utf-8").partition("    raise")[0]
    reference.write_text(text + "    return 0.1\n", encoding="utf-8")
    fill_in(checkout, "cable")
    assert "0 faults, 1 students." in checkout.run("verify", "cable", "--students", "1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((LIF, "lif_threshold"), "There is a question 'lif_threshold' already."),
        ((LIF, "hh_threshold"), "There is a question 'hh_threshold' already."),
        ((LIF, "steady voltage"), "is a Python name"),
        ((LIF, "steady", "--kind", "essay"), "There are: value, values, function"),
        ((LIF, "steady", "--points", "-1"), "must be a number from 0 to 1000"),
        (("cabel", "steady"), "There is no assignment 'cabel'."),
    ],
)
def test_a_question_that_cannot_be_is_refused_and_nothing_is_written(words, said, tmp_path, checkout):
    files = [
        checkout.folder / "source" / LIF / f"{LIF}.ipynb",
        *checkout.folder.glob(f"autograder/assignments/{LIF}/*.py"),
    ]
    before = [path.read_bytes() for path in files]
    assert said in checkout.run("new", "question", *words, code=2)
    assert [path.read_bytes() for path in files] == before


AUTHORS_MISTAKES = {
    "id twice": (
        '"lif_firing_rate",\n            asks',
        '"lif_threshold",\n            asks',
        "two questions have the id lif_threshold",
    ),
    "no test cell": (
        '"lif_threshold",\n            asks',
        '"lif_treshold",\n            asks',
        "lif_treshold has no test cell in",
    ),
    "another sentence": (
        "up to 0.005 nA below",
        "up to 0.006 nA below",
        "lacks the sentence that states the tolerance of lif_threshold",
    ),
}


@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param("id twice", marks=pytest.mark.thorough),
        "no test cell",
        pytest.param("another sentence", marks=pytest.mark.thorough),  # by default, `preview` is told of it
    ],
)
def test_an_authors_mistake_is_one_line_with_file_question_and_remedy(mistake, checkout):
    path = checkout.folder / "autograder" / "assignments" / LIF / "questions.py"
    before, (old, new, said) = path.read_text(encoding="utf-8"), AUTHORS_MISTAKES[mistake]
    assert old in before
    path.write_text(before.replace(old, new), encoding="utf-8")
    try:
        printed = checkout.run("build", LIF, code=2)
    finally:
        path.write_text(before, encoding="utf-8")
    (line,) = [line for line in printed.splitlines() if line.startswith("Error")]
    assert said in line and "questions.py" in line


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("expected=lambda c: lif.rheobase()", "expected=lambda c: 3.0", "right was refused"),
        pytest.param(
            *("accept=lambda c: THRESHOLD", "accept=lambda c: Between(0.5, 2.0)", "slip: no spike was accepted"),
            marks=pytest.mark.thorough,
        ),
    ],
)
def test_a_question_that_is_not_fair_is_named_with_its_file_and_a_remedy(old, new, said, checkout):
    path = checkout.folder / "autograder" / "assignments" / LIF / "questions.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    try:
        printed = checkout.run("verify", LIF, "--students", "1", code=1)
    finally:
        path.write_text(before, encoding="utf-8")
    fault = next(line for line in printed.splitlines() if said in line)
    assert fault.startswith(f"Fault: autograder/assignments/{LIF}/questions.py, lif_threshold")
    assert "`accept`" in fault

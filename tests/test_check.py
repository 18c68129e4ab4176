"""The self-check: form, unit, size and consistency, and never a traceback or a right answer."""

import json
import linecache
import subprocess
import sysconfig
import venv
import zipfile
from email import message_from_bytes
from importlib.metadata import Distribution, distribution
from pathlib import Path

import brian2 as b2
import matplotlib
import numpy as np
import pytest
from packaging.requirements import Requirement

from autograder import assignments
from autograder.package import build_wheel
from neurodynex import check as self_check
from tests.conftest import COURSE

matplotlib.use("Agg")


def said(question: str, **names) -> tuple[bool, str]:
    findings = self_check.evaluate(question, names)
    return all(finding.ok for finding in findings), "\n".join(finding.message for finding in findings)


def test_every_question_has_a_form():
    assert list(self_check.forms()) == [q.id for name in assignments.NAMES for q in assignments.load(name).questions]


@pytest.mark.parametrize("question", list(self_check.forms()))
def test_the_check_of_an_untouched_notebook_lists_what_is_missing(question):
    ok, text = said(question)
    assert not ok and "not defined yet" in text


@pytest.mark.parametrize(
    ("value", "ok", "word"),
    [
        (1.01, True, "silent"),
        (1.01 * b2.nA, True, "fire"),
        (0.5, False, "not fire"),
        (2.0, False, "fire too"),
        (1010.0, False, "plausible"),
        ("1.01", False, "text"),
        (None, False, "still None"),
        (..., False, "no value yet"),
        ((1.01 + 0j) * b2.nA, True, "fire"),
        (1.01 * b2.mV, False, "dimension"),
        (float("nan"), False, "not a finite number"),
    ],
)
def test_the_threshold_is_held_against_a_simulation(value, ok, word):
    assert said("lif_threshold", I_min=value)[0] == ok
    assert word in said("lif_threshold", I_min=value)[1]


def test_a_misspelt_name_is_pointed_out():
    assert "`I_mn`" in said("lif_threshold", I_mn=1.0)[1]


def test_a_stub_is_no_function_yet():
    assert said("lif_firing_rate", firing_rate=lambda current: None)[0] is False


def in_a_cell(source: str) -> dict:
    """Return the names that code of a notebook's cell defines, so that Python finds the code of a function again."""
    cell = "<a cell of a notebook>"
    linecache.cache[cell] = (len(source), None, source.splitlines(keepends=True), cell)
    names: dict = {}
    exec(compile(source, cell, "exec"), names)
    return names


FUNCTIONS = [
    (question, form["name"])
    for question, forms in self_check.forms().items()
    for form in forms["answers"]
    if "call" in form
]


@pytest.mark.parametrize("body", ["    ...", '    """Say what it returns."""\n    pass'])
@pytest.mark.parametrize(("question", "name"), FUNCTIONS)
def test_a_function_as_it_was_handed_out_is_not_in_order(question, name, body):
    ok, text = said(question, **in_a_cell(f"def {name}(x, y=1):\n{body}\n"))
    assert not ok and f"`{name}` has nothing in it yet." in text


@pytest.mark.parametrize(("question", "name"), FUNCTIONS)
def test_a_function_with_something_in_it_is_called_by_the_grader_only(question, name):
    assert "nothing in it" not in said(question, **in_a_cell(f"def {name}(x, y=1):\n    return None\n"))[1]


def test_a_plot_is_found_only_with_the_arrays_and_labels(monkeypatch):
    import matplotlib.pyplot as plt

    plt.close("all")
    monkeypatch.setattr(self_check.watch(), "figures", [])
    currents = np.linspace(0, 2, 23)
    names = {"currents": currents, "rates": np.where(currents > 1, 100.0, 0), "firing_rate": lambda i: 100.0 * (i > 1)}
    assert "No plot" in said("lif_fi_curve", **names)[1]
    _, ax = plt.subplots()
    ax.plot(currents, names["rates"])
    assert "label" in said("lif_fi_curve", **names)[1]
    ax.set(xlabel="I", ylabel="f")
    assert said("lif_fi_curve", **names)[0]
    plt.close("all")


class Hostile:
    def __getattr__(self, name):
        raise RuntimeError("boo")

    __array__ = __len__ = __iter__ = __float__ = __eq__ = lambda *_: 1 / 0
    __hash__ = None  # type: ignore[assignment]


HOSTILE = [Hostile(), [Hostile()], print, {1: 2}, object, np.zeros((2, 2)), "x" * 10**6, 10**400]


@pytest.mark.parametrize("index", range(len(HOSTILE)))
@pytest.mark.parametrize("question", list(self_check.forms()))
def test_no_value_makes_the_check_raise(question, index):
    value = HOSTILE[index]
    names = [
        n for form in self_check.forms()[question]["answers"] for n in json.dumps(form).split('"') if n.isidentifier()
    ]
    assert all(
        isinstance(finding.message, str) for finding in self_check.evaluate(question, dict.fromkeys(names, value))
    )


def test_a_question_that_does_not_exist_is_answered_with_those_that_do(capsys):
    self_check.check("lif_treshold")
    assert "lif_threshold" in capsys.readouterr().out


def test_under_nbgrader_validate_a_check_fails_loudly(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    with pytest.raises(self_check.CheckFailed, match="not defined"):
        self_check.check("lif_sinus_phase")


def add_what_it_requires(wheel: Path, site: Path) -> None:
    """Link into `site` what the wheel requires, and what that requires, from where this Python has it: nothing else."""
    with zipfile.ZipFile(wheel) as file:
        name = next(name for name in file.namelist() if name.endswith(".dist-info/METADATA"))
        wanted = set(message_from_bytes(file.read(name)).get_all("Requires-Dist", []))
    found: dict[str, Distribution] = {}
    while wanted:
        requirement = Requirement(wanted.pop())
        if requirement.name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[requirement.name] = installed = distribution(requirement.name)
        wanted.update(installed.requires or [])
        for top in {path.parts[0] for path in installed.files or []} - {"..", "__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(installed.locate_file(top))


def test_the_wheel_holds_the_students_package_only_and_works_with_what_it_requires(tmp_path: Path):
    wheel = build_wheel(tmp_path, COURSE)
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if "dist-info" not in name} == {"neurodynex"}
    venv.create(tmp_path / "clean")
    python = tmp_path / "clean" / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(tmp_path / "clean")}))
    add_what_it_requires(wheel, site)
    zipfile.ZipFile(wheel).extractall(site)
    code = "import neurodynex.check as c; I_min = 1.01; c.check('lif_threshold'); print(c.__file__); import autograder"
    done = subprocess.run([python, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert "in order so far" in done.stdout and f"{site}/" in done.stdout, done.stdout + done.stderr
    assert "No module named 'autograder'" in done.stderr


def run_check(tmp_path: Path, capsys, **sources: str) -> tuple[int, str]:
    """Check the threshold's question alone: its answer cell, its test cell, and a cell below."""
    import nbformat

    from neurodynex.__main__ import check_notebook

    test = nbformat.v4.new_code_cell(sources.get("test", "check('lif_threshold')"))
    test.metadata["nbgrader"] = {"grade_id": "lif_threshold", "locked": True, "grade": True}
    cells = [nbformat.v4.new_code_cell(sources.get("answer", "pass")), test]
    cells.append(nbformat.v4.new_code_cell(sources.get("below", "pass")))
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "conda-env-neuro-py", "display_name": "neuro", "language": "python"}
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    code = check_notebook(tmp_path / "mine.ipynb", 120)
    return code, capsys.readouterr().out


@pytest.mark.parametrize(
    ("sources", "advice"),
    [
        ({"test": "I_min = 1.01\ncheck('lif_threshold')"}, "in the test cell itself"),
        ({"below": "I_min = 1.01\ncheck('lif_threshold')"}, "in cell 3, below the test cell"),
    ],
)
def test_an_answer_in_or_below_the_test_cell_is_not_in_order_as_the_grader_does_not_see_it(
    sources, advice, tmp_path, capsys
):
    code, text = run_check(tmp_path, capsys, **sources)
    assert code == 1 and "lif_threshold: not in order yet" in text
    assert advice in text and "move it up into the answer cell" in text


def test_a_notebook_is_checked_whatever_kernel_it_was_saved_with(tmp_path, capsys):
    _, text = run_check(tmp_path, capsys, answer="I_min = 1.01")
    assert "lif_threshold: in order so far" in text and text.count("lif_threshold") == 1


def test_the_nearest_question_is_named(capsys):
    self_check.check("lif_treshold")
    assert "Did you mean 'lif_threshold'?" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("question", "name", "value"),
    [
        ("lif_threshold", "I_min", 1.0),
        ("hh_threshold", "I_spike", 2.25),
        ("hh_threshold", "I_spike", 2.3),
        ("hh_repetitive", "I_repetitive", 5.96),
        ("hh_ramp", "I_ramp", 18.7),
        ("hh_sodium", "I_repetitive_sodium", 0.83),
    ],
)
def test_a_threshold_one_step_below_the_exact_one_is_in_order_as_it_is_accepted(question, name, value):
    assert said(question, **{name: value})[0], said(question, **{name: value})[1]


def test_only_an_unknown_name_is_reported_as_one(monkeypatch, capsys):
    self_check.check("lif_treshold")
    assert "Did you mean 'lif_threshold'?" in capsys.readouterr().out
    monkeypatch.setitem(self_check.CHECKS, "value", lambda form, got: {}["ordering"])
    with pytest.raises(KeyError, match="ordering"):
        self_check.evaluate("lif_threshold", {"I_min": 1.0})
    with pytest.raises(KeyError, match="ordering"):
        exec("check('lif_threshold')", {"check": self_check.check, "I_min": 1.0})

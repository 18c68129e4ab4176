"""`regrade`: the stored answers of a class are judged again by today's rules, and whose score changed is reported."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from autograder import __main__ as commands
from autograder import batch, notebook, regrade, samples
from autograder.grade import judge_again
from autograder.question import Question
from autograder.result import Result
from tests.conftest import COURSE, questions_only

LIF = "leaky_integrate_and_fire"
ANSWERS = {"ada": "I_min = 1.01", "bob": "I_min = 0.5", "eve": None}


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """A class of three: one right answer, one wrong, and a file that holds no notebook."""
    folder = tmp_path_factory.mktemp("regrade")
    for student, answer in ANSWERS.items():
        place = folder / "submitted" / student / LIF
        place.mkdir(parents=True)
        sample = samples.Sample("", {"lif_threshold_solution": answer or ""}, blank=True)
        content = questions_only(sample.notebook(notebook.source_path(LIF), student)) if answer else b"no notebook"
        (place / f"{LIF}.ipynb").write_bytes(content)
    batch.run(batch.find_jobs(folder / "submitted", None, None), folder / "out", course=COURSE, workers=1, cold=True)
    return folder / "out"


@pytest.fixture
def out(graded, tmp_path) -> Path:
    """The same class, of which an earlier rule refused the right answer."""
    shutil.copytree(graded, tmp_path / "out")
    return refuse(tmp_path / "out")


def refuse(out: Path) -> Path:
    path = out / "ada" / f"{LIF}.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    assert fields["score"] == 2
    fields["score"] = fields["questions"][0]["score"] = fields["questions"][0]["parts"][0]["score"] = 0
    fields["judging_key"] = "earlier"
    path.write_text(json.dumps(fields), encoding="utf-8")
    return out


def result(out: Path, student: str) -> Result:
    return Result.from_json((out / student / f"{LIF}.json").read_text(encoding="utf-8"))


def everything(out: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in out.rglob("*.*") if path.is_file() and path.name != batch.LOCK}


CHANGE = regrade.ScoreChange("ada", LIF, 0.0, 2.0, {"lif_threshold": (0.0, 2.0)})


def test_only_the_score_that_changed_is_reported_and_the_earlier_one_is_kept(graded, out):
    found = regrade.regrade(out, COURSE)
    assert (found.judged, found.changes, found.to_run, found.outdated_runs) == (3, [CHANGE], {}, 0)
    now = result(out, "ada")
    (earlier,) = now.history
    assert (earlier.score, earlier.questions["lif_threshold"], earlier.judging_key) == (0, 0, "earlier")
    assert earlier.reason == "questions, tolerances or points changed"
    assert now.model_copy(update={"history": ()}) == result(graded, "ada")
    assert [result(out, student) for student in ("bob", "eve")] == [
        result(graded, student) for student in ("bob", "eve")
    ]
    before = everything(out)
    assert regrade.regrade(out, COURSE).changes == [] and everything(out) == before


def test_a_dry_run_reports_the_same_and_writes_nothing(out):
    before = everything(out)
    assert regrade.regrade(out, COURSE, dry_run=True).changes == [CHANGE]
    assert everything(out) == before


def test_several_processes_judge_as_one_does(out, monkeypatch):
    monkeypatch.setattr(regrade, "_PORTION", 1)
    counts: list[int] = []
    found = regrade.regrade(out, COURSE, on_done=counts.append)
    assert (found.judged, found.changes, counts) == (3, [CHANGE], [1, 1, 1])
    assert result(out, "ada").score == 2


def test_only_what_is_chosen_is_judged(out):
    assert regrade.regrade(out, COURSE, student="bob").changes == []
    assert regrade.regrade(out, COURSE, assignment=LIF, student="ada").changes == [CHANGE]


@pytest.mark.parametrize("lost", ["answer", "inputs", "whole"])
def test_what_the_stored_answers_do_not_hold_is_left_and_named(out, lost):
    path = out / "ada" / f"{LIF}.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    if lost == "answer":
        fields["questions"][0]["answers"] = {}
    for question in fields["questions"] if lost == "inputs" else ():
        question["inputs"] = {}
    path.write_text("{" if lost == "whole" else json.dumps(fields), encoding="utf-8")
    before = path.read_bytes()
    found = regrade.regrade(out, COURSE)
    assert (found.judged, list(found.to_run), found.changes) == (2, [path], [])
    assert path.read_bytes() == before


def test_a_run_with_other_limits_is_judged_keeps_its_key_and_is_counted(out):
    other = COURSE.with_limits(cell_seconds=COURSE.limits.cell_seconds + 1)
    key = result(out, "ada").run_key
    found = regrade.regrade(out, other)
    assert (found.judged, found.changes, found.outdated_runs) == (3, [CHANGE], 3)
    assert result(out, "ada").run_key == key


def test_each_question_says_once_for_a_submission_what_it_asks_for(graded, monkeypatch):
    asked = []
    requests = Question.requests
    monkeypatch.setattr(Question, "requests", lambda self, context: asked.append(self.id) or requests(self, context))
    assert judge_again(result(graded, "ada"), course=COURSE)
    assert sorted(asked) == sorted(notebook.points_of(LIF).points)


def run(monkeypatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["autograder", *words])
    with pytest.raises(SystemExit) as ended:
        commands.main()
    return int(ended.value.code or 0)


def test_the_command_shows_who_and_by_which_question_and_writes_the_page(out, monkeypatch, capsys):
    assert run(monkeypatch, "regrade", str(out), "--dry-run") == 0
    said = capsys.readouterr().out
    assert "lif_threshold 0 → 2" in said and "1 score would change" in said and "Nothing was written" in said
    assert not (out / "report").exists()
    assert run(monkeypatch, "regrade", str(out)) == 0
    assert "3 judged again, 1 score changed, 0 to be run." in capsys.readouterr().out
    assert any("2 of 14" in page.read_text(encoding="utf-8") for page in out.glob("report/students/*/*.md"))
    (out / "ada" / f"{LIF}.json").write_text("{")
    assert run(monkeypatch, "regrade", str(out), "--student", "bob") == 0
    assert run(monkeypatch, "regrade", str(out)) == 1
    assert "To be run" in capsys.readouterr().err


def test_without_results_the_command_says_what_makes_them(tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, "regrade", str(tmp_path)) == 2
    assert "`grade` writes them" in capsys.readouterr().err

"""What many tests share."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from xdist.scheduler import LoadScopeScheduling

from autograder import assignments, batch, notebook, workers
from autograder.course import Context, read_course_toml
from autograder.judge import judge
from autograder.result import QuestionResult
from neurodynex.answer_data.encode import encode

ROOT = Path(__file__).parent.parent
#: Files with a fixture that takes seconds and serves many tests: with `--dist loadgroup`, each runs in one process.
TOGETHER = (
    *("test_attacks.py", "test_batch.py", "test_build.py", "test_gradescope.py", "test_hand_ins.py"),
    *("test_isolation.py", "test_key.py", "test_nbgrader.py", "test_new_course.py", "test_new_question.py"),
    *("test_notebook.py", "test_nothing_lost.py", "test_nothing_lost_nbgrader.py", "test_pages.py", "test_preview.py"),
    *("test_regrade.py", "test_stale.py"),
)
# The course of this checkout, for tests that do not make one of their own.
COURSE = read_course_toml()


def student_with(neuron_x: str) -> str:
    """Return a student whose NeuronX is of that type."""
    for number in range(100):
        student = f"student{number}"
        if Context.of(student, "neuron_type", COURSE).variant["NeuronX"] == neuron_x:
            return student
    raise AssertionError("no such student among a hundred")


def judged(question_id: str, values: dict[str, Any], student: str = "ada", **more: Any) -> QuestionResult:
    """Judge a question from plain Python values of the student's variables.

    `more` holds encoded answers under their request keys, where a variable is not enough.
    """
    name = next(n for n in assignments.NAMES if any(q.id == question_id for q in assignments.load(n).questions))
    context = Context.of(student, name, COURSE)
    question = assignments.load(name).question(question_id)
    answers = {f"variable:{key}": encode(value) for key, value in values.items()} | more
    return judge(question, notebook.points_of(name).points[question_id], answers, context, {})


def questions_only(content: bytes, *more: str) -> bytes:
    """Leave of a notebook what is asked and answered, and the cells `more`; what is shown there imports Brian2, in seconds."""
    made = json.loads(content)
    made["cells"] = [cell for cell in made["cells"] if "nbgrader" in cell["metadata"] or cell["id"] in more]
    return json.dumps(made, indent=1, ensure_ascii=False).encode()


class Said(NamedTuple):
    """What a command printed."""

    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Return a function that runs a command of `autograder` in this process, which has imported everything."""
    from autograder.__main__ import main

    def run(*words: str | Path, code: int = 0) -> Said:
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, words)])
        monkeypatch.chdir(ROOT)
        with pytest.raises(SystemExit) as ended:
            main()
        said = Said(*capsys.readouterr())
        assert (ended.value.code or 0) == code, said.text
        return said

    return run


@pytest.fixture
def in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch grade in this process, where its workers are not what is tested."""

    def one_by_one(todo: dict[workers.Job, Any], rules: workers.Rules, _: int) -> Iterator[tuple[workers.Job, Any]]:
        for job in todo:
            yield job, workers.JobOutcome(workers.grade_job(job, rules))

    monkeypatch.setattr(batch, "in_parallel", one_by_one)


@pytest.fixture
def context_lif() -> Context:
    return Context.of("ada", "leaky_integrate_and_fire", COURSE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="Every sample, honest solution and attack on every route; more random cases, more kills at random moments.",
    )
    parser.addoption("--browser", action="store_true", help="Look at pages in a real browser, too; see `make browser`.")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "thorough: takes long; run with --thorough only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--thorough"):
        for item in items:
            if item.get_closest_marker("thorough"):
                item.add_marker(pytest.mark.skip(reason="takes long: --thorough"))


class FilesTogether(LoadScopeScheduling):
    """Gives the tests of some files to one process, and every other test to whichever is free.

    The groups of xdist 3.8 itself are not seen by pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if Path(path).name in TOGETHER else nodeid


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run one process more than there are cores: many tests wait, for limits and for other processes."""
    return batch.cores() + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    return FilesTogether(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Count what was not tried, and say why."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    reasons = Counter(re.sub(r"\s+", " ", report.longrepr[2].removeprefix("Skipped: ")) for report in skipped)
    terminalreporter.write_line(f"Not tried: {len(skipped)} tests.")
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count:>5}  {reason}")

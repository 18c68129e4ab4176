"""A place where submissions are graded, with other people's work and secrets in it, and a watch over both."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from nbgrader.api import Gradebook

from autograder import notebook, samples
from autograder.grade import grade
from autograder.sandbox import backend
from tests.attacks.attack import ASSIGNMENT, MARK, Attack
from tests.conftest import COURSE, ROOT, questions_only
from tests.routes.routes import BIN, Routes

NEIGHBOUR = "grace"
#: Graded before, among and after the attacks of a batch.
HONEST = ("a-first", "hopeful", "zz-last")
#: A sentence of the reference solution, which students never get.
SOLUTION = "the decay after the step is much slower"
#: Where student code may try to leave something.
_PUBLIC = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", str(Path.home()), str(ROOT))
#: The attacks that never end need not run as long as a course would let them.
_SHORT = COURSE.with_limits(cell_seconds=4, call_seconds=2, total_seconds=90)
#: No attack keeps a grader longer. A run of the slowest takes a third of it on an idle machine.
_SECONDS = 300


@dataclass
class Outcome:
    """What an attack came to on a route.

    Attributes
    ----------
    score : float or None
        None where the submission was refused without a grade.
    visible : str
        Everything that the student gets to see.
    breaches : list of str
        What was gained, lost, read, changed or left behind; empty where the route held.
    """

    score: float | None
    visible: str = ""
    breaches: list[str] = field(default_factory=list)


class World:
    """An nbgrader course, a folder of submissions and a Gradescope tree, with a neighbour's work and secrets in each.

    Parameters
    ----------
    folder : Path
        Empty.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets = {name: f"secret-{name}-{secrets.token_hex(8)}" for name in ("environment", "roster", "results")}
        self.routes = Routes(folder, _SHORT)
        self.environment = {**self.routes.environment, "GRADER_TOKEN": self.secrets["environment"]}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.course, self.results = self.routes.nbgrader, folder / "grade" / NEIGHBOUR / "out"
        self._settle_neighbour()

    def _settle_neighbour(self) -> None:
        content = honest(NEIGHBOUR)
        self.secrets["neighbour"] = f"secret-neighbour-{secrets.token_hex(8)}"
        content = content.replace(b"I_min = 1.0", f"I_min = 1.0  # {self.secrets['neighbour']}".encode())
        self.routes.by_nbgrader(ASSIGNMENT, NEIGHBOUR, content)
        with Gradebook(f"sqlite:///{self.course / 'gradebook.db'}") as gradebook:
            gradebook.update_or_create_student(NEIGHBOUR, last_name=self.secrets["roster"])
        graded = grade(content, ASSIGNMENT, NEIGHBOUR, backend(), course=_SHORT).result
        place = self.results / NEIGHBOUR / f"{ASSIGNMENT}.json"
        place.parent.mkdir(parents=True)
        place.write_text(graded.to_json(), encoding="utf-8")

    def known(self, attack: Attack) -> dict[str, object]:
        """Return what the attacker knows of the place."""
        return {
            "mark": self.mark(attack),
            "checkout": str(ROOT),
            "course": str(self.course),
            "neighbour": str(self.course / "submitted" / NEIGHBOUR / ASSIGNMENT),
            "results": str(self.results),
            "tree": str(self.tree(attack)),
            "port": self.listener.getsockname()[1],
            "grader": os.getpid(),
        }

    def mark(self, attack: Attack) -> str:
        """Return what shows whose a process is, as other attacks may run at the same time."""
        return f"{MARK}-{attack.name}-{os.getpid()}"

    def tree(self, attack: Attack) -> Path:
        return self.folder / "gradescope" / attack.name / ASSIGNMENT

    def batch(self, attacks: Iterable[Attack]) -> dict[str, float]:
        """Grade attacks and honest students in one batch; return everybody's score."""
        submitted, out = self.folder / "class", self.folder / "class-out"
        for attack in attacks:
            attack.hand_in(submitted / attack.name / ASSIGNMENT, self.known(attack))
        for student in HONEST:
            (submitted / student / ASSIGNMENT).mkdir(parents=True)
            (submitted / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_bytes(honest(student))
        line = (sys.executable, "-m", "autograder", "grade", submitted, "--out", out)
        self._run(*line, cwd=self.folder, seconds=_SECONDS + 20 * len(list(submitted.iterdir())))
        results = out.glob(f"*/{ASSIGNMENT}.json")
        return {path.parent.name: json.loads(path.read_text(encoding="utf-8"))["score"] for path in results}

    # -- the routes: `grade` with forks, in both sandboxes, and with a sandbox that is started afresh, as all others start theirs

    def by_grade(self, attack: Attack, *options: str, way: str = "--warm") -> Outcome:
        folder = self.folder / "submitted" / attack.name / ASSIGNMENT
        attack.hand_in(folder, self.known(attack))
        out = self.folder / "results" / attack.name
        words = ("grade", folder.parent.parent, "--student", attack.name, "--out", out, "--force", way)
        self._run(sys.executable, "-m", "autograder", *words, *options, cwd=self.folder)
        text = (out / attack.name / f"{ASSIGNMENT}.json").read_text(encoding="utf-8")
        return Outcome(json.loads(text)["score"], text)

    def by_grade_cold(self, attack: Attack) -> Outcome:
        return self.by_grade(attack, way="--cold")

    def by_other_uid(self, attack: Attack) -> Outcome:
        return self.by_grade(attack, "--sandbox", "other-uid")

    def by_nbgrader(self, attack: Attack) -> Outcome:
        attack.hand_in(self.course / "submitted" / attack.name / ASSIGNMENT, self.known(attack))
        self._run("nbgrader", "autograde", ASSIGNMENT, "--student", attack.name, cwd=self.course)
        # A feedback page shows nothing that does not stand in the graded notebook.
        visible = "".join(
            path.read_text(encoding="utf-8", errors="replace")
            for path in (self.course / "autograded" / attack.name).glob(f"{ASSIGNMENT}/*.ipynb")
        )
        return Outcome(score_in(self.course / "gradebook.db", attack.name), visible)

    def by_otter(self, attack: Attack) -> Outcome:
        folder = self.folder / "otter" / attack.name
        attack.hand_in(folder / "submitted", self.known(attack))
        words = ("otter", folder / "submitted", "--student", attack.name, "--assignment", ASSIGNMENT)
        words += ("--autograder", self.routes.zip_of(ASSIGNMENT), "--out", folder)
        printed = self._run(sys.executable, "-m", "autograder", *words, cwd=folder)
        page = folder / "results.json"
        if not page.exists():
            return Outcome(None, printed)
        text = page.read_text(encoding="utf-8")
        return Outcome(json.loads(text)["score"], text + printed)

    def by_gradescope(self, attack: Attack) -> Outcome:
        root = self.routes.gradescope_tree(ASSIGNMENT, attack.name, b"{}")
        metadata = json.loads((root / "submission_metadata.json").read_text(encoding="utf-8"))
        metadata["previous_submissions"] = [{"results": {"output": self.secrets["results"]}}]
        (root / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
        (root / "submission" / "my notebook.ipynb").unlink()
        (root / "submission").rmdir()
        attack.hand_in(root / "submission", self.known(attack))
        # On Gradescope there is root without namespaces.
        sandbox = {"NEURODYNEX_SANDBOX": "other-uid"} if os.geteuid() == 0 else {}
        self._run(root / "run_autograder", cwd=root, NEURODYNEX_PYTHON=sys.executable, **sandbox)
        text = (root / "results" / "results.json").read_text(encoding="utf-8")
        outcome = Outcome(json.loads(text)["score"], text)
        if json.loads((root / "submission_metadata.json").read_text(encoding="utf-8")) != metadata:
            outcome.breaches.append("changes submission_metadata.json")
        return outcome

    def run(self, attack: Attack, route: str) -> Outcome:
        """Grade an attack on one of `ROUTES`, and look at what it left behind."""
        before = self._files(attack)
        try:
            outcome = ROUTES[route](self, attack)
        except subprocess.TimeoutExpired:
            outcome = Outcome(None, breaches=[f"not ended after {_SECONDS} s"])
        outcome.breaches += attack.score_breaches(outcome.score)
        outcome.breaches += [f"reads {name}" for name in seen(self.secrets, outcome.visible)]
        after = self._files(attack)
        changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        outcome.breaches += [f"changes {path}" for path in changed]
        outcome.breaches += [f"leaves the process {name}" for name in _processes(self.mark(attack))]
        self._clear(attack)
        return outcome

    def _clear(self, attack: Attack) -> None:
        """Remove the attacker's own folders, which the next watch need not go through."""
        for place in ("submitted", "results", "otter", "gradescope", "nbgrader/submitted", "nbgrader/autograded"):
            subprocess.run(["rm", "-rf", "--", self.folder / place / attack.name], check=True)

    def _run(self, *words: str | Path, cwd: Path, seconds: float = _SECONDS, **environment: str) -> str:
        """Run a command whatever its exit code; return what it printed."""
        env = {**os.environ, **self.environment, **environment, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        # Not one character that a student printed may stop the watch.
        done = subprocess.run(
            [str(word) for word in words], cwd=cwd, env=env, errors="replace", timeout=seconds, check=False, **streams
        )
        return done.stdout

    # -- the watch

    def _files(self, attack: Attack) -> dict[str, str]:
        """Everything that no submission may change: path -> what it is now."""
        found = {path: _state(Path(path)) for path in _marked_files()}
        for top in (ROOT / "autograder", ROOT / "neurodynex", ROOT / "source", self.folder):
            for folder, folders, names in os.walk(top):
                if attack.name in Path(folder).parts:
                    folders.clear()  # its own
                    continue
                folders[:] = [name for name in folders if name not in ("__pycache__", "dist")]
                for name in names:
                    found[f"{folder}/{name}"] = _state(Path(folder) / name)
        found.pop(str(self.course / ".nbgrader.log"), None)
        # Of the gradebook the others' rows count.
        found[str(self.course / "gradebook.db")] = repr(score_in(self.course / "gradebook.db", NEIGHBOUR))
        return found


def honest(student: str) -> bytes:
    """Return the notebook of a student who answered the first question, which is worth 2 points, and no other."""
    sample = samples.Sample("", {"lif_threshold_solution": "I_min = 1.0"}, blank=True)
    return questions_only(sample.notebook(notebook.source_path(ASSIGNMENT), student))


ROUTES = {
    "grade": World.by_grade,
    "grade --cold": World.by_grade_cold,
    "other-uid": World.by_other_uid,
    "nbgrader": World.by_nbgrader,
    "otter": World.by_otter,
    "Gradescope": World.by_gradescope,
}


def score_in(gradebook: Path, student: str) -> float | None:
    """Return a student's automatic score in an nbgrader gradebook; None if there is none."""
    query = """
        SELECT SUM(grade.auto_score) FROM grade
        JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
        JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
        WHERE submitted_assignment.student_id = ?"""
    try:
        with closing(sqlite3.connect(f"file:{gradebook}?mode=ro", uri=True)) as connection:
            [(score,)] = connection.execute(query, (student,)).fetchall()
    except sqlite3.Error:
        return None
    return score


def seen(known: dict[str, str], text: str) -> Iterable[str]:
    """Yield the names of the secrets that a text gives away."""
    for name, secret in {**known, "solution": SOLUTION}.items():
        # The attacker may turn it round, to get past those who only look for it.
        if secret in text or secret[::-1] in text:
            yield name


def _state(path: Path) -> str:
    try:
        stat = path.lstat()
        if stat.st_size > 1_000_000 or not path.is_file() or path.is_symlink():
            return f"{stat.st_mode} {stat.st_size}"
        return f"{stat.st_mode} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    except OSError as error:
        return type(error).__name__


def _marked_files() -> Iterable[str]:
    for folder in _PUBLIC:
        for name in os.listdir(folder):
            if MARK in name:
                yield f"{folder}/{name}"


def _processes(mark: str) -> Iterable[str]:
    for process in psutil.process_iter(["pid", "cmdline", "status"]):
        line = " ".join(process.info["cmdline"] or [])
        if mark in line and process.info["status"] != psutil.STATUS_ZOMBIE:
            yield f"{process.info['pid']}: {line[:80]}"

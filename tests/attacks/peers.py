"""The same attacks on plain nbgrader and plain Otter, which run student code beside the grading.

Both grade the same questions with the tests that a course would write by hand. They run in a box of their own, with nothing
of this machine to be harmed: see `_boxed`.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import tempfile
import zipfile
from functools import cached_property
from pathlib import Path

from autograder import notebook
from autograder.sandbox.backends.python import python_folders
from autograder.sandbox.backends.root import end_processes_of, free_uid, launch, processes_of
from tests.attacks.attack import ASSIGNMENT, MARK, Attack
from tests.attacks.world import NEIGHBOUR, Outcome, score_in, seen
from tests.conftest import ROOT
from tests.routes.as_docker import may_mount
from tests.routes.routes import BIN, command

BOX = "/tmp/course"
_SECONDS = 60
#: What an instructor would write, in plain Python, for the same questions.
TESTS = {
    "lif_threshold": "assert np.isclose(I_min, 1.005, atol=0.02)",
    "lif_firing_rate": """\
for current, rate in ((0.7, 0), (1.5, 910.2), (2.5, 1957.6)):
    assert np.isclose(firing_rate(current), rate, rtol=0.1)""",
    "lif_fi_curve": """\
assert len(currents) == len(rates) >= 10
for current, rate in zip(currents, rates):
    assert np.isclose(rate, 1000 / np.log(current / (current - 1)) if current > 1 else 0, rtol=0.1)""",
    "lif_sinus_amplitude": """\
gains = np.asarray(amplitudes) / I_sinus
assert np.allclose(gains, 1 / np.sqrt(1 + (2 * np.pi * np.asarray(frequencies)) ** 2), rtol=0.07)""",
    "lif_sinus_phase": """\
assert np.allclose(phases, -np.arctan(2 * np.pi * np.asarray(frequencies)), atol=0.2)
assert np.allclose(response_frequencies, frequencies, rtol=0.05)""",
}
_OTTER = '''"""Question {id}."""

from otter.test_files import test_case

OK_FORMAT = False
name = "{id}"


@test_case(points={points})
def case(env):
    import numpy as np

    globals().update({{name: env[name] for name in {names} if name in env}})
{body}
'''
_NAMES = ("I_min", "firing_rate", "currents", "rates", "amplitudes", "I_sinus", "frequencies", "phases") + (
    "response_frequencies",
)


def known(place: str) -> dict[str, object]:
    """What an attacker knows of the box, which sees itself in a place."""
    return {
        **dict.fromkeys(("checkout", "course", "results", "tree"), place),
        **{"mark": f"{MARK}-plain", "neighbour": f"{place}/submitted/{NEIGHBOUR}/{ASSIGNMENT}", "port": 9, "grader": 1},
    }


class Plain:
    """An nbgrader course and an Otter zip without anything of ours.

    Parameters
    ----------
    folder : Path
        Empty. Where root may mount nothing, every user must be able to enter it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.namespaces = folder, may_mount()
        self.secret = {name: f"secret-{name}-{secrets.token_hex(8)}" for name in ("environment", "roster", "neighbour")}

    @cached_property
    def course(self) -> Path:
        """The nbgrader course, with a neighbour's graded work."""
        course = self.folder / "course"
        source = json.loads(notebook.source_path(ASSIGNMENT).read_text(encoding="utf-8"))
        for cell in source["cells"]:
            meta = cell["metadata"].get("nbgrader", {})
            if meta.get("grade") and not meta.get("solution"):
                test = f"import numpy as np\n\n{TESTS[meta['grade_id']]}\n"
                cell["source"] = f"### BEGIN HIDDEN TESTS\n{test}### END HIDDEN TESTS"
        # The imports, for the solutions; not the demonstrations.
        source["cells"] = [
            cell
            for cell in source["cells"]
            if "nbgrader" in cell["metadata"] or "import numpy" in "".join(cell["source"])
        ]
        place = course / "source" / ASSIGNMENT
        place.mkdir(parents=True)
        (place / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(source), encoding="utf-8")
        config = "c = get_config()\nc.ClearSolutions.code_stub = {'python': 'pass'}\n"
        (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
        roster = ("nbgrader", "db", "student", "add", NEIGHBOUR, "--last-name", self.secret["roster"])
        command(*roster, cwd=course)
        command("nbgrader", "generate_assignment", ASSIGNMENT, cwd=course)
        neighbour = course / "submitted" / NEIGHBOUR / ASSIGNMENT
        neighbour.mkdir(parents=True)
        released = (course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8")
        (neighbour / f"{ASSIGNMENT}.ipynb").write_text(
            released.replace("pass", f"I_min = 1.0  # {self.secret['neighbour']}"), encoding="utf-8"
        )
        command("nbgrader", "autograde", ASSIGNMENT, cwd=course)
        return course

    @cached_property
    def zip(self) -> Path:
        """The zip file for Otter."""
        path = self.folder / "autograder.zip"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("otter_config.json", json.dumps({"lang": "python"}))
            for question, points in notebook.points_of(ASSIGNMENT).points.items():
                body = "".join(f"    {line}\n" for line in TESTS[question].splitlines())
                text = _OTTER.format(id=question, points=points, names=_NAMES, body=body)
                file.writestr(f"tests/{question}.py", text)
        return path

    def by_nbgrader(self, attack: Attack) -> Outcome:
        """`nbgrader autograde` in a copy of the course."""
        course = self.folder / attack.name
        shutil.copytree(self.course, course, symlinks=True)
        attack.hand_in(course / "submitted" / attack.name / ASSIGNMENT, known(self._place(course)))
        before = score_in(course / "gradebook.db", NEIGHBOUR)
        wrong = self._boxed(course, "nbgrader", "autograde", ASSIGNMENT, "--student", attack.name)
        outcome = Outcome(score_in(course / "gradebook.db", attack.name), breaches=wrong)
        graded = course / "autograded" / attack.name / ASSIGNMENT
        outcome.visible = "".join(map(_text, graded.glob("*"))) if graded.exists() else ""
        if score_in(course / "gradebook.db", NEIGHBOUR) != before:
            outcome.breaches.append("changes the gradebook")
        for folder in ("source", f"submitted/{NEIGHBOUR}"):
            if _tree(course / folder) != _tree(self.course / folder):
                outcome.breaches.append(f"changes {folder.split('/')[0]}")
        return self._judged(outcome, attack, course)

    def by_otter(self, attack: Attack) -> Outcome:
        """`otter run`."""
        folder = self.folder / f"{attack.name}-otter"
        attack.hand_in(folder, known(self._place(folder)))
        if not (folder / f"{ASSIGNMENT}.ipynb").is_file():
            return Outcome(None)
        shutil.copy(self.zip, folder / "autograder.zip")
        wrong = self._boxed(folder, "otter", "run", "-a", "autograder.zip", f"{ASSIGNMENT}.ipynb")
        outcome = Outcome(None, breaches=wrong)
        page = folder / "results.json"
        if page.is_file():
            outcome.visible = _text(page)
            try:
                outcome.score = sum(test.get("score", 0) for test in json.loads(outcome.visible)["tests"])
            except (ValueError, TypeError, KeyError):
                outcome.breaches.append("leaves no readable result")
        return self._judged(outcome, attack, folder)

    def _judged(self, outcome: Outcome, attack: Attack, folder: Path) -> Outcome:
        outcome.breaches = attack.score_breaches(outcome.score) + outcome.breaches
        outcome.breaches += [f"reads {name}" for name in seen(self.secret, outcome.visible)]
        subprocess.run(["rm", "-rf", "--", folder], check=True)
        return outcome

    def _place(self, folder: Path) -> str:
        """Where a command in a folder sees that folder."""
        return BOX if self.namespaces else str(folder)

    def _boxed(self, folder: Path, *words: str) -> list[str]:
        """Run a command as a user of its own within limits, in namespaces of its own if possible; return what it did wrong."""
        handed_in = {path.name for path in folder.iterdir()}
        # One of its own, as the limit on processes counts all of a user's.
        uid = free_uid()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, uid, uid, follow_symlinks=False)
        limits = ["prlimit", "--nproc=200", "--as=6000000000", "--fsize=300000000", "--core=0"]
        # What runs a second later has outlived the grading.
        script = 'timeout --kill-after=5 "$0" "$@"; status=$?; sleep 1; pgrep -fa "$MARK" > left.txt; exit $status'
        line = [*limits, "sh", "-c", script, str(_SECONDS), *words]
        env = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": self._place(folder), "MARK": MARK, "LANG": "C.UTF-8"}
        env |= {"GRADER_TOKEN": self.secret["environment"], "OMP_NUM_THREADS": "1"}
        done, left = (in_namespaces if self.namespaces else in_place)(line, env, folder, uid)
        (folder / "output.txt").write_bytes(done.stdout[-100_000:] + done.stderr[-100_000:])
        breaches = {
            f"not ended after {_SECONDS} s": done.returncode in (124, 137),
            "leaves a process": left or MARK in _text(folder / "left.txt"),
            "writes into the course": any(
                MARK in path.name and path.name not in handed_in for path in folder.iterdir()
            ),
        }
        return [breach for breach, found in breaches.items() if found]


Done = tuple["subprocess.CompletedProcess[bytes]", bool]


def in_namespaces(line: list[str], env: dict[str, str], folder: Path, uid: int) -> Done:
    """Run a command with the folder as `BOX`, where it sees and harms nothing else; tell whether processes were left."""
    # The checkout too, wherever it lies: a peer's course has nothing of ours.
    covered = (str(Path.home()), "/tmp", "/var/tmp", "/dev/shm", str(ROOT))
    python = []
    for path in python_folders():
        for parent in reversed(path.parents):
            python += ["--perms", "0755", "--dir", str(parent)] if any(map(parent.is_relative_to, covered)) else []
        python += ["--ro-bind", str(path), str(path)]
    box = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--die-with-parent", "--new-session"]
    box += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for place in covered:
        box += ["--perms", "1777", "--tmpfs", place]
    box += [*python, "--perms", "0755", "--dir", BOX, "--bind", str(folder), BOX, "--chdir", BOX]
    user = ["setpriv", "--reuid", str(uid), "--regid", str(uid), "--clear-groups", "--no-new-privs", "--inh-caps=-all"]
    done = subprocess.run([*box, *user, *line], env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done, False


def in_place(line: list[str], env: dict[str, str], folder: Path, uid: int) -> Done:
    """Run it where root may mount nothing, as a user who owns this folder only.

    Without Landlock, which would take the kernels of both peers their sockets.
    """
    (folder / "tmp").mkdir()
    os.chown(folder / "tmp", uid, uid)
    started = launch(["/usr/bin/env", *line], {**env, "TMPDIR": f"{folder}/tmp"}, uid, folder=folder)
    try:
        # Into a file: the end of a pipe would come with the end of what is left only.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(started, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
            output.seek(0)
            done.stdout, done.stderr = output.read(), b""
        left = bool(processes_of(uid))
    finally:
        end_processes_of(uid)
    return done, left


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    except OSError:
        return ""


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


PEERS = {"nbgrader": Plain.by_nbgrader, "otter": Plain.by_otter}

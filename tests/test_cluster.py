"""A batch on real Dask workers: the same results as here, a worker that dies costs no grade, one that differs is refused."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from autograder import batch, notebook, samples
from autograder.errors import InstructorError
from tests.conftest import COURSE, ROOT, questions_only

pytest.importorskip("distributed")
BIN = Path(sys.executable).parent
OJA = "ojas_rule"
#: Student -> cells that take no time: random numbers, a function that is called with hidden inputs, an error, and nothing.
STUDENTS = {
    "ada": {
        "oja_circular_solution": "import numpy as np\nfinal_angles, final_norm = np.random.uniform(0, 360, 12), 1.0",
        "oja_elliptic_solution": "def learned_angle(ratio, angle): return angle",
    },
    "marie": {"oja_what_solution": "oja_finds = 'mean'", "oja_elliptic_solution": "learned_angle = lambda *_: 3.0"},
    "errors": {"oja_what_solution": "oja_finds = 'first principal component'\n1 / 0"},
    "blank": {},
}


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")

    def worker(self, *options: str, **environment: str) -> psutil.Process:
        return self._start("worker", self.address, "--no-dashboard", "--nthreads", "1", *options, **environment)

    def _start(self, *words: str, **environment: str) -> psutil.Process:
        log = self.stack.enter_context((self.folder / f"{words[0]}.log").open("ab"))
        env = {**os.environ, **environment, "DASK_TEMPORARY_DIRECTORY": str(self.folder)}
        process = subprocess.Popen([BIN / "dask", *words], cwd=self.folder, env=env, stdout=log, stderr=log)
        self.stack.callback(process.wait)
        self.stack.callback(self._end, psutil.Process(process.pid))
        return psutil.Process(process.pid)

    @staticmethod
    def _end(process: psutil.Process) -> None:
        for one in (*process.children(recursive=True), process):
            one.kill()


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Iterator[Callable[[], Cluster]]:
    with ExitStack() as stack:
        yield lambda: Cluster(tmp_path_factory.mktemp("cluster"), stack)


@pytest.fixture(scope="module")
def submitted(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("submitted")
    for student, cells in STUDENTS.items():
        place = folder / student / OJA
        place.mkdir(parents=True)
        content = samples.Sample("", cells, blank=True).notebook(notebook.source_path(OJA), student)
        (place / f"{OJA}.ipynb").write_bytes(questions_only(content))
    (folder / "none" / OJA).mkdir(parents=True)
    (folder / "none" / OJA / f"{OJA}.ipynb").write_text("{")
    return folder


def results(out: Path) -> dict[str, str]:
    found = {path.parent.name: path.read_text(encoding="utf-8") for path in out.glob(f"*/{OJA}.json")}
    return {student: re.sub(r'"seconds": [\d.]+', "", text) for student, text in found.items()}


def test_results_are_the_same_as_on_this_machine_though_a_worker_is_killed(start, submitted, tmp_path):
    cluster = start()
    workers = [cluster.worker("--no-nanny"), cluster.worker("--no-nanny")]
    jobs = batch.find_jobs(submitted)
    killed = []

    def kill_one(job) -> None:
        if not killed:
            killed.append(workers[0])
            workers[0].send_signal(signal.SIGKILL)

    graded = batch.run(jobs, tmp_path / "far", course=COURSE, scheduler=cluster.address, on_done=kill_one, cold=True)
    assert (killed and not workers[0].is_running()) or workers[0].status() == psutil.STATUS_ZOMBIE
    assert not graded.failures
    here = batch.run(jobs, tmp_path / "here", course=COURSE, workers=1, cold=True)
    assert not here.failures
    far, near = results(tmp_path / "far"), results(tmp_path / "here")
    assert set(near) == {*STUDENTS, "none"}
    assert far == near
    assert [result.score > 0 for result in here.results if result.student in ("ada", "errors")] == [True, True]
    again = batch.run(jobs, tmp_path / "far", course=COURSE)
    assert again.kept == len(jobs)


def test_a_worker_that_would_grade_by_other_rules_is_refused(start, submitted, tmp_path):
    cluster = start()
    other = tmp_path / "other.py"
    other.write_text(
        "from dataclasses import replace\nfrom autograder import sources\nnow = sources.Sources.now()\n"
        "sources.Sources.now = classmethod(lambda cls: replace(now, judging='another'))\n"
    )
    cluster.worker("--no-nanny", "--preload", str(other))
    with pytest.raises(InstructorError, match="other files of this package"):
        batch.run(batch.find_jobs(submitted), tmp_path / "out", course=COURSE, scheduler=cluster.address)
    assert not results(tmp_path / "out")


def test_a_worker_with_threads_is_refused(start, submitted, tmp_path):
    cluster = start()
    cluster.worker("--no-nanny", "--nthreads", "2")
    with pytest.raises(InstructorError, match="--nthreads 1"):
        batch.run(batch.find_jobs(submitted), tmp_path / "out", course=COURSE, scheduler=cluster.address)


@pytest.mark.parametrize(
    ("address", "said"), [("tcp://127.0.0.1:9", "No Dask scheduler"), ("nowhere", "is no address of a Dask scheduler")]
)
def test_without_a_scheduler_the_command_says_what_to_start(submitted, tmp_path, address, said, monkeypatch):
    line = [sys.executable, "-m", "autograder", "grade", submitted, "--out", tmp_path / "out", "--scheduler", address]
    code = "from autograder import cluster, __main__ as m; cluster.PATIENCE = 2; m.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, line[3:])], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr
    assert "dask scheduler" in done.stderr

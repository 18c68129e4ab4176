"""A sandbox that is a fork gives the same grades as one that was started afresh, and no submission reaches what is forked."""

import contextlib
import json
import os
import re
import signal
import textwrap
from dataclasses import asdict, replace

import psutil
import pytest

from autograder import assignments, notebook, samples
from autograder.grade import grade
from autograder.sandbox import available, backend
from autograder.sandbox.backends import base, bubblewrap, warm
from autograder.sandbox.backends.base import NotWarm, SandboxSpec
from autograder.sandbox.backends.plain import Plain
from autograder.sandbox.backends.python import python_folders
from tests.conftest import COURSE

from .conftest import first_of

#: What the attacker of one submission looks for in the next ones: whose work was graded before.
EARLIER = f"earlier-student-{os.getpid()}"
#: Reads all memory around what Python keeps, without a crash where there is none.
SCAN = """
    import ctypes, os
    libc = ctypes.CDLL(None, use_errno=True)
    libc.write.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t)
    reads, writes = os.pipe()
    page = 4096

    def around(address, megabytes, wanted):
        found, tail = 0, b""
        start = address // page * page - megabytes * 2**20
        for at in range(start, start + 2 * megabytes * 2**20, page):
            if at > 0 and libc.write(writes, at, page) == page:
                found += wanted.search(tail + (piece := os.read(reads, page))) is not None
                tail = piece[-40:]
            else: tail = b""
        return found

    # A pattern does not match its own text.
    import json, re
    canary = b"".join([b"canary", b"-0123456789"])
    works = around(id(canary), 1, re.compile(b"canar[y]-0123456789")) > 0
    loot = sum(around(id(thing), 48, re.compile(PATTERN)) for thing in (object(), json, canary))
    """
REACH = """
    import ctypes, os, signal, socket
    def attempt(action, *arguments):
        try: return action(*arguments) or "possible"
        except BaseException as problem: return type(problem).__name__
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getppid()
    above = [pid for pid in range(1, 40) if pid != os.getpid() and attempt(os.kill, pid, 0) == "possible"]
    traced = libc.ptrace(16, parent, 0, 0)
    memory = attempt(open, f"/proc/{parent}/mem", "rb")
    sockets = []
    for number in range(256):
        try: sockets.append(socket.socket(fileno=os.dup(number)).type)
        except OSError: continue
    for pid in [parent, *above]:
        for number in (signal.SIGSTOP, signal.SIGKILL): attempt(os.kill, pid, number)
    answered = True
    """
#: What differs from sandbox to sandbox in a traceback.
FOLDER = re.compile(r"neurodynex-sandbox-\w+|home/\w+")
#: What is graded by both ways by default; `make thorough` takes every sample.
BY_DEFAULT = {"phase_plane_analysis": ("errors",)}


@pytest.fixture(scope="module")
def forking(isolating):
    """Return a backend whose sandboxes are forks."""
    if isolating.why_cold:
        pytest.skip(isolating.why_cold)
    return backend(isolating.name, cold=False)


def test_the_first_sandbox_of_a_process_is_started_afresh(isolating, look, monkeypatch):
    if isolating.why_cold:
        pytest.skip(isolating.why_cold)
    started = []
    monkeypatch.setattr(type(isolating), "start_afresh", lambda self, job: started.append("afresh") or 1 / 0)
    monkeypatch.setattr(type(isolating), "fork", lambda self, job: started.append("fork") or 1 / 0)
    monkeypatch.setattr(base.Backend, "_used", False)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            backend(isolating.name).start(SandboxSpec(None))
    assert started == ["afresh", "fork", "fork"]


def test_what_is_forked_lives_on_from_one_submission_to_the_next(forking, look):
    look("x = 1", backend=forking)
    before = {what.process.pid for what in warm._WARM.values()}
    look("x = 1", backend=forking)
    assert before == {what.process.pid for what in warm._WARM.values()}


def test_nothing_of_an_earlier_submission_is_in_the_memory_of_the_next(forking, look):
    look(f"kept = {EARLIER!r}", backend=forking, environment={"NEURODYNEX_STUDENT": EARLIER})
    answers, run = look(
        f"PATTERN = b'earlie[r]{EARLIER.removeprefix('earlier')}'\n" + textwrap.dedent(SCAN),
        names="works loot",
        backend=forking,
    )
    assert answers == {"works": True, "loot": 0}, run.cells[0].error


def test_what_is_forked_cannot_be_reached_and_serves_the_next_submission(forking, look):
    look("x = 1", backend=forking)
    pid = warm._WARM[(forking.name,)].process.pid
    answers, run = look(REACH, names="traced memory sockets answered", backend=forking)
    assert answers["answered"] is True, run.cells[0].error
    assert answers["traced"] == -1
    assert answers["memory"] != "possible"
    assert set(answers["sockets"]) <= {1}  # the shell's event loop has a pair of streams
    answers, _ = look("x = 2", names="x", backend=forking)
    assert answers == {"x": 2}
    assert psutil.pid_exists(pid)


@first_of("isolating", "other-uid", "bubblewrap")
def test_one_that_was_killed_costs_no_grade(forking, look):
    look("x = 1", backend=forking)
    for known in list(warm._WARM.values()):
        for process in (*psutil.Process(known.process.pid).children(recursive=True), psutil.Process(known.process.pid)):
            with contextlib.suppress(psutil.NoSuchProcess):  # it has ended with one of the others
                process.send_signal(signal.SIGKILL)
    answers, _ = look("x = 2", names="x", backend=forking)
    assert answers == {"x": 2}


def test_no_process_is_left_of_a_submission(forking, look):
    look("x = 1", backend=forking)

    def below():
        return {
            child.pid
            for known in warm._WARM.values()
            for child in psutil.Process(known.process.pid).children(recursive=True)
            if child.status() != psutil.STATUS_ZOMBIE
        }

    before = below()
    leaves = """
        import os, time
        for _ in range(5):
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0: time.sleep(600)
                time.sleep(600)
        os.getpid()
        """
    _, run = look(leaves, backend=forking)
    assert run.cells[0].status == "ok"
    assert below() == before


@first_of("isolating", "bubblewrap", "other-uid")
def test_a_changed_package_is_what_the_next_submission_gets(forking, look, tmp_path):
    package = tmp_path / "told"
    package.mkdir()
    for number in (1, 22):
        (package / "__init__.py").write_text(f"number = {number}\n")
        answers, run = look("from told import number", names="number", backend=forking, packages=[package])
        assert answers == {"number": number}, run.cells[0].error


def test_a_python_in_a_folder_that_submissions_write_to_stays_and_cannot_be_written(look, tmp_path, monkeypatch):
    if available()["bubblewrap"] or backend("bubblewrap").why_cold:
        pytest.skip("no forks under bubblewrap")
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "late.py").write_text("x = 5\n")
    folders = [*python_folders(), tmp_path / "python"]
    monkeypatch.setattr(bubblewrap, "python_folders", lambda: folders)
    package = tmp_path / "other"
    package.mkdir()
    cell = f"""
        import os, sys
        sys.path.append({str(tmp_path / "python")!r})
        from late import x
        writable = os.access({str(tmp_path / "python" / "late.py")!r}, os.W_OK)
        beside = os.listdir({str(tmp_path)!r})
        """
    forks = backend("bubblewrap", cold=False)
    answers, run = look(cell, names="x writable beside", backend=forks, packages=[package])
    assert answers == {"x": 5, "writable": False, "beside": ["python"]}, run.cells[0].error


def test_where_nothing_can_be_forked_it_is_reported_once_and_graded(monkeypatch, look):
    class Unable(Plain):
        name = "unable"
        cold = None
        set_cold = base.Backend.set_cold

        def fork(self, job):
            raise NotWarm("the kernel says no")

    said: list[str] = []
    monkeypatch.setattr(base.LOG, "warning", lambda text, *values: said.append(text % values))
    unable = Unable()
    unable.set_cold(False)
    for _ in range(2):
        answers, _ = look("x = 1", names="x", backend=unable)
        assert answers == {"x": 1}
    assert said == ["Each sandbox of unable is started afresh, which takes longer: the kernel says no."]


@pytest.mark.parametrize("assignment", assignments.NAMES)
def test_the_grade_is_the_same_as_of_one_started_afresh(assignment, forking, request):
    names = samples.load(assignment)
    if not request.config.getoption("--thorough"):
        names = BY_DEFAULT.get(assignment, ())
        if not names:
            pytest.skip("One of `make thorough`.")
    for student in names:
        if student == "endless":  # what ends at a limit depends on the machine
            continue
        content = samples.load(assignment)[student].notebook(notebook.source_path(assignment), student)
        graded = [
            grade(content, assignment, student, one, course=COURSE)
            for one in (forking, backend(forking.name, cold=True))
        ]
        results = [one.result.model_copy(update={"seconds": 0.0}).to_json() for one in graded]
        assert results[0] == results[1], student
        cells = [
            json.dumps({at: asdict(replace(cell, seconds=0.0)) for at, cell in one.cells.items()}) for one in graded
        ]
        assert FOLDER.sub("", cells[0]) == FOLDER.sub("", cells[1]), student

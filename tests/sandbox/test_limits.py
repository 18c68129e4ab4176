"""Whatever a notebook does, the run ends in time, says what happened, and keeps what was known before."""

import os
import textwrap
import threading
import time
from dataclasses import replace

import psutil
import pytest

from autograder.sandbox import (
    Ask,
    Call,
    Calls,
    Cell,
    Error,
    Figures,
    Limits,
    SandboxFailed,
    Variable,
    decode,
    run_notebook,
)
from autograder.sandbox.backends import Backend
from autograder.sandbox.backends.plain import Plain

from .conftest import SHORT, first_of

QUICK = replace(SHORT, cell_seconds=1, call_seconds=0.7, grace_seconds=0.7)
#: Code that finds the pipe to the grader, and that no signal for a time limit can interrupt.
REPLY = """
    import os, json
    def reply(line):
        for descriptor in range(3, 30):
            try: os.write(descriptor, line)
            except OSError: pass
    """
HANG = """
    import signal
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM, signal.SIGPROF])
    while True: pass
    """


def steps_of(*sources):
    return [Cell(index, textwrap.dedent(source)) for index, source in enumerate(sources)]


def test_computing_time_decides_and_time_on_the_clock_only_guards(best):
    waits = "import time\ndef f(x):\n    time.sleep(x)\n    return x"
    asked = Ask("q", (Call("f", ((1.5,), (20.0,))),))
    run = run_notebook([*steps_of(waits), asked], backend=best, limits=QUICK)
    (patient, late) = decode(run.answers["q"]["call:f"]).rounds[0]
    assert patient == 1.5  # twice the limit of 0.7 s, but it hardly computed
    assert late == Error("TimeLimit", "stopped after 2.8 s, as the time limit is 0.7 s of computing")


def test_a_cell_that_is_too_slow_is_interrupted_and_the_next_ones_run(look):
    answers, run = look(
        "early = 1\nwhile True: pass",
        "import time\ntry: time.sleep(60)\nexcept Exception: pass",
        "import asyncio\nawait asyncio.sleep(60)",
        "late = 2",
        names="early late",
        limits=QUICK,
    )
    assert [cell.status for cell in run.cells] == ["timeout", "timeout", "timeout", "ok"]
    assert run.cells[0].error == "TimeLimit: stopped after the time limit of 1 s"
    assert answers == {"early": 1, "late": 2}
    assert run.stopped is None


@first_of("any_backend", "bubblewrap", "other-uid", "none")
def test_a_cell_that_cannot_be_interrupted_costs_its_sandbox_but_not_the_other_cells(any_backend, look):
    answers, run = look("before = 1", HANG, "after = before + 1", names="after", limits=QUICK, backend=any_backend)
    assert [cell.status for cell in run.cells] == ["ok", "timeout", "ok"]
    assert answers == {"after": 2}


def test_a_process_that_stops_itself_is_killed_in_time(look):
    _, run = look("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", "x = 1", names="x", limits=QUICK)
    assert [cell.status for cell in run.cells] == ["timeout", "ok"]


@pytest.mark.parametrize(
    "death", ["import os; os._exit(0)", "import ctypes; ctypes.string_at(0)", "import os; os.kill(os.getpid(), 9)"]
)
def test_a_cell_that_ends_the_process_is_left_out_and_the_rest_goes_on(look, death):
    answers, run = look("x = 1", death, "x += 1", names="x", limits=QUICK)
    assert [cell.status for cell in run.cells] == ["ok", "killed", "ok"]
    assert answers == {"x": 2}
    assert "ended" in run.cells[1].error


def test_answers_given_before_a_death_stay(best):
    steps = [*steps_of("import random\nx = random.SystemRandom().random()"), Ask("one", (Variable("x"),))]
    told = []
    run = run_notebook(
        [*steps, *steps_of("import os; os._exit(0)"), Ask("two", (Variable("x"),))],
        backend=best,
        limits=QUICK,
        on_answer=lambda name, answers: told.append((name, answers)),
    )
    assert [name for name, _ in told] == ["one", "two"]
    assert run.answers == dict(told)
    assert run.answers["one"] != run.answers["two"]


def test_after_several_deaths_the_run_stops_and_says_so(look):
    answers, run = look(*["import os; os._exit(0)"] * 3, "x = 1", names="x", limits=replace(QUICK, restarts=1))
    assert [cell.status for cell in run.cells] == ["killed", "killed", "not_reached", "not_reached"]
    assert run.stopped.startswith("2 sandboxes died")
    assert answers["x"].type == "NotReached"


def test_a_call_that_hangs_costs_itself_and_two_cost_the_rest_of_its_points(best):
    source = f"""
        import os
        def sleeps(x):
            while x > 1: pass
            return x
        def hangs(x):
            if x > 1:{textwrap.indent(textwrap.dedent(HANG), " " * 16)}
            return x
        def leaves(x):
            return x if x < 2 else os._exit(0)
        """
    points = ((0.0,), (2.0,), (1.0,), (3.0,), (1.0,))
    asked = Ask(
        "q", (Call("sleeps", points), Call("hangs", points[:3]), Call("leaves", points[:3]), Variable("x"), Figures())
    )
    run = run_notebook([*steps_of(source, "x = 5"), asked], backend=best, limits=QUICK)
    answers = {key: decode(value) for key, value in run.answers["q"].items()}
    late = Error("TimeLimit", "stopped after the time limit of 0.7 s")
    stop = Error("NotAsked", "not asked, as 2 calls before took too long")
    assert answers["call:sleeps"] == Calls(((0.0, late, 1.0, late, stop),))
    first, culprit, last = answers["call:hangs"].rounds[0]
    assert (first, culprit.type, last) == (0.0, "SandboxDied", 1.0)
    first, culprit, last = answers["call:leaves"].rounds[0]
    assert (first, culprit.type, last) == (0.0, "SandboxDied", 1.0)
    assert answers["variable:x"] == 5
    assert answers["figures"] == ()


def test_an_answer_that_hangs_while_it_is_read_costs_only_itself(look):
    slow = "class Series:\n    shape = (1,)\n    def to_numpy(self):\n        while True: pass\nSeries.__module__ = 'pandas'"
    answers, _ = look(slow + "\nx, y = Series(), 1", names="x y", limits=QUICK)
    assert answers["x"].type == "TimeLimit"
    assert answers["y"] == 1


def test_the_total_time_is_kept_and_everything_else_is_not_reached(best):
    steps = [*steps_of("x = 1", "import time; time.sleep(60)", "x = 2"), Ask("q", (Variable("x"),))]
    run = run_notebook(steps, backend=best, limits=Limits(total_seconds=8))
    assert run.stopped == "total time limit of 8 s reached"
    assert [cell.status for cell in run.cells] == ["ok", "not_reached", "not_reached"]
    assert decode(run.answers["q"]["variable:x"]) == Error("NotReached", f"not reached: {run.stopped}")


def test_a_run_stops_on_request(best):
    stop = threading.Event()
    threading.Timer(1.5, stop.set).start()
    run = run_notebook(steps_of("while True: pass"), backend=best, stop=stop.is_set)
    assert run.stopped == "stopped on request"
    assert [cell.status for cell in run.cells] == ["not_reached"]


def test_memory_is_bounded_for_all_processes_together(isolating, look):
    answers, run = look(
        "try: big = bytearray(10**10)\nexcept MemoryError: refused = True",
        """
        import os, time
        for _ in range(4):
            if os.fork() == 0:
                hoard = b"x" * (150 * 2**20)
                time.sleep(60)
        time.sleep(60)
        """,
        "x = 1",
        names="refused x",
        limits=replace(SHORT, cell_seconds=20),
        backend=isolating,
    )
    assert run.cells[1].status == "killed"
    assert run.cells[1].error == "used more than 400 MB of memory"
    assert answers == {"refused": True, "x": 1}


def test_memory_that_forked_processes_share_counts_once(isolating, look):
    pool = "import os, time\nfor _ in range(6):\n    if os.fork() == 0: time.sleep(60)\ntime.sleep(1)\nx = 1"
    answers, run = look(pool, names="x", backend=isolating)
    assert answers == {"x": 1}, run.cells[0].error


def test_output_is_bounded_in_a_cell_and_in_all(look):
    limits = replace(SHORT, cell_seconds=2, output_bytes=10_000, total_output_bytes=25_000)
    flood = "for _ in range(20_000): print('flood \\x00\\x1b[31m')"
    _, run = look(
        flood, "import os\nwhile True: print('x' * 10**6)", "'y' * 10**7", "!yes", "'z' * 9_000", limits=limits
    )
    assert [cell.status for cell in run.cells] == ["ok", "timeout", "ok", "ok", "ok"]
    sizes = [len(str(cell.outputs)) for cell in run.cells]
    assert max(sizes) < 12_000
    assert sum(sizes) < 30_000
    assert "left out" in str(run.cells[0].outputs)
    assert "\\x1b" not in str(run.cells[0].outputs)


def test_a_subprocess_that_floods_its_output_does_not_disturb_the_protocol(look):
    answers, run = look("import os\nstatus = os.system('head -c 1000000 /dev/zero; echo {}')", names="status")
    assert answers == {"status": 0}
    assert run.cells[0].status == "ok"


FORGED = (
    b"{}\n",
    b"nonsense\n",
    b'{"number": 2, "status": "full marks"}\n',
    b'{"number": 2, "status": "ok", "error": null, "outputs": [{"output_type": "x"}]}\n',
    b'{"number": 2, "status": "ok", "error": null, "outputs": [{"output_type": "display_data", "data": '
    b'{"image/png": "PHN2Zz4="}}]}\n',
    b"[" * 100_000 + b"\n",
    b"\xff\n",
)


def test_a_forged_reply_costs_its_cell(look):
    cells = [f"{textwrap.dedent(REPLY)}\nreply({forged!r})" for forged in FORGED]
    answers, run = look(*cells, "x = 1", names="x", limits=replace(QUICK, restarts=2 * len(FORGED)))
    assert [cell.status for cell in run.cells] == ["killed"] * len(FORGED) + ["ok"]
    assert [cell.error for cell in run.cells[:-1] if "unreadable reply" not in cell.error] == []
    assert answers == {"x": 1}


def test_a_reply_that_never_ends_is_not_read_for_ever(look):
    before = psutil.Process().memory_info().rss
    _, run = look(f"{textwrap.dedent(REPLY)}\nwhile True: reply(b'x' * 60_000)", "x = 1", limits=SHORT)
    assert run.cells[0].status == "killed"
    assert "bytes at once" in run.cells[0].error
    assert psutil.Process().memory_info().rss - before < 100e6


def test_a_forged_answer_can_only_be_an_answer(best):
    source = f"""{REPLY}
    def f(x):
        reply(b'{{"number": 3, "value": {{"score": 100}}}}\\n')
        os._exit(0)
    """
    run = run_notebook([*steps_of(source), Ask("q", (Call("f", ((1.0,),)), Variable("f")))], backend=best, limits=QUICK)
    assert decode(run.answers["q"]["variable:f"]).name == "f"
    value = decode(run.answers["q"]["call:f"])
    assert {type(value)} <= {Calls, Error}
    assert "score" not in str(run.answers)


def test_a_process_that_student_code_forks_does_not_answer(look):
    answers, run = look("import os\nchild = os.fork() == 0", "x = 1", names="x child", limits=QUICK)
    assert [cell.status for cell in run.cells] == ["ok", "ok"]
    assert answers == {"x": 1, "child": False}


def test_a_fork_bomb_is_contained_and_nothing_is_left(isolating, look):
    bomb = """
        import os, time
        forks = 0
        try:
            while True:
                if os.fork() == 0:
                    os.setsid()
                    time.sleep(1000)
                forks += 1
        except OSError:
            pass
        """
    mark = {"NEURODYNEX_STUDENT": f"forks-{os.getpid()}"}
    limits = replace(SHORT, memory_mb=20_000)
    answers, _ = look(bomb, names="forks", limits=limits, backend=isolating, environment=mark)
    assert 0 < answers["forks"] <= SHORT.processes
    deadline = time.monotonic() + 5
    while left := [process for process in psutil.process_iter() if mark.items() <= _environment(process).items()]:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def _environment(process):
    try:
        return process.environ()
    except psutil.Error:
        return {}


class Broken(Plain):
    name = "broken"

    def start_afresh(self, job):
        sandbox = super().start_afresh(job)
        sandbox.process.kill()
        return sandbox


def test_a_sandbox_that_does_not_start_is_nobodys_fault():
    broken: Backend = Broken()
    with pytest.raises(SandboxFailed, match="broken"):
        run_notebook(steps_of("x = 1"), backend=broken)

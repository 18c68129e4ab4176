"""What student code can reach from inside: each probe is one attempt, made in a real sandbox."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import psutil
import pytest

import autograder
from autograder.sandbox import Limits, available, backend
from autograder.sandbox.backends.python import python_folders
from tests.routes.as_docker import may_mount

CHECKOUT = Path(autograder.__file__).parent.parent
PROBE = f"sandbox-probe-{os.getpid()}"

PROBES = """
    import ctypes, errno, glob, os, socket, stat, subprocess, sys
    libc = ctypes.CDLL(None, use_errno=True)

    def attempt(action, *arguments):
        try:
            result = action(*arguments)
        except BaseException as problem:
            return type(problem).__name__
        return "possible"

    def call(number, *arguments):
        ctypes.set_errno(0)
        libc.syscall(number, *arguments)
        return errno.errorcode.get(ctypes.get_errno(), "possible")

    def capabilities():
        held = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, twice
        libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), held)
        return [*held, *(libc.prctl(24 - 1, number, 0, 0, 0) > 0 for number in range(64))]  # PR_CAPBSET_READ

    def kind(descriptor):
        try: mode = os.fstat(descriptor).st_mode
        except OSError: return None
        if stat.S_ISCHR(mode): return next((path for path in ("/dev/null", "/dev/urandom")
            if os.fstat(descriptor).st_rdev == os.stat(path).st_rdev), "device")
        if stat.S_ISSOCK(mode): return "socket " + str(socket.socket(fileno=os.dup(descriptor)).type)
        return next((name for name in ("FIFO", "REG", "DIR", "LNK", "BLK") if getattr(stat, "S_IS" + name)(mode)), "")

    writes = {path: attempt(open, path, "a") for path in (
        "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/etc/passwd", "/usr/probe", "/probe", "/dev/probe",
        sys.prefix + "/probe", os.environ["PYTHONPATH"] + "/probe", os.environ["PYTHONPATH"] + "/sandbox_runner/serve.py")}
    sockets = {name: attempt(socket.socket, getattr(socket, name), kind) for name, kind in (
        ("AF_INET", socket.SOCK_STREAM), ("AF_INET6", socket.SOCK_DGRAM), ("AF_NETLINK", socket.SOCK_RAW),
        ("AF_VSOCK", socket.SOCK_STREAM), ("AF_PACKET", socket.SOCK_RAW), ("AF_ALG", socket.SOCK_SEQPACKET))}
    pair = attempt(socket.socketpair)
    connected = attempt(lambda: socket.create_connection(("127.0.0.1", PORT), 1))
    abstract = attempt(lambda: socket.socket(socket.AF_UNIX).connect("\\0" + PROBE))
    environment = dict(os.environ)
    paths = {path: attempt(os.listdir if os.path.isdir(path) else open, path) for path in PATHS}
    listed = []
    for folder in ("/root", "/home", "/var", "/run"):
        try: listed += [f"{folder}/{name}" for name in os.listdir(folder)]
        except OSError: pass
    others = [pid for pid in os.listdir("/proc") if pid.isdigit()] if attempt(os.listdir, "/proc") == "possible" else []
    names = [open(f"/proc/{pid}/cmdline").read() for pid in others]
    environments = "".join(open(path).read() for path in glob.glob("/proc/[0-9]*/environ") if os.access(path, os.R_OK))
    ids = [os.getuid(), os.geteuid(), os.getgid(), *os.getgroups()]
    identity = {"capabilities": sum(capabilities()), "NoNewPrivs": libc.prctl(39, 0, 0, 0, 0), "Seccomp": libc.prctl(21)}
    became = [attempt(os.setuid, 0), attempt(os.setgid, 0), attempt(os.setgroups, [0])]
    descriptors = [what for what in map(kind, range(256)) if what]
    import resource
    raised = [attempt(resource.setrlimit, limit, (resource.RLIM_INFINITY,) * 2) for limit in (
        resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)]
    attempt(os.kill, STOPPED, 18)  # SIGCONT, which does nothing to a process inside that has the same number
    session = os.getsid(0)
    """
SYSTEM_CALLS = """
    import platform
    number = (0 if platform.machine() == "x86_64" else 1)
    pick = lambda name: {"ptrace": (101, 117), "bpf": (321, 280), "unshare": (272, 97), "mount": (165, 40),
        "process_vm_readv": (310, 270), "userfaultfd": (323, 282), "keyctl": (250, 219), "setns": (308, 268),
        "perf_event_open": (298, 241), "io_uring_setup": (425, 425), "clone3": (435, 435), "shmget": (29, 194),
        "mq_open": (240, 180), "memfd_create": (319, 279), "init_module": (175, 105), "clone": (56, 220)}[name][number]
    calls = {name: call(pick(name), *[0] * 6) for name in ("ptrace", "bpf", "unshare", "mount", "process_vm_readv",
        "userfaultfd", "keyctl", "setns", "perf_event_open", "io_uring_setup", "clone3", "shmget", "mq_open",
        "memfd_create", "init_module")}
    namespace = call(pick("clone"), 0x10000000 | 17, 0, 0, 0, 0)
    x32 = call(0x40000000 | 39) if number == 0 else "EPERM"
    """
WORKS = """
    import asyncio, multiprocessing, os, pathlib, subprocess, tempfile, threading
    pathlib.Path("notes.txt").write_text("mine")
    with tempfile.TemporaryFile() as file: file.write(b"x")
    ran = subprocess.run(["/bin/sh", "-c", "echo $((1 + 1))"], capture_output=True, text=True).stdout
    asked = subprocess.run([__import__("sys").executable, "-c", "import numpy; print(numpy.ones(2).sum())"],
                           capture_output=True, text=True).stdout
    thread = threading.Thread(target=list); thread.start(); thread.join()
    shared = os.access("/dev/shm", os.W_OK)  # where semaphores live
    if shared: queue = multiprocessing.get_context("fork").Queue(); queue.put(1); got = queue.get()
    else: got = None
    async def main():
        process = await asyncio.create_subprocess_shell("echo hi", stdout=asyncio.subprocess.PIPE)
        return (await process.communicate())[0]
    said = (await main()).decode()
    import matplotlib.pyplot as plt
    plt.plot([1, 2]); plt.savefig("figure.png")
    home = sorted(os.listdir("."))
    """
DISK = """
    import errno, os
    def fill(folder):
        try:
            for n in range(100):
                with open(f"{folder}/{n}", "wb") as file: file.write(bytes(2**20))
        except OSError as problem:
            return errno.errorcode[problem.errno]
    full = {folder: fill(folder) for folder in FOLDERS}
    large = None
    try: open("large", "wb").write(bytes(9 * 2**20))
    except OSError as problem: large = problem.errno
    """
NAMES = (
    "writes sockets pair connected abstract environment paths listed others names environments ids identity became "
    "descriptors raised session calls namespace x32 ran asked got said home"
)


@pytest.fixture(scope="module")
def outside():
    """Something of the grader's to be found: a listener, a process with a secret, files."""
    with socket.socket() as listener, socket.socket(socket.AF_UNIX) as abstract:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        abstract.bind(f"\0{PROBE}")
        abstract.listen()
        secret = {**os.environ, "SECRET": "expected-value"}
        with subprocess.Popen(["sleep", "600"], env=secret) as process:
            process.send_signal(signal.SIGSTOP)
            yield listener.getsockname()[1], process
            process.kill()


@pytest.fixture(scope="module")
def inside(started, look, outside):
    port, process = outside
    paths = [str(CHECKOUT / name) for name in ("autograder/judge.py", "source/x", "tests/sandbox", "pyproject.toml")]
    constants = f"PORT, PATHS, STOPPED, PROBE = {port}, {paths!r}, {process.pid}, {PROBE!r}\n"
    found, run = look(
        constants + textwrap.dedent(PROBES),
        SYSTEM_CALLS,
        WORKS,
        names=NAMES,
        backend=started,
        limits=Limits(),
        environment={"NEURODYNEX_STUDENT": "ada"},
    )
    assert [cell.error for cell in run.cells] == [None] * 3, [cell.error for cell in run.cells]
    return found


def test_the_system_the_python_and_the_runner_cannot_be_written(inside):
    assert set(inside["writes"].values()) <= {"PermissionError", "OSError", "FileNotFoundError"}


def test_no_socket_leads_out(inside):
    assert set(inside["sockets"].values()) == {"PermissionError"}
    assert inside["connected"] == "PermissionError"
    assert inside["abstract"] in ("PermissionError", "ConnectionRefusedError")
    assert inside["pair"] == "possible"


def test_the_graders_files_are_not_visible(inside):
    assert len(inside["paths"]) == 4
    assert "possible" not in inside["paths"].values()
    allowed = {str(path) for folder in python_folders() for path in (folder, *folder.parents)} | {"/home/student"}
    assert set(inside["listed"]) <= allowed


def test_the_environment_holds_nothing_else(inside):
    allowed = {
        *[
            "HOME",
            "TMPDIR",
            "PATH",
            "LANG",
            "USER",
            "PWD",
            "PYTHONPATH",
            "PYTHONHASHSEED",
            "PYTHONDONTWRITEBYTECODE",
            "MPLBACKEND",
            "MPLCONFIGDIR",
        ],
        *[
            "IPYTHONDIR",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "NUMBA_CPU_NAME",
            "NEURODYNEX_STUDENT",
        ],
        *("LC_CTYPE", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK"),  # set inside, by Python and by a library
    }
    assert set(inside["environment"]) <= allowed


def test_no_process_outside_is_visible_or_can_be_signalled(inside, outside, started):
    assert not [name for name in inside["names"] if "sleep" in name or "pytest" in name]
    assert "expected-value" not in inside["environments"]
    assert psutil.Process(outside[1].pid).status() == psutil.STATUS_STOPPED
    # A session that began outside has the number 0 in a namespace, where ours may have a process of its own.
    assert inside["session"] != (0 if started.name == "bubblewrap" else os.getsid(0))


def test_there_are_no_privileges_and_no_way_to_get_them(inside):
    assert 0 not in inside["ids"]
    identity = inside["identity"]
    assert identity == {"capabilities": 0, "NoNewPrivs": 1, "Seccomp": 2}
    assert "possible" not in inside["became"]
    assert set(inside["raised"]) == {"ValueError"}


def test_only_the_two_pipes_are_inherited(inside):
    assert inside["descriptors"].count("FIFO") == 2
    # The sockets are those of the shell's event loop.
    assert set(inside["descriptors"]) <= {"FIFO", "/dev/null", "/dev/urandom", "", f"socket {socket.SOCK_STREAM}"}


def test_dangerous_system_calls_are_refused(inside):
    calls = dict(inside["calls"])
    assert calls.pop("clone3") == "ENOSYS"
    assert set(calls.values()) == {"EPERM"}
    assert inside["namespace"] == "EPERM"
    assert inside["x32"] == "EPERM"


def test_what_notebooks_do_still_works(inside, started):
    assert inside["ran"] == "2\n"
    assert inside["asked"] == "2.0\n"
    # In a chroot, /dev/shm may be root's own; namespaces have one of their own.
    open_to_all = started.name == "bubblewrap" or os.stat("/dev/shm").st_mode & 0o002
    assert inside["got"] == (1 if open_to_all else None)
    assert inside["said"] == "hi\n"
    assert {"notes.txt", "figure.png"} <= set(inside["home"])


def test_disk_use_is_bounded(started, look):
    folders = ["/tmp", "/dev/shm", "."] if started.name == "bubblewrap" else []
    cells = [f"FOLDERS = {folders!r}\n" + textwrap.dedent(DISK)]
    if started.name == "other-uid":
        cells.append("import time\nfor n in range(40): open(f'f{n}', 'wb').write(bytes(2**20))\ntime.sleep(30)")
    answers, run = look(*cells, names="full large", backend=started, limits=Limits(disk_mb=8, call_seconds=5))
    assert answers["large"] in (27, 28)
    assert set(answers["full"].values()) <= {"ENOSPC"}
    assert all(cell.error and "wrote more than" in cell.error for cell in run.cells[1:])


def test_nothing_is_left_behind_for_the_next_submission(started, look, tmp_path, monkeypatch):
    if may_mount():  # under a folder that only root may enter, too
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mark = f"leaves-{os.getpid()}"  # as another worker may run this test at the same time
    student = {"NEURODYNEX_STUDENT": mark}
    leave = """
        import os, subprocess, sys, tempfile
        def leave(folder):
            try:
                open(folder + "/left-by-" + os.environ["NEURODYNEX_STUDENT"], "w").write("poison")
                os.makedirs(folder + "/" + "deep/" * 300)
                os.symlink("/etc", folder + "/link-by-" + os.environ["NEURODYNEX_STUDENT"])
            except OSError as problem: return str(problem)
        folders = [os.environ["HOME"], os.environ["TMPDIR"], "/tmp", "/var/tmp", "/dev/shm", "/run/lock"]
        left = [leave(folder) for folder in folders]
        open("sitecustomize.py", "w").write("raise SystemExit")
        deep = os.getcwd()
        for _ in range(2000): os.mkdir("d"); os.chdir("d")
        os.chdir(deep)
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                import time; time.sleep(600)
            os._exit(0)
        """
    before = {folder: set(os.listdir(folder)) for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run/lock")}
    _, run = look(leave, names="left", backend=started, environment=student)
    assert run.cells[0].status == "ok", run.cells[0].error
    assert not list(tmp_path.iterdir())
    for folder, names in before.items():
        left = set(os.listdir(folder)) - names
        assert not {name for name in left if mark in name}
    assert not [process for process in psutil.process_iter() if student.items() <= _environment(process).items()]
    answers, _ = look("import os\nfound = os.listdir('.') + os.listdir('/dev/shm')", names="found", backend=started)
    assert not [name for name in answers["found"] if mark in name or "site" in name]


def _environment(process):
    try:
        return process.environ()
    except psutil.Error:
        return {}


def test_two_submissions_run_as_two_users(look):
    if available()["other-uid"]:
        pytest.skip("needs root")
    ids = [look("import os\nme = os.getuid()", names="me", backend=backend("other-uid"))[0]["me"] for _ in range(2)]
    assert ids[0] != ids[1]
    assert min(ids) > 1000


def test_no_module_of_the_grader_can_be_imported(started, look):
    _, run = look("import autograder", names="", backend=started)
    assert run.cells[0].error is not None and "ModuleNotFoundError" in run.cells[0].error


def test_the_runner_imports_nothing_of_the_grader():
    code = "import sys; sys.path.insert(0, sys.argv[1]); import runner.serve; print([m for m in sys.modules if 'autograder' in m])"
    folder = CHECKOUT / "autograder" / "sandbox"
    done = subprocess.run([sys.executable, "-I", "-c", code, folder], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

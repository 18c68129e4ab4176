"""Root in a container with Docker's defaults: no namespaces, so other users; and what happens where not even that works."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import __main__ as commands
from autograder import notebook, samples
from autograder.result import Result
from tests.conftest import ROOT, questions_only
from tests.copies import PARTS, copy_parts
from tests.routes import as_docker
from tests.routes.routes import Routes

LIF = "leaky_integrate_and_fire"
as_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux can make Docker's situation"
)
ANSWER = "I_min = 1.01"
#: A process, by the name `{name}`, and files that are meant to outlive the submission. Never to be run without isolation.
LEAVING = """
import ctypes
import os
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock"):
    try:
        open(folder + "/left-by-a-student", "w").close()
        stayed = open(folder + "/left-by-a-student").close()
    except OSError:
        pass
if os.fork() == 0:
    os.setsid()
    ctypes.CDLL(None).prctl(15, b"{name}", 0, 0, 0)
    if os.fork() == 0:
        import time
        time.sleep(600)
    os._exit(0)
"""
GRADE_AND_LOOK = """
export TMPDIR=$(mktemp -d /var/tmp/docker-XXXXXX)
chmod 755 $TMPDIR
"$@"
code=$?
echo processes: $(cat /proc/[0-9]*/status | awk -v name=$NAME -v all=$ALL '
    /^Name:/ {this = $2} /^State:/ {state = $2} /^Uid:/ && $2 >= 10000 && state != "Z" && (all || this == name) {print this, $2}')
echo files: $(ls -A $TMPDIR) $(ls -d {/tmp,/var/tmp,/dev/shm,/run,/run/lock}/left-by-a-student 2>/dev/null)
rm -rf --one-file-system $TMPDIR
exit $code
"""


def in_docker(*command: str | Path, options: tuple[str, ...] = (), code: int = 0) -> str:
    """Run a command in Docker's situation; return what it printed."""
    line = as_docker.line(*command, options=options)
    done = subprocess.run(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == code, done.stdout
    return done.stdout


def content(student: str, more: str = "") -> bytes:
    """One right answer, and otherwise nothing."""
    sample = samples.Sample("", {"lif_threshold_solution": ANSWER + more}, blank=True)
    return questions_only(sample.notebook(notebook.source_path(LIF), student))


@pytest.fixture
def submission(tmp_path: Path) -> list[str]:
    """The words that have a small submission graded into the folder `out`."""
    path = tmp_path / f"{LIF}.ipynb"
    path.write_bytes(content("ada"))
    return ["-m", "autograder", "grade", str(path), "--student", "ada", "--out", str(tmp_path / "out")]


def result_of(folder: Path) -> Result:
    """What was graded; the right answer has its points, and nothing else has any."""
    result = Result.from_json((folder / "out" / "ada" / f"{LIF}.json").read_text(encoding="utf-8"))
    assert [question.score for question in result.questions] == [2, 0, 0, 0, 0], result.errors
    return result


@as_root
def test_there_is_another_user_and_no_bubblewrap():
    code = "import json, autograder.sandbox as s; print(json.dumps(s.available()))"
    found = json.loads(in_docker(sys.executable, "-c", code))
    assert "bubblewrap does not work here" in found["bubblewrap"] or "not installed" in found["bubblewrap"]
    assert found["other-uid"] is None


@as_root
def test_a_submission_is_graded_by_another_user_and_leaves_nothing(submission, tmp_path):
    name = f"left-{os.getpid()}"
    (tmp_path / f"{LIF}.ipynb").write_bytes(content("ada", LEAVING.replace("{name}", name)))
    # Without a namespace for processes, those of other tests that grade at the same time are seen, too.
    look = ("env", f"NAME={name}", f"ALL={int(as_docker.may_mount())}", "bash", "-c", GRADE_AND_LOOK, "bash")
    said = in_docker(*look, sys.executable, *submission)
    assert said.endswith("processes:\nfiles:\n"), said
    assert "(sandbox: other-uid)" in said
    result = result_of(tmp_path)
    assert result.sandbox == "other-uid" and result.missing_layers == ()


@as_root
def test_without_landlock_readable_sources_are_refused_with_what_to_do(submission, tmp_path):
    said = in_docker(sys.executable, *submission, options=("--no-landlock",), code=2)
    assert f"every user can read {ROOT / 'autograder'}" in said and f"chmod 700 {ROOT / 'autograder'}" in said
    assert not (tmp_path / "out").exists()


@as_root
def test_without_landlock_the_result_names_the_missing_layers(submission, tmp_path):
    """As an older Docker, and with the sources closed to other users."""
    course = tmp_path / "course"
    course.mkdir(mode=0o700)
    copy_parts(PARTS, course)
    in_docker(sys.executable, *submission, options=("--no-landlock", "--folder", str(course)))
    result = result_of(tmp_path)
    missing = ("files that every user may read", "names of other processes")
    assert (result.sandbox, result.missing_layers) == ("other-uid", missing)
    assert f"other-uid (without: {', '.join(missing)})" in (tmp_path / "out" / "report" / "index.html").read_text(
        encoding="utf-8"
    )


@as_root
def test_gradescopes_result_names_the_missing_layers(routes: Routes, pytestconfig: pytest.Config):
    if not pytestconfig.getoption("--thorough", default=False):
        pytest.skip("takes a whole run of Otter; asked for by --thorough")
    root = routes.gradescope_tree(LIF, "ada-docker", content("ada-docker"))
    run = ("env", f"NEURODYNEX_PYTHON={sys.executable}", root / "run_autograder")
    in_docker(*run, options=("--no-landlock", "--folder", str(root)))
    page = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert page["score"] == 2
    assert page["extra_data"]["sandbox"] == "other-uid"
    assert "files that every user may read" in page["extra_data"]["missing_layers"]


@as_root
def test_without_capabilities_nothing_is_graded(submission, tmp_path):
    said = in_docker(sys.executable, *submission, options=("--no-capabilities",), code=2)
    assert "Error: Notebooks cannot be isolated here." in said and "Traceback" not in said
    assert "CAP_SETUID" in said and "apt install bubblewrap" in said and "--sandbox none" in said
    assert not (tmp_path / "out").exists()


@as_root
def test_what_isolates_nothing_has_to_be_asked_for_and_is_reported(submission, tmp_path):
    said = in_docker(sys.executable, *submission, "--sandbox", "none", options=("--no-capabilities",))
    assert "(sandbox: none)" in said
    result = result_of(tmp_path)
    assert result.sandbox == "none" and {"user", "files", "network"} <= set(result.missing_layers)
    assert "Sandbox: none (without: user, files, network" in (tmp_path / "out" / "report" / "index.html").read_text(
        "utf-8"
    )


@pytest.mark.thorough
@as_root
def test_the_attacks_from_inside_fail_in_a_container_too(tmp_path, pytestconfig: pytest.Config):
    """All of `test_isolation.py` but the test with its temporary files in a private folder, for which mounts are needed.

    There, root may not read what processes share, either. With `--thorough`, all that is tested of the sandbox.
    """
    chosen = [
        "tests/sandbox/test_isolation.py",
        "tests/sandbox/test_limits.py::test_memory_that_forked_processes_share_counts_once",
    ]
    if pytestconfig.getoption("--thorough", default=False):
        chosen = ["tests/sandbox"]
    words = ("-m", "pytest", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "inside"), "-rs", "-k")
    said = in_docker(sys.executable, *words, "not bubblewrap and not nothing_is_left_behind", *chosen)
    assert " passed" in said and "SKIPPED" not in said


@as_root
def test_a_private_folder_for_temporary_files_is_named(tmp_path):
    code = "import autograder.sandbox as s; print(s.available()['other-uid'])"
    said = in_docker("env", f"TMPDIR={tmp_path}", sys.executable, "-c", code)
    assert f"{tmp_path}/" in said and "TMPDIR have to be where every user can enter" in said


@pytest.mark.parametrize(
    ("platform", "advice"),
    [
        (
            "darwin",
            "container or virtual machine, or, for notebooks that you trust as much as your own, use `--sandbox none`",
        ),
        ("win32", "On Windows, grade inside WSL 2 or a Linux container."),
    ],
)
def test_on_other_systems_grade_says_what_to_use(monkeypatch, capsys, submission, tmp_path, platform, advice):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "argv", submission[1:])
    with pytest.raises(SystemExit) as ended:
        commands.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert advice in said
    assert not (tmp_path / "out").exists()


def test_what_says_so_there_needs_no_module_that_only_unix_has():
    code = "import sys; sys.modules['fcntl'] = None; import autograder.__main__, autograder.batch, autograder.sandbox"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)

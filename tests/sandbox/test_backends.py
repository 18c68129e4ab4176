"""Which sandbox is taken, when none is, and what it takes to be told so."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from autograder.sandbox import NoIsolation, available, backend, decode
from autograder.sandbox.backends import other_uid, root, seccomp
from autograder.sandbox.backends.staging import fonts
from autograder.sandbox.runner.launch import reachable

CHECKOUT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def test_the_best_backend_is_taken_and_none_never_is():
    usable = [name for name, reason in available().items() if reason is None]
    assert usable[-1] == "none"
    if usable[:-1]:
        assert backend().name == usable[0]
    assert backend("none").missing_layers


def test_without_isolation_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(NoIsolation, match=r"bwrap is not installed.*apt install bubblewrap.*--sandbox none"):
        backend()
    assert available()["none"] is None


@pytest.mark.parametrize(("platform", "advice"), [("darwin", "macOS"), ("win32", "WSL 2")])
def test_on_other_systems_the_message_says_where_to_grade(monkeypatch, platform, advice):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(NoIsolation, match=advice):
        backend()


def test_a_backend_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match=r"'docker'.*'bubblewrap'"):
        backend("docker")


@as_root
def test_without_landlock_the_graders_files_must_not_be_readable(monkeypatch, tmp_path):
    folder = tmp_path / "secret"
    folder.mkdir(mode=0o755)
    monkeypatch.setattr(other_uid, "landlock_version", lambda: 0)
    monkeypatch.setattr(other_uid, "SECRET", [Path("/usr")])
    with pytest.raises(NoIsolation, match="chmod 700 /usr"):
        backend("other-uid")
    monkeypatch.setattr(other_uid, "SECRET", [folder.parent])
    assert "files that every user may read" in backend("other-uid").missing_layers


@as_root
def test_with_landlock_the_grader_must_not_lie_in_a_folder_that_has_to_be_shown(monkeypatch):
    monkeypatch.setattr(other_uid, "landlock_version", lambda: 1)
    monkeypatch.setattr(other_uid, "SECRET", [Path("/usr/bin")])
    with pytest.raises(NoIsolation, match="chmod 700 /usr/bin"):
        backend("other-uid")


@as_root
def test_without_landlock_other_uid_still_runs_and_wipes(monkeypatch, look):
    monkeypatch.setattr(other_uid, "landlock_version", lambda: 0)
    monkeypatch.setattr(other_uid, "SECRET", [])
    cell = """
import os
open_to_all = [folder for folder in ('/tmp', '/var/tmp', '/dev/shm') if os.access(folder, os.W_OK)]
for folder in open_to_all: os.makedirs(folder + '/left-by-a-student/deep')
x = len(open_to_all) >= 2
"""
    answers, run = look(cell, names="x", backend=backend("other-uid"))
    assert answers == {"x": 1}, run.cells[0].error
    assert not [folder for folder in ("/tmp", "/var/tmp", "/dev/shm") if Path(folder, "left-by-a-student").exists()]


@as_root
@pytest.mark.parametrize(("files", "complaint"), [(10, None), (30_000, "wrote more than 200 MB or 20000 files")])
def test_files_of_others_that_take_long_to_look_through_are_no_fault_of_the_student(
    monkeypatch, tmp_path, files, complaint
):
    find = tmp_path / "find"
    find.write_text(f"#!/bin/sh\nyes 8 | head -n {files}\nexec sleep 60\n")
    find.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(other_uid, "_DISK_PULSE", 1.0)
    looks = other_uid._Sandbox(None, tmp_path, contextlib.ExitStack(), 12345, [str(tmp_path)], disk_mb=100)
    looks.disk_looked -= 10
    assert looks.complaint() == complaint


def test_an_architecture_without_a_filter_is_reported(monkeypatch):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
    assert seccomp.build_filter(unix_sockets=True) is None
    if available()["bubblewrap"] is None:
        assert backend("bubblewrap").missing_layers == ("system calls",)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_a_short_program_that_ends_in_allow(monkeypatch, machine):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: machine)
    for unix_sockets in (True, False):
        program = seccomp.build_filter(unix_sockets=unix_sockets)
        assert program is not None and len(program) % 8 == 0 and len(program) < 8 * 256
        assert program.endswith(bytes.fromhex("060000000000ff7f"))


def test_a_users_way_to_a_folder_is_followed_step_by_step(tmp_path):
    private = tmp_path / "private"
    (private / "public").mkdir(parents=True)
    private.chmod(0o700)
    assert not reachable(private / "public", uid=12345)
    assert reachable(Path("/usr"), uid=12345)


@as_root
def test_a_user_of_a_sandbox_is_nobody_else():
    uid = root.free_uid()
    assert uid > 10_000
    assert root.processes_of(uid) == []


@pytest.fixture
def report(tmp_path_factory):
    """Runs `as_somebody.py` where it can write."""

    def run(who: str) -> dict:
        folder = Path("/var/tmp") / f"sandbox-test-{os.getpid()}"
        shutil.copytree(fonts().parent, folder / "neurodynex-sandbox")
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o644)
        # What a grader has in its home is hidden here, as Python may have to be shown in its place.
        environment = {
            "PATH": os.environ["PATH"],
            "XDG_CACHE_HOME": str(folder),
            "TMPDIR": str(folder),
            "HOME": str(folder),
        }
        line = [sys.executable, str(Path(__file__).with_name("as_somebody.py")), who]
        try:
            done = subprocess.run(
                line, env={**environment, "PYTHONPATH": str(CHECKOUT)}, capture_output=True, text=True, check=False
            )
        finally:
            shutil.rmtree(folder)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@as_root
@pytest.mark.skipif(available()["bubblewrap"] is not None, reason="no bubblewrap")
def test_an_ordinary_user_has_bubblewrap_with_all_its_layers(report):
    said = report("user")
    assert said["available"]["bubblewrap"] is None
    assert "only root" in said["available"]["other-uid"]
    found = said["found"]["bubblewrap"]
    assert (found["error"], found["missing"]) == (None, [])
    assert decode(found["variable:core"]) is False


@as_root
@pytest.mark.skipif(available()["other-uid"] is not None, reason="no other-uid")
def test_root_in_a_container_has_another_user(report):
    said = report("container")
    assert "bubblewrap does not work here" in said["available"]["bubblewrap"]
    found = said["found"]["other-uid"]
    assert found["error"] is None
    assert decode(found["variable:me"]) > 10_000
    assert decode(found["variable:core"]) is False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root ends another user's processes")
def test_a_process_that_ends_while_it_is_looked_at_stops_nothing(monkeypatch):
    class Gone:
        pid = 2**22 + 1

        def status(self):
            raise psutil.NoSuchProcess(self.pid)

    uid = root.free_uid()
    monkeypatch.setattr(root, "processes_of", lambda uid: [Gone()])
    root.end_processes_of(uid)


@pytest.mark.skipif(available()["bubblewrap"] is not None, reason="bubblewrap does not work here")
def test_a_python_that_was_started_by_a_roundabout_path_is_found_inside(tmp_path):
    place = Path(sys.executable)
    roundabout = place.parent / ".." / place.parent.name / place.name
    script = "from autograder.sandbox import backend; backend('bubblewrap')"
    done = subprocess.run([roundabout, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

"""A cell that tries to reach the grader, the network and the next submission, and ends in an error that says what it reached."""

import os
import socket
import subprocess
import time

reached = []


def attempt(name, action, *arguments):
    try:
        action(*arguments)
    except Exception:
        return
    reached.append(name)


def leave(path):
    with open(path, "w") as file:
        file.write("left by a student")


for path in (
    "/autograder/results/results.json",
    "/autograder/submission_metadata.json",
    "/autograder/run_autograder",
    "/autograder/source/course.toml",
    "/autograder/source/autograder/judge.py",
    "/opt/neurodynex/venv/bin/python",
    "/opt/neurodynex/venv/lib/python3.11/site-packages/sitecustomize.py",
    "/etc/passwd",
    "/root/.bashrc",
    "/root/.cache/poison",
    "/tmp/poison",
    "/var/tmp/poison",
    "/run/lock/poison",
):
    attempt(f"write {path}", leave, path)
for path in (
    "/autograder/submission_metadata.json",
    "/autograder/source/course.toml",
    "/proc/1/environ",
    "/etc/shadow",
):
    attempt(f"read {path}", open, path)
for folder in (
    "/autograder",
    "/autograder/source",
    "/autograder/submission",
    "/autograder/results",
    "/root",
    "/proc/1",
):
    attempt(f"list {folder}", os.listdir, folder)
for address in (("127.0.0.1", 80), ("1.1.1.1", 53)):
    attempt(f"connect {address}", socket.create_connection, address, 1)
attempt("kill 1", os.kill, 1, 9)
attempt("kill the parent", os.kill, os.getppid(), 9)
attempt("become root", os.setuid, 0)
attempt("namespaces", subprocess.check_call, ["unshare", "--user", "true"])

# What may be written is removed with the submission.
leave("/dev/shm/left-by-a-student")
leave(os.path.expanduser("~/sitecustomize.py"))
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
raise RuntimeError("reached: " + (", ".join(reached) or "nothing"))

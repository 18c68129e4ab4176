"""A process that has imported what students use, and that never runs a line of theirs; each sandbox is a fork of it.

Importing takes most of the time of a short submission. The process gets orders from the grader over a socket; each brings the
three pipes of a sandbox and its plan, which only the fork reads. The fork isolates itself by that plan, tells the grader who it
is, and serves the pipes as a runner that was started afresh would. In bubblewrap (`namespaces` in the plan) it takes namespaces of its own, whose first
process is a second fork that does nothing but wait; elsewhere it becomes a user of its own.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib.abc
import importlib.util
import json
import linecache
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import traceback
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

from . import launch, pipes

READY, FORK, HERE = b"ready", b"fork", b"here"
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_LIBC = ctypes.CDLL(None)


def main(control: socket.socket, fonts: str) -> NoReturn:
    """Import, report that it is done, and carry out orders until the grader closes its end."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _LIBC.prctl(_PR_SET_DUMPABLE, 0)
    _import(fonts)
    _require_clean(control)
    gc.collect()
    gc.freeze()
    # The system collects what ended; the grader, not this process, watches over the sandboxes.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.send(READY)
    while True:
        order, descriptors, *_ = socket.recv_fds(control, len(FORK), 4)
        if not order:
            os._exit(0)
        if os.fork() == 0:
            _begin(descriptors, control)
        for descriptor in descriptors:
            os.close(descriptor)


def _import(fonts: str) -> None:
    """Import everything that costs time, with no trace that a submission could tell from a fresh import."""
    from .serve import settle_home

    settle_home(fonts)
    import brian2
    import matplotlib.pyplot
    import numba
    import scipy.integrate
    import scipy.interpolate
    import scipy.optimize

    assert matplotlib and numba and scipy
    # Brian2 sends all warnings to its log from when it is imported, which is not yet.
    logging.captureWarnings(False)
    sys.meta_path.insert(0, _FirstImport(brian2))
    atexit._clear()
    tempfile.tempdir = None
    # What lies in the folders that this process may read, and a submission may not.
    sys.path_importer_cache.clear()
    linecache.clearcache()


class _FirstImport(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds Brian2 when a submission imports it, and does then what the import does to the process."""

    def __init__(self, module: ModuleType) -> None:
        self.module, self.spec = module, module.__spec__
        del sys.modules[module.__name__]

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self.module.__name__:
            return None
        return importlib.util.spec_from_loader(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self.module

    def exec_module(self, module: ModuleType) -> None:
        sys.meta_path.remove(self)
        module.__spec__ = self.spec
        logging.captureWarnings(True)


def _require_clean(control: socket.socket) -> None:
    """Refuse to be forked with anything that two submissions would share.

    Raises
    ------
    RuntimeError
        If there is a thread, or an open file beside the standard streams and the grader's socket.
    """
    if threading.active_count() > 1 or len(os.listdir("/proc/self/task")) > 1:
        raise RuntimeError("an import has started a thread")
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) != control.fileno() and os.path.exists(f"/proc/self/fd/{name}"):
            raise RuntimeError(f"an import has left {os.readlink(f'/proc/self/fd/{name}')} open")


def _begin(descriptors: list[int], control: socket.socket) -> NoReturn:
    """Become a sandbox and serve it; whatever goes wrong before student code runs is a complaint of a sandbox that did not start."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        *pipes_of_it, order = descriptors
        for target, descriptor in enumerate(pipes_of_it):
            os.dup2(descriptor, target)
            os.close(descriptor)
        with os.fdopen(order, "rb") as file:
            plan = json.load(file)
        os.environ.clear()
        os.environ.update(plan["environment"])
        _isolate(plan, control)
        pipes.serve_pipes()
    except BaseException:
        os.write(2, traceback.format_exc().encode())
        os._exit(1)
    os._exit(0)


def _isolate(plan: dict[str, Any], control: socket.socket) -> None:
    """Carry out the plan."""
    from . import serve

    if plan["namespaces"]:
        launch.call("unshare", launch.NEW_NAMESPACES)
        if os.fork():
            os._exit(0)
        control.send(HERE)
        control.close()
        if child := os.fork():
            _wait_for(child)
        # While there is a /proc.
        serve.prefer_to_be_killed()
        serve.ADDRESS_SPACE = serve.address_space()
        launch.cover(plan["covered"], plan["shown"], plan["disk_mb"])
        launch.drop_capabilities()
    else:
        control.send(HERE)
        control.close()
        launch.step_down(plan["uid"])
    os.setsid()
    _LIBC.prctl(_PR_SET_DUMPABLE, 1)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if plan["readable"] is not None:
        launch.restrict_files(plan["readable"], plan["writable"])
    if plan["filter"] is not None:
        launch.install_filter(bytes.fromhex(plan["filter"]))
    os.umask(0o077)
    os.chdir(plan["folder"])


def _wait_for(child: int) -> NoReturn:
    """Be the first process of a submission's namespace: collect what ends, and end with the runner."""
    for number in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)  # which this process cannot get from inside the namespace
    for descriptor in range(3):
        os.close(descriptor)
    launch.drop_capabilities()
    while True:
        ended, _ = os.wait()
        if ended == child:
            os._exit(0)

"""The sandbox's end of the protocol: one JSON line in, one JSON line out."""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import resource
import shutil
import signal
import sys
import warnings
from base64 import b64decode
from collections.abc import Callable
from json import dumps, loads
from pathlib import Path
from typing import Any, BinaryIO

import numpy

from neurodynex.answer_data.encode import Encoded, encode, error, missing, text
from neurodynex.answer_data.figures import use_inline_backend
from neurodynex.answer_data.tracker import watch

from .shell import Outputs, Shell

_ABSENT = object()
#: Bytes of address space that this process had before student code, where /proc does not tell any more.
ADDRESS_SPACE: int | None = None


class TimeLimit(KeyboardInterrupt):
    """Raised in student code that has used up its time. No `Exception`, so that ``except Exception`` lets it pass."""


class Alarm:
    """Interrupts a function that computes too long, or that does nothing for very long.

    Computing time decides, as a busy machine must not change a grade; time on the clock only guards.
    """

    #: The signal comes again after this many seconds, for code that swallowed it once.
    again = 2.0

    def run(self, seconds: float, wall_seconds: float, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function; raise `TimeLimit` in it after so many seconds of computing, or of time on the clock."""
        self.armed = True
        self.reasons = {
            signal.SIGPROF: f"stopped after the time limit of {seconds:g} s",
            signal.SIGALRM: f"stopped after {wall_seconds:g} s, as the time limit is {seconds:g} s of computing",
        }
        for number in self.reasons:
            signal.signal(number, self._ring)
        signal.setitimer(signal.ITIMER_PROF, seconds, self.again)
        signal.setitimer(signal.ITIMER_REAL, wall_seconds, self.again)
        try:
            try:
                return function(*args)
            finally:
                self.armed = False  # the signal may come at this very moment, and raise; hence the other finally
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, number: int, _: Any) -> None:
        if self.armed:
            raise TimeLimit(self.reasons[signal.Signals(number)])


class Runner:
    """Answers the trusted side's messages, in the order in which they come."""

    def __init__(self, commands: BinaryIO, replies: BinaryIO) -> None:
        self.commands, self.replies = commands, replies
        self.process = os.getpid()
        self.alarm = Alarm()
        self.handlers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "start": self.start,
            "cell": self.cell,
            "get": self.get,
            "call": self.call,
            "figures": self.figures,
            "end": self.end,
        }

    def serve(self) -> None:
        """Serve until the trusted side closes its end."""
        for line in self.commands:
            message = loads(line)
            reply = self.handlers[message["do"]](message)
            if os.getpid() != self.process:
                os._exit(0)  # a process that student code forked, and that came back here
            reply["number"] = message["number"]
            self.replies.write(dumps(reply, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n")
            self.replies.flush()

    def start(self, message: dict[str, Any]) -> dict[str, Any]:
        """Set the scene, the same for every run, and give up what will not be needed."""
        self.outputs = Outputs(message["output_bytes"], message["total_output_bytes"])
        self.outputs.listening = False
        settle_home(message["fonts"])
        self.shell = Shell.make(self.outputs)
        self.tracker = watch()
        use_inline_backend()
        self.shell.enable_matplotlib()
        self.names = frozenset(self.shell.user_ns)
        sys.argv = [""]
        random.seed(0)
        numpy.random.seed(0)
        _lay(message["files"])
        _limit(message["memory_mb"], message["processes"], message["disk_mb"])
        return {"ready": True}

    def cell(self, message: dict[str, Any]) -> dict[str, Any]:
        """Run a cell."""
        self.outputs.start()
        try:
            problem = self.alarm.run(message["seconds"], message["wall_seconds"], self.shell.run, message["source"])
        except BaseException as raised:
            problem = raised
            encoded = error(problem)["error"]
            self.outputs.fail(encoded["type"], encoded["message"], [])
        outputs = self.outputs.finish()
        if problem is None:
            return {"status": "ok", "error": None, "outputs": outputs}
        encoded = error(problem)["error"]
        status = "timeout" if type(problem) is TimeLimit else "error"
        return {"status": status, "error": f"{encoded['type']}: {encoded['message']}", "outputs": outputs}

    def get(self, message: dict[str, Any]) -> dict[str, Any]:
        """Read a variable."""
        name, variables = message["name"], self.shell.user_ns
        value = dict.get(variables, name, _ABSENT)
        if value is _ABSENT:
            names = {other: one for other, one in list(variables.items()) if other not in self.names}
            return {"value": missing(name, names, is_function=message["is_function"]), "late": False}
        return self._answer(message, lambda: encode(value))

    def call(self, message: dict[str, Any]) -> dict[str, Any]:
        """Call a function at one point. What it prints is not kept, as nothing is listening now."""

        def at_point() -> Encoded:
            with warnings.catch_warnings(), contextlib.ExitStack() as made:
                warnings.simplefilter("ignore")
                function = self.shell.user_ns[message["name"]]
                return encode(function(*(_argument(one, made) for one in message["args"])), message["elements"])

        return self._answer(message, at_point)

    def figures(self, message: dict[str, Any]) -> dict[str, Any]:
        """Read the figures that were made so far."""
        return self._answer(message, self.tracker.encode)

    def end(self, message: dict[str, Any]) -> dict[str, Any]:
        """Report which student the notebook claims to be, and which of the names that were missing are defined by now."""
        claimed, defined = None, []
        with contextlib.suppress(BaseException):
            claimed = sys.modules["neurodynex.variant"].claimed()
        with contextlib.suppress(BaseException):
            defined = [name for name in message["names"] if dict.get(self.shell.user_ns, name, _ABSENT) is not _ABSENT]
        return {"claimed": text(claimed, 200) if isinstance(claimed, str) else None, "defined": defined}

    def _answer(self, message: dict[str, Any], read: Callable[[], Encoded]) -> dict[str, Any]:
        try:
            return {"value": self.alarm.run(message["seconds"], message["wall_seconds"], read), "late": False}
        except BaseException as problem:
            return {"value": error(problem), "late": type(problem) is TimeLimit}


def _argument(encoded: Encoded, made: contextlib.ExitStack) -> Any:
    """Return an argument for a student's function; what was made for it ends with the stack."""
    [(kind, payload)] = encoded.items()
    if kind == "array":
        return numpy.array(payload["data"], dtype=payload["dtype"]).reshape(payload["shape"])
    if kind == "new":
        module, _, name = payload.partition(":")
        return made.enter_context(getattr(importlib.import_module(module), name)())
    return payload


def settle_home(fonts: str | None) -> None:
    """Prepare the fresh home: a list of fonts takes seconds to make, and Brian2 must not look for a compiler."""
    if fonts:
        shutil.copytree(fonts, os.environ["MPLCONFIGDIR"], dirs_exist_ok=True)
    preferences = Path.home() / ".brian" / "user_preferences"
    preferences.parent.mkdir(exist_ok=True)
    # A log file would be one that all forks of a process share.
    preferences.write_text("codegen.target = 'numpy'\nlogging.file_log = False\nlogging.save_script = False\n")


def _lay(files: dict[str, str]) -> None:
    """Write the files that were handed in beside the notebook. All that the runner imports is imported by now."""
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b64decode(content))
    importlib.invalidate_caches()


def _limit(memory_mb: int, processes: int | None, disk_mb: int) -> None:
    """Lower the process's own limits, for good, to what student code may use."""
    # Address space counts what is only reserved, so what this process already has, and Brian2's libraries, come on top.
    space = (address_space() if ADDRESS_SPACE is None else ADDRESS_SPACE) + (memory_mb + 1024) * 2**20
    limits = {"AS": space, "FSIZE": disk_mb * 2**20, "NOFILE": 256, "CORE": 0}
    if processes is not None:
        limits["NPROC"] = processes
    for name, most in limits.items():
        with contextlib.suppress(OSError, ValueError):  # macOS refuses some
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    prefer_to_be_killed()


def address_space() -> int:
    """Return the bytes of address space that this process has."""
    if sys.platform != "linux":
        return 0
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def prefer_to_be_killed() -> None:
    """Have the kernel take this process, and not the grader, when memory runs out."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")

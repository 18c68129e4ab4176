"""An IPython shell without Jupyter: what a notebook's cell meets here is what it meets in ipykernel.

Magics, ``display``, top-level ``await`` and last expressions work; ``input`` fails at once; outputs are collected, within
bounds, as nbformat 4 has them.
"""

from __future__ import annotations

import asyncio
import builtins
import io
import subprocess
import sys
import warnings
from collections.abc import Coroutine
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import LSString, SList
from traitlets import Type
from traitlets.config import Config

from neurodynex.answer_data.encode import text

_MIME_TYPES = ("text/plain", "image/png")
Output = dict[str, Any]


class Outputs:
    """The outputs of the running cell, up to a number of characters; whatever comes later is dropped.

    Parameters
    ----------
    per_cell, total : int
        Characters kept of one cell, and of all cells.
    """

    def __init__(self, per_cell: int, total: int) -> None:
        self.per_cell = per_cell
        self.total = total
        self.listening = False
        self.start()

    def start(self) -> None:
        """Begin a cell."""
        self.kept: list[Output] = []
        self.left = min(self.per_cell, self.total)
        self.listening = True

    def finish(self) -> list[Output]:
        """End the cell and hand out what it left."""
        self.listening = False
        self.total -= min(self.per_cell, self.total) - max(self.left, 0)
        for output in self.kept:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
        return self.kept

    def write(self, name: str, chunk: str) -> None:
        """Append to a stream."""
        if not self.listening or not chunk or self.left <= 0:
            return
        chunk = self._fit(chunk)
        last = self.kept[-1] if self.kept else None
        if last is None or last.get("name") != name:
            last = {"output_type": "stream", "name": name, "text": []}
            self._keep(last)
        last["text"].append(chunk)

    def show(self, data: dict[str, Any], count: int | None = None) -> None:
        """Append what was displayed, or with `count` the value of the last expression."""
        if not self.listening or self.left <= 0:
            return
        kept: dict[str, str] = {}
        for mime in _MIME_TYPES:
            found = data.get(mime)
            if not isinstance(found, str):
                continue
            if mime == "text/plain":
                kept[mime] = self._fit(found)
            elif len(found) <= self.left:
                kept[mime] = found
                self.left -= len(found)
            else:
                kept["text/plain"] = "(an image beyond the limit of a cell's output was left out)"
        output: Output = {"output_type": "display_data", "data": kept, "metadata": {}}
        if count is not None:
            output |= {"output_type": "execute_result", "execution_count": count}
        self._keep(output)

    def fail(self, kind: str, message: str, lines: list[str]) -> None:
        """Append an error; kept even when the output is used up."""
        lines = [text(line, 2000) for line in lines[-30:]]
        self._keep(
            {"output_type": "error", "ename": text(kind, 100), "evalue": text(message, 2000), "traceback": lines}
        )

    def clear(self) -> None:
        """Forget this cell's outputs, as ``clear_output`` asks; what they used stays used."""
        self.kept = []

    def _keep(self, output: Output) -> None:
        self.left -= 100
        if len(self.kept) < 2000:
            self.kept.append(output)

    def _fit(self, chunk: str) -> str:
        fitting = text(chunk, self.left)
        self.left -= len(fitting)
        return fitting if len(chunk) <= len(fitting) else fitting + "\n(output beyond the limit was left out)\n"


class Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, outputs: Outputs, name: str, descriptor: int) -> None:
        self.outputs, self.name, self.descriptor = outputs, name, descriptor

    def write(self, chunk: str) -> int:
        if not isinstance(chunk, str):
            raise TypeError(f"write() argument must be str, not {type(chunk).__name__}")
        self.outputs.write(self.name, chunk)
        return len(chunk)

    def fileno(self) -> int:
        """Return a file's number for subprocesses; nobody reads what they write there."""
        return self.descriptor

    def writable(self) -> bool:
        return True


class _Publisher(DisplayPublisher):
    shell: Shell

    def publish(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        self.shell.outputs.show(data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear()


class _Hook(DisplayHook):
    shell: Shell

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        self.shell.outputs.show(format_dict, self.prompt_count)

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):
    """IPython, with its outputs collected and without a terminal, a history or a window system."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    outputs: Outputs
    loop: asyncio.AbstractEventLoop

    @classmethod
    def make(cls, outputs: Outputs) -> Shell:
        """Start the one shell of this process and redirect its streams."""
        cls.outputs = outputs
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "NoColor"
        shell = cls.instance(config=config)
        warnings.filterwarnings("ignore", message="To exit: use")  # advice for a terminal, on sys.exit()
        assert shell.display_formatter is not None
        shell.display_formatter.active_types = list(_MIME_TYPES)
        shell.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(shell.loop)
        sys.stdout, sys.stderr = Stream(outputs, "stdout", 1), Stream(outputs, "stderr", 2)
        sys.displayhook = shell.displayhook
        sys.path.insert(0, "")
        builtins.input, sys.breakpointhook = _no_input, _no_debugger
        return shell

    def run(self, source: str) -> BaseException | None:
        """Run a cell like ipykernel, inside a running event loop; return what it raised."""
        result = None
        try:
            result = self.loop.run_until_complete(self._run(source))
        finally:
            # The inline backend shows the open figures here.
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)
        return result.error_before_exec or result.error_in_exec

    def _run(self, source: str) -> Coroutine[Any, Any, Any]:
        transformed, problem = source, None
        try:
            transformed = self.transform_cell(source)
        except Exception:
            problem = sys.exc_info()
        return self.run_cell_async(
            source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=problem
        )

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        try:
            message = str(evalue)
        except BaseException:
            message = ""
        self.outputs.fail(getattr(etype, "__name__", str(etype)), message, "\n".join(stb).splitlines())

    def enable_matplotlib(self, gui: Any = None) -> Any:
        """Draw inline, whatever the notebook asks for."""
        return super().enable_matplotlib("inline")

    def enable_gui(self, gui: Any = None) -> None:
        """Open no window: there is no window system."""

    def ask_exit(self) -> None:
        """Let ``exit()`` and ``quit()`` not end the run: the cells below still count."""

    def system(self, cmd: str) -> None:
        """Run ``!command``, and collect its output like a cell's own."""
        sys.stdout.write(self._command(self.var_expand(cmd, depth=1)))

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Run ``names = !command``."""
        output = self._command(self.var_expand(cmd, depth=depth + 1))
        return SList(output.splitlines()) if split else LSString(output)

    def _command(self, command: str) -> str:
        pipes: Any = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        with subprocess.Popen(command, shell=True, **pipes) as process:
            # What does not fit is not read; closing the pipe ends a command that goes on for ever.
            assert process.stdout is not None
            output = process.stdout.read(self.outputs.per_cell).decode("utf-8", "replace")
            process.stdout.close()
        self.user_ns["_exit_code"] = process.returncode
        return output


def _no_debugger(*_: object, **__: object) -> None:
    raise RuntimeError("breakpoint() was called, but nobody debugs while a notebook is graded. Remove it.")


def _no_input(prompt: object = "") -> str:
    if "pdb" in sys.modules and sys._getframe(1).f_globals.get("__name__") in ("cmd", "pdb", "bdb"):
        raise RuntimeError(
            "A debugger was started, but nobody debugs while a notebook is graded. Remove pdb.set_trace()."
        )
    raise StdinNotImplementedError("input() was called, but nobody is there to answer while a notebook is graded.")

"""Start of the process in which the reference solution and its mutants run."""

from __future__ import annotations

import os
from json import dumps, loads
from typing import Any

from sandbox_runner.serve import Runner


class ForkingRunner(Runner):
    """A runner whose state can be put back: ``fork`` goes on in a child, ``leave`` ends that."""

    def serve(self) -> None:
        """Serve until the other side closes its end; while a child serves, wait for it."""
        for line in self.commands:
            message = loads(line)
            if message["do"] == "fork":
                child = os.fork()
                if child:
                    os.waitpid(child, 0)
                    continue
                reply: dict[str, Any] = {}
            elif message["do"] == "leave":
                reply = {}
            else:
                reply = self.handlers[message["do"]](message)
            reply["number"] = message["number"]
            self.replies.write(dumps(reply, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n")
            self.replies.flush()
            if message["do"] == "leave":
                os._exit(0)


def main() -> None:
    """Move the pipes away from where the cells write, and serve."""
    commands, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    ForkingRunner(commands, replies).serve()


main()

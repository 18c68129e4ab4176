"""The server of the page of marks: each mark is written as soon as it is given. Nothing leaves this computer."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Lock
from typing import Any

from autograder.loopback import Handler, Server

MAX_BODY = 20_000_000


class MarkServer(Server):
    """Serves a page, and hands on what is given on it.

    Parameters
    ----------
    page : callable
        Returns the page as it is now.
    save : callable
        Called with what the page sends: a list of maps with `code`, `points` and `comment`, all texts. Raises ValueError or
        OSError if that cannot be kept.
    """

    def __init__(self, page: Callable[[], str], save: Callable[[list[dict[str, str]]], None]) -> None:
        super().__init__(_Handler)
        self.page, self.save = page, save
        self.saving = Lock()


class _Handler(Handler):
    server: MarkServer

    def do_GET(self) -> None:
        if self.path != self.server.path:
            return self.answer(404, "There is nothing here.")
        self.answer(200, self.server.page(), "text/html")

    def do_POST(self) -> None:
        if self.path != f"{self.server.path}marks":
            return self.answer(404, "There is nothing here.")
        try:
            length = int(self.headers.get("Content-Length", ""))
            if not 0 <= length <= MAX_BODY:
                raise ValueError("too much was sent at once")
            rows = _rows(json.loads(self.rfile.read(length)))
            with self.server.saving:
                self.server.save(rows)
        except (ValueError, OSError, RecursionError) as problem:
            return self.answer(400, str(problem))
        self.answer(200, "Saved.")


def _rows(sent: Any) -> list[dict[str, str]]:
    keys = {"code", "points", "comment"}
    if not isinstance(sent, list) or not all(isinstance(row, dict) and row.keys() == keys for row in sent):
        raise ValueError("expected a list of code, points and comment")
    if not all(isinstance(cell, str) for row in sent for cell in row.values()):
        raise ValueError("expected texts")
    return sent

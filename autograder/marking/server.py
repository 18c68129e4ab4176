"""A server for one page and one person: each mark is written as soon as it is given. Nothing leaves this computer."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

MAX_BODY = 20_000_000


class MarkServer(ThreadingHTTPServer):
    """Serves a page under an address that nobody else can guess, and hands on what is given on it.

    Parameters
    ----------
    page : callable
        Returns the page as it is now.
    save : callable
        Called with what the page sends: a list of maps with `code`, `points` and `comment`, all texts. Raises ValueError or
        OSError if that cannot be kept.
    """

    daemon_threads = True

    def __init__(self, page: Callable[[], str], save: Callable[[list[dict[str, str]]], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.page, self.save = page, save
        self.saving = Lock()
        self.path = f"/{secrets.token_urlsafe(24)}/"

    @property
    def address(self) -> str:
        """Return where a browser finds the page."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.path}"


class _Handler(BaseHTTPRequestHandler):
    server: MarkServer

    def do_GET(self) -> None:
        if self.path != self.server.path:
            return self._answer(404, "There is nothing here.")
        self._answer(200, self.server.page(), "text/html")

    def do_POST(self) -> None:
        if self.path != f"{self.server.path}marks":
            return self._answer(404, "There is nothing here.")
        try:
            length = int(self.headers.get("Content-Length", ""))
            if not 0 <= length <= MAX_BODY:
                raise ValueError("too much was sent at once")
            rows = _rows(json.loads(self.rfile.read(length)))
            with self.server.saving:
                self.server.save(rows)
        except (ValueError, OSError, RecursionError) as problem:
            return self._answer(400, str(problem))
        self._answer(200, "Saved.")

    def _answer(self, status: int, text: str, kind: str = "text/plain") -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Print nothing: the page says what was saved."""


def _rows(sent: Any) -> list[dict[str, str]]:
    keys = {"code", "points", "comment"}
    if not isinstance(sent, list) or not all(isinstance(row, dict) and row.keys() == keys for row in sent):
        raise ValueError("expected a list of code, points and comment")
    if not all(isinstance(cell, str) for row in sent for cell in row.values()):
        raise ValueError("expected texts")
    return sent

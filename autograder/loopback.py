"""A server for one page and one person: only this computer reaches it, and only who knows its address."""

from __future__ import annotations

import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server(ThreadingHTTPServer):
    """Serves a page under an address that nobody else can guess.

    Parameters
    ----------
    handler : type
        Answers what is below `path`.
    port : int
        0 takes a free one.
    """

    daemon_threads = True

    def __init__(self, handler: type[Handler], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.path = f"/{secrets.token_urlsafe(24)}/"

    @property
    def address(self) -> str:
        """Where a browser finds the page."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.path}"


class Handler(BaseHTTPRequestHandler):
    """What the answers of such a server share."""

    def answer(self, status: int, text: str, kind: str = "text/plain") -> None:
        """Send a text, which no cache keeps and no other page is told of."""
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Print nothing: the page says what goes on."""

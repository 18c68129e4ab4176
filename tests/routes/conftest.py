"""One course for all tests of a process, and the table of scores."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.routes.routes import Routes

TABLE = ROOT / "build" / "parity"


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Routes:
    return Routes(tmp_path_factory.mktemp("routes"))


@pytest.fixture(scope="session")
def parity_table() -> Iterator[list]:
    """Rows (assignment, student, route -> score); each process leaves a file of its own."""
    rows: list = []
    yield rows
    TABLE.mkdir(parents=True, exist_ok=True)
    (TABLE / f"{os.environ.get('PYTEST_XDIST_WORKER', 'all')}.json").write_text(json.dumps(rows), encoding="utf-8")


def pytest_sessionstart(session: pytest.Session) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        for file in TABLE.glob("*.json"):
            file.unlink()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    rows = sorted(row for file in TABLE.glob("*.json") for row in json.loads(file.read_text(encoding="utf-8")))
    if rows:
        routes = list(rows[0][2])
        terminalreporter.write_line(f"| assignment | submission | {' | '.join(routes)} |")
        terminalreporter.write_line("|---|---|" + "---|" * len(routes))
        for assignment, student, totals in rows:
            scores = " | ".join(f"{totals[route]:g}" for route in routes)
            terminalreporter.write_line(f"| {assignment} | {student} | {scores} |")

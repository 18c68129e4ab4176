"""One course for all tests of a process, and the table of scores."""

from __future__ import annotations

from typing import Any

import pytest

from tests.routes.routes import Routes
from tests.tables import Table, markdown

PARITY = Table("parity")


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Routes:
    return Routes(tmp_path_factory.mktemp("routes"))


@pytest.fixture(scope="session")
def parity_table() -> Table:
    """Rows (assignment, student, route -> score)."""
    return PARITY


def pytest_sessionstart(session: pytest.Session) -> None:
    PARITY.clear()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    rows = PARITY.rows()
    if rows:
        head = ["assignment", "submission", *rows[0][2]]
        for line in markdown(head, [[row[0], row[1], *(f"{total:g}" for total in row[2].values())] for row in rows]):
            terminalreporter.write_line(line)

"""One course for all tests of a process, and the table of scores."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.routes.routes import Routes


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Routes:
    return Routes(tmp_path_factory.mktemp("routes"))


@pytest.fixture(scope="session")
def parity_table(request: pytest.FixtureRequest) -> Iterator[list]:
    rows: list = []
    yield rows
    if rows and request.config.getoption("--all-samples"):
        routes = list(rows[0][2])
        print("\n\n| assignment | submission |", " | ".join(routes), "|")
        print("|---|---|" + "---|" * len(routes))
        for assignment, student, totals in rows:
            print(f"| {assignment} | {student} |", " | ".join(f"{total:g}" for total in totals.values()), "|")

"""A place to attack for each process, the unprotected peers, and the table of what became of the attacks."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.attacks import attack
from tests.attacks.peers import PEERS, Plain
from tests.attacks.world import ROUTES, World
from tests.conftest import ROOT
from tests.routes.as_docker import may_mount
from tests.tables import Table, markdown

ATTACKS = Table("attacks")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def plain() -> Iterator[Plain]:
    if os.geteuid() != 0 or (may_mount() and not shutil.which("bwrap")):
        pytest.skip("The box that keeps attacks on the peers from harming this machine needs root and bubblewrap.")
    # Not in a folder of pytest's, which no other user may enter.
    with tempfile.TemporaryDirectory(prefix="plain-") as folder:
        Path(folder).chmod(0o711)
        yield Plain(Path(folder))


@pytest.fixture(scope="session")
def attack_table() -> Table:
    """Rows (attack, route, outcome in a few words)."""
    return ATTACKS


def pytest_sessionstart(session: pytest.Session) -> None:
    ATTACKS.clear()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name, route, outcome in ATTACKS.rows():
        found[name][route] = outcome
    if not found:
        return
    tried = {route: sum(route in row for row in found.values()) for route in (*ROUTES, *(f"plain {p}" for p in PEERS))}
    routes = [route for route, count in tried.items() if count]
    corpus = attack.load()
    rows = [[name, corpus[name].tries, *(found[name].get(route, "") for route in routes)] for name in sorted(found)]
    lines = markdown(["attack", "what it tries", *routes], rows)
    path = ROOT / "build" / "attacks" / "table.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for line in markdown(["attack", *routes], [[row[0], *row[2:]] for row in rows]):
        terminalreporter.write_line(line)
    held = {route: sum(found[name].get(route, "").startswith("held") for name in found) for route in routes}
    terminalreporter.write_line(", ".join(f"{route}: {held[route]} of {tried[route]} held" for route in routes))
    terminalreporter.write_line(f"With what each attack tries: {path.relative_to(ROOT)}")

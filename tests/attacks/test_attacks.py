"""No attack of the corpus raises a score, reads a secret or harms another submission, on any route."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from autograder.sandbox import available
from tests.attacks import attack
from tests.attacks.peers import PEERS, Plain
from tests.attacks.world import HONEST, ROUTES, Outcome, World
from tests.tables import Table

CORPUS = attack.load()
#: What runs by default; `make attacks` runs the whole corpus, on the unprotected peers too.
BY_DEFAULT = {
    "grade": ("shadowed_runner",),
    "other-uid": ("linked_files",),
    "nbgrader": ("linked_neighbours",),
    "otter": ("otter_log",),
    "Gradescope": ("outliving_daemon",),
    "plain otter": ("patched_comparisons",),
}
IN_A_BATCH = ("kills_everybody", "outliving_daemon", "poisons_the_next", "reads_neighbour")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    thorough = metafunc.config.getoption("--thorough")

    def cases(routes: Iterable[str], kind: str = "") -> list[tuple[str, str]]:
        return [
            (name, route)
            for name in CORPUS
            for route in routes
            if thorough or name in BY_DEFAULT.get(f"{kind}{route}", ())
        ]

    if "route" in metafunc.fixturenames:
        metafunc.parametrize(("name", "route"), cases(ROUTES))
    if "peer" in metafunc.fixturenames:
        metafunc.parametrize(("name", "peer"), cases(PEERS, "plain "))


def said(outcome: Outcome) -> str:
    """Return a cell of the table."""
    score = "no grade" if outcome.score is None else f"{outcome.score:g}"
    return "; ".join(outcome.breaches) or f"held ({score})"


def test_the_corpus_has_forty_attacks_and_says_what_each_tries():
    assert len(CORPUS) >= 40
    assert all(known.tries.endswith(".") for known in CORPUS.values())


def test_an_attack_gains_nothing(name: str, route: str, world: World, attack_table: Table):
    if route == "other-uid" and (missing := available()["other-uid"]):
        pytest.skip(missing)
    outcome = world.run(CORPUS[name], route)
    attack_table.add(name, route, said(outcome))
    assert outcome.breaches == []


def test_an_attack_is_real(name: str, peer: str, plain: Plain, attack_table: Table):
    """On the unprotected peers it succeeds where its file says so; the others are run for the table."""
    outcome = PEERS[peer](plain, CORPUS[name])
    attack_table.add(name, f"plain {peer}", said(outcome))
    assert outcome.breaches or peer not in CORPUS[name].plain


def test_attacks_in_a_batch_harm_nobody(request: pytest.FixtureRequest, world: World):
    thorough = request.config.getoption("--thorough")
    attacks = [known for name, known in CORPUS.items() if thorough or name in IN_A_BATCH]
    expected = {known.name: known.honest for known in attacks} | dict.fromkeys(HONEST, 2.0)
    assert world.batch(attacks) == expected

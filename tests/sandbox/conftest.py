"""Fixtures for real sandboxes: every backend that works on this machine."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from autograder.sandbox import Ask, Backend, Cell, Limits, Run, Variable, available, backend, decode, run_notebook

#: Short enough for tests, long enough for a busy machine.
SHORT = Limits(cell_seconds=5, call_seconds=1, grace_seconds=1.5, total_seconds=60, memory_mb=400)

_AVAILABLE = available()


def _backends(*names: str) -> list:
    return [
        pytest.param(
            name, id=name, marks=pytest.mark.skipif(_AVAILABLE[name] is not None, reason=str(_AVAILABLE[name]))
        )
        for name in names
    ]


def first_of(fixture: str, *names: str, count: int = 1) -> pytest.MarkDecorator:
    """Give a dear test the first of these backends that work here, and the others with `--thorough`.

    Which one comes first goes round among such tests, as by default each is to be met somewhere.
    """
    here = [name for name in names if _AVAILABLE[name] is None][:count]
    chosen = [
        case if case.id in here else pytest.param(case.id, marks=[*case.marks, pytest.mark.thorough])
        for case in _backends(*names)
    ]
    return pytest.mark.parametrize(fixture, chosen, indirect=True, scope="session")


@pytest.fixture(scope="session", params=_backends("bubblewrap", "other-uid"))
def isolating(request: pytest.FixtureRequest) -> Backend:
    """Every backend that isolates."""
    return backend(request.param)


@pytest.fixture(scope="session", params=[False, True], ids=["fork", "cold"])
def started(request: pytest.FixtureRequest, isolating: Backend) -> Backend:
    """Every backend that isolates, by both ways of starting a sandbox."""
    if not request.param and isolating.why_cold:
        pytest.skip(isolating.why_cold)
    return backend(isolating.name, cold=request.param)


@pytest.fixture(scope="session", params=_backends("bubblewrap", "other-uid", "none"))
def any_backend(request: pytest.FixtureRequest) -> Backend:
    """Every backend."""
    return backend(request.param)


@pytest.fixture(scope="session")
def best() -> Backend:
    """The backend that grading takes here, for promises that do not depend on it."""
    return backend(next(name for name, reason in _AVAILABLE.items() if reason is None))


@pytest.fixture(scope="session")
def look(best: Backend) -> Callable:
    """Run cells and bring back decoded variables and the run."""

    def run(
        *cells: str, names: str = "", limits: Limits = SHORT, backend: Backend = best, **options
    ) -> tuple[dict, Run]:
        steps = [Cell(index, textwrap.dedent(cell)) for index, cell in enumerate(cells)]
        asked = Ask("look", tuple(Variable(name) for name in names.split()))
        run = run_notebook([*steps, asked], backend=backend, limits=limits, **options)
        answers = {key.partition(":")[2]: decode(value) for key, value in run.answers["look"].items()}
        return answers, run

    return run
